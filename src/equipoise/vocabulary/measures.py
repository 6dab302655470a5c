"""Effect measures and the scales they live on."""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """What a number measures.

    The first group compares a treatment with a reference; the second describes one arm; the third
    describes a synthesis; the fourth counts what a label schedule asks for.
    """

    RATE_RATIO = "rate-ratio"
    HAZARD_RATIO = "hazard-ratio"
    ODDS_RATIO = "odds-ratio"
    RISK_RATIO = "risk-ratio"
    RISK_DIFFERENCE = "risk-difference"
    MEAN_DIFFERENCE = "mean-difference"
    STANDARDISED_MEAN_DIFFERENCE = "standardised-mean-difference"

    PROPORTION = "proportion"
    KAPLAN_MEIER_PROPORTION = "km-proportion"
    RATE = "rate"
    MEAN = "mean"
    COUNT = "count"

    TAU2 = "tau-squared"
    I2 = "i-squared"
    Q = "cochran-q"
    TAU = "tau"
    SMALL_STUDY_SLOPE = "small-study-slope"
    P_SCORE = "p-score"
    SUCRA = "sucra"
    MEDIAN_RANK = "median-rank"
    PROBABILITY = "probability"

    SCHEDULED = "scheduled"
    LABEL_PERCENT = "label-percent"

    @property
    def is_ratio(self) -> bool:
        """Whether the measure is analysed on the natural log scale and 1 means no difference."""
        return self in _RATIOS

    @property
    def is_comparison(self) -> bool:
        """Whether the measure compares a treatment with a reference."""
        return self in _COMPARISONS

    @property
    def is_proportion(self) -> bool:
        """Whether the measure is a share of people, kept in percent."""
        return self in _PROPORTIONS

    @property
    def null_value(self) -> float:
        """The value that means no difference. Only defined for comparisons."""
        if not self.is_comparison:
            raise ValueError(f"{self.value} compares nothing and has no null value")
        return 1.0 if self.is_ratio else 0.0


_RATIOS = frozenset({Measure.RATE_RATIO, Measure.HAZARD_RATIO, Measure.ODDS_RATIO, Measure.RISK_RATIO})
_COMPARISONS = _RATIOS | {Measure.RISK_DIFFERENCE, Measure.MEAN_DIFFERENCE, Measure.STANDARDISED_MEAN_DIFFERENCE}
_PROPORTIONS = frozenset({Measure.PROPORTION, Measure.KAPLAN_MEIER_PROPORTION, Measure.LABEL_PERCENT})
