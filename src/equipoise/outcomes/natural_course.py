r"""A published yearly matrix of disability states, run over years. Research only: it is a model of one cohort.

Each row is drawn from a Dirichlet distribution with the published probabilities as means and a total that makes the
spread of its cells match the printed intervals on average; nothing else about the uncertainty is published. Every
year has the same matrix and forgets the ones before, no treatment effect enters, and deaths are not in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Evidence, Transition
from equipoise.outcomes.draws import Array
from equipoise.outcomes.streams import Streams
from equipoise.vocabulary.errors import NotEstimableError, RequestError, UnknownTermError
from equipoise.vocabulary.provenance import Computation

_Z_95 = 1.959963984540054
_MOST_YEARS = 30

LIMITS = (
    "A model, not an observation: one matrix for every year, whatever the age or the years before.",
    "From one cohort, most of whom were treated or not as it happened; no treatment effect is in it.",
    "Getting better and worse are both in it; a state is where someone stands that year, not for good.",
    "Deaths are not in it.",
)


@dataclass(frozen=True)
class NaturalCourse:
    """Shares of people in each state over the years.

    Attributes
    ----------
    model_id, states
        The matrix, and its states from the mildest as the source orders them.
    start
        State at year 0.
    shares
        Shape (S, years + 1, states); they sum to 1.
    limits
        What must stand next to it.
    provenance
        Down to the cells.
    """

    model_id: str
    states: tuple[str, ...]
    start: str
    shares: Array
    limits: tuple[str, ...]
    provenance: Computation


def natural_course(
    evidence: Evidence, model_id: str, start: str, *, years: int, seed: int, draws: int
) -> NaturalCourse:
    """Run a published matrix over years.

    Parameters
    ----------
    evidence
        The release.
    model_id
        A matrix of the evidence: ``"ahmad-3state"``.
    start
        State at year 0.
    years
        1 to 30; cycles must be of one year.
    seed, draws
        Of the random numbers.

    Raises
    ------
    UnknownTermError
        If there is no such matrix or state.
    NotEstimableError
        If the matrix lacks something: several states lumped in one cell, a row without any interval, a number that
        nobody has seen, a missing row. The message says what.
    RequestError
        If ``years`` is not 1 to 30.
    """
    known = dict.fromkeys(row.model_id for row in evidence.transitions.values())
    if model_id not in known:
        raise UnknownTermError("matrix of transitions", model_id, known)
    rows = [row for row in evidence.transitions.values() if row.model_id == model_id]
    states = tuple(dict.fromkeys(row.from_state for row in rows))
    if start not in states:
        raise UnknownTermError("state of this matrix", start, states)
    if not 1 <= years <= _MOST_YEARS:
        raise RequestError(f"the horizon is {years} years; allowed are 1 to {_MOST_YEARS}.")
    _refuse(model_id, rows, states)
    streams = Streams(seed, draws)
    matrix = np.zeros((draws, len(states), len(states)))
    for i, state in enumerate(states):
        matrix[:, i, :] = _row(model_id, state, [row for row in rows if row.from_state == state], states, streams)
    shares = np.zeros((draws, years + 1, len(states)))
    shares[:, 0, states.index(start)] = 1.0
    for year in range(years):
        shares[:, year + 1] = np.einsum("si,sij->sj", shares[:, year], matrix)
    leaves = tuple(evidence.cite(row.row, row.source, *_used(row)) for row in rows)
    formula = "share(t + 1) = share(t) P; each row of P ~ Dirichlet with the published means, spread from the intervals"
    return NaturalCourse(
        model_id, states, start, shares, LIMITS, Computation("Markov course over years", formula, leaves)
    )


def _used(row: Transition) -> tuple[str, ...]:
    return tuple(name for name in ("probability", "ci_low", "ci_high") if name in dict(row.row.cells))


def _refuse(model_id: str, rows: list[Transition], states: tuple[str, ...]) -> None:
    lumped = [row for row in rows if len(row.to_states) > 1]
    if lumped:
        cells = "; ".join(f"{row.from_state} to {' or '.join(row.to_states)}" for row in lumped)
        raise NotEstimableError(
            f"the matrix {model_id} is published with states lumped together ({cells}); how they split was not seen."
        )
    if any(not row.may_be_used for row in rows):
        raise NotEstimableError(f"the matrix {model_id} has numbers that nobody has seen in a source.")
    if any(row.cycle_years != 1 for row in rows):
        raise NotEstimableError(f"the cycles of the matrix {model_id} are not one year long.")
    missing = {name for row in rows for name in row.to_states} - set(states)
    if missing:
        raise NotEstimableError(f"the matrix {model_id} has no row for: {', '.join(sorted(missing))}.")
    for state in states:
        cells_of = [row for row in rows if row.from_state == state]
        uncertain = [row for row in cells_of if 0 < row.probability < 1]
        if uncertain and not any(_variance(row) for row in cells_of):
            raise NotEstimableError(f"the matrix {model_id} prints no interval for anything out of '{state}'.")


def _variance(row: Transition) -> float | None:
    """Of a printed probability, from its interval read as normal; ``None`` without one."""
    if row.ci_low is None or row.ci_high is None or not row.ci_low < row.ci_high:
        return None
    return ((row.ci_high - row.ci_low) / (2 * _Z_95)) ** 2


def _row(model_id: str, state: str, cells: list[Transition], states: tuple[str, ...], streams: Streams) -> Array:
    """Draws of one row. Shape (S, states). A Dirichlet with total A has variances p (1 - p) / (A + 1)."""
    means = np.array([sum(c.probability for c in cells if c.to_states == (name,)) for name in states])
    totals = [
        c.probability * (1 - c.probability) / v - 1 for c in cells if 0 < c.probability < 1 for v in [_variance(c)] if v
    ]
    if not totals:
        return np.tile(means, (streams.n, 1))
    # The geometric mean: a total enters as a scale.
    total = math.exp(sum(math.log(max(one, 1.0)) for one in totals) / len(totals))
    moving = means > 0
    drawn = np.zeros((streams.n, len(states)))
    drawn[:, moving] = streams.generator(f"natural-course/{model_id}/{state}").dirichlet(
        total * means[moving], streams.n
    )
    return drawn
