"""The page for a visit: made once as a document, then printed as PDF or HTML from the same words and numbers."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.consultation import Consultation, consult
from equipoise.consultation.kept import checked_options
from equipoise.consultation.personal import PersonalView
from equipoise.decision import CRITERIA, Values, criterion
from equipoise.decision.summary import limit_in_words
from equipoise.evidence import Evidence, load_evidence
from equipoise.presentation.counted import worlds_words
from equipoise.presentation.handout.checks import option_check, standing
from equipoise.presentation.handout.document import ClinicianSide, Handout, OptionLine, PersonSide
from equipoise.presentation.handout.facts import facts_in_words, time_words
from equipoise.presentation.handout.numbers import (
    Shelf,
    after_last_dose,
    effort_rows,
    needed_rows,
    number_rows,
)
from equipoise.presentation.handout.questions import READINESS, suggested_questions
from equipoise.presentation.handout.texts import sheet_texts
from equipoise.presentation.handout.words import digits, option_words, withheld
from equipoise.presentation.personal_page import PersonalPage
from equipoise.presentation.personal_words import NO_TREATMENT
from equipoise.presentation.plain_words import limits, lower_first, shown, upper_first
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Wording, wording

if TYPE_CHECKING:
    from equipoise.person import Person

REGIONS = {"en": "GB", "de": "DE", "es": "ES"}
"""Whose spelling a language of the sheet has, for a reader that speaks it."""


def make_handout(
    first: str,
    second: str,
    *,
    person: Person,
    on: datetime.date,
    values: Values | None = None,
    questions: Sequence[str] = (),
    asked: Collection[str] | None = None,
    ready: Sequence[str] = (),
    jurisdiction: str | Jurisdiction = "",
    years: int = 2,
    evidence: Evidence | None = None,
    qr_text: str = "",
    words: Wording | None = None,
) -> Handout:
    """Compare two treatments for a person, and lay the answer out on one sheet.

    Parameters
    ----------
    first, second, person, values, jurisdiction, years, evidence
        As for :func:`equipoise.consult`.
    on
        The day for which labels are applied; it is also the date of the sheet.
    questions
        One's own questions for the visit; see :func:`equipoise.presentation.handout.questions.read_questions`.
    asked, ready
        As for :func:`handout_of`.
    qr_text
        What a code on the sheet should hold; empty for no code.
    words
        The language of the sheet; English where none is given.

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
    return handout_of(
        sitting,
        evidence=evidence,
        on=on,
        values=values,
        questions=questions,
        asked=asked,
        ready=ready,
        qr_text=qr_text,
        words=words,
    )


def handout_of(
    sitting: Consultation,
    *,
    evidence: Evidence,
    on: datetime.date,
    values: Values | None = None,
    questions: Sequence[str] = (),
    asked: Collection[str] | None = None,
    ready: Sequence[str] = (),
    qr_text: str = "",
    words: Wording | None = None,
) -> Handout:
    """Lay a consultation about a person out on one sheet.

    Parameters
    ----------
    sitting
        With its personal part.
    evidence, on, values, questions, qr_text, words
        As for :func:`make_handout`; the same evidence, day and values that the consultation was made with.
    asked
        Ids of the suggested questions that were ticked; all of them where nobody was asked.
    ready
        What was answered to the statements about being ready: ``"yes"``, ``"no"`` or nothing.

    Raises
    ------
    ValueError
        If the consultation is about nobody.
    """
    view = sitting.personal
    if view is None:
        raise ValueError("a page for a visit needs a consultation about a person")
    return _Layout(sitting, view, evidence, on, words or wording()).handout(values, questions, asked, ready, qr_text)


@dataclass(frozen=True)
class _Layout:
    """One consultation about a person, said in one language."""

    sitting: Consultation
    view: PersonalView
    evidence: Evidence
    on: datetime.date
    words: Wording

    def handout(
        self,
        values: Values | None,
        questions: Sequence[str],
        asked: Collection[str] | None,
        ready: Sequence[str],
        qr_text: str,
    ) -> Handout:
        view, words, shelf = self.view, self.words, Shelf()
        rows, rare = number_rows(view, shelf, words)
        effort = effort_rows(self.sitting, len(view.options), shelf, words)
        checked = checked_options(self.sitting, self.evidence, self.on)
        suggested = suggested_questions(view, checked, (*rows, *rare), words)
        person = PersonSide(
            facts=facts_in_words(view.person, self.evidence, words),
            unknown=tuple(words.say(name) for name in view.unknown),
            # No question on what matters begins with a noun, which German would keep large.
            matters=tuple(lower_first(one) for one in self._matters(values)),
            limits=tuple(self._limits(values)),
            options=(*(standing(treatment, answer, words) for treatment, answer in checked), *self._no_treatment()),
            rows=rows,
            rare=rare,
            effort=effort,
            fit=self._fit(),
            not_known=tuple(self._not_known()),
            own_questions=tuple(questions),
            suggested=tuple(one.text for one in suggested if asked is None or one.id in asked),
            readiness=tuple(words(f"ready.{one}.text") for one in READINESS),
            ready=tuple(ready),
        )
        clinician = ClinicianSide(
            checks=tuple(option_check(one, answer, self.evidence.label(one), words) for one, answer in checked),
            rows=rows,
            rare=rare,
            needed=needed_rows(view, words),
            effort=effort,
            after=tuple(after_last_dose(self.sitting, words)),
            baselines=tuple(self._baselines()),
            not_given=tuple(
                f"{upper_first(about)}: {reason}" for about, reason in withheld(view, self.evidence, words)
            ),
            places=tuple(shelf.places.values()),
        )
        names = tuple(option_words(option, words) for option in view.options)
        time = time_words(12 * view.years, words)
        texts = sheet_texts(words, self.sitting, self.on, names, time)
        return Handout(
            day=self.on.isoformat(),
            release=self.sitting.release,
            jurisdiction=self.sitting.jurisdiction.value,
            names=tuple(upper_first(name) for name in names),
            years=time,
            texts=texts,
            language=words.language.tag,
            region=REGIONS.get(words.language.tag) or words.language.tag.partition("-")[2],
            person=person,
            clinician=clinician,
            seed=words("sheet.clinician.seed", draws=view.draws, seed=str(view.seed)),
            qr_text=qr_text,
        )

    def _no_treatment(self) -> Iterator[OptionLine]:
        numbered = any(one.option.id == NO_TREATMENT for one in self.view.outcomes)
        known = self.words("sheet.standing.placebo" if numbered else "sheet.standing.no-numbers")
        yield OptionLine(self.words("sheet.standing.no-treatment"), "", known)

    def _matters(self, values: Values | None) -> Iterator[str]:
        if values is None:
            return
        names = {one.id: self.words.say(one.question) for one in CRITERIA}
        first = [name for group in values.order for name in group]
        if not first and len(values.matters or ()) == len(CRITERIA):
            yield self.words("sheet.all-matters")
            return
        yield from (names[name] for name in first)
        yield from (names[name] for name in values.matters or () if name not in first)

    def _limits(self, values: Values | None) -> Iterator[str]:
        for one in values.limits if values else ():
            yield self.words.say(limit_in_words(one, criterion(one.criterion)))

    def _fit(self) -> str:
        view, words = self.view, self.words
        if view.fit is None:
            return ""
        page = PersonalPage(view, None)
        if page.ranks() < 2:
            return words("sheet.fit.nothing")
        shares = []
        for row in page.fit_rows():
            if row.fit is not None:
                counts = page.figures.bar(row.fit).counts
                worlds = worlds_words(row.fit.rank_acceptability[0], counts[0], words)
                shares.append(words("sheet.fit.share", option=option_words(row.option, words), worlds=worlds))
        first = words("sheet.fit.first", shares=words.joined(shares))
        return f"{first} {words('sheet.fit.tie')}" if view.fit.ties else first

    def _not_known(self) -> Iterator[str]:
        words = self.words
        reasons = tuple(withheld(self.view, self.evidence, words))
        if not self.view.outcomes:
            yield from dict.fromkeys(reason for _, reason in reasons)
            return
        yield words("sheet.unknown.nobody")
        yield words("sheet.unknown.later", time=time_words(12 * self.view.years, words))
        told = tuple(dict.fromkeys(about for about, _ in reasons))
        if told:
            yield words("sheet.unknown.no-number", list="; ".join(told))
        elif not self.sitting.trials:
            yield words("sheet.unknown.no-trial")

    def _baselines(self) -> Iterator[str]:
        words = self.words
        for one in self.view.baselines:
            rate = one.relapse_rate
            low_high = [digits(part, words) for part in limits(rate.interval, rate.measure).split(" to ")]
            unknown = "; ".join(words.say(name) for name in one.unknown)
            yield words(
                "sheet.clinician.baseline",
                method=words(f"sheet.method.{one.method}"),
                use=words(f"sheet.clinician.{'used' if one.is_used else 'not-used'}"),
                rate=digits(shown(rate), words),
                range=words("number.to", low=low_high[0], high=low_high[1]),
                option=option_words(one.anchor, words),
                setting=words.say(one.setting),
                unknown=unknown or words("sheet.clinician.nothing"),
            )
