"""One connected piece of a network, fitted every way that is shown."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from equipoise import synthesis
from equipoise.consultation import network_certainty as rules
from equipoise.consultation.network_evidence import NetworkEvidence
from equipoise.consultation.network_small_study import Asymmetry, asymmetry
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.evidence import Evidence
from equipoise.synthesis import Network, NetworkFit, QDecomposition, Split, split_contrast
from equipoise.synthesis.bayes import NetworkPosterior, posterior
from equipoise.synthesis.confidence import (
    Concern,
    Confidence,
    Domain,
    Judgement,
    combine,
    heterogeneity,
    imprecision,
    incoherence,
    study_contributions,
    weighted_judgement,
)
from equipoise.synthesis.contribution import ContributionMethod, contribution
from equipoise.synthesis.distributions import normal_quantile
from equipoise.synthesis.priors import TauPrior, half_normal
from equipoise.synthesis.sensitivity import LeftOut, leave_one_trial_out
from equipoise.synthesis.tau_curves import TauCurves, tau_curves
from equipoise.vocabulary.errors import NetworkError
from equipoise.vocabulary.terms import Direction

# Weakly informative for log ratios: 95 percent of its mass below tau = 0.98, itself very large heterogeneity.
PRIOR = half_normal(0.5, source="rover-2021")
PLACEBO = "placebo"
# How the flow of evidence is split into shares; it has one answer, whatever the order of names.
CONTRIBUTION_METHOD: ContributionMethod = "random-walk"


@dataclass(frozen=True)
class Component:
    """A connected piece.

    Attributes
    ----------
    evidence, whole
        The release, and the network that this is a piece of.
    trials
        Its trials.
    network
        The same for the synthesis, written against placebo or else the treatment in the most trials, whatever
        is asked for: so no result depends on the reference that is asked for.
    """

    evidence: Evidence
    whole: NetworkEvidence
    trials: tuple[NetworkTrial, ...]
    network: Network

    @property
    def treatments(self) -> tuple[str, ...]:
        """Treatments in alphabetical order."""
        return self.network.treatments

    @functools.cached_property
    def common(self) -> NetworkFit:
        """One true effect for each comparison."""
        return synthesis.fit(self.network, model="common")

    @functools.cached_property
    def random(self) -> NetworkFit | None:
        """Effects that vary between trials, REML; ``None`` where no trial is left over to estimate by how much."""
        return synthesis.fit(self.network, model="random", tau2_method="reml") if self.common.q_df else None

    @functools.cached_property
    def main(self) -> NetworkFit:
        """The random-effects fit where there is one."""
        return self.random or self.common

    @property
    def prior(self) -> TauPrior:
        """Prior on the standard deviation between trials."""
        return PRIOR

    @functools.cached_property
    def posterior(self) -> NetworkPosterior | None:
        """The Bayesian model; ``None`` where the prior alone would decide."""
        return posterior(self.network, PRIOR) if self.common.q_df else None

    @functools.cached_property
    def tau_curves(self) -> TauCurves | None:
        """Heterogeneity before and after the trials."""
        return None if self.posterior is None else tau_curves(self.posterior.tau)

    @functools.cached_property
    def asymmetry(self) -> Asymmetry:
        """Whether small trials show other effects than large ones."""
        direction = self.evidence.outcomes[self.whole.question.outcome_id].direction
        return asymmetry(self.network, smaller_is_better=direction is not Direction.HIGHER_IS_BETTER)

    @functools.cached_property
    def q(self) -> QDecomposition:
        """Heterogeneity within designs and disagreement between them."""
        return synthesis.decompose_q(self.network, tau2_method="reml")

    def left_out(self, treatment: str, reference: str) -> tuple[LeftOut[NetworkFit], ...]:
        """The main model without each trial in turn, in the piece that then still holds the two treatments."""

        def fitter(rest: Network) -> NetworkFit:
            for piece in rest.split():
                if {treatment, reference} <= set(piece.treatments):
                    return synthesis.fit(piece, model=self.main.model, tau2_method="reml")
            raise NetworkError("without it, no chain of trials joins the two")

        return leave_one_trial_out(self.network, fitter)

    def shares(self, treatment: str, reference: str, model: str) -> Mapping[str, float]:
        """Share of each trial in a comparison, the largest first."""
        of_pair = self._shares[model][min(treatment, reference), max(treatment, reference)]
        return dict(sorted(of_pair.items(), key=lambda item: (-item[1], item[0])))

    @functools.cached_property
    def _shares(self) -> dict[str, dict[tuple[str, str], dict[str, float]]]:
        fits = {"common": self.common} | ({"random": self.random} if self.random else {})
        return {
            model: study_contributions(fitted, contribution(fitted, method=CONTRIBUTION_METHOD))
            for model, fitted in fits.items()
        }

    def split(self, treatment: str, reference: str, model: str) -> Split:
        """Direct and indirect evidence on a comparison.

        Indirect means along a chain of other trials. Without one, what back-calculation leaves over comes from the
        third arms of the very trials that hold both, and is no second opinion.
        """
        fitted = self.random if model == "random" and self.random else self.common
        split = split_contrast(fitted, treatment, reference)
        if split.direct is None or self._joined_by_others(treatment, reference):
            return split
        return dataclasses.replace(
            split,
            indirect=None,
            indirect_se=None,
            difference=None,
            difference_se=None,
            p=None,
            note="all evidence is direct: no chain of other trials joins the two",
        )

    def _joined_by_others(self, treatment: str, reference: str) -> bool:
        both = {trial.study for trial in self.network.trials if {treatment, reference} <= set(trial.treatments)}
        if len(both) == len(self.network.trials):
            return False
        return any({treatment, reference} <= set(piece) for piece in self.network.without(both).pieces())

    @functools.cached_property
    def bias(self) -> dict[str, tuple[Concern, str]]:
        """What the rule says of the risk of bias of each trial, and why."""
        return {trial.trial.id: rules.study_bias(trial) for trial in self.trials}

    @functools.cached_property
    def _indirectness(self) -> dict[str, tuple[Concern, str]]:
        return {trial.trial.id: rules.study_indirectness(trial) for trial in self.trials}

    def confidence(self, treatment: str, reference: str) -> Confidence:
        """Confidence in the main model's result on a comparison."""
        shares = self.shares(treatment, reference, self.main.model)
        contrast = self.main.contrast(treatment, reference)

        def carried(domain: Domain, said: Mapping[str, tuple[Concern, str]]) -> Judgement:
            return weighted_judgement(
                domain,
                shares,
                {study: concern for study, (concern, _) in said.items()},
                {study: reason for study, (_, reason) in said.items()},
                threshold=rules.DOUBT_FROM,
            )

        return combine(
            (
                carried(Domain.WITHIN_STUDY_BIAS, self.bias),
                rules.reporting(self.whole, (treatment, reference), self.asymmetry),
                carried(Domain.INDIRECTNESS, self._indirectness),
                imprecision(contrast, rules.ZONE),
                heterogeneity(contrast, rules.ZONE),
                incoherence(
                    self.split(treatment, reference, self.main.model),
                    rules.ZONE,
                    self.q.design_by_treatment,
                    half_width=normal_quantile(self.main.level),
                ),
            )
        )


def components(evidence: Evidence, whole: NetworkEvidence) -> tuple[Component, ...]:
    """Return the connected pieces of a network, the largest first."""
    by_study = {trial.trial.id: trial for trial in whole.trials}
    return tuple(
        Component(
            evidence, whole, tuple(by_study[trial.study] for trial in piece.trials), piece.with_reference(_hub(piece))
        )
        for piece in whole.network.split()
    )


def _hub(piece: Network) -> str:
    if PLACEBO in piece.treatments:
        return PLACEBO
    seen = [name for trial in piece.trials for name in trial.treatments]
    return max(piece.treatments, key=seen.count)
