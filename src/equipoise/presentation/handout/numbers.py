"""The numbers of the page for a visit: which rows, in which order, and where each was read. It computes nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from equipoise.consultation import Consultation
from equipoise.consultation.personal import OutcomeDifference, PersonalOutcome, PersonalView
from equipoise.outcomes.draws import ARM, PERSONAL, POPULATION
from equipoise.presentation.counted import affected_words, range_words, unaffected_words
from equipoise.presentation.handout.document import Cell, EffortRow, NeededRow, NumberRow, Places
from equipoise.presentation.handout.facts import months_words
from equipoise.presentation.handout.words import digits, option_words, outcome_words
from equipoise.presentation.personal_effects import (
    FIRST_OUTCOMES,
    FIRST_STOPPING,
    EffectRow,
    PersonalEffects,
    frequency,
    is_share,
    needed_numbers,
    number_needed,
)
from equipoise.presentation.plain_words import certainty_word, lower_first, shown, upper_first
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.provenance import SourceRef
from equipoise.vocabulary.terms import OutcomeGroup
from equipoise.wording import Wording

_BASIS = {PERSONAL: "personal", POPULATION: "population", ARM: "arm"}
_COMMON, _RARE = 100, 1_000
# A sum of everything hides which harm it was, and is the same for nearly everybody.
_TOO_GENERAL = "any-"
_ASIDE = (OutcomeGroup.STOPPING, OutcomeGroup.TRIAL_CONDUCT)
_TASKS = ("days of infusion", "injections", "days with tablets", "months with a blood or urine test")
FIRST_YEARS = 2
LONGEST_PLACE = 60
MOST_LISTED = 3
"""More sources than this are named without their places; a trace has them all."""


class Shelf:
    """Remembers where each row was read; the row's letter is given later, when it is known what fits the sheet."""

    def __init__(self) -> None:
        self.places: dict[str, Places] = {}

    def keep(self, key: str, estimates: Iterable[Estimate]) -> str:
        """Keep the places of a row and return its key."""
        found = list(estimates)
        refs = list(dict.fromkeys(ref for one in found for ref in one.sources))
        self.places[key] = Places(key, _by_source(refs), found[0].id if found else "")
        return key


def _by_source(refs: Iterable[SourceRef]) -> tuple[tuple[str, str], ...]:
    found: dict[str, list[str]] = {}
    for ref in refs:
        found.setdefault(ref.source_id, []).append(ref.locator)
    is_short = len(found) <= MOST_LISTED
    said = {name: "; ".join(dict.fromkeys(places)) for name, places in found.items()}
    return tuple((name, words if is_short and len(words) <= LONGEST_PLACE else "") for name, words in said.items())


def number_rows(
    view: PersonalView, shelf: Shelf, words: Wording
) -> tuple[tuple[NumberRow, ...], tuple[NumberRow, ...]]:
    """Return the rows out of 100 people and the rows out of 1,000, those to read first before the others.

    Parameters
    ----------
    view
        The personal part of a consultation.
    shelf
        Keeps where each row was read.
    words
        The language.

    Notes
    -----
    Common: being free of relapses and disability, stopping for side effects, then for each option in turn its commonest
    harm, then the other harms by how common they are. Rare: by the largest number under any option. The rules look at
    all options alike, so swapping two options changes no row.
    """
    common, rare = rows_to_read(view)
    return (
        tuple(_row(row, _COMMON, shelf, words) for row in common),
        tuple(_row(row, _RARE, shelf, words) for row in rare),
    )


def rows_to_read(view: PersonalView) -> tuple[tuple[EffectRow, ...], tuple[EffectRow, ...]]:
    """Return the outcomes of ``number_rows`` themselves, in the same order."""
    effects = PersonalEffects(view)
    tables = {table.denominator: (*table.rows, *table.more) for table in effects.first}
    common = [row for row in tables.get(_COMMON, ()) if any(cell is not None and is_share(cell) for cell in row.cells)]
    benefits = [row for row in common if row.outcome.id in FIRST_OUTCOMES]
    stopping = [row for row in common if row.outcome.id in FIRST_STOPPING]
    harms = _one_for_each([row for row in common if row.outcome.group is OutcomeGroup.COMMON_HARM])
    rare = sorted(tables.get(_RARE, ()), key=lambda row: (-_largest(row), row.outcome.id))
    return (*benefits, *stopping, *harms), tuple(rare)


def _one_for_each(rows: list[EffectRow]) -> list[EffectRow]:
    by_size = sorted(rows, key=lambda row: (row.outcome.id.startswith(_TOO_GENERAL), -_largest(row), row.outcome.id))
    first: dict[str, EffectRow] = {}
    for position in range(len(rows[0].cells) if rows else 0):
        # The commonest under this option; where it is the commonest of another too, it stands once.
        mine = [row for row in by_size if row.cells[position] is not None]
        if mine:
            best = min(
                mine,
                key=lambda row: (row.outcome.id.startswith(_TOO_GENERAL), -_affected(row.cells[position])),
            )
            first[best.outcome.id] = best
    chosen = sorted(first.values(), key=lambda row: (-_largest(row), row.outcome.id))
    return [*chosen, *(row for row in by_size if row.outcome.id not in first)]


def _affected(cell: PersonalOutcome | None) -> float:
    return -1.0 if cell is None else cell.affected


def _largest(row: EffectRow) -> float:
    return max(_affected(cell) for cell in row.cells)


def _row(row: EffectRow, denominator: int, shelf: Shelf, words: Wording) -> NumberRow:
    cells = [cell for cell in row.cells if cell is not None]
    bases = {cell.basis for cell in cells}
    only = next(iter(bases)) if len(bases) == 1 else ""
    return NumberRow(
        shelf.keep(f"{row.outcome.id}/{denominator}", (cell.estimate for cell in cells)),
        row.outcome.id,
        upper_first(outcome_words(row.outcome, words)),
        only if only and only not in _BASIS else words(f"sheet.basis.{_BASIS.get(only, 'mixed')}"),
        denominator,
        tuple(_cell(cell, words, is_withheld=one) for cell, one in zip(row.cells, row.withheld, strict=True)),
        is_mine=only == PERSONAL,
    )


def _cell(cell: PersonalOutcome | None, words: Wording, *, is_withheld: bool) -> Cell:
    if cell is None or not is_share(cell):
        text = words(f"sheet.number.{'no-number' if is_withheld else 'not-reported'}")
        return Cell(missing=text, is_withheld=is_withheld)
    counted = frequency(cell)
    return Cell(
        yes=affected_words(counted, words),
        no=unaffected_words(counted, words),
        likely=range_words(counted, words),
        certainty=lower_first(words.say(certainty_word(cell.estimate.certainty))),
        estimate_id=cell.estimate.id,
    )


def needed_rows(view: PersonalView, words: Wording) -> tuple[NeededRow, ...]:
    """Return the differences on the horizon asked for: key outcomes first, then those with a number needed."""
    effects = PersonalEffects(view)
    found = [d for months, ones in effects.differences() if months == effects.horizon for d in ones if is_share(d)]
    key_outcomes = FIRST_STOPPING.union(FIRST_OUTCOMES)
    found.sort(key=lambda d: (d.outcome.id not in key_outcomes, number_needed(d) is None, d.outcome.group in _ASIDE))
    return tuple(_needed(one, words) for one in found)


def _needed(one: OutcomeDifference, words: Wording) -> NeededRow:
    names = {"option": option_words(one.option, words), "reference": option_words(one.reference, words)}
    difference = words(
        f"sheet.needed.{_way(one.difference)}-of",
        number=words.number(abs(one.difference), 1),
        total=one.denominator,
    )
    return NeededRow(
        outcome_words(one.outcome, words),
        words("sheet.needed.compared", **names),
        words("sheet.needed.with-range", number=difference, range=_range(one, words)),
        _number_needed(one, words),
    )


def _number_needed(one: OutcomeDifference, words: Wording) -> str:
    needed = number_needed(one)
    if needed is None:
        return words("sheet.needed.withheld" if one.low <= 0 <= one.high else "sheet.needed.neither")
    number, low, high = (words.number(value) for value in needed_numbers(one))
    name = words("sheet.needed.nnt" if one.is_benefit else "sheet.needed.nnh")
    limits = words("number.to", low=low, high=high)
    return f"{name} {words('sheet.needed.with-range', number=number, range=limits)}"


def _way(value: float) -> str:
    return "more" if value > 0 else "fewer"


def _range(of: OutcomeDifference, words: Wording) -> str:
    low, high = (words.number(abs(limit), 1) for limit in (of.low, of.high))
    if of.low * of.high > 0:
        return words(f"sheet.needed.{_way(of.high)}", number=words("number.to", low=low, high=high))
    return words(
        "number.to",
        low=words(f"sheet.needed.{_way(of.low)}", number=low),
        high=words(f"sheet.needed.{_way(of.high)}", number=high),
    )


def effort_rows(sitting: Consultation, n_options: int, shelf: Shelf, words: Wording) -> tuple[EffortRow, ...]:
    """Return what each option asks for in its first years, as the label plans it; no treatment asks for nothing."""
    none = words("sheet.number.none")
    tasks = {row.task for option in sitting.options for row in option.plan_rows}
    rows = []
    for task in sorted(tasks, key=lambda task: (_TASKS.index(task) if task in _TASKS else len(_TASKS), task)):
        found = [next((row for row in option.plan_rows if row.task == task), None) for option in sitting.options]
        planned = [number for row in found if row for number in row.per_year[:FIRST_YEARS] if number is not None]
        cells = [_years(row.per_year, words) if row else none for row in found]
        key = shelf.keep(f"effort/{task}", planned)
        more = [none] * (n_options - len(cells))
        rows.append(EffortRow(key, upper_first(words.say(task)), (*cells, *more)))
    return tuple(rows)


def _years(per_year: tuple[Estimate | None, ...], words: Wording) -> str:
    first = [None if number is None else digits(shown(number), words) for number in per_year[:FIRST_YEARS]]
    if all(said == first[0] for said in first) and first[0] is not None:
        return words("sheet.number.a-year", n=first[0])
    return functools.reduce(
        lambda before, after: words("sheet.number.then", first=before, second=after),
        (said or words("sheet.number.not-fixed") for said in first),
    )


def after_last_dose(sitting: Consultation, words: Wording) -> Iterator[str]:
    """Yield how long tests go on after the last dose, where the label says so."""
    for option in sitting.options:
        after = option.after_last_dose
        if after is not None:
            place = "; ".join(f"{ref.source_id} {ref.locator}" for ref in after.sources)
            name = upper_first(option_words(option.treatment, words))
            yield words("sheet.clinician.after", name=name, time=months_words(after.value, words), place=place)
