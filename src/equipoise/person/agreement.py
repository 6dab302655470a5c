"""What two facts about a person say together: faults that no single answer shows, and notices."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from equipoise.forms import Answers, Fault
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.person.model import EDSS_BANDS, OTHER_DRUG, Person, Walking, band
from equipoise.wording import Named, Phrase, phrase

MONTHS_A_YEAR = 12
ADULT_YEARS = 18

_MONTHS = Named(("months_since_relapse",))


def disagreements(answers: Answers, *, today: datetime.date | None = None) -> list[Fault]:
    """Return every contradiction among the answers of the person form.

    Parameters
    ----------
    answers
        As read by the form; what is unknown contradicts nothing.
    today
        For days that lie in the future; ``None`` leaves that open.
    """
    return [
        *_times(answers),
        *_relapses(answers),
        *_children(answers),
        *_walking(answers),
        *_sets(answers),
        *_stopped(answers, today),
    ]


def _times(answers: Answers) -> Iterator[Fault]:
    age, years, months = (answers[name] for name in ("age", "years_since_onset", "months_since_relapse"))
    if age is not None and years is not None and years > age:
        yield Fault(
            "years_since_onset",
            phrase("fault.problem.onset-before-birth", onset=phrase("fault.years-ago", n=years), age=age),
            mend=phrase("fault.mend.either", one=Named(("age",)), other=Named(("years_since_onset",))),
        )
    # Years are often rounded down, so that a relapse is only impossible a year before the first symptoms.
    if years is not None and months is not None and months > MONTHS_A_YEAR * (years + 1):
        yield Fault(
            "months_since_relapse",
            phrase(
                "fault.problem.relapse-before-onset",
                relapse=phrase("fault.months-ago", n=months),
                onset=phrase("fault.years-ago", n=years),
            ),
            mend=phrase("fault.mend.either", one=_MONTHS, other=Named(("years_since_onset",))),
        )


def _relapses(answers: Answers) -> Iterator[Fault]:
    one, two, months = (answers[n] for n in ("relapses_12_months", "relapses_24_months", "months_since_relapse"))
    if one is not None and two is not None and two < one:
        yield Fault(
            "relapses_24_months",
            phrase("fault.problem.fewer-in-two-years", two=_relapses_said(two), one=_relapses_said(one)),
            mend=phrase("fault.mend.count-both"),
        )
    if months is None:
        return
    last = phrase("fault.last-relapse", n=months)
    mend = phrase("fault.mend.relapses-or-months", months=_MONTHS)
    if two == 0 and months < 2 * MONTHS_A_YEAR:
        yield Fault("relapses_24_months", phrase("fault.problem.no-relapse-in-two-years", last=last), mend=mend)
    elif one == 0 and months < MONTHS_A_YEAR:
        yield Fault("relapses_12_months", phrase("fault.problem.no-relapse-in-a-year", last=last), mend=mend)
    if one is not None and one > 0 and months > MONTHS_A_YEAR:
        problem = phrase("fault.problem.relapses-in-a-year", relapses=_relapses_said(one), last=last)
        yield Fault("months_since_relapse", problem, mend=mend)
    elif two is not None and two > 0 and months > 2 * MONTHS_A_YEAR:
        problem = phrase("fault.problem.relapses-in-two-years", relapses=_relapses_said(two), last=last)
        yield Fault("months_since_relapse", problem, mend=mend)


def _children(answers: Answers) -> Iterator[Fault]:
    if answers["sex"] == "man" and answers["pregnancy"] in {"pregnant", "breastfeeding"}:
        first, second, third = (Named((word,), "bare") for word in ("within-a-year", "later", "none"))
        names = {"sex": Named(("sex",)), "pregnancy": Named(("pregnancy",))}
        yield Fault(
            "pregnancy",
            phrase("fault.problem.pregnant-man", pregnancy=Named((answers["pregnancy"],)), sex=Named(("man",))),
            mend=phrase("fault.mend.either-as-man", **names, first=first, second=second, third=third),
        )


def _walking(answers: Answers) -> Iterator[Fault]:
    if answers["walking"] is None or answers["edss"] is None:
        return
    walking = Walking(answers["walking"])
    if _bands_apart(walking, answers["edss"]) > 1:
        yield Fault(
            "edss",
            phrase(
                "fault.problem.edss-and-walking", edss=answers["edss"], walking=Named((walking,)), band=band(walking)
            ),
            mend=phrase("fault.mend.either-or-open", one=Named(("edss",)), other=Named(("walking",))),
        )


def _bands_apart(walking: Walking, edss: float) -> int:
    """Return how many bands lie between the words and the measured EDSS; neighbours are one apart."""
    bands = list(EDSS_BANDS)
    measured = next((number for number, band in enumerate(bands) if edss <= EDSS_BANDS[band][1]), len(bands) - 1)
    return abs(measured - bands.index(walking))


def _sets(answers: Answers) -> Iterator[Fault]:
    pairs = (
        ("conditions", "not_conditions", "present-and-absent"),
        ("conditions", "unknown_conditions", "present-and-unknown"),
        ("not_conditions", "unknown_conditions", "absent-and-unknown"),
        ("medicines", "unknown_medicines", "taken-and-unknown"),
    )
    for one, other, problem in pairs:
        both = [name for name in answers[one] or () if name in (answers[other] or ())]
        if both:
            yield Fault(
                other,
                phrase(f"fault.problem.{problem}", names=Named(tuple(both), "bare")),
                mend=phrase("fault.mend.keep-in-either", one=Named((one,)), other=Named((other,))),
            )


def _stopped(answers: Answers, today: datetime.date | None) -> Iterator[Fault]:
    for place, entry in enumerate(answers["earlier_treatments"] or (), start=1):
        if today is not None and entry["stopped"] is not None and entry["stopped"] > today:
            yield Fault(
                f"earlier_treatments[{place}].stopped",
                phrase("fault.problem.stopped-in-future", day=entry["stopped"]),
                allowed=phrase("fault.allowed.day-up-to", day=today),
                mend=phrase("fault.mend.still-taken"),
            )


def _relapses_said(count: int) -> Phrase:
    return phrase("fault.relapses", n=count)


def notices(person: Person) -> tuple[str, ...]:
    """Return what is accepted but worth a word, in plain sentences.

    Parameters
    ----------
    person
        As read: without contradictions.
    """
    return tuple(_notices(person))


def _notices(person: Person) -> Iterator[str]:
    if person.age is not None and person.age < ADULT_YEARS:
        yield phrase("notice.child")
    counted = (person.relapses_12_months or 0) + (person.relapses_24_months or 0)
    if counted and person.months_since_relapse is None:
        yield phrase("notice.when-unknown")
    if person.relapses_12_months is not None and person.relapses_24_months is None:
        yield phrase("notice.two-years-unknown")
    if person.edss is not None and person.walking is not None and _bands_apart(person.walking, person.edss):
        yield phrase("notice.edss-and-walking", edss=person.edss, walking=band(person.walking))
    if any(earlier.drug == OTHER_DRUG for earlier in person.earlier_treatments or ()):
        yield phrase("notice.other-drug")
    if person.conditions is None:
        yield phrase("notice.conditions-unknown")
    elif person.unknown_conditions:
        yield phrase("notice.some-conditions-unknown", n=len(person.unknown_conditions), total=len(CONDITIONS))
    if person.medicines is not None and person.unknown_medicines:
        yield phrase("notice.some-medicines-unknown", n=len(person.unknown_medicines), total=len(MEDICINES))
