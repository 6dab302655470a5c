"""A personal view as headings, paragraphs and tables: what text and Markdown have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from equipoise.consultation.personal import OutcomeDifference, PersonalOutcome, PersonalView, Reason
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.personal_effects import (
    FIRST_OUTCOMES,
    FIRST_STOPPING,
    EffectRow,
    EffectsTable,
    complement,
    count_words,
    difference_range,
    difference_words,
    event,
    frequency,
    is_share,
    number_needed,
    range_words,
    width,
    withheld,
)
from equipoise.presentation.personal_page import FitRow, PersonalPage
from equipoise.presentation.personal_words import basis_words, method_words, option_name
from equipoise.presentation.pictures import whole_counts, worlds_text
from equipoise.presentation.plain_words import certainty_word, limits, shown, span, upper_first
from equipoise.vocabulary.estimate import Estimate

Mark = Callable[[Estimate], str]

MOST_COLUMNS = 3
"""Options that stand side by side within the width of a terminal; beyond, every outcome gets a table of its own."""


def personal_blocks(view: PersonalView, mark: Mark, *, key_only: bool = False) -> tuple[Block, ...]:
    """Return a personal view as blocks: the unmerged effects first, the fit after them.

    Parameters
    ----------
    view
        The personal part of a consultation.
    mark
        Gives each number the mark that leads to its source.
    key_only
        Leave out other lengths of time, less common harms, differences in harms, and what was seen without a
        comparison, so that it can be read in one go.
    """
    return tuple(_Blocks(view, mark, key_only).blocks())


class _Blocks:
    """Builds the blocks in order, marking each number as it comes."""

    def __init__(self, view: PersonalView, mark: Mark, key_only: bool) -> None:
        self.page = PersonalPage(view, None)
        self.view = view
        self.mark = mark
        self.key_only = key_only

    def blocks(self) -> Iterator[Block]:
        yield Heading(2, "For someone like me")
        yield Paragraph("These numbers are about people like you. Nobody can say what will happen to one person.")
        yield from self._effects()
        yield from self._declined()
        yield from self._fit()
        yield from self._said()
        if not self.key_only:
            yield from self._more()
        yield from self._differences()
        yield from self._how()

    def _effects(self) -> Iterator[Block]:
        effects = self.page.effects
        yield Heading(3, f"What may happen over {span(effects.horizon)}")
        if not effects.first:
            yield Paragraph("No number can be given for this length of time. The reasons stand below.")
            return
        yield Paragraph("Each line is one thing that may happen, by itself. Nothing is added up yet.")
        if self.page.has_no_treatment:
            yield Paragraph("'No treatment' stands for people who got a placebo in the trials: no drug against MS.")
        for table in effects.first:
            yield from self._table(table)

    def _table(self, table: EffectsTable) -> Iterator[Block]:
        caption = f"Of {table.denominator:,} people, over {span(table.horizon_months)}"
        names = tuple(upper_first(name) for name in self.page.names)
        shown_rows = table.rows if self.key_only else (*table.rows, *table.more)
        if len(names) <= MOST_COLUMNS:
            rows = tuple(
                (_row_name(row), *(self._cell(row, position) for position in range(len(names)))) for row in shown_rows
            )
            yield Table(("What may happen", *names), rows, caption)
            return
        for row in shown_rows:
            cells = tuple((name, self._cell(row, position)) for position, name in enumerate(names))
            yield Table(("Option", _row_name(row)), cells, caption)

    def _cell(self, row: EffectRow, position: int) -> str:
        one = row.cells[position]
        if one is None:
            return row.missing[position]
        kind = "" if row.basis else f"; {basis_words(one.basis)}"
        wide = width(one)
        certainty = certainty_word(one.estimate.certainty).lower()
        return f"{self._number(one)}; certainty: {certainty}{kind}.{f' {wide}' if wide else ''}"

    def _number(self, one: PersonalOutcome) -> str:
        limits_of = f"likely range {range_words(one)} {self.mark(one.estimate)}"
        if not is_share(one):
            return f"{count_words(one)}, {limits_of}"
        counted = frequency(one)
        of = f"of {counted.denominator:,}"
        return f"{counted.affected_words} {of} {event(one)}, {counted.unaffected_words} {complement(one)}; {limits_of}"

    def _said(self) -> Iterator[Block]:
        yield Heading(3, "What was said")
        said = tuple(f"{name}: {value}" for name, value in self.page.said)
        yield Items(said or ("Nothing was said. These are the numbers of the people in the trials.",))
        if self.view.unknown:
            yield Paragraph(
                f"Not known: {'; '.join(self.view.unknown)}. What is not known is not guessed. "
                "It makes the ranges wider."
            )

    def _declined(self) -> Iterator[Block]:
        if self.view.declined:
            yield Heading(3, "What is not said, and why")
            yield Items(
                tuple(
                    f"{upper_first(about)}: {reason}{_from(places)}" for about, reason, places in self.page.declined()
                )
            )

    def _fit(self) -> Iterator[Block]:
        fit = self.page.fit
        if fit is None:
            return
        yield Heading(3, "How the options fit what matters to you")
        yield Paragraph(
            "Many plausible worlds were tried. Each is one set of numbers that the evidence allows, with one way to "
            "weigh them that your answers allow. Shown is in how many of a hundred such worlds an option fits first. "
            "It does not say how large the gap is."
        )
        for tie in fit.ties:
            yield Paragraph(upper_first(tie.sentence))
        if fit.remarks:
            yield Items(fit.remarks)
        rows = tuple(_fit_row(row) for row in self.page.fit_rows())
        yield Table(("Option", "Plausible worlds in which it fits first", "In words"), rows)
        for row in self.page.weighed():
            yield Paragraph(f"{upper_first(option_name(row.option))}:")
            for words, is_for in (("For", True), ("Against", False)):
                found = self.page.reasons(row.option, is_for=is_for)
                yield Items(tuple(f"{words}: {_reason(one)}" for one in found) or (f"{words}: nothing stood out.",))
        yield from self._changes()

    def _changes(self) -> Iterator[Block]:
        fit = self.page.fit
        if fit is None or self.page.ranks() < 2:
            return
        yield Heading(3, "What would change this")
        yield Items(
            tuple(self.page.change_words(one) for one in fit.what_would_change)
            or ("No single change that was tried gives another order.",)
        )
        if fit.what_stays:
            yield Paragraph("What stays the same, whatever matters to you:")
            yield Items(fit.what_stays)
        if fit.left_out_criteria:
            left_out = tuple(f"{self.page.criterion(name)}: {reason}" for name, reason in fit.left_out_criteria)
            yield Paragraph("Not weighed:")
            yield Items(left_out)

    def _more(self) -> Iterator[Block]:
        effects = self.page.effects
        if effects.other_horizons:
            yield Heading(3, "The same over other lengths of time")
            yield Paragraph("Do not hold a number of one length of time against a number of another.")
            for table in effects.other_horizons:
                yield from self._table(table)
        if effects.apart:
            yield Heading(3, "Seen in people without a group to compare with")
            yield Paragraph("There was no group on another option beside them: do not set the columns side by side.")
            for table in effects.apart:
                yield from self._table(table)

    def _differences(self) -> Iterator[Block]:
        found = self.page.effects.differences()
        if self.key_only:
            found = tuple((m, _of_key_outcomes(ones)) for m, ones in found if m == self.page.effects.horizon)
        if not found:
            return
        yield Heading(3, "For clinicians: differences, and numbers needed to treat or to harm")
        yield Paragraph(
            "Differences come from the same worlds for both options, before rounding. A number needed has no sign. "
            "It is withheld where the interval of the difference holds no difference."
        )
        for months, differences in found:
            rows = tuple(self._difference(one) for one in differences)
            yield Table(("Outcome", "Compared", "Difference", "Number needed"), rows, f"Over {span(months)}")

    def _difference(self, one: OutcomeDifference) -> tuple[str, ...]:
        needed = number_needed(one)
        return (
            one.outcome.name,
            f"{option_name(one.option)} against {option_name(one.reference)}",
            f"{difference_words(one)} ({difference_range(one)}) {self.mark(one.estimate)}",
            f"{needed[0]} {needed[1]} ({needed[2]})" if needed else withheld(one),
        )

    def _how(self) -> Iterator[Block]:
        yield Heading(3, "How this was worked out")
        for one in self.page.effects.baselines:
            use = "used here" if one.is_used else "shown beside it, not used"
            rate, share = one.relapse_rate, one.any_relapse
            yield Items(
                (
                    f"{method_words(one.method)} ({use}), on {option_name(one.anchor)}, level from {one.setting}: "
                    f"{shown(rate)} relapses a year ({limits(rate.interval, rate.measure)}) {self.mark(rate)}; "
                    f"{shown(share)} of 100 people with at least one relapse within two years "
                    f"({limits(share.interval, share.measure)}) {self.mark(share)}.",
                    f"Known: {'; '.join(one.known) or 'nothing'}. Not known: {'; '.join(one.unknown) or 'nothing'}.",
                )
            )
        yield Paragraph(
            f"Worked out from {self.view.draws:,} plausible sets of numbers, with the random seed {self.view.seed}.",
            is_note=True,
        )


def _of_key_outcomes(differences: tuple[OutcomeDifference, ...]) -> tuple[OutcomeDifference, ...]:
    kept = FIRST_STOPPING.union(FIRST_OUTCOMES)
    return tuple(one for one in differences if one.outcome.id in kept)


def _row_name(row: EffectRow) -> str:
    return f"{upper_first(row.outcome.name)}{f' ({row.basis})' if row.basis else ''}"


def _from(places: tuple[str, ...]) -> str:
    return f" From: {' '.join(places)}" if places else ""


def _reason(of: Reason) -> str:
    return f"{of.sentence}{f' (equipoise trace {of.source_ids[0]})' if of.source_ids else ''}"


def _fit_row(row: FitRow) -> tuple[str, ...]:
    name = upper_first(option_name(row.option))
    if row.fit is None:
        return name, "not ranked", f"{row.because}: {row.reason}"
    if len(row.fit.rank_acceptability) == 1:
        return name, "nothing to rank it against", "the only option left"
    first = whole_counts(row.fit.rank_acceptability, 100)[0]
    return name, worlds_text(row.fit.rank_acceptability[0], first), row.fit.word
