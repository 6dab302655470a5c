"""A whole network meta-analysis in one call: the fit, its consistency, its ranking, what contributes.

This is what a report needs. Each part is a function of its own and can be called alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.synthesis.arm_posterior import ArmPosterior, Baselines, arm_posterior
from equipoise.synthesis.bayes import NetworkPosterior, posterior
from equipoise.synthesis.consistency import QDecomposition, decompose_q
from equipoise.synthesis.contribution import ContributionMatrix, ContributionMethod, contribution
from equipoise.synthesis.counted import Counted
from equipoise.synthesis.fitting import NetworkFit, fit
from equipoise.synthesis.heat import NetHeat, net_heat
from equipoise.synthesis.heterogeneity import Tau2Method
from equipoise.synthesis.inference import Inference
from equipoise.synthesis.likelihood_consistency import decompose_deviance, likelihood_splits
from equipoise.synthesis.likelihoods import arm_data
from equipoise.synthesis.maximum_likelihood import fit_likelihood
from equipoise.synthesis.network import Network
from equipoise.synthesis.pooling import Model
from equipoise.synthesis.priors import TauPrior, half_normal
from equipoise.synthesis.ranking import Rankogram, p_scores, rankogram
from equipoise.synthesis.splitting import Split, node_splits
from equipoise.synthesis.usual_priors import RATIO_TAU_SCALE, default_prior
from equipoise.vocabulary.errors import NotEstimableError


@dataclass(frozen=True)
class Analysis:
    """A frequentist network meta-analysis with everything that is reported of one.

    Attributes
    ----------
    fit
        The fit.
    q
        Cochran's Q within and between designs, and the design-by-treatment interaction.
    splits
        Direct and indirect evidence of each pair of treatments.
    contribution
        Share of each direct comparison in each contrast.
    p_scores
        By treatment; ``None`` where the caller did not say which way is better.
    """

    fit: NetworkFit
    q: QDecomposition
    splits: tuple[Split, ...]
    contribution: ContributionMatrix
    p_scores: dict[str, float] | None

    def ranks(self, *, smaller_is_better: bool) -> Rankogram:
        """Rank probabilities of the fit, see :func:`equipoise.synthesis.ranking.rankogram`."""
        return rankogram(self.fit, smaller_is_better=smaller_is_better)

    @property
    def heat(self) -> NetHeat | None:
        """Net heat of the fit; ``None`` where all trials have one design."""
        try:
            return net_heat(self.fit)
        except NotEstimableError:
            return None


@dataclass(frozen=True)
class BayesAnalysis:
    """A Bayesian network meta-analysis with its ranks.

    Attributes
    ----------
    posterior
        Of every contrast and of tau.
    ranks
        Rank probabilities; ``None`` where the caller did not say which way is better.
    """

    posterior: NetworkPosterior
    ranks: Rankogram | None


@dataclass(frozen=True)
class ArmAnalysis:
    """A Bayesian network meta-analysis with an exact likelihood of the arms, with its ranks.

    Attributes
    ----------
    counted
        The trials.
    posterior
        Of every contrast and of tau, with its diagnostic.
    prior
        On tau; None for the common-effect model.
    effect_sd, baseline_sd
        Standard deviations of the normal priors, mean zero, on effects and baselines (on their mean, if they are
        random), log scale.
    baseline_prior
        On the standard deviation of random baselines; None where they are fixed.
    ranks
        Rank probabilities; ``None`` where the caller did not say which way is better.
    """

    counted: Counted
    posterior: ArmPosterior
    prior: TauPrior | None
    effect_sd: float
    baseline_sd: float
    ranks: Rankogram | None
    baseline_prior: TauPrior | None = None


def analyse(
    network: Network,
    *,
    model: Model = "random",
    tau2_method: Tau2Method = "reml",
    smaller_is_better: bool | None = None,
    contribution_method: ContributionMethod = "random-walk",
    inference: Inference = "normal",
    level: float = 0.95,
) -> Analysis:
    """Fit a network and compute everything that is reported of one.

    Parameters
    ----------
    network
        The trials.
    model, tau2_method, inference, level
        As for ``fit``.
    smaller_is_better
        Which way the outcome is better; without it nothing is ranked.
    contribution_method
        ``random-walk`` or ``shortest-path``.

    Raises
    ------
    NetworkError
        If the network is in pieces.
    UnknownTermError, ShapeError
        As ``fit``.
    """
    return report_on(
        fit(network, model=model, tau2_method=tau2_method, inference=inference, level=level),
        smaller_is_better=smaller_is_better,
        contribution_method=contribution_method,
        tau2_method=tau2_method,
    )


def report_on(
    fitted: NetworkFit,
    *,
    smaller_is_better: bool | None = None,
    contribution_method: ContributionMethod = "random-walk",
    tau2_method: Tau2Method = "reml",
) -> Analysis:
    """Compute everything that is reported of a fit made elsewhere, for instance by Mantel-Haenszel."""
    return Analysis(
        fit=fitted,
        q=decompose_q(fitted.network, tau2_method=tau2_method),
        splits=node_splits(fitted),
        contribution=contribution(fitted, method=contribution_method),
        p_scores=None if smaller_is_better is None else p_scores(fitted, smaller_is_better=smaller_is_better),
    )


def analyse_likelihood(
    data: Counted,
    *,
    reference: str = "",
    smaller_is_better: bool | None = None,
    contribution_method: ContributionMethod = "random-walk",
    level: float = 0.95,
) -> Analysis:
    """Fit a network of counts by exact maximum likelihood and compute everything that is reported of one.

    Parameters
    ----------
    data
        The trials; see ``counted_trials``.
    reference, level
        As for ``fit_likelihood``.
    smaller_is_better
        Which way the outcome is better; without it nothing is ranked.
    contribution_method
        ``random-walk`` or ``shortest-path``; the shares are those of the working contrasts at the maximum.

    Raises
    ------
    NotEstimableError, NetworkError, ConvergenceError, UnknownTermError
        As ``fit_likelihood``.
    """
    fitted = fit_likelihood(data, reference=reference, level=level)
    return Analysis(
        fit=fitted,
        q=decompose_deviance(data),
        splits=likelihood_splits(data, fitted),
        contribution=contribution(fitted, method=contribution_method),
        p_scores=None if smaller_is_better is None else p_scores(fitted, smaller_is_better=smaller_is_better),
    )


def analyse_bayes(
    network: Network,
    *,
    model: Model = "random",
    prior: TauPrior | None = None,
    smaller_is_better: bool | None = None,
    level: float = 0.95,
) -> BayesAnalysis:
    """Integrate the posterior of a network and rank its treatments.

    Parameters
    ----------
    network
        The trials.
    model
        ``common`` (tau is zero) or ``random``.
    prior
        On tau; :func:`default_prior` where none is given. Not used by the common-effect model.
    smaller_is_better
        Which way the outcome is better; without it nothing is ranked.
    level
        Level of the credible and predictive intervals.

    Raises
    ------
    NetworkError
        If the network is in pieces.
    """
    used = None if model == "common" else prior or default_prior(network)
    found = posterior(network, used, level=level)
    return BayesAnalysis(found, None if smaller_is_better is None else found.ranks(smaller_is_better=smaller_is_better))


def analyse_arms(
    data: Counted,
    *,
    model: Model = "random",
    prior: TauPrior | None = None,
    reference: str = "",
    smaller_is_better: bool | None = None,
    baselines: Baselines = "fixed",
    baseline_prior: TauPrior | None = None,
    effect_sd: float = 10.0,
    baseline_sd: float = 10.0,
    level: float = 0.95,
) -> ArmAnalysis:
    """Integrate the posterior of a network of counts, with the exact likelihood of its arms.

    Parameters
    ----------
    data
        The trials; see ``counted_trials``. Trials without any event take part.
    model
        ``common`` or ``random`` effects between studies.
    prior
        On tau; half-normal with scale 0.5 where none is given (rover-2021). Not used by the common-effect model.
    reference
        Treatment that the priors on the effects are written against; the first in the alphabet if empty.
    smaller_is_better
        Which way the outcome is better; without it nothing is ranked.
    baselines, baseline_prior, effect_sd, baseline_sd, level
        As for ``arm_posterior``.

    Raises
    ------
    NetworkError, UnknownTermError
        If the network is in pieces, or the reference is none of its treatments.
    ConvergenceError
        If the importance weights cannot be trusted, or a mode is not found.
    NotEstimableError
        If random baselines have no prior on their standard deviation, or fixed ones have one.
    """
    study, treatment, events, exposure = data.rows()
    arms = arm_data(
        data.measure, study, treatment, reference=reference, events=events, n=exposure, person_time=exposure
    )
    used = None if model == "common" else prior or half_normal(RATIO_TAU_SCALE, source="rover-2021")
    found = arm_posterior(
        arms,
        used,
        baselines=baselines,
        baseline_prior=baseline_prior,
        effect_sd=effect_sd,
        baseline_sd=baseline_sd,
        level=level,
    )
    ranks = None if smaller_is_better is None else found.ranks(smaller_is_better=smaller_is_better)
    return ArmAnalysis(data, found, used, effect_sd, baseline_sd, ranks, baseline_prior)
