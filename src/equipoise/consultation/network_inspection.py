"""What a reader checks a network by: every pair, what each rests on, small trials, and where designs disagree."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.synthesis.confidence import Concern
from equipoise.synthesis.contribution import ContributionMethod
from equipoise.synthesis.tau_curves import TauCurves
from equipoise.vocabulary.estimate import Estimate


@dataclass(frozen=True)
class LeagueCell:
    """One comparison of a league table; the id leads to the estimate with everything that belongs to it.

    Attributes
    ----------
    treatment, reference
        The value is that of ``treatment`` versus ``reference``.
    estimate_id
        What ``trace`` resolves to this very number.
    value, low, high
        Natural scale, with the limits of the confidence interval.
    """

    treatment: str
    reference: str
    estimate_id: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class League:
    """Every treatment versus every other.

    Attributes
    ----------
    model
        ``random``, or ``common`` where nothing else can be estimated.
    treatments
        In the order of rows and columns.
    network
        Direct and indirect evidence together, each pair once.
    direct
        The trials of the two alone, where there are any.
    """

    model: str
    treatments: tuple[str, ...]
    network: tuple[LeagueCell, ...]
    direct: tuple[LeagueCell, ...]


@dataclass(frozen=True)
class TrialShare:
    """Share of one trial in a result, from 0 to 1, and what the rule says of its risk of bias."""

    trial_id: str
    share: float
    concern: Concern


@dataclass(frozen=True)
class Contribution:
    """What the result of one treatment versus the reference rests on, the largest share first."""

    treatment: str
    reference: str
    estimate_id: str
    shares: tuple[TrialShare, ...]


@dataclass(frozen=True)
class FunnelPoint:
    """One comparison of one trial in the comparison-adjusted funnel.

    Attributes
    ----------
    estimate
        The comparison as the trial stands in the network; its notes say the next two numbers.
    deviation
        On the log scale: the effect less the common effect of all trials that compare the two.
    se
        Standard error on the log scale.
    """

    estimate: Estimate
    deviation: float
    se: float


@dataclass(frozen=True)
class Heat:
    """Net heat among the comparisons that stand in closed loops of designs.

    Attributes
    ----------
    estimate_id
        The disagreement between designs that is taken apart.
    comparisons
        Treatment, reference and design of each row and column.
    hat
        Share of the direct estimate of the column in the network estimate of the row.
    change
        What the row's part of the disagreement loses when the design of the column is let go.
    """

    estimate_id: str
    comparisons: tuple[tuple[str, str, tuple[str, ...]], ...]
    hat: tuple[tuple[float, ...], ...]
    change: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Inspection:
    """What a reader checks the results of a piece by.

    Attributes
    ----------
    league
        Every pair.
    contribution_method, contributions
        How the flow of evidence was split, and what each result against the reference rests on.
    favoured_first
        The order in which small trials are expected to favour treatments: an assumption.
    funnel
        Comparison-adjusted funnel, of the comparisons that two trials or more make.
    slope, slope_p, slope_note
        The network's Egger-type test and what it means; ``None`` where there are too few trials for it.
    heat
        ``None`` where no loop of designs closes.
    tau
        Heterogeneity before and after the trials; ``None`` where it cannot be estimated.
    """

    league: League
    contribution_method: ContributionMethod
    contributions: tuple[Contribution, ...]
    favoured_first: tuple[str, ...]
    funnel: tuple[FunnelPoint, ...]
    slope: Estimate | None
    slope_p: float | None
    slope_note: str
    heat: Heat | None
    tau: TauCurves | None
