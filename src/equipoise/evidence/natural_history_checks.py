"""What must agree within models of prognosis, matrices of transitions, and who was let into a trial."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from equipoise.evidence.natural_history import NaturalHistoryRate, PrognosticModel, PrognosticTerm, Transition
from equipoise.evidence.reading import Tables
from equipoise.evidence.records import Inclusion, RawRow, Trial
from equipoise.evidence.tables import RESTORE
from equipoise.vocabulary.errors import EvidenceError

# Coefficients are printed to three decimals and odds ratios to two.
_BETA_ROUNDING = 0.5e-3
_RATIO_ROUNDING = 0.5e-2
# Of the curators' sums, which have ten digits, and of rows of four decimals.
_VECTOR_ROUNDING = 1e-9
_ROW_ROUNDING = 1e-9

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_INCLUSION = tuple(Inclusion.__dataclass_fields__)


def _fault(row: RawRow, column: str, problem: str, found: object, allowed: str) -> EvidenceError:
    place = f"{row.row_id} (line {row.line})" if row.line else row.row_id
    return EvidenceError(
        problem, file=row.table, row=place, column=column, found=str(found), allowed=allowed, mend=RESTORE
    )


def _models(tables: Tables) -> Iterator[EvidenceError]:
    for model in tables.prognostic_models.values():
        for source_id in model.source_ids:
            # One that stands alone under source_id is looked up with the other citations.
            if source_id not in tables.sources and len(model.source_ids) > 1:
                yield _fault(model.row, "source_ids", "no source has this id", source_id, "an id of sources.csv")
        for term in model.terms:
            yield from _term(model, term)
        yield from _vectors(model)


def _term(model: PrognosticModel, term: PrognosticTerm) -> Iterator[EvidenceError]:
    """The odds ratio and its interval must be those of the coefficient, as far as rounding lets one see."""
    column = f"{term.name}.odds_ratio"
    limits = (term.or_ci_low, term.or_ci_high)
    if None in limits and limits != (None, None):
        yield _fault(model.row, column, "an interval with one limit", limits, "both limits, or neither")
        return
    low, high = limits
    if low is not None and high is not None and not 0 < low < high:
        yield _fault(model.row, column, "the limits are not in order", f"{low:g} to {high:g}", "0 < low < high")
        return
    if abs(term.beta) > 50:
        yield _fault(model.row, f"{term.name}.beta", "no odds ratio is that large", term.beta, "-50 to 50")
        return
    ratio, slack = math.exp(term.beta), _RATIO_ROUNDING + math.exp(term.beta) * _BETA_ROUNDING + 1e-9
    if term.odds_ratio is not None and abs(term.odds_ratio - ratio) > slack:
        allowed = f"{ratio:.2f}, which is exp({term.beta:g})"
        yield _fault(model.row, column, "the odds ratio is not that of the coefficient", term.odds_ratio, allowed)
    if low is not None and high is not None and not low - slack <= ratio <= high + slack:
        found = f"{ratio:.3f} (exp of beta)"
        yield _fault(model.row, column, "the coefficient lies outside its interval", found, f"{low:g} to {high:g}")


def _vectors(model: PrognosticModel) -> Iterator[EvidenceError]:
    for number, vector in enumerate(model.test_vectors, start=1):
        column = f"test_vector {number}"
        inputs = {term.predictor: term for term in model.terms}
        for name, value in vector.values.items():
            plus = inputs[name].plus if name in inputs else None
            if name not in inputs or not math.isfinite(value) or (plus is not None and value + plus <= 0):
                yield _fault(model.row, column, "the model has no such value of a predictor", name, ", ".join(inputs))
                return
        computed = model.linear_predictor(vector.values)
        if abs(computed - vector.linear_predictor) > _VECTOR_ROUNDING:
            allowed = f"{computed:.10f}, from the terms"
            yield _fault(model.row, column, "the terms do not add up", vector.linear_predictor, allowed)
        share = 1 / (1 + math.exp(-max(-700.0, min(700.0, vector.linear_predictor))))
        if abs(share - vector.probability) > _VECTOR_ROUNDING:
            allowed = f"{share:.10f}"
            yield _fault(model.row, column, "not the probability of these log odds", vector.probability, allowed)


def _sources(tables: Tables) -> Iterator[EvidenceError]:
    rows: list[Transition | NaturalHistoryRate] = [*tables.transitions.values(), *tables.natural_history_rates.values()]
    for row in rows:
        if row.source.source_id not in tables.sources:
            allowed = "an id that stands in sources.csv"
            yield _fault(row.row, "source_id", "no source has this id", row.source.source_id, allowed)


def _transitions(tables: Tables) -> Iterator[EvidenceError]:
    rows: dict[tuple[str, str], list[Transition]] = {}
    for row in tables.transitions.values():
        rows.setdefault((row.model_id, row.from_state), []).append(row)
        if not 0 <= row.probability <= 1:
            yield _fault(row.row, "probability", "a probability outside 0 to 1", row.probability, "0 to 1")
        if row.cycle_years <= 0:
            yield _fault(row.row, "cycle_years", "a cycle without length", row.cycle_years, "more than 0")
        yield from _interval(row)
    for (model_id, state), cells in rows.items():
        total = sum(cell.probability for cell in cells)
        if abs(total - 1) > _ROW_ROUNDING:
            problem = f"the probabilities out of '{state}' in {model_id} do not sum to 1"
            yield _fault(cells[-1].row, "probability", problem, f"{total:.6g}", "1")
        if len({cell.cycle_years for cell in cells}) > 1:
            problem = f"the cycles of '{state}' in {model_id} differ in length"
            yield _fault(cells[-1].row, "cycle_years", problem, cells[-1].cycle_years, "one length")


def _interval(row: Transition) -> Iterator[EvidenceError]:
    if (row.ci_low is None) != (row.ci_high is None):
        yield _fault(row.row, "ci_high" if row.ci_high is None else "ci_low", "an interval with one limit", "", "two")
    elif row.ci_low is not None and row.ci_high is not None and not row.ci_low <= row.probability <= row.ci_high:
        allowed = f"{row.ci_low:g} to {row.ci_high:g}"
        yield _fault(row.row, "probability", "the probability lies outside its interval", row.probability, allowed)


def _rates(tables: Tables) -> Iterator[EvidenceError]:
    for row in tables.natural_history_rates.values():
        low, high = row.ci_low, row.ci_high
        if (low is None) != (high is None):
            yield _fault(row.row, "ci_high" if high is None else "ci_low", "an interval with one limit", "", "two")
        elif low is not None and high is not None and (row.value is None or not low <= row.value <= high):
            yield _fault(row.row, "value", "the value lies outside its interval", row.value, f"{low:g} to {high:g}")


def _inclusion(tables: Tables) -> Iterator[EvidenceError]:
    """Each number is transcribed from the words in the same row, so it must stand in them."""
    for trial in tables.trials.values():
        said = {float(number) for number in _NUMBER.findall(trial.key_inclusion)}
        for column in _INCLUSION:
            value = getattr(trial.inclusion, column)
            if value is not None and float(value) not in said:
                yield _fault(trial.row, column, "key_inclusion does not say this number", value, trial.key_inclusion)
        yield from _order(trial)


def _order(trial: Trial) -> Iterator[EvidenceError]:
    pairs = (("age_min", "age_max"), ("edss_min", "edss_max"), ("relapses_12m_min", "relapses_24m_min"))
    for low, high in pairs:
        below, above = getattr(trial.inclusion, low), getattr(trial.inclusion, high)
        if below is not None and above is not None and below > above:
            yield _fault(trial.row, low, "the limits are not in order", below, f"at most {above:g} (column {high})")


NATURAL_HISTORY_CHECKS: tuple[Callable[[Tables], Iterator[EvidenceError]], ...] = (
    _models,
    _sources,
    _transitions,
    _rates,
    _inclusion,
)
