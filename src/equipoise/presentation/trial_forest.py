"""The trials of one outcome as a forest plot: which numbers go into it, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable

from equipoise.consultation import Consultation
from equipoise.consultation.document import OutcomeSection, TrialResult
from equipoise.consultation.syntheses import Synthesis
from equipoise.presentation.picture_words import forest_words
from equipoise.presentation.pictures import ForestPlot, ForestRow, PooledRow
from equipoise.presentation.pictures.drawing import TraceUrl
from equipoise.presentation.plain_words import upper_first
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Direction
from equipoise.wording import Wording

_MONTHS_A_YEAR = 12


def trial_forest(
    sitting: Consultation,
    section: OutcomeSection,
    trace_url: TraceUrl | None,
    words: Wording,
    how_long: Callable[[float | None], str] | None = None,
) -> ForestPlot | None:
    """Put every comparison of an outcome on one axis, trials first; ``None`` with fewer than two to draw.

    Parameters
    ----------
    sitting, section
        The document, and the outcome in it.
    trace_url
        Address of where a number comes from.
    words
        In which language.
    how_long
        How months are said; by default with figures, in years where they are whole.
    """
    compared = [(result, c) for result in section.trials for c in result.comparisons]
    measure = _main_measure(section)
    chosen = [(result, c) for result, c in compared if c.measure is measure]
    if measure is None or len(chosen) < 2:
        return None
    weights = {t.id: w for s in section.syntheses for t, w in zip(s.trials, s.weights, strict=True)}
    first, second = (
        _named(words, f"treatment.{option.treatment.id}.name", option.treatment.name) for option in sitting.options
    )
    low, high = (first, second) if section.outcome.direction is Direction.LOWER_IS_BETTER else (second, first)
    outcome = upper_first(_named(words, f"outcome.{section.outcome.id}.name", section.outcome.name))
    return ForestPlot(
        f"forest-{section.outcome.id}",
        words("forest.title", outcome=outcome, first=first, second=second),
        words("forest.measure.with-interval", measure=words(f"forest.measure.{measure.value}")),
        tuple(_trial(result, c, weights.get(c.id), words, how_long) for result, c in chosen),
        words("forest.favours", option=low),
        words("forest.favours", option=high),
        pooled=tuple(_pooled(s, words) for s in section.syntheses if s.random.measure is measure),
        scale="log" if measure.is_ratio else "linear",
        trace_url=trace_url,
        words=forest_words(words),
    )


def _named(words: Wording, key: str, otherwise: str) -> str:
    return words(key) if words.has(key) else otherwise


def _main_measure(section: OutcomeSection) -> Measure | None:
    if section.syntheses:
        return section.syntheses[0].random.measure
    comparison = next((r.comparison for r in section.trials if r.comparison is not None), None)
    return comparison.measure if comparison is not None and comparison.measure.is_ratio else None


def _trial(
    result: TrialResult,
    comparison: Estimate,
    weight: float | None,
    words: Wording,
    how_long: Callable[[float | None], str] | None,
) -> ForestRow:
    low, high = _limits(comparison)
    months = result.timepoint_months
    notes = [how_long(months) if how_long is not None else _in_figures(months, words)]
    if not result.is_licensed_dose:
        notes.append(words("forest.doses-together"))
    return ForestRow(
        # Names are no words of a language, and a description of a picture cannot mark them: they come as a text does.
        words("forest.named", trial=result.trial.short_name),
        comparison.value,
        low,
        high,
        weight,
        comparison.n,
        ", ".join(notes),
        comparison.id,
    )


def _pooled(synthesis: Synthesis, words: Wording) -> PooledRow:
    low, high = _limits(synthesis.random)
    return PooledRow(
        words("forest.together"),
        synthesis.random.value,
        synthesis.random.value if low is None else low,
        synthesis.random.value if high is None else high,
        *_limits(synthesis.prediction),
        _named(words, f"forest.scope.{synthesis.scope}", synthesis.scope),
        synthesis.random.id,
    )


def _limits(estimate: Estimate | None) -> tuple[float | None, float | None]:
    if estimate is None or estimate.interval is None:
        return None, None
    return estimate.interval.low, estimate.interval.high


def _in_figures(months: float | None, words: Wording) -> str:
    if months is None:
        return words("forest.length-not-stated")
    years, rest = divmod(round(months), _MONTHS_A_YEAR)
    return words("number.years", n=years) if years and not rest else words("number.months", n=round(months))
