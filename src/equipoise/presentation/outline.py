"""A consultation as headings, paragraphs and tables: what text and Markdown have in common.

Every number carries a mark; the list at the end says which id each mark stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from equipoise.consultation import Consultation
from equipoise.consultation.document import Option, OutcomeSection, TrialResult
from equipoise.consultation.syntheses import Synthesis
from equipoise.consultation.words import figure
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.frequencies import COMMON, RARE, natural_frequency
from equipoise.presentation.personal_outline import personal_blocks
from equipoise.vocabulary.estimate import Estimate, Fact
from equipoise.vocabulary.terms import OutcomeGroup

NOT_REPORTED = "not reported"
KEY_OUTCOMES = (
    "annualised-relapse-rate",
    "relapse-free",
    "confirmed-disability-worsening-6m",
    "confirmed-disability-worsening-3m",
    "confirmed-disability-improvement-6m",
    "new-or-enlarging-t2",
    "gd-enhancing",
    "discontinuation-adverse-event",
)


@dataclass(slots=True)
class Marks:
    """Numbers the estimates and facts in the order in which they are first shown."""

    numbers: dict[str, int] = field(default_factory=dict)

    def of(self, item: Estimate | Fact) -> str:
        """Return the mark of an item: ``[3]``."""
        return f"[{self.numbers.setdefault(item.id, len(self.numbers) + 1)}]"


def outline(sitting: Consultation, *, key_only: bool = False) -> tuple[Block, ...]:
    """Return a consultation as blocks.

    Parameters
    ----------
    sitting
        The document.
    key_only
        Leave out the outcomes that few people ask for and what was seen outside a comparison, so that it can be
        read in one go. Nothing shown is shown differently.
    """
    return tuple(_Outline(sitting, key_only).blocks())


class _Outline:
    """Builds the blocks in order, marking each number as it comes."""

    def __init__(self, sitting: Consultation, key_only: bool) -> None:
        self.sitting = sitting
        self.key_only = key_only
        self.marks = Marks()
        self.names = tuple(option.treatment.name for option in sitting.options)

    def blocks(self) -> Iterator[Block]:
        sitting = self.sitting
        yield Heading(1, f"{self.names[0].capitalize()} or {self.names[1]}?")
        yield Paragraph(
            "It informs, it never orders: what fits is for you and your clinician to decide. "
            "'Not reported' means that no source seen here says it, never that it is zero. "
            "A number in square brackets leads to its source in the list at the end."
        )
        if sitting.personal is not None:
            yield from personal_blocks(sitting.personal, self.marks.of, key_only=self.key_only)
        for option in sitting.options:
            yield from self._option(option)
        yield from self._trials()
        yield from self._effects()
        yield from self._group("Stopping", sitting.stopping, OutcomeGroup.STOPPING)
        yield from self._harms("Common side effects, of 100 people", sitting.common_harms, COMMON)
        yield from self._thyroid()
        yield from self._harms("Serious harms, of 1,000 people", sitting.serious_harms, RARE)
        yield from self._against_placebo()
        yield from self._years()
        yield Heading(2, "What is not known")
        yield Items(sitting.unknowns)
        yield from self._sources()

    def _option(self, option: Option) -> Iterator[Block]:
        yield Heading(
            2, f"{option.treatment.name.capitalize()} ({', '.join(option.brands)}), {option.treatment.detail}"
        )
        if option.mechanism:
            yield Paragraph(self._said(option.mechanism))
        yield Paragraph(f"Who is offered it under the {self.sitting.jurisdiction} label:")
        yield self._facts(option.indications)
        yield Paragraph("Who may not have it:")
        yield self._facts(option.contraindications)
        yield Paragraph("Warnings:")
        yield self._facts(option.warnings)

    def _said(self, fact: Fact) -> str:
        lent = self.sitting.is_lent(fact)
        by = f" ({fact.jurisdiction} text: no {self.sitting.jurisdiction} text on this was seen)" if lent else ""
        return f"{fact.text}{by} {self.marks.of(fact)}"

    def _facts(self, facts: Sequence[Fact]) -> Items:
        return Items(tuple(self._said(fact) for fact in facts) or (NOT_REPORTED,))

    def _trials(self) -> Iterator[Block]:
        if not self.sitting.trials:
            return
        yield Heading(2, "The trials that compared them")
        for card in self.sitting.trials:
            yield Heading(3, card.trial.short_name)
            said = [f"{fact.topic}: {self._said(fact)}" for fact in card.facts]
            for name, number in zip(self.names, card.never_treated, strict=True):
                if number is not None:
                    said.append(
                        f"Randomised to {name} but never treated: {number.events} of {number.n} {self.marks.of(number)}"
                    )
            yield Items(tuple(said))

    def _effects(self) -> Iterator[Block]:
        yield Heading(2, "What was found")
        shown = [section for section in self.sitting.benefits if self._is_shown(section)]
        if not shown:
            yield Paragraph("No trial in this evidence compared the two directly.")
        for section in sorted(shown, key=lambda s: s.outcome.id not in KEY_OUTCOMES):
            yield from self._section(section)

    def _is_shown(self, section: OutcomeSection) -> bool:
        return bool(section.trials) and (not self.key_only or section.outcome.id in KEY_OUTCOMES)

    def _section(self, section: OutcomeSection) -> Iterator[Block]:
        yield Heading(3, section.outcome.name.capitalize())
        yield Paragraph(section.outcome.definition, is_note=True)
        yield self._results(section.trials)
        if section.agreement:
            yield Paragraph(section.agreement)
        for synthesis in section.syntheses:
            yield Paragraph(self._together(synthesis))
        findings = [self._said(finding) for result in section.trials for finding in result.findings]
        if findings:
            yield Items(tuple(findings))

    def _group(self, title: str, sections: Sequence[OutcomeSection], group: OutcomeGroup) -> Iterator[Block]:
        yield Heading(2, title)
        for section in sections:
            if section.outcome.group is group and self._is_shown(section):
                yield from self._section(section)

    def _results(self, results: Sequence[TrialResult]) -> Table:
        rows = []
        for result in results:
            dose = "" if result.is_licensed_dose else " (doses merged)"
            months = "" if result.timepoint_months is None else f", {result.timepoint_months:g} months"
            comparison = result.comparison
            rows.append(
                (
                    f"{result.trial.short_name}{dose}{months}",
                    self._cell(result.arms[0]),
                    self._cell(result.arms[1]),
                    NOT_REPORTED if comparison is None else self._number(comparison),
                    "" if comparison is None else comparison.certainty.level.value,
                )
            )
        return Table(("Trial", *self.names, f"{self.names[0]} versus {self.names[1]}", "certainty"), tuple(rows))

    def _cell(self, estimate: Estimate | None) -> str:
        return NOT_REPORTED if estimate is None else self._number(estimate)

    def _number(self, estimate: Estimate) -> str:
        limits = estimate.interval
        between = (
            "interval not reported"
            if limits is None
            else f"{figure(limits.low, estimate.measure)} to {figure(limits.high, estimate.measure)}"
        )
        value = figure(estimate.value, estimate.measure)
        if estimate.measure.is_proportion and limits is None:
            value = f"{value} of 100"
        elif estimate.measure.is_proportion:
            frequency = natural_frequency(estimate)
            value, between = frequency.words, frequency.range_words
        kind = f"{estimate.measure.value.replace('-', ' ')} " if estimate.measure.is_comparison else ""
        return f"{kind}{value} ({between}) {self.marks.of(estimate)}"

    def _together(self, synthesis: Synthesis) -> str:
        numbers = (
            synthesis.common,
            synthesis.random,
            synthesis.random_hartung_knapp,
            synthesis.prediction,
            synthesis.i2,
        )
        said = [f"{number.text} {self.marks.of(number)}" for number in numbers if number is not None]
        return " ".join([*said, *synthesis.notes])

    def _harms(self, title: str, sections: Sequence[OutcomeSection], denominator: int) -> Iterator[Block]:
        yield Heading(2, title)
        rows = []
        for section in sections:
            view = section.one_view
            if view is None:
                continue
            rows.append(
                (
                    section.outcome.name,
                    *(self._frequency(arm, denominator) for arm in view.arms),
                    f"{view.trial.short_name}{'' if view.is_licensed_dose else ', doses merged'}",
                    NOT_REPORTED if view.timepoint_months is None else f"{view.timepoint_months:g} months",
                )
            )
        yield Table(("", *self.names, "people of", "counted over"), tuple(rows))
        outside = [estimate for section in sections if section.one_view is None for estimate in section.beyond]
        if outside and not self.key_only:
            yield Paragraph("Seen without a comparison:")
            yield Items(tuple(f"{estimate.text} {self.marks.of(estimate)}" for estimate in outside))

    def _frequency(self, estimate: Estimate | None, denominator: int) -> str:
        if estimate is None or not estimate.measure.is_proportion:
            return NOT_REPORTED
        frequency = natural_frequency(estimate, denominator)
        both_ways = f"{frequency.affected:,} with, {frequency.unaffected:,} without"
        return f"{both_ways} ({frequency.range_words}) {self.marks.of(estimate)}"

    def _thyroid(self) -> Iterator[Block]:
        section = self.sitting.section("thyroid-event")
        if section is None or not section.beyond:
            return
        yield Heading(2, "Thyroid disorders: it depends on how long one counts")
        yield Items(tuple(f"{estimate.text} {self.marks.of(estimate)}" for estimate in section.beyond))

    def _against_placebo(self) -> Iterator[Block]:
        yield Heading(2, "Against placebo, and what the labels print")
        yield Paragraph(
            "These numbers come from other people, over other times, against other comparators than the ones above. "
            "The two must not be set side by side."
        )
        for option in self.sitting.options:
            said = tuple(f"{e.text} {self.marks.of(e)}" for e in (*option.against_placebo, *option.label_harms))
            yield Heading(3, option.treatment.name.capitalize())
            yield Items(said or (f"{NOT_REPORTED} for this option under this label.",))

    def _years(self) -> Iterator[Block]:
        yield Heading(2, "What the years look like")
        for option in self.sitting.options:
            years = tuple(f"year {year}" for year in option.plan.years)
            rows = tuple((row.task, *(self._planned(number) for number in row.per_year)) for row in option.plan_rows)
            yield Table(("", *years), rows, caption=option.treatment.name)
            remarks = [self._said(fact) for row in option.plan_rows for fact in row.remark]
            if option.after_last_dose is not None:
                remarks.append(f"{option.after_last_dose.text} {self.marks.of(option.after_last_dose)}")
            if remarks:
                yield Items(tuple(remarks))
            yield Paragraph("Before it starts, and while it goes on:")
            yield self._facts((*option.baseline_tests, *option.monitoring))

    def _planned(self, number: Estimate | None) -> str:
        return (
            "interval not stated"
            if number is None
            else f"{figure(number.value, number.measure)} {self.marks.of(number)}"
        )

    def _sources(self) -> Iterator[Block]:
        yield Heading(2, "Where each number comes from")
        yield Paragraph("'equipoise trace ID' prints the source, the raw cells and every computation.")
        items = self.sitting.items
        said = []
        for identifier, number in self.marks.numbers.items():
            sources = "; ".join(f"{ref.source_id}, {ref.locator}" for ref in items[identifier].sources)
            said.append(f"[{number}] {identifier}" if self.key_only else f"[{number}] {identifier} - {sources}")
        yield Items(tuple(said))
        evidence = self.sitting.release
        yield Paragraph(f"Evidence {evidence.version}. Next review by {evidence.review_by}.", is_note=True)
