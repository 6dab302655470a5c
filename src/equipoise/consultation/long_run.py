"""The long run by a published model: research only, never beside what trials observed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from equipoise.consultation.personal import DRAWS, SEED
from equipoise.consultation.personal import LONG_RUN as PREFIX
from equipoise.evidence import Evidence, Release, load_evidence
from equipoise.outcomes.natural_course import NaturalCourse, natural_course
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.estimate import (
    Certainty,
    CertaintyLevel,
    Estimate,
    EstimateKind,
    EvidenceKind,
    Interval,
    IntervalKind,
    Trust,
)
from equipoise.vocabulary.measures import Measure

MODEL = "ahmad-3state"
UNTREATED = "untreated-or-mixed"
"""What stands for the treatment: nobody's, the people of the model were on what they were on."""


@dataclass(frozen=True, slots=True)
class LongRun:
    """Shares of people in each state over the years, by a model.

    Attributes
    ----------
    release
        Which evidence.
    model_id, start, states, years
        The matrix, the state at the start, its states, and how far it was run.
    estimates
        One for each year and state.
    limits
        What must stand next to it.
    """

    release: Release
    model_id: str
    start: str
    states: tuple[str, ...]
    years: int
    estimates: tuple[Estimate, ...]
    limits: tuple[str, ...]


def long_run(
    start: str,
    *,
    years: int = 10,
    model_id: str = MODEL,
    evidence: Evidence | None = None,
    seed: int = SEED,
    draws: int = DRAWS,
) -> LongRun:
    """Run a published matrix of disability states over years.

    Parameters
    ----------
    start
        State at the start: ``"no-mild"`` (EDSS up to 3.5), ``"moderate"`` or ``"severe"``.
    years
        How far, 1 to 30.
    model_id
        A matrix of the evidence; one with lumped cells is refused.
    evidence
        The release; the packaged one by default.
    seed, draws
        Of the random numbers.

    Raises
    ------
    EquipoiseError
        If the matrix, the state or the years are not possible; the message says what is.
    """
    evidence = evidence or load_evidence()
    course = natural_course(evidence, model_id, start, years=years, seed=seed, draws=draws)
    return LongRun(
        evidence.release, model_id, start, course.states, years, tuple(_estimates(course, years, seed)), course.limits
    )


def long_run_estimate(identifier: str, evidence: Evidence) -> Estimate | None:
    """Return a number of the long run by its id, or ``None`` if there is none."""
    parts = identifier.removeprefix(PREFIX).split(".")
    if len(parts) != 5 or not parts[3].removeprefix("year-").isdecimal():
        return None
    seed, _, draws = parts[4].partition("-")
    if not (seed.isdecimal() and draws.isdecimal() and len(draws) < 7):
        return None
    try:
        run = long_run(
            parts[1],
            years=int(parts[3].removeprefix("year-")),
            model_id=parts[0],
            evidence=evidence,
            seed=int(seed),
            draws=int(draws),
        )
    except EquipoiseError:
        return None
    return next((one for one in run.estimates if one.id == identifier), None)


def _estimates(course: NaturalCourse, years: int, seed: int) -> Iterator[Estimate]:
    draws = len(course.shares)
    low, high = np.quantile(course.shares, [0.025, 0.975], axis=0)
    mean = np.clip(course.shares.mean(axis=0), low, high)
    for year in range(1, years + 1):
        for i, state in enumerate(course.states):
            value, limits = 100 * float(mean[year, i]), (100 * float(low[year, i]), 100 * float(high[year, i]))
            yield Estimate(
                id=f"{PREFIX}{course.model_id}.{course.start}.{state}.year-{year}.{seed}-{draws}",
                kind=EstimateKind.MODEL,
                evidence_kind=EvidenceKind.COHORT,
                outcome_id=f"state-{state}",
                measure=Measure.PROPORTION,
                value=value,
                interval=Interval(*limits, kind=IntervalKind.CREDIBLE),
                unit="%",
                treatment=UNTREATED,
                timepoint_months=12.0 * year,
                population="people of the cohort behind the model, on whatever treatment they had",
                trust=Trust.DERIVED,
                certainty=Certainty(
                    CertaintyLevel.VERY_LOW,
                    ("A model run beyond what was observed; every year is taken to be like the one before.",),
                ),
                notes=course.limits,
                text=(
                    f"Model: of 100 people who start {course.start}, {value:.0f} are {state} after {year} "
                    f"year{'' if year == 1 else 's'} (95% credible interval {limits[0]:.0f} to {limits[1]:.0f})."
                ),
                provenance=course.provenance,
            )
