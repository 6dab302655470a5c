"""How each option does on each criterion: outcome draws and label schedules, each level with where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.consultation.document import Option
from equipoise.consultation.label_facts import FACT_PREFIX, SCHEDULE_PREFIX
from equipoise.consultation.personal_numbers import Numbering
from equipoise.decision import CRITERIA, Criterion
from equipoise.evidence import Evidence, LabelEntry, outcome_name
from equipoise.outcomes.draws import Array, OutcomeDraws
from equipoise.outcomes.setting import PLACEBO
from equipoise.safety.schedule import Task, months_of
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import phrase

HORIZON = 24
"""Months: the criteria ask about two years."""
MONTHS_A_YEAR = 12

# Which outcomes can stand for a criterion, the first that most options have. People take only a few words in, so one
# outcome stands for each; the effects table beside it shows them all.
_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "relapses": ("relapses",),
    "disability-worsening": ("confirmed-disability-worsening-6m", "confirmed-disability-worsening-3m"),
    "disability-improvement": ("confirmed-disability-improvement-6m",),
    "serious-risk": ("serious-immune-thrombocytopenia",),
    "infections": ("infection",),
}
# What a person feels, not what a laboratory finds; each option is known by its own most common one.
_FELT = (
    "infusion-reaction",
    "injection-site-reaction",
    "flu-like-symptoms",
    "headache",
    "fatigue",
    "fever",
    "pyrexia",
    "nausea",
    "rash",
    "urticaria",
    "insomnia",
)
# Hours at a clinic that no dose lays out.
_FIRST_DOSE = "first-dose-observation"
_PEOPLE = {"serious-risk": 10_000.0, "relapses": 1.0}


@dataclass(frozen=True)
class Level:
    """One option on one criterion.

    Attributes
    ----------
    draws
        On the criterion's scale. Shape (S,), or (1,) where it is certain.
    source_id
        Id of the number or statement behind it.
    what
        What was counted, in a few words.
    """

    draws: Array
    source_id: str
    what: str


@dataclass(frozen=True)
class Levels:
    """Every option on every criterion.

    Attributes
    ----------
    draws
        Not a number where an option has no level. Shape (S, O, C), criteria in their own order.
    cells
        Per option (row) and criterion (column); ``None`` where there is none.
    """

    draws: Array
    cells: tuple[tuple[Level | None, ...], ...]


@dataclass(frozen=True)
class _Asked:
    """What a level is looked up from."""

    evidence: Evidence
    numbering: Numbering
    option: Option
    place: Jurisdiction
    outcomes: Mapping[str, OutcomeDraws]


def criteria_levels(
    evidence: Evidence,
    numbering: Numbering,
    options: Sequence[Option],
    place: Jurisdiction,
    found: Iterable[OutcomeDraws],
) -> Levels:
    """Look every criterion up for every option.

    Parameters
    ----------
    evidence, numbering
        The release, and how personal numbers are named.
    options
        The options with their label plans.
    place
        Whose labels apply.
    found
        What may happen under each option.

    Notes
    -----
    What is not reported for an option stays open; it is never scored as zero.
    """
    by_option = _by_option(found, [option.treatment.id for option in options])
    asked = [_Asked(evidence, numbering, option, place, by_option[option.treatment.id]) for option in options]
    rows = [_row(criterion, asked) for criterion in CRITERIA]
    size = max((len(cell.draws) for row in rows for cell in row if cell is not None), default=1)
    draws = np.full((size, len(options), len(CRITERIA)), np.nan)
    for c, row in enumerate(rows):
        for o, cell in enumerate(row):
            if cell is not None:
                draws[:, o, c] = cell.draws
    return Levels(draws, tuple(tuple(row[o] for row in rows) for o in range(len(options))))


def _by_option(found: Iterable[OutcomeDraws], options: Sequence[str]) -> dict[str, dict[str, OutcomeDraws]]:
    """Outcomes on the horizon of the criteria, by option and outcome."""
    by_option: dict[str, dict[str, OutcomeDraws]] = {name: {} for name in options}
    for one in found:
        if one.horizon_months == HORIZON and one.option in by_option:
            by_option[one.option][one.outcome_id] = one
    return by_option


def _standing(criterion: Criterion, known: Iterable[Mapping[str, OutcomeDraws]]) -> str:
    """Return the outcome that stands for a criterion: the first that most options have; two are never mixed."""
    options = tuple(known)
    return max(_OUTCOMES.get(criterion.id, ("",)), key=lambda name: sum(name in outcomes for outcomes in options))


def _row(criterion: Criterion, asked: Sequence[_Asked]) -> list[Level | None]:
    if criterion.id in _OUTCOMES:
        name = _standing(criterion, (one.outcomes for one in asked))
        return [_outcome_level(one, name, criterion.id) for one in asked]
    return [_LOOKED_UP[criterion.id](one) for one in asked]


def _outcome_level(asked: _Asked, outcome_id: str, criterion_id: str) -> Level | None:
    one = asked.outcomes.get(outcome_id)
    return None if one is None else _level_of(asked.evidence, asked.numbering, one, criterion_id)


def _level_of(evidence: Evidence, numbering: Numbering, one: OutcomeDraws, criterion_id: str) -> Level:
    draws = one.draws * _PEOPLE.get(criterion_id, 100.0)
    return Level(draws, _id(numbering, one), outcome_name(evidence.outcomes[one.outcome_id]))


def _id(numbering: Numbering, one: OutcomeDraws) -> str:
    return f"{numbering.stem}.{one.option}.{one.outcome_id}.{one.horizon_months}m"


def _most_common(asked: _Asked) -> Level | None:
    felt = [asked.outcomes[name] for name in _FELT if name in asked.outcomes]
    if not felt:
        return None
    one = max(felt, key=lambda found: float(found.draws.mean()))
    return _level_of(asked.evidence, asked.numbering, one, "common-side-effects")


def _scheduled(asked: _Asked, task: Task, years: Sequence[int]) -> Level | None:
    """What a label's plan adds up to; nothing where the label gives no interval."""
    stem = f"{SCHEDULE_PREFIX}{asked.option.treatment.option}.{asked.place}.{task}.year-"
    numbers = {number.id: number for row in asked.option.plan_rows for number in row.per_year if number is not None}
    found = [numbers[f"{stem}{year}"] for year in years if f"{stem}{year}" in numbers]
    if len(found) < len(years):
        return None
    return Level(np.array([sum(number.value for number in found)]), found[0].id, found[0].unit)


def _doses(asked: _Asked, task: Task, years: Sequence[int]) -> Level | None:
    found = _scheduled(asked, task, years)
    if found is not None:
        return found
    plan = asked.option.plan
    entries = [*(course.entry for course in plan.courses), *(dose.entry for dose in plan.repeated)] or _tablets(asked)
    # A drug whose dosing is laid out in full and holds no such task has none of it, and so has one that is swallowed.
    return Level(np.array([0.0]), FACT_PREFIX + entries[0].id, phrase(f"fit.level.{task}")) if entries else None


def _tablets(asked: _Asked) -> list[LabelEntry]:
    """The dosing of a drug that is swallowed and whose first dose nobody has to watch; empty for any other."""
    label = asked.evidence.label(asked.option.treatment)
    dosing = label.current("dosing", asked.place)
    is_watched = any(e.fields.get("test_id") == _FIRST_DOSE for e in label.current("monitoring", asked.place))
    return list(dosing) if not is_watched and all(e.fields.get("route") == "PO" for e in dosing) else []


def _tests(asked: _Asked) -> Level | None:
    found = _scheduled(asked, Task.TEST, (1,))
    return found and Level(found.draws, found.source_id, phrase(f"fit.level.{Task.TEST}"))


def _hospital(asked: _Asked) -> Level | None:
    return _doses(asked, Task.INFUSION_DAY, (1, 2))


def _injections(asked: _Asked) -> Level | None:
    return _doses(asked, Task.INJECTION, (1,))


def _obligation(asked: _Asked) -> Level | None:
    after = asked.option.after_last_dose
    if after is not None:
        return Level(np.array([after.value / MONTHS_A_YEAR]), after.id, phrase("fit.level.years-of-tests"))
    if not asked.option.monitoring:
        return None
    entry = asked.option.monitoring[0]
    return Level(np.array([0.0]), entry.id, phrase("fit.level.no-test-afterwards"))


def _pregnancy(asked: _Asked) -> Level | None:
    label = asked.evidence.label(asked.option.treatment)
    entries = label.current("pregnancy", asked.place)
    waits = [e for e in entries if e.fields.get("kind") == "contraception" and e.fields.get("duration_after")]
    if waits:
        longest = max(waits, key=lambda entry: months_of(entry.fields["duration_after"]))
        months = months_of(longest.fields["duration_after"])
        return Level(np.array([months]), FACT_PREFIX + longest.id, phrase("fit.level.months-to-wait"))
    said = [e for e in entries if e.fields.get("kind") == "pregnancy"]
    # A wait that nobody could check is not shown, and it is no reason to say that there is none.
    own = [e for e in label.entries if e.table == "pregnancy" and e.jurisdiction == asked.place]
    if not said or any(e.fields.get("kind") == "contraception" for e in (*entries, *own)):
        return None
    return Level(np.array([0.0]), FACT_PREFIX + said[0].id, phrase("fit.level.no-wait"))


def _reversibility(asked: _Asked) -> Level | None:
    """No label here says when the effect has gone; cells "still below baseline at 12 months" are no such time."""
    return None


_LOOKED_UP: Mapping[str, Callable[[_Asked], Level | None]] = {
    "common-side-effects": _most_common,
    "tests-and-visits": _tests,
    "hospital-days": _hospital,
    "injections": _injections,
    "years-of-obligation": _obligation,
    "pregnancy-timing": _pregnancy,
    "reversibility": _reversibility,
}


def no_treatment_levels(
    evidence: Evidence, numbering: Numbering, options: Sequence[Option], found: Iterable[OutcomeDraws]
) -> tuple[Level | None, ...]:
    """Look up how no treatment does, criterion by criterion, on the outcome that stands for the options.

    It has no label, so nothing is known of it on the other criteria, and it is not weighed.

    Parameters
    ----------
    evidence, numbering, options, found
        As for ``criteria_levels``.
    """
    by_option = _by_option(found, [*(option.treatment.id for option in options), PLACEBO])
    without = by_option.pop(PLACEBO)
    standing = [_standing(criterion, by_option.values()) for criterion in CRITERIA]
    return tuple(
        _level_of(evidence, numbering, without[name], criterion.id) if name in without else None
        for criterion, name in zip(CRITERIA, standing, strict=True)
    )
