"""From the bytes of the files to typed tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from equipoise.evidence.claims import Claim, read_claim
from equipoise.evidence.corrections import Corrections, read_corrections
from equipoise.evidence.labels import Label, read_label
from equipoise.evidence.records import Arm, ArmKind, ArmResult, Contrast, ResultKind, Source, Trial, TrialKind
from equipoise.evidence.tables import Cells, Problems, csv_rows, toml_document
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


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


SOURCE_COLUMNS = _columns("source_id kind title first_author organisation year revision journal doi pmid pmcid nct url")
TRIAL_COLUMNS = _columns(
    "trial_id kind members name nct phase design blinding duration_months population diagnosis "
    "n_randomised key_inclusion risk_of_bias_note source_id"
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
    """File, row and source id of every citation in a table that is not typed yet."""


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
        name: problems.keep(lambda n=name: toml_document(n, contents[n])) for name in contents if name.endswith(".toml")
    }  # type: ignore[misc]
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
    )
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
) -> Mapping[str, R]:
    rows: dict[str, R] = {}
    try:
        for cells in csv_rows(file, content, key, columns):
            try:
                corrected, remarks = corrections.apply(cells)
                rows[cells.row_id] = read(corrected, remarks)
            except EvidenceError as error:
                problems.add(error)
    except EvidenceError as error:
        problems.add(error)
    return MappingProxyType(rows)


def _toml_table(
    file: str, document: Mapping[str, Any], name: str, read: Callable[[str, Mapping[str, Any]], R], problems: Problems
) -> Mapping[str, R]:
    rows: dict[str, R] = {}
    for number, raw in enumerate(document.get(name, ()), start=1):
        row_id = str(raw.get("id", ""))
        if not row_id or row_id in rows:
            problem = "this id stands twice" if row_id else "a required key is missing"
            problems.add(
                EvidenceError(
                    problem,
                    file=file,
                    row=row_id or f"[[{name}]] number {number}",
                    column="id",
                    allowed="each id once",
                    mend="give it its own id",
                )
            )
            continue
        try:
            rows[row_id] = read(file, raw)
        except EvidenceError as error:
            problems.add(error)
        except (KeyError, ValueError, TypeError) as error:
            problems.add(
                EvidenceError(
                    f"the entry cannot be read: {error!r}",
                    file=file,
                    row=row_id,
                    mend="restore the entry from the release",
                )
            )
    if not rows:
        problems.add(
            EvidenceError(
                "the table is empty", file=file, allowed=f"[[{name}]] entries", mend="restore the file from the release"
            )
        )
    return MappingProxyType(rows)


def _release(document: Mapping[str, Any], problems: Problems) -> Mapping[str, str]:
    keys = ("date", "review_by", "update_policy", "funding")
    for key in keys:
        value = document.get(key)
        is_date = key in ("date", "review_by")
        if not isinstance(value, str) or not value or (is_date and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
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


def _labels(parsed: Mapping[str, Mapping[str, Any]], problems: Problems) -> dict[str, Label]:
    labels: dict[str, Label] = {}
    for file, document in parsed.items():
        if file.startswith("labels/"):
            label = problems.keep(lambda f=file, d=document: read_label(f, d))  # type: ignore[misc]
            if label is not None:
                labels[label.drug_id] = label
    return labels


def _citations(
    contents: Mapping[str, bytes], parsed: Mapping[str, Mapping[str, Any]], problems: Problems
) -> tuple[tuple[str, str, str], ...]:
    found: list[tuple[str, str, str]] = []
    for file in (
        "preferences.csv",
        *(name for name in FILES if name.startswith("natural-history/") and name.endswith(".csv")),
    ):
        found += _csv_citations(file, contents[file], problems)
    for name, entries in parsed["guidance.toml"].items():
        if isinstance(entries, list):
            found += [
                ("guidance.toml", f"[[{name}]] {entry.get('id', '')}", entry["source_id"])
                for entry in entries
                if entry.get("source_id")
            ]
    return tuple(found)


def _csv_citations(file: str, content: bytes, problems: Problems) -> list[tuple[str, str, str]]:
    lines = content.decode("utf-8", "replace").splitlines()
    numbered = "\n".join(f"{'row' if number == 0 else number + 1},{line}" for number, line in enumerate(lines))
    found: list[tuple[str, str, str]] = []
    try:
        for cells in csv_rows(file, numbered.encode(), "row", ("source_id", "locator")):
            found.append((file, f"line {cells.row_id}", cells.text("source_id")))
    except EvidenceError as error:
        problems.add(error)
    return found


def _outcome(file: str, raw: Mapping[str, Any]) -> Outcome:
    for key in ("name", "definition", "direction", "group"):
        if not raw.get(key):
            raise EvidenceError(
                "every outcome needs this key", file=file, row=raw["id"], column=key, allowed="a value", mend="add it"
            )
    for key, terms in (("direction", Direction), ("group", OutcomeGroup)):
        if raw[key] not in list(terms):
            raise EvidenceError(
                "this term is not known",
                file=file,
                row=raw["id"],
                column=key,
                found=raw[key],
                allowed=", ".join(terms),
                mend="use one of them",
            )
    return Outcome(
        id=raw["id"],
        name=raw["name"],
        group=OutcomeGroup(raw["group"]),
        direction=Direction(raw["direction"]),
        definition=raw["definition"],
        event=raw.get("event", ""),
        complement=raw.get("complement", ""),
    )


def _treatment(file: str, raw: Mapping[str, Any]) -> Treatment:
    return Treatment(
        id=raw["id"],
        name=raw["name"],
        detail=raw.get("detail", ""),
        option=raw.get("option", ""),
        drug_id=raw.get("drug_id", ""),
        aliases=tuple(raw.get("aliases", ())),
        members=tuple(raw.get("members", ())),
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
