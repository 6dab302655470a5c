"""A panel from and to the OMOP Common Data Model: the tables ``person``, ``drug_exposure`` and ``measurement``.

A concept id is written only where one is known for sure; everything else travels as its source value, which OMOP keeps
beside every concept for exactly this, and is read back from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.panel.extras import needs
from equipoise.panel.layout import PEOPLE_A_PART, PanelWriter, cannot_write, open_panel, schema
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.terms import Jurisdiction

# The two standard concepts of the OMOP domain Gender (OHDSI Vocabulary-v5.0 wiki, page "Vocab. GENDER"). No other
# concept id was read at a source, so none is written: 0 is OMOP's own word for "no matching concept".
GENDERS = {"man": 8507, "woman": 8532}
NO_CONCEPT = 0

# What is read; a table may have every other column of the model besides.
TABLES: Mapping[str, Mapping[str, str]] = {
    "person": {"person_id": "integer", "gender_concept_id": "integer", "year_of_birth": "integer"},
    "drug_exposure": {
        "person_id": "integer",
        "drug_exposure_start_date": "date",
        "drug_exposure_end_date": "date",
        "drug_source_value": "text",
    },
    "measurement": {
        "person_id": "integer",
        "measurement_date": "date",
        "value_as_number": "number",
        "unit_source_value": "text",
        "measurement_source_value": "text",
        "range_low": "number",
        "range_high": "number",
    },
}
# A source value may be the id of an analyte here, or the LOINC code that the vocabulary of tests carries for it.
_BY_CODE = {analyte.loinc: analyte.id for analyte in ANALYTES.values() if analyte.loinc}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What was read or written.

    Attributes
    ----------
    rows
        Rows of each table written.
    left_aside
        Rows that could not be mapped, by reason.
    """

    rows: dict[str, int]
    left_aside: dict[str, int]


def read_omop(folder: Path, output: Path, jurisdiction: str, *, drugs: Mapping[str, str] | None = None) -> Mapped:
    """Read OMOP tables as a panel.

    Parameters
    ----------
    folder
        Holds ``person``, ``drug_exposure`` and ``measurement``, each as ``.parquet`` or ``.csv``.
    output
        A new or empty folder for the panel.
    jurisdiction
        Whose label applies: OMOP does not say.
    drugs
        Label files by what ``drug_source_value`` may say, in lower case. By default the ids, names and brands of the
        packaged labels.

    Raises
    ------
    RequestError
        If a table or column is missing or has another type, or a folder cannot be used.
    UnknownTermError
        If the jurisdiction is none.

    Notes
    -----
    One exposure is one course. Exposures of treatment that goes on are joined: it began with the first of them and
    was stopped with the last, if each has an end. Equipoise reads an exposure of a drug given in courses as the whole
    course; one exposure for each day of infusion must be joined before.
    """
    if jurisdiction not in list(Jurisdiction):
        raise UnknownTermError("jurisdiction", jurisdiction, list(Jurisdiction))
    names = _drug_names() if drugs is None else dict(drugs)
    tables = {name: _read(folder, name) for name in TABLES}
    left: Counter[str] = Counter()
    people = _people(tables["person"], jurisdiction)
    courses = _courses(tables["drug_exposure"], names, left)
    results = _results(tables["measurement"], left)
    writer = PanelWriter(output)
    rows: Counter[str] = Counter()
    ids = people["person_id"].to_numpy()
    pc = needs("pyarrow.compute")
    for part, start in enumerate(range(0, max(len(ids), 1), PEOPLE_A_PART)):
        of_part = needs("pyarrow").array(ids[start : start + PEOPLE_A_PART])
        cut = {
            name: table.filter(pc.is_in(table["person_id"], of_part))
            for name, table in (("people", people), ("courses", courses), ("results", results))
        }
        rows.update(writer.write(part, cut))
    for name, table in (("drug_exposure", courses), ("measurement", results)):
        strangers = table.num_rows - rows["courses" if name == "drug_exposure" else "results"]
        if strangers:
            left[f"{name}: of nobody in person"] += strangers
    writer.finish({"synthetic": False, "note": "Read from OMOP tables.", "people": len(ids), "rows": dict(rows)})
    return Mapped(dict(rows), dict(left))


def write_omop(folder: Path, output: Path) -> Mapped:
    """Write a panel as OMOP tables in Parquet.

    Parameters
    ----------
    folder
        A panel.
    output
        A folder; its files ``person.parquet``, ``drug_exposure.parquet`` and ``measurement.parquet`` are written.

    Raises
    ------
    RequestError
        If the folder is no panel or the output cannot be written.

    Notes
    -----
    What was recorded as done by the id of a task has no place in these three tables and is counted as left aside.
    """
    pq = needs("pyarrow.parquet")
    panel = open_panel(folder)
    try:
        output.mkdir(parents=True, exist_ok=True)
        if any(output.iterdir()):
            raise RequestError(f"'{output}' is not empty; nothing in it was touched.\n  Try: a new folder after -o.")
        rows: Counter[str] = Counter()
        for name, source in (("person", "people"), ("drug_exposure", "courses"), ("measurement", "results")):
            writer = None
            for file in panel.files(source):
                table = _omop(name, pq.read_table(file, columns=schema(source).names).cast(schema(source)), rows[name])
                writer = writer or pq.ParquetWriter(output / f"{name}.parquet", table.schema)
                writer.write_table(table)
                rows[name] += table.num_rows
            if writer is not None:
                writer.close()
    except OSError as error:
        raise cannot_write(output, error) from None
    records = sum(pq.read_metadata(file).num_rows for file in panel.files("records")) if panel.has("records") else 0
    return Mapped(dict(rows), {"records: no place in these tables": records} if records else {})


def _drug_names() -> dict[str, str]:
    from equipoise.evidence import load_evidence

    labels = load_evidence().labels.values()
    names = {brand.lower(): label.drug_id for label in labels for brand in label.brands}
    # Two labels share the name interferon beta-1a: only a name that is of one label stands for it.
    inns = Counter(label.inn.lower() for label in labels)
    names |= {label.inn.lower(): label.drug_id for label in labels if inns[label.inn.lower()] == 1}
    return names | {label.drug_id: label.drug_id for label in labels}


def _read(folder: Path, name: str) -> Any:
    pa, pq, csv = needs("pyarrow"), needs("pyarrow.parquet"), needs("pyarrow.csv")
    found = [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.exists()]
    if not found:
        raise RequestError(
            f"'{folder}' has no table '{name}'.\n  allowed: {name}.parquet or {name}.csv\n"
            f"  Try: export the OMOP tables {', '.join(TABLES)} into one folder."
        )
    try:
        table = pq.read_table(found[0]) if found[0].suffix == ".parquet" else csv.read_csv(found[0])
    except (OSError, pa.ArrowException):
        raise RequestError(f"'{found[0]}' cannot be read as {found[0].suffix[1:]}.\n  Try: export it again.") from None
    # OMOP is written in both cases; SQL does not tell them apart.
    table = table.rename_columns([column.lower() for column in table.column_names])
    missing = [column for column in TABLES[name] if column not in table.column_names]
    if missing:
        raise RequestError(
            f"'{found[0]}': columns are missing: {', '.join(missing)}.\n"
            f"  found:   {', '.join(table.column_names)}\n  allowed: the columns of the OMOP CDM, 5.4"
        )
    kinds = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "text": pa.string()}
    columns = []
    for column, kind in TABLES[name].items():
        try:
            columns.append(table[column].cast(kinds[kind]))
        except pa.ArrowException:
            raise RequestError(
                f"'{found[0]}', column {column}: not every value is one of the {kind}s that belong there.\n"
                f"  found:   {table[column].type}\n  Try: export it again; nothing was changed."
            ) from None
    return pa.table(dict(zip(TABLES[name], columns, strict=True)))


def _people(person: Any, jurisdiction: str) -> Any:
    pa, pc = needs("pyarrow"), needs("pyarrow.compute")
    by_concept = {concept: sex for sex, concept in GENDERS.items()}
    sexes = pa.array([by_concept.get(concept) for concept in person["gender_concept_id"].to_pylist()], pa.string())
    made = pa.table(
        {
            "person_id": person["person_id"],
            "birth_year": person["year_of_birth"],
            "sex": sexes,
            "jurisdiction": pa.array([jurisdiction] * person.num_rows, pa.string()),
        }
    ).sort_by("person_id")
    return made.filter(pc.is_valid(made["person_id"])).cast(schema("people"))


def _courses(exposure: Any, names: Mapping[str, str], left: Counter[str]) -> Any:
    pa = needs("pyarrow")
    spans: dict[tuple[int, str], list[tuple[Any, Any]]] = {}
    for row in exposure.to_pylist():
        drug = names.get((row["drug_source_value"] or "").strip().lower())
        if drug is None:
            left["drug_exposure: drug_source_value names no drug with a label here"] += 1
        elif row["person_id"] is None or row["drug_exposure_start_date"] is None:
            left["drug_exposure: without a person or a first day"] += 1
        else:
            span = (row["drug_exposure_start_date"], row["drug_exposure_end_date"])
            spans.setdefault((row["person_id"], drug), []).append(span)
    in_courses = _given_in_courses()
    rows = []
    for (person, drug), found in sorted(spans.items()):
        ordered = sorted(found, key=lambda span: span[0])
        if drug not in in_courses:
            ends = [end for _, end in ordered]
            ordered = [(ordered[0][0], None if None in ends else max(ends))]
        rows += [
            {"person_id": person, "drug_id": drug, "course": number, "first_dose": first, "last_dose": last}
            for number, (first, last) in enumerate(ordered, 1)
        ]
    return pa.Table.from_pylist(rows, schema=schema("courses"))


def _given_in_courses() -> frozenset[str]:
    from equipoise.evidence import load_evidence
    from equipoise.safety.plan_courses import is_given_in_courses

    return frozenset(label.drug_id for label in load_evidence().labels.values() if is_given_in_courses(label))


def _results(measurement: Any, left: Counter[str]) -> Any:
    pa, pc = needs("pyarrow"), needs("pyarrow.compute")
    analytes = _analytes(measurement)
    made = pa.table(
        {
            "person_id": measurement["person_id"],
            "analyte": analytes,
            "taken_on": measurement["measurement_date"],
            "value": measurement["value_as_number"],
            "unit": measurement["unit_source_value"],
            "reference_low": measurement["range_low"],
            "reference_high": measurement["range_high"],
        }
    )
    for column, why in (
        ("analyte", "nothing that a rule is about"),
        ("person_id", "without a person"),
        ("taken_on", "without a day"),
        ("value", "without a number"),
        ("unit", "without a unit"),
    ):
        is_there = pc.is_valid(made[column])
        without = made.num_rows - pc.sum(is_there).as_py() if made.num_rows else 0
        if without:
            left[f"measurement: {why}"] += without
        made = made.filter(is_there)
    return made.cast(schema("results"))


def _analytes(measurement: Any) -> Any:
    pa = needs("pyarrow")
    known = {name: name for name in ANALYTES} | _BY_CODE
    named = measurement["measurement_source_value"].to_pylist()
    return pa.array([known.get((name or "").strip()) for name in named], pa.string())


def _omop(name: str, table: Any, before: int) -> Any:
    pa = needs("pyarrow")
    number = table.num_rows
    nothing = pa.array([NO_CONCEPT] * number, pa.int64())
    ids = pa.array(range(before + 1, before + number + 1), pa.int64())
    if name == "person":
        genders = pa.array([GENDERS.get(sex, NO_CONCEPT) for sex in table["sex"].to_pylist()], pa.int64())
        return pa.table(
            {
                "person_id": table["person_id"],
                "gender_concept_id": genders,
                "year_of_birth": table["birth_year"],
                "race_concept_id": nothing,
                "ethnicity_concept_id": nothing,
                "gender_source_value": table["sex"],
            }
        )
    if name == "drug_exposure":
        return pa.table(
            {
                "drug_exposure_id": ids,
                "person_id": table["person_id"],
                "drug_concept_id": nothing,
                "drug_exposure_start_date": table["first_dose"],
                "drug_exposure_end_date": table["last_dose"],
                "drug_type_concept_id": nothing,
                "drug_source_value": table["drug_id"],
            }
        )
    return pa.table(
        {
            "measurement_id": ids,
            "person_id": table["person_id"],
            "measurement_concept_id": nothing,
            "measurement_date": table["taken_on"],
            "measurement_type_concept_id": nothing,
            "value_as_number": table["value"],
            "range_low": table["reference_low"],
            "range_high": table["reference_high"],
            "measurement_source_value": table["analyte"],
            "unit_source_value": table["unit"],
        }
    )
