r"""The Swiss relapse model as relative position: where someone stands next to the average participant of a trial.

Only differences of its linear predictor are used, never its level. Each coefficient is drawn from a normal
distribution with the standard error that its printed interval implies; their covariances are not published, so they
are drawn independently. Two sets of terms keep the order that they must have by what they mean, because single
coefficients of this model must not be read by themselves and more, or more recent, relapses must never lower a risk:

* :math:`0 \le b_1 \le b_2` for one and for two or more relapses: each draw is replaced by the nearest pair in that
  order, near in units of its own precision (isotonic regression, then cut off at zero);
* the coefficient of the months since the last relapse is cut off at zero from above.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Evidence, PrognosticModel
from equipoise.outcomes.draws import Array
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.streams import Streams
from equipoise.vocabulary.provenance import SourceRow

MODEL = "smsc-relapse-2y"
AGE, DURATION, EDSS, LESIONS = "age", "disease_duration_years", "edss", "gd_enhancing_lesions_any"
ONE_RELAPSE, MORE_RELAPSES = "relapses_previous_2_years_eq_1", "relapses_previous_2_years_ge_2"
MONTHS, NAIVE, FEMALE = "months_since_last_relapse", "treatment_naive", "female"
# The model's term for being treated during the cycle is no effect of treatment, is 0 for everybody here, and falls out.
PREDICTORS = (AGE, DURATION, EDSS, LESIONS, ONE_RELAPSE, MORE_RELAPSES, MONTHS, NAIVE, FEMALE)


@dataclass(frozen=True)
class SwissModel:
    """The model as it is used here.

    Attributes
    ----------
    model
        As published.
    slopes
        The two calibration slopes, the lower first: after transport to trial participants with an update of the
        intercept, and corrected for optimism. One is drawn between them.
    """

    model: PrognosticModel
    slopes: tuple[float, float]

    def coefficients(self, streams: Streams) -> dict[str, Array]:
        """Draw the coefficients, in the order that they must have. Each of shape (S,)."""
        drawn = {
            term.predictor: term.beta + (term.se or 0.0) * streams.normal(f"coefficient/{term.predictor}")
            for term in self.model.terms
            if term.predictor in PREDICTORS
        }
        weight = {term.predictor: 1 / (term.se or math.inf) ** 2 for term in self.model.terms}
        drawn[ONE_RELAPSE], drawn[MORE_RELAPSES] = in_order(
            drawn[ONE_RELAPSE], drawn[MORE_RELAPSES], weight[ONE_RELAPSE], weight[MORE_RELAPSES]
        )
        drawn[MONTHS] = np.minimum(drawn[MONTHS], 0.0)
        return drawn

    def slope(self, streams: Streams) -> Array:
        """Draw the calibration slope, evenly between the two. Shape (S,)."""
        low, high = self.slopes
        return low + (high - low) * streams.uniform("calibration-slope")

    def transformed(self, predictor: str, values: Array) -> Array:
        """Return values as the model takes them, not centred: centring falls out of a difference."""
        plus = next(term.plus for term in self.model.terms if term.predictor == predictor)
        return values if plus is None else np.log(values + plus)

    def cite(self, evidence: Evidence) -> SourceRow:
        """The model as a leaf of a provenance tree."""
        cells = dict(self.model.row.cells)
        names = [f"{t.name}.{c}" for t in self.model.terms if t.predictor in PREDICTORS for c in _CELLS]
        used = [
            name for name in (*names, "calibration.optimism_corrected_slope", "external_validation") if name in cells
        ]
        return evidence.cite(self.model.row, self.model.source, *used)


_CELLS = ("beta", "or_ci_low", "or_ci_high")


@once_per_evidence
def swiss_model(evidence: Evidence, /) -> SwissModel | None:
    """Return the model, or ``None`` where the evidence does not hold it whole."""
    model = evidence.prognostic_models.get(MODEL)
    if model is None or model.lacks or {t.predictor for t in model.terms} < set(PREDICTORS):
        return None
    slopes = (model.transported_slope, model.optimism_corrected_slope)
    if slopes[0] is None or slopes[1] is None:
        return None
    return SwissModel(model, (min(slopes[0], slopes[1]), max(slopes[0], slopes[1])))


def published_risk(model: PrognosticModel, values: Mapping[str, float]) -> tuple[float, float]:
    """Return linear predictor and probability as published: for checking, never for a person.

    Parameters
    ----------
    model
        The model.
    values
        Predictors by name; one that is missing is 0.
    """
    linear_predictor = model.linear_predictor(values)
    return linear_predictor, 1 / (1 + math.exp(-linear_predictor))


def in_order(one: Array, more: Array, weight_one: float, weight_more: float) -> tuple[Array, Array]:
    """Return the nearest pairs with 0 <= one <= more, by weighted least squares.

    Parameters
    ----------
    one, more
        Draws. Shape (S,).
    weight_one, weight_more
        Precisions.
    """
    together = (weight_one * one + weight_more * more) / (weight_one + weight_more)
    is_wrong = one > more
    first, second = np.where(is_wrong, together, one), np.where(is_wrong, together, more)
    return np.maximum(first, 0.0), np.maximum(second, 0.0)
