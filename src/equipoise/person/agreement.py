"""What two facts about a person say together: faults that no single answer shows, and notices."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from equipoise.forms import Answers, Fault
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.person.model import EDSS_BANDS, OTHER_DRUG, Person, Walking, band
from equipoise.wording import phrase

MONTHS_A_YEAR = 12
ADULT_YEARS = 18


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
            f"the first symptoms {_number(years)} years ago do not fit an age of {age}",
            mend="mend 'age' or 'years_since_onset'",
        )
    # Years are often rounded down, so that a relapse is only impossible a year before the first symptoms.
    if years is not None and months is not None and months > MONTHS_A_YEAR * (years + 1):
        yield Fault(
            "months_since_relapse",
            f"a last relapse {_number(months)} months ago lies before the first symptoms, {_number(years)} years ago",
            mend="mend 'months_since_relapse' or 'years_since_onset'",
        )


def _relapses(answers: Answers) -> Iterator[Fault]:
    one, two, months = (answers[n] for n in ("relapses_12_months", "relapses_24_months", "months_since_relapse"))
    if one is not None and two is not None and two < one:
        yield Fault(
            "relapses_24_months",
            f"{_relapses_said(two)} in 24 months cannot be fewer than {_relapses_said(one)} in 12 months, which are "
            "part of them",
            mend="count the relapses of the last 12 months in both answers",
        )
    if months is None:
        return
    last = f"the last relapse began {_number(months)} months ago"
    mend = "mend the number of relapses or 'months_since_relapse'"
    if two == 0 and months < 2 * MONTHS_A_YEAR:
        yield Fault("relapses_24_months", f"no relapse in 24 months, but {last}", mend=mend)
    elif one == 0 and months < MONTHS_A_YEAR:
        yield Fault("relapses_12_months", f"no relapse in 12 months, but {last}", mend=mend)
    if one is not None and one > 0 and months > MONTHS_A_YEAR:
        yield Fault("months_since_relapse", f"{_relapses_said(one)} in 12 months, but {last}", mend=mend)
    elif two is not None and two > 0 and months > 2 * MONTHS_A_YEAR:
        yield Fault("months_since_relapse", f"{_relapses_said(two)} in 24 months, but {last}", mend=mend)


def _children(answers: Answers) -> Iterator[Fault]:
    if answers["sex"] == "man" and answers["pregnancy"] in {"pregnant", "breastfeeding"}:
        yield Fault(
            "pregnancy",
            f"'{answers['pregnancy']}' does not fit 'man'",
            mend="mend 'sex' or 'pregnancy'; a man may answer within-a-year, later or none",
        )


def _walking(answers: Answers) -> Iterator[Fault]:
    if answers["walking"] is None or answers["edss"] is None:
        return
    walking = Walking(answers["walking"])
    if _bands_apart(walking, answers["edss"]) > 1:
        yield Fault(
            "edss",
            f"an EDSS of {_number(answers['edss'])} does not fit walking '{walking}', which stands for {band(walking)}",
            mend="mend 'edss' or 'walking', or leave one of them open",
        )


def _bands_apart(walking: Walking, edss: float) -> int:
    """Return how many bands lie between the words and the measured EDSS; neighbours are one apart."""
    bands = list(EDSS_BANDS)
    measured = next((number for number, band in enumerate(bands) if edss <= EDSS_BANDS[band][1]), len(bands) - 1)
    return abs(measured - bands.index(walking))


def _sets(answers: Answers) -> Iterator[Fault]:
    pairs = (
        ("conditions", "not_conditions", "both present and absent"),
        ("conditions", "unknown_conditions", "both present and not known"),
        ("not_conditions", "unknown_conditions", "both absent and not known"),
        ("medicines", "unknown_medicines", "both taken and not known"),
    )
    for one, other, problem in pairs:
        both = [name for name in answers[one] or () if name in (answers[other] or ())]
        if both:
            yield Fault(other, f"{', '.join(both)}: {problem}", mend=f"keep it in '{one}' or in '{other}'")


def _stopped(answers: Answers, today: datetime.date | None) -> Iterator[Fault]:
    for place, entry in enumerate(answers["earlier_treatments"] or (), start=1):
        if today is not None and entry["stopped"] is not None and entry["stopped"] > today:
            yield Fault(
                f"earlier_treatments[{place}].stopped",
                f"the last dose on {entry['stopped'].isoformat()} lies in the future",
                allowed=f"a day up to {today.isoformat()}",
                mend="leave it open if the drug is still taken",
            )


def _number(value: float) -> str:
    return f"{value:g}"


def _relapses_said(count: int) -> str:
    return "one relapse" if count == 1 else f"{count} relapses"


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
        unknown, total = len(person.unknown_conditions), len(CONDITIONS)
        yield phrase("notice.some-conditions-unknown", unknown=unknown, total=total)
    if person.medicines is not None and person.unknown_medicines:
        unknown, total = len(person.unknown_medicines), len(MEDICINES)
        yield phrase("notice.some-medicines-unknown", unknown=unknown, total=total)
