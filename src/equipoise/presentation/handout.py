"""The page for a visit: made once as a document, then printed as PDF or HTML from the same words and numbers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from equipoise.consultation import Consultation, consult
from equipoise.consultation.personal import PersonalView
from equipoise.decision import CRITERIA, Values
from equipoise.decision.summary import limit_in_words
from equipoise.evidence import Evidence, load_evidence
from equipoise.presentation.handout_checks import option_check, standing
from equipoise.presentation.handout_document import ClinicianSide, Handout, OptionLine, PersonSide
from equipoise.presentation.handout_facts import facts_in_words
from equipoise.presentation.handout_numbers import (
    Shelf,
    after_last_dose,
    effort_rows,
    needed_rows,
    number_rows,
)
from equipoise.presentation.handout_questions import READINESS, suggested_questions
from equipoise.presentation.personal_page import PersonalPage
from equipoise.presentation.personal_words import NO_TREATMENT, joined, method_words, option_name
from equipoise.presentation.plain_words import limits, shown, span, upper_first
from equipoise.safety import eligibility
from equipoise.vocabulary.terms import Jurisdiction

if TYPE_CHECKING:
    from equipoise.person import Person


def make_handout(
    first: str,
    second: str,
    *,
    person: Person,
    on: datetime.date,
    values: Values | None = None,
    questions: Sequence[str] = (),
    jurisdiction: str | Jurisdiction = "",
    years: int = 2,
    evidence: Evidence | None = None,
    qr_text: str = "",
) -> Handout:
    """Compare two treatments for a person, and lay the answer out on one sheet.

    Parameters
    ----------
    first, second, person, values, jurisdiction, years, evidence
        As for :func:`equipoise.consult`.
    on
        The day for which labels are applied; it is also the date of the sheet.
    questions
        One's own questions for the visit; see :func:`equipoise.presentation.handout_questions.read_questions`.
    qr_text
        What a code on the sheet should hold; empty for no code.

    Returns
    -------
    Handout
        The whole document, before anything is left out for want of space. Equal input gives an equal document.

    Raises
    ------
    EquipoiseError
        As :func:`equipoise.consult`.
    """
    evidence = evidence or load_evidence()
    sitting = consult(
        first,
        second,
        jurisdiction=jurisdiction,
        evidence=evidence,
        person=person,
        values=values,
        on=on,
        years=years,
    )
    return handout_of(sitting, evidence=evidence, on=on, values=values, questions=questions, qr_text=qr_text)


def handout_of(
    sitting: Consultation,
    *,
    evidence: Evidence,
    on: datetime.date,
    values: Values | None = None,
    questions: Sequence[str] = (),
    qr_text: str = "",
) -> Handout:
    """Lay a consultation about a person out on one sheet.

    Parameters
    ----------
    sitting
        With its personal part.
    evidence, on, values, questions, qr_text
        As for :func:`make_handout`; the same evidence, day and values that the consultation was made with.

    Raises
    ------
    ValueError
        If the consultation is about nobody.
    """
    view = sitting.personal
    if view is None:
        raise ValueError("a page for a visit needs a consultation about a person")
    shelf = Shelf()
    rows, rare = number_rows(view, shelf)
    effort = effort_rows(sitting, len(view.options), shelf)
    checked = tuple(
        (one.treatment, eligibility(view.person, one.treatment, sitting.jurisdiction, on, evidence))
        for one in sitting.options
    )
    options = tuple(standing(treatment, answer) for treatment, answer in checked)
    person = PersonSide(
        facts=facts_in_words(view.person, evidence),
        unknown=view.unknown,
        matters=tuple(_matters(values)),
        limits=tuple(_limits(values)),
        options=(*options, *_no_treatment(view)),
        rows=rows,
        rare=rare,
        effort=effort,
        fit=_fit(view),
        not_known=tuple(_not_known(sitting, view)),
        own_questions=tuple(questions),
        suggested=suggested_questions(view, checked, (*rows, *rare)),
        readiness=READINESS,
    )
    clinician = ClinicianSide(
        checks=tuple(option_check(one, answer, evidence.label(one)) for one, answer in checked),
        rows=rows,
        rare=rare,
        needed=needed_rows(view),
        effort=effort,
        after=tuple(after_last_dose(sitting)),
        baselines=tuple(_baselines(view)),
        not_given=tuple(f"{upper_first(about)}: {reason}" for about, reason, _ in PersonalPage(view, None).declined()),
        places=tuple(shelf.places.values()),
    )
    return Handout(
        day=on.isoformat(),
        release=sitting.release,
        jurisdiction=sitting.jurisdiction.value,
        names=tuple(upper_first(option_name(option)) for option in view.options),
        years=span(12 * view.years),
        person=person,
        clinician=clinician,
        seed=f"{view.draws:,} plausible worlds, seed {view.seed}",
        qr_text=qr_text,
    )


def _no_treatment(view: PersonalView) -> Iterator[OptionLine]:
    numbered = any(one.option.id == NO_TREATMENT for one in view.outcomes)
    known = "Its numbers come from people on placebo." if numbered else "There are no numbers for it here."
    yield OptionLine("No treatment for now", "", known)


def _matters(values: Values | None) -> Iterator[str]:
    if values is None:
        return
    names = {one.id: one.question for one in CRITERIA}
    first = [name for group in values.order for name in group]
    if not first and len(values.matters or ()) == len(CRITERIA):
        yield "All that was asked about matters to me"
        return
    yield from (names[name] for name in first)
    yield from (names[name] for name in values.matters or () if name not in first)


def _limits(values: Values | None) -> Iterator[str]:
    named = {one.id: one for one in CRITERIA}
    yield from (limit_in_words(one, named[one.criterion]) for one in (values.limits if values else ()))


def _fit(view: PersonalView) -> str:
    if view.fit is None:
        return ""
    page = PersonalPage(view, None)
    if page.ranks() < 2:
        return "There is nothing to rank here: fewer than two options are left open."
    shares = [
        f"{option_name(row.option)} in {page.shares(row.fit)[0]}" for row in page.fit_rows() if row.fit is not None
    ]
    tie = " This is too close to call." if view.fit.ties else ""
    return f"With what matters to me, the option that fits first is: {joined(shares)} plausible worlds.{tie}"


def _not_known(sitting: Consultation, view: PersonalView) -> Iterator[str]:
    page = PersonalPage(view, None)
    if not view.outcomes:
        yield from dict.fromkeys(reason for _, reason, _ in page.declined())
        return
    yield "Nobody can say what will happen to me: the numbers are about 100 or 1,000 people like me."
    yield f"What comes after {span(12 * view.years)} is not on this page."
    told = tuple(dict.fromkeys(about for about, _, _ in page.declined()))
    if told:
        yield f"No number can be given for: {'; '.join(told)}."
    elif not sitting.trials:
        yield "No trial set these two options against each other."


def _baselines(view: PersonalView) -> Iterator[str]:
    for one in view.baselines:
        use = "used" if one.is_used else "beside it, not used"
        rate = one.relapse_rate
        yield (
            f"{method_words(one.method)} ({use}): {shown(rate)} relapses a year "
            f"({limits(rate.interval, rate.measure)}) on {option_name(one.anchor)}, level from {one.setting}. "
            f"Not known and drawn: {'; '.join(one.unknown) or 'nothing'}."
        )
