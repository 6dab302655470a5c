"""What is said of a whole piece of a network: how far its trials agree, and how each treatment ranks in it."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.consultation.network_component import Component
from equipoise.consultation.network_document import Rank
from equipoise.consultation.network_estimates import PREFIX, sensitivity_notes
from equipoise.synthesis import p_scores
from equipoise.synthesis.consistency import QPart
from equipoise.vocabulary.estimate import (
    Estimate,
    EstimateKind,
    EvidenceKind,
    Interval,
    IntervalKind,
    Trust,
    least_trust,
)
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.vocabulary.terms import Direction

RANK_LEVEL = 0.95
# Ranks that are less probable are said together.
LISTED_FROM = 0.01


@dataclass(frozen=True)
class Statistic:
    """A number about a piece.

    Attributes
    ----------
    name
        Its part of the id: ``tau-squared``, or ``alemtuzumab-12mg.p-score``.
    said
        What follows the outcome and the number of trials in its sentence.
    formula, reference
        How it was computed, and the key of the citation.
    treatment
        Whom it is about; the reference of the piece if empty.
    """

    name: str
    measure: Measure
    value: float
    said: str
    formula: str
    reference: str
    interval: Interval | None = None
    treatment: str = ""
    notes: tuple[str, ...] = ()


def statistic_id(component: Component, name: str) -> str:
    """Return the id of a number about a piece; it is the same whatever pair and reference are asked for."""
    asked = component.whole.question
    return f"{PREFIX}{asked.outcome_id}.{name}.with.{component.network.reference}{asked.suffix}"


def statistic_estimate(component: Component, of: Statistic) -> Estimate:
    """Return a number about a piece as every other number is carried."""
    asked, trials = component.whole.question, component.trials
    label = "UNVERIFIED: " if asked.include_unverified else ""
    counted = f"{len(trials)} trials" if len(trials) > 1 else "one trial"
    outcome = component.evidence.outcomes[asked.outcome_id]
    return Estimate(
        id=statistic_id(component, of.name),
        kind=EstimateKind.SYNTHESIS,
        evidence_kind=EvidenceKind.RANDOMISED,
        outcome_id=asked.outcome_id,
        measure=of.measure,
        value=float(of.value),
        interval=of.interval,
        treatment=of.treatment or component.network.reference,
        trial_ids=tuple(trial.trial.id for trial in trials),
        population="adults with relapsing MS as in the trials of the network",
        trust=least_trust([Trust.DERIVED, *(trial.trust for trial in trials)]),
        notes=(*sensitivity_notes(component), *of.notes),
        text=f"{label}{outcome.name}, {counted}: {of.said}.",
        provenance=Computation(
            of.name.rpartition(f"{of.treatment}.")[2].replace("-", " ").capitalize(),
            of.formula,
            tuple(trial.provenance for trial in trials),
            of.reference,
        ),
    )


def statistics(component: Component) -> tuple[Estimate, ...]:
    """Return what tells how far the trials of a component agree; nothing for what has no degrees of freedom."""
    q, main = component.q, component.main
    parts = {
        "cochran-q": (q.total, "all differences between the trials"),
        "cochran-q-within": (q.within, "differences between trials of the same treatments"),
        "cochran-q-between": (q.between, "disagreement between designs (common effect)"),
        "design-by-treatment": (q.design_by_treatment, "disagreement between designs (random effects)"),
    }
    found = []
    if main.tau2 is not None and component.random is not None:
        said = f"the variance between trials on the log scale (tau squared, REML) is {main.tau2:.3f}"
        formula = "root of the restricted score"
        found.append(Statistic("tau-squared", Measure.TAU2, main.tau2, said, formula, "viechtbauer-2005"))
    if main.i2 is not None and component.random is not None:
        said = f"{main.i2:.0f} percent of the spread between trials is more than chance alone gives (I squared)"
        found.append(Statistic("i-squared", Measure.I2, main.i2, said, "100 (Q - df) / Q, not below 0", "higgins-2002"))
    found += [_q(name, part, what) for name, (part, what) in parts.items() if part.df]
    if tau := _tau(component):
        found.append(tau)
    return tuple(statistic_estimate(component, one) for one in found)


def _q(name: str, part: QPart, what: str) -> Statistic:
    said = f"{what}: Q = {part.statistic:.2f} on {part.df} degrees of freedom, p = {part.p:.3f}"
    return Statistic(name, Measure.Q, part.statistic, said, "weighted sum of squared residuals", "krahn-2013")


def _tau(component: Component) -> Statistic | None:
    """The posterior of tau; what was assumed of it before stands in its note."""
    curves = component.tau_curves
    if curves is None:
        return None
    before, after, prior = curves.prior, curves.posterior, component.prior
    return Statistic(
        "tau",
        Measure.TAU,
        after.median,
        f"the standard deviation between trials on the log scale (tau, Bayesian) is {after.median:.2f} "
        f"(95% credible interval {after.low:.2f} to {after.high:.2f})",
        f"posterior of tau by quadrature; prior {prior.name} ({prior.source})",
        "rover-2020",
        Interval(after.low, after.high, kind=IntervalKind.CREDIBLE),
        notes=(
            f"Before the trials, by the prior {prior.name} alone: median {before.median:.2f}, "
            f"95% between {before.low:.2f} and {before.high:.2f}.",
        ),
    )


def ranking(component: Component) -> tuple[Rank, ...]:
    """Return how every treatment ranks, the highest P-score first; nothing where no way is better."""
    asked = component.whole.question
    direction = component.evidence.outcomes[asked.outcome_id].direction
    if component.random is None or component.posterior is None or direction is Direction.NEUTRAL:
        return ()
    smaller = direction is Direction.LOWER_IS_BETTER
    scores = p_scores(component.random, smaller_is_better=smaller)
    ranks = component.posterior.ranks(smaller_is_better=smaller)
    rows = dict(zip(ranks.treatments, ranks.probabilities.tolist(), strict=True))
    found = [
        _rank(component, name, scores[name], ranks.sucra[name], ranks.rank_interval(name, RANK_LEVEL), rows[name])
        for name in component.treatments
    ]
    return tuple(sorted(found, key=lambda rank: (-rank.p_score.value, rank.treatment)))


def _rank(
    component: Component,
    treatment: str,
    p_score: float,
    sucra: float,
    interval: tuple[int, int, int],
    probabilities: list[float],
) -> Rank:
    name = component.evidence.treatments[treatment].name
    median, low, high = interval
    others = len(component.treatments)
    seen = [(rank, p) for rank, p in enumerate(probabilities, start=1) if p >= LISTED_FROM]
    each = ", ".join(f"{rank}: {100 * p:.0f}%" for rank, p in seen)
    rest = "" if len(seen) == others else "; of every other rank less than 1%"
    of = (
        Statistic(
            f"{treatment}.p-score",
            Measure.P_SCORE,
            p_score,
            f"the P-score of {name}, from 0 (surely the worst) to 1 (surely the best), is {p_score:.2f}",
            "mean over the other treatments of the one-sided p of being better, random effects",
            "rucker-2015",
            treatment=treatment,
        ),
        Statistic(
            f"{treatment}.sucra",
            Measure.SUCRA,
            sucra,
            f"the surface under the cumulative ranking curve (SUCRA) of {name}, from 0 to 1, is {sucra:.2f}",
            "mean of the cumulative rank probabilities, Bayesian random effects",
            "salanti-2011",
            treatment=treatment,
        ),
        Statistic(
            f"{treatment}.rank",
            Measure.MEDIAN_RANK,
            median,
            f"the median rank of {name} among {others} treatments is {median} (95% credible interval {low} to {high})",
            "quantiles of the rank over the joint posterior, Bayesian random effects",
            "salanti-2011",
            Interval(low, high, RANK_LEVEL, IntervalKind.CREDIBLE),
            treatment,
            (f"Probability of each rank: {each}{rest}.",),
        ),
    )
    estimates = [statistic_estimate(component, one) for one in of]
    return Rank(treatment, estimates[0], estimates[1], estimates[2], tuple(probabilities))
