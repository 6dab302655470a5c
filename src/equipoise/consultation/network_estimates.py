"""From a fitted network to estimates: the number, its limits, its certainty and the tree that ends in rows."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from equipoise.consultation.network_certainty import ZONE, certainty
from equipoise.consultation.network_component import Component
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.consultation.words import DIFFERENT_LENGTHS, Said, comparison_sentence, horizon
from equipoise.synthesis import NetworkFit, Split
from equipoise.synthesis.bayes import NetworkPosterior
from equipoise.synthesis.distributions import normal_quantile
from equipoise.vocabulary.estimate import (
    Certainty,
    Estimate,
    EstimateKind,
    EvidenceKind,
    Interval,
    IntervalKind,
    Trust,
    least_trust,
)
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation, Provenance
from equipoise.vocabulary.terms import Direction

PREFIX = "network."
UNVERIFIED = "Unverified intervals are in this result: for sensitivity only, never for a patient."
# Trials that contribute less are listed together.
NAMED_FROM = 0.01

_GLS = "d = (X' V^-1 X)^-1 X' V^-1 y; V = within-trial covariance of log ratios"
_METHODS: Mapping[str, tuple[str, str, str]] = {
    "common": ("Network meta-analysis, generalised least squares, common effect", _GLS, "rucker-2012"),
    "random": (
        "Network meta-analysis, generalised least squares, random effects (REML)",
        f"{_GLS} + tau^2 B B'/2",
        "jackson-2012",
    ),
    "bayes": (
        "Network meta-analysis, Bayesian, random effects, integrated over tau",
        f"{_GLS} + tau^2 B B'/2, averaged over the posterior of tau",
        "rover-2020",
    ),
}
_WORDS = {"common": "common effect", "random": "random effects", "bayes": "Bayesian random effects"}


@dataclass(frozen=True)
class Number:
    """A value with its limits on the log scale."""

    value: float
    low: float
    high: float
    kind: IntervalKind = IntervalKind.CONFIDENCE


@dataclass(frozen=True)
class Pair:
    """A comparison within a component: treatment versus reference."""

    component: Component
    treatment: str
    reference: str

    def id(self, *parts: str) -> str:
        """The id of a result on this comparison."""
        asked = self.component.whole.question
        stem = f"{PREFIX}{asked.outcome_id}.{self.treatment}.vs.{self.reference}"
        return ".".join((stem, *parts)) + asked.suffix

    def estimate(
        self,
        parts: tuple[str, ...],
        number: Number,
        provenance: Provenance,
        trials: Iterable[NetworkTrial],
        where: str,
        rated: Certainty,
    ) -> Estimate:
        """Return one result on this comparison."""
        evidence, asked, used = self.component.evidence, self.component.whole.question, tuple(trials)
        interval = Interval(math.exp(number.low), math.exp(number.high), kind=number.kind)
        months = {trial.timepoint_months for trial in used}
        people = [trial.n for trial in used]
        said = Said(
            (f"UNVERIFIED: {where}" if asked.include_unverified else where),
            evidence.outcomes[asked.outcome_id],
            asked.plan.measure,
            math.exp(number.value),
            interval,
            horizon(next(iter(months))) if len(months) == 1 else DIFFERENT_LENGTHS,
        )
        names = [evidence.treatments[name].name for name in (self.treatment, self.reference)]
        return Estimate(
            id=self.id(*parts),
            kind=EstimateKind.SYNTHESIS,
            evidence_kind=EvidenceKind.RANDOMISED,
            outcome_id=asked.outcome_id,
            measure=asked.plan.measure,
            value=said.value,
            interval=interval,
            treatment=self.treatment,
            reference=self.reference,
            trial_ids=tuple(trial.trial.id for trial in used),
            timepoint_months=months.pop() if len(months) == 1 else None,
            n=None if None in people else sum(n for n in people if n is not None),
            population="adults with relapsing MS as in the trials of the network",
            trust=least_trust([Trust.DERIVED, *(trial.trust for trial in used)]),
            certainty=rated,
            notes=sensitivity_notes(self.component),
            text=comparison_sentence(said, *names),
            provenance=provenance,
        )


def sensitivity_notes(component: Component) -> tuple[str, ...]:
    """Return what every result must carry where a switch let doubtful rows in."""
    asked = component.whole.question
    mixed = "Risk ratios are read as hazard ratios in this result: for sensitivity." if asked.with_risk_ratios else ""
    return tuple(note for note in (UNVERIFIED if asked.include_unverified else "", mixed) if note)


def rated(pair: Pair) -> Certainty:
    """Return how sure one may be of the network's result on a comparison."""
    component = pair.component
    confidence = component.confidence(pair.treatment, pair.reference)
    return certainty(confidence, unverified=component.whole.question.include_unverified)


def network_estimates(pair: Pair) -> tuple[Estimate, ...]:
    """Return the comparison under each model: common, random, Bayesian; the last two with prediction intervals."""
    component, said = pair.component, rated(pair)
    found = [_fitted(pair, component.common, "common", said)]
    if component.random is not None:
        found.append(_fitted(pair, component.random, "random", said))
        contrast = component.random.contrast(pair.treatment, pair.reference)
        if contrast.pi_low is not None and contrast.pi_high is not None:
            limits = Number(contrast.estimate, contrast.pi_low, contrast.pi_high, IntervalKind.PREDICTION)
            tree = Computation("Prediction interval", component.random.pi_rule, _inputs(pair, "random"), "higgins-2009")
            found.append(_network(pair, ("random", "prediction"), limits, tree, said))
    if component.posterior is not None:
        one = component.posterior.contrast(pair.treatment, pair.reference)
        tree = _tree(pair, "bayes", f"; prior {component.prior.name} ({component.prior.source})")
        limits = Number(one.median, one.cri_low, one.cri_high, IntervalKind.CREDIBLE)
        found.append(_network(pair, ("bayes",), limits, tree, said))
        predicted = Number(one.median, one.pi_low, one.pi_high, IntervalKind.PREDICTION)
        found.append(_network(pair, ("bayes", "prediction"), predicted, tree, said))
        found += _important(pair, component.posterior, tree, found[-1])
    return tuple(found)


def _important(pair: Pair, found: NetworkPosterior, tree: Computation, other: Estimate) -> list[Estimate]:
    """How probable it is that the treatment is better by a size that matters; nothing where no way is better."""
    component = pair.component
    outcome = component.evidence.outcomes[component.whole.question.outcome_id]
    if outcome.direction is Direction.NEUTRAL:
        return []
    lower = outcome.direction is Direction.LOWER_IS_BETTER
    threshold, side = (ZONE.low, "at most") if lower else (ZONE.high, "at least")
    percent = 100 * found.probability_important(pair.treatment, pair.reference, threshold)
    names = [component.evidence.treatments[name].name for name in (pair.treatment, pair.reference)]
    what = f"the ratio of {outcome.name}, {names[0]} to {names[1]}, is {side} {math.exp(threshold):g}"
    label = "UNVERIFIED: " if component.whole.question.include_unverified else ""
    return [
        dataclasses.replace(
            other,
            id=pair.id("bayes", "important"),
            measure=Measure.PROBABILITY,
            value=percent,
            interval=None,
            unit="percent",
            text=f"{label}{len(component.trials)} trials: {what} with a probability of {_percent(percent)}.",
            provenance=Computation(
                f"Posterior probability of a ratio of {side} {math.exp(threshold):g}",
                "mass of the posterior beyond the threshold",
                (tree,),
                "rover-2020",
            ),
        )
    ]


def _percent(value: float) -> str:
    """A probability in words that never claims to be sure."""
    if round(value) in (0, 100):
        return "less than 1 percent" if value < 50 else "more than 99 percent"
    return f"{value:.0f} percent"


def _fitted(pair: Pair, fitted: NetworkFit, model: str, said: Certainty) -> Estimate:
    contrast = fitted.contrast(pair.treatment, pair.reference)
    number = Number(contrast.estimate, contrast.ci_low, contrast.ci_high)
    return _network(pair, (model,), number, _tree(pair, model), said)


def _network(pair: Pair, parts: tuple[str, ...], number: Number, tree: Computation, said: Certainty) -> Estimate:
    trials = pair.component.trials
    where = f"{len(trials)} trials together ({_WORDS[parts[0]]})" if len(trials) > 1 else trials[0].trial.short_name
    return pair.estimate(parts, number, tree, trials, where, said)


def _tree(pair: Pair, model: str, more: str = "") -> Computation:
    name, formula, reference = _METHODS[model]
    return Computation(name, formula + more, _inputs(pair, model), reference)


def _inputs(pair: Pair, model: str) -> tuple[Provenance, ...]:
    """The trials with their share of the result, those of less than one percent together at the end."""
    component = pair.component
    fitted = model if model in ("common", "random") else "random"
    by_id = {trial.trial.id: trial for trial in component.trials}
    shares = component.shares(pair.treatment, pair.reference, fitted if component.random else "common")
    large = [
        Computation(
            f"{by_id[study].trial.short_name}: {share:.1%} of this result",
            "share of the flow of evidence, by random walk",
            (by_id[study].provenance,),
            "davies-2022",
        )
        for study, share in shares.items()
        if share >= NAMED_FROM
    ]
    small = tuple(by_id[study].provenance for study, share in shares.items() if share < NAMED_FROM)
    rest = Computation("Trials that contribute less than 1 percent each", "as above", small, "davies-2022")
    return (*large, rest) if small else tuple(large)


def split_estimates(pair: Pair, split: Split, model: str) -> dict[str, Estimate]:
    """Return direct and indirect evidence on a comparison, and the ratio of the two, where each exists."""
    component, z = pair.component, normal_quantile(0.95)
    direct = [t for t in component.trials if {pair.treatment, pair.reference} <= set(t.data.treatments)]
    said = Certainty(reasons=("Rated for the network result as a whole.",))
    found = {}
    parts = {
        "direct": (split.direct, split.direct_se, direct, "inverse variance within the trials of both", "konig-2013"),
        "indirect": (
            split.indirect,
            split.indirect_se,
            component.trials,
            "1/var(indirect) = 1/var(network) - 1/var(direct); estimates weighed accordingly",
            "konig-2013",
        ),
        "direct-over-indirect": (
            split.difference,
            split.difference_se,
            component.trials,
            "log direct - log indirect; variances add",
            "konig-2013",
        ),
    }
    for name, (value, se, trials, formula, reference) in parts.items():
        if value is None or se is None:
            continue
        tree = Computation(
            f"{name.replace('-', ' ').capitalize()} evidence, {_WORDS[model]}",
            formula,
            tuple(trial.provenance for trial in trials),
            reference,
        )
        where = f"{name.replace('-', ' ').capitalize()} evidence, {_trials(trials)} ({_WORDS[model]})"
        number = Number(value, value - z * se, value + z * se)
        found[name] = pair.estimate((model, name), number, tree, trials, where, said)
    return found


def _trials(trials: Sequence[NetworkTrial]) -> str:
    return trials[0].trial.short_name if len(trials) == 1 else f"{len(trials)} trials"


def without_trial(pair: Pair, study: str, fitted: NetworkFit) -> Estimate:
    """Return the comparison from a fit that left one trial out."""
    trials = tuple(t for t in pair.component.trials if t.trial.id in {one.study for one in fitted.network.trials})
    name, formula, reference = _METHODS[fitted.model]
    contrast = fitted.contrast(pair.treatment, pair.reference)
    tree = Computation(f"{name}, without {study}", formula, tuple(t.provenance for t in trials), reference)
    number = Number(contrast.estimate, contrast.ci_low, contrast.ci_high)
    said = Certainty(reasons=("A check of the network result, which is rated.",))
    where = f"Without {pair.component.evidence.trials[study].short_name} ({_WORDS[fitted.model]})"
    return pair.estimate((fitted.model, "without", study), number, tree, trials, where, said)
