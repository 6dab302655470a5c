"""Criteria: what options are compared on, the range of each, and the value of a level within it.

The weight of a criterion is a swing weight: how much it matters to go from its worst to its best level. So the range is
part of the question, and stands in one table with the reason for its ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from equipoise.vocabulary.errors import EquipoiseError, UnknownTermError
from equipoise.wording import phrase

Array = npt.NDArray[np.float64]


class CriterionError(EquipoiseError):
    """A criterion that cannot be: no range, or values that turn back."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that options are compared on.

    Attributes
    ----------
    id
        Kebab-case identifier.
    name
        In plain words, as it stands in a list.
    question
        What a person is asked: does this matter to you?
    unit
        What a level counts, with its horizon.
    best, worst
        The levels of value 1 and 0. A level outside is given the value of the nearer end.
    why_range
        One sentence: what the ends are taken from.
    is_rare_and_serious
        Whether it stands on a scale of its own and a limit on it is offered, because an additive score can outweigh
        a rare catastrophe by many small comforts.
    knots
        Levels and values between the ends where the value function is not straight: ``((20.0, 0.4),)``. Empty for
        a straight line.
    """

    id: str
    name: str
    question: str
    unit: str
    best: float
    worst: float
    why_range: str
    is_rare_and_serious: bool = False
    knots: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        levels, values = self._points
        if self.best == self.worst or not np.isfinite(levels).all():
            raise CriterionError(f"criterion '{self.id}': the best and the worst level must be two finite numbers.")
        if (np.diff(levels) <= 0).any() or not (_rises(values) or _rises(-values)):
            raise CriterionError(
                f"criterion '{self.id}': its knots must lie between the ends, and the value must rise from the worst "
                "level (0) to the best (1).\n"
                f"  found: levels {levels.tolist()} with values {values.tolist()}"
            )

    @property
    def is_better(self) -> Literal["lower", "higher"]:
        """Which way is better."""
        return "lower" if self.best < self.worst else "higher"

    @property
    def range(self) -> float:
        """Distance from the worst to the best level, positive."""
        return abs(self.worst - self.best)

    @property
    def _points(self) -> tuple[Array, Array]:
        points = sorted([(self.best, 1.0), (self.worst, 0.0), *self.knots])
        levels, values = np.array(points, dtype=float).T
        return levels, values

    def partial_value(self, level: Array) -> Array:
        """Value of levels, 0 at the worst and 1 at the best, clipped outside.

        Parameters
        ----------
        level
            In the criterion's unit. Any shape.
        """
        if not self.knots:
            return np.clip((level - self.worst) / (self.best - self.worst), 0.0, 1.0)
        return np.interp(level, *self._points)

    def is_outside(self, level: Array) -> npt.NDArray[np.bool_]:
        """Whether levels lie outside the range, so that they were clipped. Same shape."""
        return np.asarray((level < min(self.best, self.worst)) | (level > max(self.best, self.worst)))


def _rises(values: Array) -> bool:
    return bool((np.diff(values) > 0).all())


def partial_values(levels: Array, criteria: Sequence[Criterion]) -> Array:
    """Value of every level of every option.

    Parameters
    ----------
    levels
        Draws of options on criteria, each criterion in its unit. Shape (S, O, C).
    criteria
        In the order of the last axis.

    Returns
    -------
    Array
        Values from 0 to 1. Shape (S, O, C).
    """
    if any(criterion.knots for criterion in criteria):
        columns = [criterion.partial_value(levels[..., c]) for c, criterion in enumerate(criteria)]
        return np.stack(columns, axis=-1)
    worst = np.array([criterion.worst for criterion in criteria])
    scale = 1.0 / (np.array([criterion.best for criterion in criteria]) - worst)
    values = np.subtract(levels, worst)
    values *= scale
    return np.asarray(np.clip(values, 0.0, 1.0, out=values))


def criterion(identifier: str, criteria: Sequence[Criterion] | None = None) -> Criterion:
    """Return the criterion of an id.

    Raises
    ------
    UnknownTermError
        If there is none; the message names the nearest.
    """
    known = {one.id: one for one in (CRITERIA if criteria is None else criteria)}
    if identifier not in known:
        raise UnknownTermError("criterion", identifier, known)
    return known[identifier]


def _criterion(ident: str, **rest: Any) -> Criterion:
    name, question, unit = (phrase(f"criterion.{ident}.{part}") for part in ("name", "question", "unit"))
    return Criterion(ident, name, question, unit, **rest)


CRITERIA: tuple[Criterion, ...] = (
    _criterion(
        "relapses",
        best=0.0,
        worst=3.0,
        why_range="The most seen in an arm of the trials is 1.28 a year (PRISMS, placebo), rounded up.",
    ),
    _criterion(
        "disability-worsening",
        best=0.0,
        worst=40.0,
        why_range="The most seen in an arm within two years is 37 of 100 (PRISMS, placebo), rounded up.",
    ),
    _criterion(
        "disability-improvement",
        best=40.0,
        worst=0.0,
        why_range="The most seen in an arm within two years is 29 of 100 (CARE-MS II, alemtuzumab), rounded up.",
    ),
    _criterion(
        "common-side-effects",
        best=0.0,
        worst=100.0,
        why_range="Every share is possible: reactions to infusions and to injections each came to 92 of 100 in an arm.",
    ),
    _criterion(
        "serious-risk",
        best=0.0,
        worst=500.0,
        why_range="One in twenty: above the 280 of 10,000 with immune thrombocytopenia by year three of CAMMS223.",
        is_rare_and_serious=True,
    ),
    _criterion(
        "infections",
        best=0.0,
        worst=100.0,
        why_range="Every share is possible: up to 84 of 100 in an arm within two years.",
    ),
    _criterion(
        "tests-and-visits",
        best=0.0,
        worst=24.0,
        why_range="Two a month: monthly tests make 12 days, and infusions every four weeks make 13 more visits.",
    ),
    _criterion(
        "hospital-days",
        best=0.0,
        worst=26.0,
        why_range="An infusion every four weeks makes 26 days in two years, the most of any label here.",
    ),
    _criterion(
        "injections",
        best=0.0,
        worst=365.0,
        why_range="One a day is the most of any label here. Tablets and infusions count as none.",
    ),
    _criterion(
        "years-of-obligation",
        best=0.0,
        worst=5.0,
        why_range="The longest duty on a label here is 48 months after the last dose, rounded up.",
    ),
    _criterion(
        "pregnancy-timing",
        best=0.0,
        worst=24.0,
        why_range="The longest on a label here is up to two years, for a drug that leaves the body slowly.",
    ),
    _criterion(
        "reversibility",
        best=0.0,
        worst=24.0,
        why_range="Two years: what lasts longer than that counts as lasting.",
    ),
)
"""The criteria of this decision, each with its range."""
