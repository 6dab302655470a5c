"""Trials of the same comparison together, where that makes sense.

What may be pooled is decided by the type of the rows, never by hand: randomised trials only, one arm a
treatment, no merged doses beside their members, the same measure, an interval that was printed or computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.consultation.certainty import rate_certainty
from equipoise.consultation.words import DIFFERENT_LENGTHS, Said, comparison_sentence, counted, horizon
from equipoise.evidence import Evidence
from equipoise.synthesis import Pooled, from_interval, pool
from equipoise.synthesis.pooling import IntervalRule, Model
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
from equipoise.vocabulary.terms import Treatment

PREFIX = "synthesis."

# A prediction interval with the t quantile on k - 2 degrees of freedom exists from three trials on (higgins-2009).
PREDICTION_FROM = 3


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Trials together, under both models, with what tells whether they agree.

    Attributes
    ----------
    scope
        ``licensed-dose``, or ``all-doses`` where a source merged doses.
    trials
        The estimates that went in.
    weights
        Share of each under the common-effect model, percent, in the order of ``trials``.
    common, random, random_hartung_knapp
        One true effect; effects that vary (Wald); the same with the Hartung-Knapp interval, never shorter.
    prediction
        Where the effect in a next trial is expected; ``None`` below three trials.
    i2, tau2, q
        How much the trials differ.
    notes
        What a statistician would want said.
    """

    scope: str
    trials: tuple[Estimate, ...]
    weights: tuple[float, ...]
    common: Estimate
    random: Estimate
    random_hartung_knapp: Estimate
    prediction: Estimate | None
    i2: Estimate
    tau2: Estimate
    q: Estimate
    notes: tuple[str, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every number of the synthesis."""
        numbers = (self.common, self.random, self.random_hartung_knapp, self.prediction, self.i2, self.tau2, self.q)
        return tuple(number for number in numbers if number is not None)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is pooled."""

    evidence: Evidence
    treatment: Treatment
    reference: Treatment
    outcome_id: str
    measure: Measure
    scope: str
    trials: tuple[Estimate, ...]

    @property
    def months(self) -> float | None:
        """The horizon that the trials share, ``None`` where they differ."""
        months = {t.timepoint_months for t in self.trials}
        return months.pop() if len(months) == 1 else None

    @property
    def stem(self) -> str:
        horizons = "-".join(
            sorted({"open" if t.timepoint_months is None else f"{t.timepoint_months:g}m" for t in self.trials})
        )
        compared = f"{self.treatment.id}.vs.{self.reference.id}"
        return f"{PREFIX}{compared}.{self.outcome_id}.{horizons}.{self.measure.value}.{self.scope}"


def synthesise(
    evidence: Evidence, treatment: Treatment, reference: Treatment, trials: Sequence[Estimate], *, scope: str
) -> Synthesis | None:
    """Pool comparisons of one outcome.

    Parameters
    ----------
    evidence
        The release.
    treatment, reference
        Under whose names the synthesis goes.
    trials
        Comparisons on one outcome and measure, each with an interval, one a trial.
    scope
        ``licensed-dose`` or ``all-doses``.

    Returns
    -------
    Synthesis or None
        ``None`` with fewer than two trials.
    """
    usable = tuple(t for t in trials if t.interval is not None and t.evidence_kind is EvidenceKind.RANDOMISED)
    if len(usable) < 2:
        return None
    question = _Question(evidence, treatment, reference, usable[0].outcome_id, usable[0].measure, scope, usable)
    common = _pool(question, "common")
    random = _pool(question, "random")
    hartung_knapp = _pool(question, "random", "hartung-knapp-ad-hoc")
    i2 = _i2(random)
    prediction = None
    if len(usable) >= PREDICTION_FROM and random.pi_low is not None and random.pi_high is not None:
        prediction = _pooled_estimate(
            question, random, "prediction", (random.pi_low, random.pi_high), IntervalKind.PREDICTION, i2
        )
    return Synthesis(
        scope=scope,
        trials=usable,
        weights=tuple(float(w) for w in common.weights),
        common=_pooled_estimate(
            question, common, "common", (common.ci_low, common.ci_high), IntervalKind.CONFIDENCE, i2
        ),
        random=_pooled_estimate(
            question, random, "random", (random.ci_low, random.ci_high), IntervalKind.CONFIDENCE, i2
        ),
        random_hartung_knapp=_pooled_estimate(
            question,
            hartung_knapp,
            "random-hartung-knapp",
            (hartung_knapp.ci_low, hartung_knapp.ci_high),
            IntervalKind.CONFIDENCE,
            i2,
        ),
        prediction=prediction,
        i2=_statistic(
            question, "i-squared", Measure.I2, i2, "100 tau^2 / (tau^2 + typical within-trial variance)", "higgins-2002"
        ),
        tau2=_statistic(
            question,
            "tau-squared",
            Measure.TAU2,
            random.tau2 or 0.0,
            "root of the restricted score",
            "viechtbauer-2005",
        ),
        q=_statistic(question, "cochran-q", Measure.Q, random.q, "sum of w (y - pooled)^2, w = 1/se^2", "cochran-1954"),
        notes=_notes(question, random),
    )


def _i2(random: Pooled) -> float:
    return random.i2 if random.i2 is not None else 0.0


def _effects(question: _Question) -> tuple[list[float], list[float], list[str]]:
    points: list[float] = []
    errors: list[float] = []
    notes: list[str] = []
    for trial in question.trials:
        if trial.interval is None:
            continue
        reported = from_interval(
            trial.value, trial.interval.low, trial.interval.high, trial.interval.level, measure=question.measure
        )
        points.append(reported.estimate)
        errors.append(reported.se)
        notes += reported.notes
    return points, errors, notes


def _pool(question: _Question, model: Model, interval: IntervalRule = "wald") -> Pooled:
    points, errors, notes = _effects(question)
    return pool(
        points,
        errors,
        measure=question.measure,
        studies=[t.trial_ids[0] for t in question.trials],
        model=model,
        tau2_method="reml",
        interval=interval,
        prediction_rule="higgins",
        notes=notes,
    )


_METHOD = {
    "common": ("Inverse-variance pooling, common effect", "sum(w y) / sum(w), w = 1/se^2", ""),
    "random": (
        "Inverse-variance pooling, random effects (REML, Wald interval)",
        "sum(w y) / sum(w), w = 1/(se^2 + tau^2)",
        "viechtbauer-2005",
    ),
    "random-hartung-knapp": (
        "Inverse-variance pooling, random effects (REML, Hartung-Knapp interval, never shorter than Wald)",
        "as random effects; se times sqrt(max(1, weighted residual variance)), t with k - 1 degrees of freedom",
        "knapp-2003",
    ),
    "prediction": ("Prediction interval", "pooled -+ t(k - 2) sqrt(tau^2 + se^2)", "higgins-2009"),
}


def _inputs(question: _Question) -> tuple[Provenance, ...]:
    scale = (
        "log scale: se = (log high - log low) / (2 * 1.96)"
        if question.measure.is_ratio
        else "se = (high - low) / (2 * 1.96)"
    )
    return tuple(
        Computation("Standard error from a reported interval", scale, (trial.provenance,)) for trial in question.trials
    )


def _pooled_estimate(
    question: _Question, pooled: Pooled, model: str, limits: tuple[float, float], kind: IntervalKind, i2: float
) -> Estimate:
    evidence, measure = question.evidence, question.measure
    scale = math.exp if measure.is_ratio else float
    interval = Interval(scale(limits[0]), scale(limits[1]), pooled.level, kind)
    trials = tuple(evidence.trials[t.trial_ids[0]] for t in question.trials)
    name, formula, reference = _METHOD[model]
    value = scale(pooled.estimate)
    return Estimate(
        id=f"{question.stem}.{model}",
        kind=EstimateKind.SYNTHESIS,
        evidence_kind=EvidenceKind.RANDOMISED,
        outcome_id=question.outcome_id,
        measure=measure,
        value=value,
        interval=interval,
        treatment=question.treatment.id,
        reference=question.reference.id,
        trial_ids=tuple(trial.id for trial in trials),
        timepoint_months=question.months,
        n=_sum([t.n for t in question.trials]),
        events=_sum([t.events for t in question.trials]),
        population="people as in the trials pooled: " + ", ".join(trial.short_name for trial in trials),
        trust=least_trust([Trust.DERIVED, *(t.trust for t in question.trials)]),
        certainty=_certainty(question, interval, i2),
        notes=pooled.notes,
        text=comparison_sentence(
            Said(
                _together(question, model),
                evidence.outcomes[question.outcome_id],
                measure,
                value,
                interval,
                _span(question),
            ),
            question.treatment.name,
            question.reference.name,
        ),
        provenance=Computation(name, formula, _inputs(question), reference),
    )


def _together(question: _Question, model: str) -> str:
    names = [question.evidence.trials[t.trial_ids[0]].short_name for t in question.trials]
    words = {
        "common": "common effect",
        "random": "random effects",
        "random-hartung-knapp": "random effects, Hartung-Knapp interval",
    }
    return f"{', '.join(names[:-1])} and {names[-1]} together ({words.get(model, model)})"


def _span(question: _Question) -> str:
    return horizon(question.months) if question.months is not None else DIFFERENT_LENGTHS


def _certainty(question: _Question, interval: Interval, i2: float) -> Certainty:
    evidence = question.evidence
    trials = tuple(evidence.trials[t.trial_ids[0]] for t in question.trials)
    merged = [
        t
        for t in question.trials
        if evidence.treatments[t.treatment].members or evidence.treatments[t.reference].members
    ]
    arms = [arm for t in merged for arm in evidence.arms_of([t.treatment, t.reference]) if arm.trial_id in t.trial_ids]
    return rate_certainty(EvidenceKind.RANDOMISED, trials, arms, measure=question.measure, interval=interval, i2=i2)


def _statistic(
    question: _Question, name: str, measure: Measure, value: float, formula: str, reference: str
) -> Estimate:
    words = {
        Measure.I2: "percent of the spread between trials is more than chance alone gives (I squared)",
        Measure.TAU2: "is the variance between trials on the log scale (tau squared)",
        Measure.Q: f"is Cochran's Q on {len(question.trials) - 1} degrees of freedom",
    }
    shown = f"{value:.0f}" if measure is Measure.I2 else f"{value:.2f}"
    outcome = question.evidence.outcomes[question.outcome_id]
    return Estimate(
        id=f"{question.stem}.{name}",
        kind=EstimateKind.SYNTHESIS,
        evidence_kind=EvidenceKind.RANDOMISED,
        outcome_id=question.outcome_id,
        measure=measure,
        value=value,
        treatment=question.treatment.id,
        reference=question.reference.id,
        trial_ids=tuple(t.trial_ids[0] for t in question.trials),
        trust=least_trust([Trust.DERIVED, *(t.trust for t in question.trials)]),
        text=f"For '{outcome.name}', {shown} {words[measure]}.",
        provenance=Computation(name.replace("-", " ").capitalize(), formula, _inputs(question), reference),
    )


def _notes(question: _Question, random: Pooled) -> tuple[str, ...]:
    k = len(question.trials)
    notes = [f"Only {counted(k)} trials: how much their true effects differ is itself very uncertain."]
    if k < PREDICTION_FROM:
        notes.append(
            "With two trials the Hartung-Knapp interval has one degree of freedom and says almost nothing; "
            "the trials themselves say more."
        )
        notes.append("A prediction interval needs at least three trials and is not given.")
    if question.scope == "all-doses":
        notes.append(
            "A source that merged a licensed dose with a higher one is in: read it as any dose, "
            "not as the licensed one."
        )
    if question.months is None:
        notes.append("The trials differ in length.")
    return tuple(dict.fromkeys((*notes, *random.notes)))


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
