"""Published models of prognosis and natural history, as their sources print them.

A model that lacks something its use needs (an interval, a complete row) is read all the same and says what it lacks:
what is published is a fact, whether it can be used is another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from equipoise.evidence.records import RawRow
from equipoise.evidence.tables import RESTORE, Cells, entries, number_of, text_of, texts_of
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.provenance import SourceRef

MODELS_FILE = "natural-history/prognostic-models.toml"
TRANSITIONS_FILE = "natural-history/edss-transition-coarse.csv"
RATES_FILE = "natural-history/rates-and-modifiers.csv"

# How the source file writes a predictor that enters as a logarithm, where it is centred, and a slope after transport.
_LOGARITHM = re.compile(r"log\((?P<name>\w+) \+ (?P<plus>\d+(?:\.\d+)?)\)")
_CENTRE = re.compile(r"centred at (?P<centre>\d+(?:\.\d+)?)")
_TRANSPORTED = re.compile(r"after intercept update calibration slope (?P<slope>\d+\.\d+)")
# The test vectors name some predictors more shortly than the terms do.
_VECTOR_NAMES = {
    "gd_any": "gd_enhancing_lesions_any",
    "relapses_2y_eq_1": "relapses_previous_2_years_eq_1",
    "relapses_2y_ge_2": "relapses_previous_2_years_ge_2",
    "on_treatment": "on_treatment_during_cycle",
}
# Standard normal quantile at 0.975: the printed intervals are 95 percent intervals.
_Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class PrognosticTerm:
    """One term of a linear predictor.

    Attributes
    ----------
    name, predictor
        The term as printed, ``"log(disease_duration_years + 10)"``, and what goes in, ``"disease_duration_years"``.
    plus
        What is added before the logarithm is taken; ``None`` where the predictor enters as it is.
    centre
        Subtracted from the (transformed) predictor.
    beta
        Coefficient, natural log scale of the odds.
    odds_ratio, or_ci_low, or_ci_high
        As printed; ``None`` where not printed.
    units
        As printed.
    """

    name: str
    predictor: str
    plus: float | None
    centre: float
    beta: float
    odds_ratio: float | None
    or_ci_low: float | None
    or_ci_high: float | None
    units: str

    @property
    def se(self) -> float | None:
        """Standard error of ``beta`` from the width of the printed interval; ``None`` without one."""
        if not self.or_ci_low or not self.or_ci_high:
            return None
        return math.log(self.or_ci_high / self.or_ci_low) / (2 * _Z_95)

    def transformed(self, value: float) -> float:
        """Return a value of the predictor as it is multiplied by ``beta``."""
        return (value if self.plus is None else math.log(value + self.plus)) - self.centre


@dataclass(frozen=True, slots=True)
class TestVector:
    """Values of the predictors, and what the curators computed from the terms."""

    __test__ = False  # no test, whatever its name

    values: Mapping[str, float]
    linear_predictor: float
    probability: float


@dataclass(frozen=True, slots=True)
class PrognosticModel:
    """A published prognostic model.

    Attributes
    ----------
    id, name, outcome, population, status
        As curated.
    horizon_months
        Of the outcome; ``None`` where not stated.
    intercept, intercept_offset
        Both are added; ``None`` where no intercept was seen.
    terms
        In the order of the file; empty where no coefficient was seen.
    optimism_corrected_slope, transported_slope
        Calibration slopes: corrected for optimism, and in other people after an update of the intercept.
    cautions
        What a user must know.
    test_vectors
        They guard an implementation and are no published values.
    source_ids, source
        Every source, and the one where the coefficients stand.
    """

    id: str
    name: str
    outcome: str
    population: str
    status: str
    horizon_months: float | None
    intercept: float | None
    intercept_offset: float
    terms: tuple[PrognosticTerm, ...]
    optimism_corrected_slope: float | None
    transported_slope: float | None
    cautions: tuple[str, ...]
    test_vectors: tuple[TestVector, ...]
    source_ids: tuple[str, ...]
    source: SourceRef
    row: RawRow

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing for drawing from it; empty where nothing is."""
        lacking = []
        if self.status.startswith(("do not use", "unverified")):
            lacking.append(f"its status is '{self.status}'")
        if self.intercept is None or not self.terms:
            lacking.append("no coefficients were seen")
        lacking += [f"no interval was seen for {term.name}" for term in self.terms if term.se is None]
        return tuple(lacking)

    def linear_predictor(self, values: Mapping[str, float]) -> float:
        """Return the log odds for values of the predictors, each by name; a predictor that is not named is 0."""
        return (
            (self.intercept or 0.0)
            + self.intercept_offset
            + sum(term.beta * term.transformed(values.get(term.predictor, 0.0)) for term in self.terms)
        )


class TransitionStatus(StrEnum):
    """How a probability of a transition was seen."""

    REPORTED = "reported"
    DERIVED_REMAINDER = "derived-remainder"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Transition:
    """Probability of being in a state one cycle later.

    ``to_states`` holds several states where the source lumps them together.
    """

    id: str
    model_id: str
    cycle_years: float
    population: str
    from_state: str
    to_states: tuple[str, ...]
    probability: float
    ci_low: float | None
    ci_high: float | None
    status: TransitionStatus
    note: str
    source: SourceRef
    row: RawRow

    @property
    def may_be_used(self) -> bool:
        """Whether the number was seen, or follows from numbers that were."""
        return self.status is not TransitionStatus.UNVERIFIED


@dataclass(frozen=True, slots=True)
class NaturalHistoryRate:
    """One published quantity about the course of the disease; ``value`` is ``None`` for a finding without a number."""

    id: str
    topic: str
    population: str
    quantity: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    unit: str
    note: str
    source: SourceRef
    row: RawRow

    @property
    def may_be_used(self) -> bool:
        """Whether somebody has seen the number."""
        return self.value is not None and not self.note.startswith("unverified")


def read_model(file: str, raw: Mapping[str, Any]) -> PrognosticModel:
    """Read a ``[[model]]`` entry.

    Raises
    ------
    EvidenceError
        If a value is not what its key promises.
    """
    row_id = raw["id"]
    source_ids = texts_of(file, row_id, raw, "source_ids") or (text_of(file, row_id, raw, "source_id", required=True),)
    calibration = raw.get("calibration", {})
    if not isinstance(calibration, Mapping):
        raise _fault(file, row_id, "calibration", "this is no table of values", calibration, "{ slope = 1.0 }")
    transported = _TRANSPORTED.search(text_of(file, row_id, raw, "external_validation"))
    return PrognosticModel(
        id=row_id,
        name=text_of(file, row_id, raw, "name"),
        outcome=text_of(file, row_id, raw, "outcome"),
        population=text_of(file, row_id, raw, "population"),
        status=text_of(file, row_id, raw, "status"),
        horizon_months=number_of(file, row_id, raw, "horizon_months"),
        intercept=number_of(file, row_id, raw, "intercept"),
        intercept_offset=number_of(file, row_id, raw, "intercept_offset") or 0.0,
        terms=tuple(_term(file, row_id, term) for term in entries(file, raw, "term")),
        optimism_corrected_slope=number_of(file, row_id, calibration, "optimism_corrected_slope"),
        transported_slope=float(transported["slope"]) if transported else None,
        cautions=texts_of(file, row_id, raw, "cautions"),
        test_vectors=tuple(_vector(file, row_id, vector) for vector in entries(file, raw, "test_vector")),
        source_ids=source_ids,
        source=SourceRef(source_ids[0], text_of(file, row_id, raw, "coefficients_locator") or "model"),
        row=RawRow(file, row_id, 0, _cells(raw)),
    )


def _term(file: str, model_id: str, raw: Mapping[str, Any]) -> PrognosticTerm:
    name = text_of(file, model_id, raw, "name", required=True)
    row_id = f"{model_id}, term {name}"
    beta = number_of(file, row_id, raw, "beta")
    if beta is None:
        raise _fault(file, row_id, "beta", "a required key is missing", "(empty)", "a number")
    units = text_of(file, row_id, raw, "units")
    logarithm, centre = _LOGARITHM.fullmatch(name), _CENTRE.search(units)
    return PrognosticTerm(
        name=name,
        predictor=logarithm["name"] if logarithm else name,
        plus=float(logarithm["plus"]) if logarithm else None,
        centre=float(centre["centre"]) if centre else 0.0,
        beta=beta,
        odds_ratio=number_of(file, row_id, raw, "odds_ratio"),
        or_ci_low=number_of(file, row_id, raw, "or_ci_low"),
        or_ci_high=number_of(file, row_id, raw, "or_ci_high"),
        units=units,
    )


def _vector(file: str, model_id: str, raw: Mapping[str, Any]) -> TestVector:
    row_id = f"{model_id}, test vector"
    numbers: dict[str, float] = {}
    for key in raw:
        number = number_of(file, row_id, raw, key)
        numbers[_VECTOR_NAMES.get(key, key)] = math.nan if number is None else number
    for key in ("linear_predictor", "probability"):
        if key not in numbers:
            raise _fault(file, row_id, key, "a required key is missing", "(empty)", "a number")
    return TestVector(numbers, numbers.pop("linear_predictor"), numbers.pop("probability"))


def read_transition(cells: Cells, remarks: tuple[str, ...]) -> Transition:
    """Read a row of a transition matrix; ``cells.row_id`` is set by the caller."""
    return Transition(
        id=cells.row_id,
        model_id=cells.required("model_id"),
        cycle_years=required_number(cells, "cycle_years"),
        population=cells.text("population"),
        from_state=cells.required("from_state"),
        to_states=tuple(re.split(r", | or ", cells.required("to_state"))),
        probability=required_number(cells, "probability"),
        ci_low=cells.number("ci_low"),
        ci_high=cells.number("ci_high"),
        status=cells.one_of("status", TransitionStatus),
        note=cells.text("note"),
        source=SourceRef(cells.required("source_id"), cells.required("locator")),
        row=cells.raw(remarks),
    )


def read_rate(cells: Cells, remarks: tuple[str, ...]) -> NaturalHistoryRate:
    """Read a row of published rates and modifiers."""
    return NaturalHistoryRate(
        id=cells.row_id,
        topic=cells.required("topic"),
        population=cells.text("population"),
        quantity=cells.required("quantity"),
        value=cells.number("value"),
        ci_low=cells.number("ci_low"),
        ci_high=cells.number("ci_high"),
        unit=cells.text("unit"),
        note=cells.text("note"),
        source=SourceRef(cells.required("source_id"), cells.required("locator")),
        row=cells.raw(remarks),
    )


def required_number(cells: Cells, column: str) -> float:
    """Return a number that may not be missing."""
    value = cells.number(column)
    if value is None:
        raise cells.fault("a required cell is empty", column, allowed="a number")
    return value


def _cells(raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The values of a model as text, those of its terms and calibration under the name of both."""
    cells: list[tuple[str, str]] = []
    for key, value in raw.items():
        if key == "test_vector":
            continue
        if key == "term" and isinstance(value, list):
            for term in value:
                cells += [(f"{term.get('name', '')}.{k}", str(v)) for k, v in term.items() if k != "name"]
        elif isinstance(value, Mapping):
            cells += [(f"{key}.{inner}", str(v)) for inner, v in value.items()]
        else:
            cells.append((key, "; ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return tuple((name, text) for name, text in cells if text)


def _fault(file: str, row: str, column: str, problem: str, found: object, allowed: str) -> EvidenceError:
    return EvidenceError(
        problem, file=file, row=row, column=column, found=str(found)[:60], allowed=allowed, mend=RESTORE
    )
