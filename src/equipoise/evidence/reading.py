"""From the bytes of the files to typed tables."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from equipoise.evidence.claims import Claim, read_claim
from equipoise.evidence.corrections import Corrections, read_corrections
from equipoise.evidence.labels import Label, read_label
from equipoise.evidence.natural_history import (
    MODELS_FILE,
    RATES_FILE,
    TRANSITIONS_FILE,
    NaturalHistoryRate,
    PrognosticModel,
    Transition,
    read_model,
    read_rate,
    read_transition,
)
from equipoise.evidence.records import (
    Arm,
    ArmKind,
    ArmResult,
    Contrast,
    Inclusion,
    ResultKind,
    Source,
    Trial,
    TrialKind,
)
from equipoise.evidence.tables import Cells, Problems, csv_rows, entries, term_of, text_of, texts_of, toml_document
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import SourceRef
from equipoise.vocabulary.terms import Direction, Outcome, OutcomeGroup, Treatment

FILES = (
    "release.toml",
    "corrections.toml",
    "sources.csv",
    "treatments.toml",
    "outcomes.toml",
    "trials.csv",
    "arms.csv",
    "arm-results.csv",
    "contrasts.csv",
    "claims.toml",
    "guidance.toml",
    "preferences.csv",
    "natural-history/edss-mortality.csv",
    "natural-history/edss-transition-coarse.csv",
    "natural-history/edss-utilities.csv",
    "natural-history/rates-and-modifiers.csv",
    "natural-history/prognostic-models.toml",
)

# Tables that are kept and checked for their citations here; of these the models are typed as well.
_CITING = (
    "preferences.csv",
    "guidance.toml",
    "natural-history/edss-mortality.csv",
    "natural-history/edss-utilities.csv",
    MODELS_FILE,
)


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


SOURCE_COLUMNS = _columns("source_id kind title first_author organisation year revision journal doi pmid pmcid nct url")
TRIAL_COLUMNS = _columns(
    "trial_id kind members name nct phase design blinding duration_months population diagnosis "
    "n_randomised key_inclusion risk_of_bias_note source_id "
    "age_min age_max edss_min edss_max onset_within_years relapses_12m_min relapses_24m_min"
)
ARM_COLUMNS = _columns(
    "trial_id arm_id kind members treatment_id dose route schedule n_randomised n_analysed age_mean "
    "female_pct edss_mean disease_duration_years_mean relapses_prior_year_mean gd_lesion_pct source_id "
    "locator"
)
RESULT_COLUMNS = _columns(
    "id trial_id arm_id outcome_id timepoint_months kind events n person_years value se ci_low ci_high "
    "unit definition trust source_id locator conflict note"
)
TRANSITION_COLUMNS = _columns(
    "model_id source_id cycle_years population from_state to_state probability ci_low ci_high status locator note"
)
RATE_COLUMNS = _columns("source_id topic population quantity value ci_low ci_high unit locator note")
CONTRAST_COLUMNS = _columns(
    "id trial_id arm_id reference_arm_id outcome_id timepoint_months measure estimate ci_low ci_high "
    "p_value trust source_id locator conflict note"
)

R = TypeVar("R")


@dataclass(frozen=True)
class Tables:
    """Every table, each by id in the order of its file."""

    release: Mapping[str, str]
    corrections: Corrections
    treatments: Mapping[str, Treatment]
    outcomes: Mapping[str, Outcome]
    sources: Mapping[str, Source]
    trials: Mapping[str, Trial]
    arms: Mapping[str, Arm]
    arm_results: Mapping[str, ArmResult]
    contrasts: Mapping[str, Contrast]
    labels: Mapping[str, Label]
    claims: Mapping[str, Claim]
    cited_elsewhere: tuple[tuple[str, str, str], ...]
    """File, row and source id of every citation in a table outside the trials and labels."""
    prognostic_models: Mapping[str, PrognosticModel]
    transitions: Mapping[str, Transition]
    natural_history_rates: Mapping[str, NaturalHistoryRate]


def read_tables(contents: Mapping[str, bytes], problems: Problems) -> Tables | None:
    """Return every table, or ``None`` when a file cannot be read as what it is.

    Parameters
    ----------
    contents
        Bytes by file name.
    problems
        Collects every fault; a faulty row is left out and the rest goes on.
    """
    documents = {
        name: problems.keep(functools.partial(toml_document, name, contents[name]))
        for name in contents
        if name.endswith(".toml")
    }
    if any(document is None for document in documents.values()):
        return None
    parsed = {name: document for name, document in documents.items() if document is not None}
    corrections = problems.keep(lambda: read_corrections("corrections.toml", parsed["corrections.toml"]))
    if corrections is None:
        return None

    def table(
        file: str, key: str, columns: tuple[str, ...], read: Callable[[Cells, tuple[str, ...]], R]
    ) -> Mapping[str, R]:
        return _csv_table(file, contents[file], key, columns, read, corrections, problems)

    def named(
        file: str, columns: tuple[str, ...], names: tuple[str, ...], read: Callable[[Cells, tuple[str, ...]], R]
    ) -> Mapping[str, R]:
        return _csv_table(file, contents[file], "", columns, read, corrections, problems, names=names)

    tables = Tables(
        release=_release(parsed["release.toml"], problems),
        corrections=corrections,
        treatments=_toml_table("treatments.toml", parsed["treatments.toml"], "treatment", _treatment, problems),
        outcomes=_toml_table("outcomes.toml", parsed["outcomes.toml"], "outcome", _outcome, problems),
        sources=table("sources.csv", "source_id", SOURCE_COLUMNS, _source),
        trials=table("trials.csv", "trial_id", TRIAL_COLUMNS, _trial),
        arms=table("arms.csv", "arm_id", ARM_COLUMNS, _arm),
        arm_results=table("arm-results.csv", "id", RESULT_COLUMNS, _arm_result),
        contrasts=table("contrasts.csv", "id", CONTRAST_COLUMNS, _contrast),
        labels=_labels(parsed, problems),
        claims=_toml_table("claims.toml", parsed["claims.toml"], "claim", read_claim, problems),
        cited_elsewhere=_citations(contents, parsed, problems),
        prognostic_models=_toml_table(
            MODELS_FILE, parsed[MODELS_FILE], "model", read_model, problems, may_be_empty=True
        ),
        transitions=named(
            TRANSITIONS_FILE, TRANSITION_COLUMNS, ("model_id", "from_state", "to_state"), read_transition
        ),
        natural_history_rates=named(RATES_FILE, RATE_COLUMNS, ("source_id", "quantity", "population"), read_rate),
    )
    if problems.has_unread_rows:
        return None
    corrections.report_unused(problems)
    return tables


def _csv_table(
    file: str,
    content: bytes,
    key: str,
    columns: tuple[str, ...],
    read: Callable[[Cells, tuple[str, ...]], R],
    corrections: Corrections,
    problems: Problems,
    *,
    names: tuple[str, ...] = (),
) -> Mapping[str, R]:
    """Read a table. Where rows have no id of their own, ``names`` are the columns that name a row together."""
    rows: dict[str, R] = {}
    try:
        for found in csv_rows(file, content, key, columns):
            try:
                cells = _named(found, names, rows) if names else found
                corrected, remarks = corrections.apply(cells)
                rows[cells.row_id] = read(corrected, remarks)
            except EvidenceError as error:
                problems.add(error)
    except EvidenceError as error:
        problems.add(error)
        problems.has_unread_rows = True
    return MappingProxyType(rows)


def _named(cells: Cells, names: tuple[str, ...], taken: Mapping[str, object]) -> Cells:
    """The row under an id made of the columns that name it."""
    row_id = ".".join("-".join(cells.required(name).lower().split()) for name in names)
    if row_id in taken:
        raise cells.fault(
            "a row above says this already", names[-1], allowed=f"each combination of {', '.join(names)} once"
        )
    return cells.under(row_id)


def _toml_table(
    file: str,
    document: Mapping[str, Any],
    name: str,
    read: Callable[[str, Mapping[str, Any]], R],
    problems: Problems,
    *,
    may_be_empty: bool = False,
) -> Mapping[str, R]:
    rows: dict[str, R] = {}
    for number, raw in enumerate(problems.keep(lambda: entries(file, document, name)) or (), start=1):
        try:
            row_id = text_of(file, f"[[{name}]] number {number}", raw, "id", required=True)
            if row_id in rows:
                raise EvidenceError(
                    "this id stands twice",
                    file=file,
                    row=row_id,
                    column="id",
                    found=f"again as [[{name}]] number {number}",
                    allowed="each id once",
                    mend="give it its own id",
                )
            rows[row_id] = read(file, raw)
        except EvidenceError as error:
            problems.add(error)
    if not rows and not may_be_empty:
        problems.add(
            EvidenceError(
                "the table is empty",
                file=file,
                found="no entry that can be read",
                allowed=f"[[{name}]] entries",
                mend="restore the file from the release",
            )
        )
    return MappingProxyType(rows)


def _release(document: Mapping[str, Any], problems: Problems) -> Mapping[str, str]:
    keys = ("date", "review_by", "update_policy", "funding")
    for key in keys:
        value = document.get(key)
        is_date = key in ("date", "review_by")
        if not isinstance(value, str) or not value or (is_date and not _is_date(value)):
            problems.add(
                EvidenceError(
                    "the release needs this key",
                    file="release.toml",
                    column=key,
                    found=repr(value),
                    allowed="YYYY-MM-DD" if is_date else "text",
                    mend="add it",
                )
            )
    return {key: str(document.get(key, "")) for key in keys}


def _is_date(value: str) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _labels(parsed: Mapping[str, Mapping[str, Any]], problems: Problems) -> Mapping[str, Label]:
    labels: dict[str, Label] = {}
    for file, document in parsed.items():
        if file.startswith("labels/"):
            label = problems.keep(functools.partial(read_label, file, document))
            if label is None:
                continue
            if label.drug_id in labels:
                problems.add(
                    EvidenceError(
                        "another label file has this drug",
                        file=file,
                        column="drug_id",
                        found=label.drug_id,
                        allowed="one file a drug",
                        mend="give it its own drug_id, or delete the file",
                    )
                )
            labels[label.drug_id] = label
    return MappingProxyType(labels)


def _citations(
    contents: Mapping[str, bytes], parsed: Mapping[str, Mapping[str, Any]], problems: Problems
) -> tuple[tuple[str, str, str], ...]:
    found: list[tuple[str, str, str]] = []
    for file in _CITING:
        if file.endswith(".csv"):
            found += problems.keep(functools.partial(_csv_citations, file, contents[file])) or []
        else:
            found += _toml_citations(file, parsed[file])
    return tuple(found)


def _csv_citations(file: str, content: bytes) -> list[tuple[str, str, str]]:
    rows = csv_rows(file, content, "", ("source_id", "locator"))
    return [(file, f"(line {cells.line})", cells.required("source_id")) for cells in rows]


def _toml_citations(file: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in document.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                if "source_id" in entry:
                    yield file, f"[[{name}]] {entry.get('id', '')}".strip(), str(entry["source_id"])
                yield from _toml_citations(file, {k: v for k, v in entry.items() if isinstance(v, dict | list)})


def _outcome(file: str, raw: Mapping[str, Any]) -> Outcome:
    row = raw["id"]
    return Outcome(
        id=row,
        name=text_of(file, row, raw, "name", required=True),
        group=term_of(file, row, raw, "group", OutcomeGroup),
        direction=term_of(file, row, raw, "direction", Direction),
        definition=text_of(file, row, raw, "definition", required=True),
        event=text_of(file, row, raw, "event"),
        complement=text_of(file, row, raw, "complement"),
    )


def _treatment(file: str, raw: Mapping[str, Any]) -> Treatment:
    row = raw["id"]
    return Treatment(
        id=row,
        name=text_of(file, row, raw, "name", required=True),
        detail=text_of(file, row, raw, "detail"),
        option=text_of(file, row, raw, "option"),
        drug_id=text_of(file, row, raw, "drug_id"),
        aliases=texts_of(file, row, raw, "aliases"),
        members=texts_of(file, row, raw, "members"),
    )


def _source(cells: Cells, remarks: tuple[str, ...]) -> Source:
    cells.required("title")
    text = {column: cells.text(column) for column in SOURCE_COLUMNS if column != "source_id"}
    return Source(id=cells.row_id, row=cells.raw(remarks), **text)


def _trial(cells: Cells, remarks: tuple[str, ...]) -> Trial:
    return Trial(
        id=cells.row_id,
        name=cells.required("name"),
        kind=cells.one_of("kind", TrialKind),
        members=cells.names("members"),
        nct=cells.text("nct"),
        phase=cells.text("phase"),
        design=cells.text("design"),
        blinding=cells.text("blinding"),
        duration_months=cells.number("duration_months"),
        population=cells.text("population"),
        diagnosis=cells.text("diagnosis"),
        n_randomised=cells.whole("n_randomised"),
        key_inclusion=cells.text("key_inclusion"),
        risk_of_bias_note=cells.text("risk_of_bias_note"),
        source_id=cells.required("source_id"),
        row=cells.raw(remarks),
        inclusion=Inclusion(
            age_min=cells.number("age_min"),
            age_max=cells.number("age_max"),
            edss_min=cells.number("edss_min"),
            edss_max=cells.number("edss_max"),
            onset_within_years=cells.number("onset_within_years"),
            relapses_12m_min=cells.whole("relapses_12m_min"),
            relapses_24m_min=cells.whole("relapses_24m_min"),
        ),
    )


def _arm(cells: Cells, remarks: tuple[str, ...]) -> Arm:
    return Arm(
        id=cells.row_id,
        trial_id=cells.required("trial_id"),
        kind=cells.one_of("kind", ArmKind),
        members=cells.names("members"),
        treatment_id=cells.required("treatment_id"),
        dose=cells.text("dose"),
        route=cells.text("route"),
        schedule=cells.text("schedule"),
        n_randomised=cells.whole("n_randomised"),
        n_analysed=cells.whole("n_analysed"),
        age_mean=cells.number("age_mean"),
        female_percent=cells.number("female_pct"),
        edss_mean=cells.number("edss_mean"),
        disease_duration_years_mean=cells.number("disease_duration_years_mean"),
        relapses_prior_year_mean=cells.number("relapses_prior_year_mean"),
        source=_source_ref(cells),
        row=cells.raw(remarks),
    )


def _source_ref(cells: Cells) -> SourceRef:
    return SourceRef(cells.required("source_id"), cells.required("locator"))


def _arm_result(cells: Cells, remarks: tuple[str, ...]) -> ArmResult:
    return ArmResult(
        id=cells.row_id,
        trial_id=cells.required("trial_id"),
        arm_id=cells.required("arm_id"),
        outcome_id=cells.required("outcome_id"),
        timepoint_months=cells.number("timepoint_months"),
        kind=cells.one_of("kind", ResultKind),
        events=cells.whole("events"),
        n=cells.whole("n"),
        person_years=cells.number("person_years"),
        value=cells.number("value"),
        se=cells.number("se"),
        ci_low=cells.number("ci_low"),
        ci_high=cells.number("ci_high"),
        unit=cells.text("unit"),
        definition=cells.text("definition"),
        trust=cells.one_of("trust", Trust),
        conflict=cells.text("conflict"),
        note=cells.text("note"),
        source=_source_ref(cells),
        row=cells.raw(remarks),
    )


def _contrast(cells: Cells, remarks: tuple[str, ...]) -> Contrast:
    return Contrast(
        id=cells.row_id,
        trial_id=cells.required("trial_id"),
        arm_id=cells.required("arm_id"),
        reference_arm_id=cells.required("reference_arm_id"),
        outcome_id=cells.required("outcome_id"),
        timepoint_months=cells.number("timepoint_months"),
        measure=cells.one_of("measure", Measure) if cells.text("measure") else None,
        estimate=cells.number("estimate"),
        ci_low=cells.number("ci_low"),
        ci_high=cells.number("ci_high"),
        p_value=cells.text("p_value"),
        trust=cells.one_of("trust", Trust),
        conflict=cells.text("conflict"),
        note=cells.text("note"),
        source=_source_ref(cells),
        row=cells.raw(remarks),
    )
