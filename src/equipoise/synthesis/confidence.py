"""Confidence in each result of a network, in six domains, after CINeMA. Knows no medicine.

What the numbers decide is decided here by the rules that the authors' own software documents; what a reader
of the trials must decide (risk of bias, indirectness, missing results, how large an effect matters) is an
argument. Every level comes with its reason in words.

References: nikolakopoulou-2020 (framework), papakonstantinou-2020 (software and its rules),
papakonstantinou-2018 and davies-2022 (contributions).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np

from equipoise.synthesis.consistency import QPart
from equipoise.synthesis.contribution import ContributionMatrix
from equipoise.synthesis.fitting import Contrast, NetworkFit
from equipoise.synthesis.gls import Array, heterogeneity_structure
from equipoise.synthesis.splitting import Split
from equipoise.vocabulary.errors import ShapeError

# p-values of the tests of incoherence at which concern begins and becomes major (papakonstantinou-2020).
SOME_P, MAJOR_P = 0.10, 0.01
_STEPS_FROM_HIGH = 3
# Shares that sum to one only nearly must not fall below a threshold that they meet.
_ROUNDING = 1e-9


class Concern(IntEnum):
    """Level of concern in one domain; its number is the steps it costs."""

    NONE = 0
    SOME = 1
    MAJOR = 2

    @property
    def words(self) -> str:
        """As CINeMA says it."""
        return ("no concerns", "some concerns", "major concerns")[self]


class Domain(StrEnum):
    """The six domains."""

    WITHIN_STUDY_BIAS = "within-study bias"
    REPORTING_BIAS = "reporting bias"
    INDIRECTNESS = "indirectness"
    IMPRECISION = "imprecision"
    HETEROGENEITY = "heterogeneity"
    INCOHERENCE = "incoherence"


# Domains that look at the same doubt from two sides count once, by the worse of the two: the authors ask
# not to count an interconnected concern twice and leave the way open.
COUNTED_ONCE = (
    (Domain.WITHIN_STUDY_BIAS,),
    (Domain.REPORTING_BIAS,),
    (Domain.INDIRECTNESS, Domain.INCOHERENCE),
    (Domain.IMPRECISION, Domain.HETEROGENEITY),
)


@dataclass(frozen=True)
class Judgement:
    """One domain: how much concern, and why."""

    domain: Domain
    concern: Concern
    reason: str


@dataclass(frozen=True)
class Confidence:
    """Confidence in one comparison.

    Attributes
    ----------
    steps_down
        Levels below high, from 0 (high) to 3 (very low).
    judgements
        One for each domain, in the order of ``Domain``.
    """

    steps_down: int
    judgements: tuple[Judgement, ...]

    @property
    def level(self) -> str:
        """``high``, ``moderate``, ``low`` or ``very-low``."""
        return ("high", "moderate", "low", "very-low")[self.steps_down]


@dataclass(frozen=True)
class Zone:
    """Effects too small to matter, on the analysis scale; beyond either end an effect matters.

    Attributes
    ----------
    low, high
        For a ratio that matters from 0.8 or 1.25: log 0.8 and log 1.25.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < 0 < self.high:
            raise ShapeError(f"the zone from {self.low:g} to {self.high:g} must hold no difference, 0, inside.")

    def crossings(self, low: float, high: float) -> int:
        """Ends of the zone that an interval crosses."""
        return sum(low < end < high for end in (self.low, self.high))

    def areas(self, low: float, high: float) -> tuple[bool, bool, bool]:
        """Whether an interval reaches below, into and above the zone."""
        return low < self.low, low < self.high and high > self.low, high > self.high


def study_contributions(fit: NetworkFit, matrix: ContributionMatrix) -> dict[tuple[str, str], dict[str, float]]:
    """Share of every trial in every comparison.

    The share of a direct comparison is divided among its trials by their weight in it, trials of several
    arms with the conductance of their own block. Shares of a comparison sum to one.

    Parameters
    ----------
    fit
        A fitted network.
    matrix
        Its contribution matrix.

    Returns
    -------
    dict
        By pair of treatments in alphabetical order, then by trial.
    """
    weights = _conductances(fit, matrix)
    totals = weights.sum(axis=1, keepdims=True)
    of_trial = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    shares = matrix.shares @ of_trial
    studies = [trial.study for trial in fit.network.trials]
    return {
        pair: dict(zip(studies, row.tolist(), strict=True)) for pair, row in zip(matrix.contrasts, shares, strict=True)
    }


def _conductances(fit: NetworkFit, matrix: ContributionMatrix) -> Array:
    """Weight of each trial in each direct comparison. Shape (E, S)."""
    row = {pair: i for i, pair in enumerate(matrix.comparisons)}
    weights = np.zeros((len(matrix.comparisons), len(fit.network.trials)))
    for column, trial in enumerate(fit.network.trials):
        k = trial.n_contrasts
        against_first = np.hstack([-np.ones((k, 1)), np.eye(k)])
        covariance = trial.covariance + (fit.tau2 or 0.0) * heterogeneity_structure(k)
        laplacian = against_first.T @ np.linalg.solve(covariance, against_first)
        for i, j in itertools.combinations(range(k + 1), 2):
            pair = tuple(sorted((trial.treatments[i], trial.treatments[j])))
            weights[row[pair[0], pair[1]], column] = max(0.0, -float(laplacian[i, j]))
    return weights


def weighted_judgement(
    domain: Domain,
    shares: Mapping[str, float],
    concerns: Mapping[str, Concern],
    reasons: Mapping[str, str],
    *,
    threshold: float = 0.5,
) -> Judgement:
    """Carry what is said of trials into a comparison, by their contribution.

    Parameters
    ----------
    domain
        Within-study bias or indirectness.
    shares
        Contribution of each trial to the comparison, summing to one.
    concerns, reasons
        Level of each trial, and why it is not the lowest.
    threshold
        Mean level from which there are some concerns; one more and they are major. The default is CINeMA's
        rule "average", the mean level rounded. A lower one is stricter: in a chain of comparisons one
        doubtful link weakens all of it and contributes at most half.
    """
    mean = sum(share * concerns[study] for study, share in shares.items())
    concern = Concern(min(2, math.floor(mean + 1 - threshold + _ROUNDING)))
    doubted = sorted(((share, study) for study, share in shares.items() if concerns[study] > 0), reverse=True)
    total = sum(share for share, _ in doubted)
    if total < 0.005:
        return Judgement(domain, Concern.NONE, "no trial that contributes gives reason for doubt")
    why = "; ".join(f"{reasons[study]} ({share:.0%})" for share, study in doubted[:3] if share >= 0.005)
    return Judgement(domain, concern, f"{total:.0%} comes from trials with a doubt: {why}")


def imprecision(contrast: Contrast, zone: Zone) -> Judgement:
    """Judge by how many ends of the zone the confidence interval crosses: none, some (1), major (2)."""
    crossed = zone.crossings(contrast.ci_low, contrast.ci_high)
    reason = (
        "the confidence interval stays on one side of each size that matters",
        "the confidence interval holds effects that matter and effects that do not",
        "the confidence interval holds effects that matter in both directions",
    )[crossed]
    return Judgement(Domain.IMPRECISION, Concern(crossed), reason)


def heterogeneity(contrast: Contrast, zone: Zone) -> Judgement:
    """Judge by how many more ends of the zone the prediction interval crosses than the confidence interval."""
    if contrast.pi_low is None or contrast.pi_high is None:
        return Judgement(Domain.HETEROGENEITY, Concern.SOME, "too few trials for a prediction interval")
    more = zone.crossings(contrast.pi_low, contrast.pi_high) - zone.crossings(contrast.ci_low, contrast.ci_high)
    reason = (
        "a new trial would be expected to lead to the same conclusion",
        "in a new trial the effect could fall on the other side of a size that matters",
        "in a new trial the effect could matter in either direction",
    )[max(0, more)]
    return Judgement(Domain.HETEROGENEITY, Concern(max(0, more)), reason)


def incoherence(split: Split, zone: Zone, interaction: QPart, *, half_width: float) -> Judgement:
    """Judge whether direct and indirect evidence agree.

    Parameters
    ----------
    split
        The comparison, direct and indirect.
    zone
        Effects too small to matter.
    interaction
        Design-by-treatment interaction of the whole network, for comparisons without direct evidence.
    half_width
        Half-width of the confidence intervals in standard errors.

    Notes
    -----
    With both kinds of evidence: no concerns if p is above 0.10, otherwise by how many of the three areas
    (below, in, above the zone) both intervals reach. With direct evidence alone: no concerns. With indirect
    alone: the interaction test, some concerns from p = 0.10 down and major below 0.01.
    """
    if split.direct is not None and split.indirect is None:
        return _said(Concern.NONE, "all evidence is direct, so nothing can contradict it")
    if split.direct is None or split.p is None:
        return _global(interaction)
    if split.p > SOME_P:
        return _said(Concern.NONE, f"direct and indirect evidence agree as far as chance goes (p = {split.p:.2f})")
    reaches = [
        zone.areas(estimate - half_width * se, estimate + half_width * se)
        for estimate, se in ((split.direct, split.direct_se or 0.0), (split.indirect or 0.0, split.indirect_se or 0.0))
    ]
    common = sum(a and b for a, b in zip(*reaches, strict=True))
    concern = Concern.NONE if common == 3 else Concern.SOME if common == 2 else Concern.MAJOR
    return _said(concern, f"direct and indirect evidence differ (p = {split.p:.3f})")


def _global(interaction: QPart) -> Judgement:
    if interaction.p is None:
        return _said(Concern.SOME, "all evidence is indirect, and the network has no loop in which to test it")
    concern = Concern.NONE if interaction.p > SOME_P else Concern.SOME if interaction.p >= MAJOR_P else Concern.MAJOR
    return _said(
        concern, f"all evidence is indirect; designs of the whole network: p = {interaction.p:.2f} for disagreement"
    )


def _said(concern: Concern, reason: str) -> Judgement:
    return Judgement(Domain.INCOHERENCE, concern, reason)


def combine(judgements: tuple[Judgement, ...]) -> Confidence:
    """Combine six judgements into one of four levels.

    Starts at high; some concerns cost one level and major concerns two. Imprecision and heterogeneity count
    once, by the worse of the two, and so do indirectness and incoherence.

    Raises
    ------
    ShapeError
        If a domain is missing or stands twice.
    """
    by_domain = {judgement.domain: judgement for judgement in judgements}
    if len(judgements) != len(Domain) or set(by_domain) != set(Domain):
        raise ShapeError("confidence needs each of the six domains once: " + ", ".join(Domain) + ".")
    steps = sum(max(by_domain[domain].concern for domain in group) for group in COUNTED_ONCE)
    return Confidence(min(_STEPS_FROM_HIGH, steps), tuple(by_domain[domain] for domain in Domain))
