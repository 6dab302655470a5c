"""The storage, the simulator, OMOP tables and the refusals of ``equipoise panel``."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import sys
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from equipoise.evidence import load_evidence
from equipoise.panel import engines
from equipoise.panel.evaluate import evaluate_panel
from equipoise.panel.layout import SYNTHETIC, TABLES, open_panel
from equipoise.panel.limits import limits_of
from equipoise.panel.people import months_later
from equipoise.panel.recall import judge
from equipoise.panel.simulate import LAST_DAY, simulate_panel
from equipoise.safety.calendar_dates import shifted
from equipoise.safety.results import Result
from equipoise.vocabulary.errors import EquipoiseError, RequestError
from tests.support.command import equipoise
from tests.support.panel_people import Someone, by_the_panel, by_the_scalar_rules, write_panel

EVIDENCE = load_evidence()
DAY = datetime.date(2026, 6, 30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic panel of 3,000 people."""
    folder = tmp_path_factory.mktemp("panels") / "panel"
    simulate_panel(folder, 3_000, 5, EVIDENCE)
    return folder


@pytest.fixture(scope="module")
def found(made: Path) -> Path:
    """Its findings."""
    output = made.parent / "findings.parquet"
    evaluate_panel(made, LAST_DAY, output, EVIDENCE)
    return output


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def one(**changes: object) -> Someone:
    person = Someone("alemtuzumab", "EU", "woman", [(datetime.date(2024, 2, 29), None)])
    for name, value in changes.items():
        setattr(person, name, value)
    return person


def platelets(day: datetime.date, value: float, unit: str = "10*9/L") -> Result:
    return Result("platelet-count", value, unit, day, 150, 400)


# ------------------------------------------------------------------------------------------------ simulator


def test_same_seed_same_bytes_whatever_the_number_of_workers(made: Path, tmp_path: Path) -> None:
    with mock.patch("equipoise.panel.simulate.PEOPLE_A_PART", 400):
        simulate_panel(tmp_path / "alone", 1_000, 5, EVIDENCE)
        simulate_panel(tmp_path / "together", 1_000, 5, EVIDENCE, workers=2)
        simulate_panel(tmp_path / "other", 1_000, 6, EVIDENCE)
    alone = digest(tmp_path / "alone")
    assert len(alone) == 3 * len(TABLES) + 1
    assert alone == digest(tmp_path / "together")
    other = digest(tmp_path / "other")
    assert all(alone[name] != other[name] for name in alone)


def test_a_synthetic_panel_says_so_everywhere(made: Path) -> None:
    about = json.loads((made / "panel.json").read_text(encoding="utf-8"))
    assert about["synthetic"] is True
    assert about["note"] == SYNTHETIC
    assert about["seed"] == 5
    assert about["evidence_rows"]
    for table in TABLES:
        metadata = pq.read_schema(made / table / "part-00000.parquet").metadata
        assert SYNTHETIC in metadata[b"equipoise"].decode()


def test_every_shape_is_the_layout(made: Path) -> None:
    panel = open_panel(made)
    for table, columns in TABLES.items():
        got = pq.read_table(panel.files(table))
        assert got.column_names == [column.name for column in columns]
        for column in columns:
            assert column.may_be_empty or got[column.name].null_count == 0, (table, column.name)


def test_people_are_those_that_the_evidence_and_the_assumptions_describe(made: Path) -> None:
    people = pq.read_table(made / "people" / "part-00000.parquet").to_pandas()
    arms = [arm for arm in EVIDENCE.arms.values() if arm.kind == "randomised" and arm.female_percent]
    shares = [arm.female_percent or 0 for arm in arms]
    women = 100 * (people.sex == "woman").mean()
    assert min(shares) < women < max(shares)
    results = pq.read_table(made / "results" / "part-00000.parquet")
    assert 40 < results.num_rows / len(people) < 75
    assert max(results["taken_on"].to_pylist()) <= LAST_DAY


def test_nobody_is_in_two_parts_and_every_result_is_of_somebody(tmp_path: Path) -> None:
    with mock.patch("equipoise.panel.simulate.PEOPLE_A_PART", 300):
        simulate_panel(tmp_path / "p", 700, 1, EVIDENCE)
    seen: set[int] = set()
    for part in open_panel(tmp_path / "p").parts:
        here = set(pq.read_table(tmp_path / "p" / "people" / part)["person_id"].to_pylist())
        assert not here & seen
        assert set(pq.read_table(tmp_path / "p" / "results" / part)["person_id"].to_pylist()) <= here
        seen |= here
    assert seen == set(range(700))


def test_months_are_moved_as_labels_are_read() -> None:
    import numpy as np

    epoch = datetime.date(1970, 1, 1)
    for day in (datetime.date(2024, 1, 31), datetime.date(2024, 2, 29), datetime.date(2023, 12, 30)):
        for months in (0, 1, 12, 13, 48):
            moved = int(months_later(np.array([(day - epoch).days]), months)[0])
            assert epoch + datetime.timedelta(days=moved) == shifted(day, months)


# ------------------------------------------------------------------------------------------------ planted events


def test_everything_planted_is_found_again(made: Path, found: Path) -> None:
    judged = judge(made, found, LAST_DAY)
    assert judged is not None
    assert all(judged.planted[event] > 0 for event in ("thrombocytopenia", "creatinine-rise", "tsh-drift"))
    assert judged.planted["missed-months"] > 0
    assert judged.found == judged.planted
    for analyte, people in judged.without_event.items():
        assert 0 <= judged.alarmed[analyte] < 0.05 * people


def test_recall_is_not_claimed_for_findings_that_are_not_there(made: Path, found: Path, tmp_path: Path) -> None:
    table = pq.read_table(found)
    pq.write_table(table.slice(0, 0), tmp_path / "none.parquet")
    judged = judge(made, tmp_path / "none.parquet", LAST_DAY)
    assert judged is not None
    assert set(judged.found.values()) == {0}


# ------------------------------------------------------------------------------------------------ evaluation


def test_one_person_by_hand(tmp_path: Path) -> None:
    # First dose on 29 February 2024: monthly counts fall on the 29th, and on the 28th of February 2025.
    done = [datetime.date(2024, 3, 29), datetime.date(2024, 5, 29)]
    person = one(results=[platelets(day, 200) for day in done] + [platelets(datetime.date(2024, 6, 29), 90)])
    folder = write_panel(tmp_path / "p", [person])
    evaluate_panel(folder, datetime.date(2024, 7, 10), tmp_path / "f.parquet", EVIDENCE)
    found = by_the_panel(tmp_path / "f.parquet")[1]
    counts = {row for row in found if "mon-11" in str(row[1])}
    assert counts == {("overdue", "alemtuzumab-mon-11.P2M", datetime.date(2024, 4, 29), 72, 1, counts.copy().pop()[5])}
    low = {row[1] for row in found if row[0] == "alert"}
    assert "laboratory-range" in low


def test_one_count_answers_two_courses_that_ask_for_it_at_once(tmp_path: Path) -> None:
    # Of three courses the last two lie three days apart, and the one count in May within six months of both.
    begins = [datetime.date(2020, 11, 20), datetime.date(2021, 11, 20), datetime.date(2021, 11, 23)]
    taken = [datetime.date(2022, 2, 9), datetime.date(2022, 5, 21)]
    person = one(
        drug="cladribine",
        jurisdiction="US",
        courses=[(day, None) for day in begins],
        results=[Result("lymphocytes", 1.2, "10*9/L", day) for day in taken],
    )
    on = datetime.date(2022, 6, 30)
    evaluate_panel(write_panel(tmp_path / "p", [person]), on, tmp_path / "f.parquet", EVIDENCE)
    found = by_the_panel(tmp_path / "f.parquet")[1]
    assert found == by_the_scalar_rules(person, EVIDENCE, on)
    overdue = {str(row[1]).removeprefix("cladribine-mon-01.") for row in found if row[0] == "overdue"}
    assert overdue == {"c1.P2M", "c1.P6M", "c2.P2M"}, "the count in February was late, and for one"


def test_csv_and_parquet_say_the_same(made: Path, found: Path, tmp_path: Path) -> None:
    evaluate_panel(made, LAST_DAY, tmp_path / "f.csv", EVIDENCE)
    table = pc.read_csv(tmp_path / "f.csv")
    whole = pq.read_table(found)
    assert table.num_rows == whole.num_rows
    assert table["id"].to_pylist() == whole["id"].to_pylist()


def test_parts_change_nothing(tmp_path: Path) -> None:
    with mock.patch("equipoise.panel.simulate.PEOPLE_A_PART", 250):
        simulate_panel(tmp_path / "p", 600, 2, EVIDENCE)
    evaluate_panel(tmp_path / "p", LAST_DAY, tmp_path / "a.parquet", EVIDENCE)
    in_one = tmp_path / "q"
    in_one.mkdir()
    for table in TABLES:
        (in_one / table).mkdir()
        whole = pq.read_table(open_panel(tmp_path / "p").files(table))
        pq.write_table(whole, in_one / table / "part-00000.parquet")
    shutil.copy(tmp_path / "p" / "panel.json", in_one)
    evaluate_panel(in_one, LAST_DAY, tmp_path / "b.parquet", EVIDENCE, threads=1)
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17")
def test_spark_gives_the_same_answer(tmp_path: Path) -> None:
    simulate_panel(tmp_path / "p", 600, 3, EVIDENCE)
    for engine in engines.ENGINES:
        evaluate_panel(tmp_path / "p", LAST_DAY, tmp_path / f"{engine}.parquet", EVIDENCE, engine=engine)
    duckdb, spark = (pq.read_table(tmp_path / f"{engine}.parquet") for engine in engines.ENGINES)
    assert duckdb.num_rows > 500
    assert duckdb.equals(spark)


def test_no_extension_is_ever_loaded_or_fetched(tmp_path: Path) -> None:
    running = engines.DuckDB(tmp_path)
    settings = {row["name"]: row["value"] for row in running.run("from duckdb_settings()").to_pylist()}
    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["autoload_known_extensions"] == "false"
    assert settings["threads"] == "2"
    running.close()


def test_thresholds_are_those_of_the_labels() -> None:
    limits = limits_of(EVIDENCE, [("teriflunomide", "US"), ("alemtuzumab", "EU")])
    found = {limit.limit_id for limit in limits if not limit.is_carry_on}
    assert all(limit.split("-alt-")[0] in ("teriflunomide", "alemtuzumab") for limit in found)
    assert "alemtuzumab-alt-11" not in found, "what a text says to carry on with is no alarm"
    assert [limit.limit_id for limit in limits if limit.is_carry_on] == ["alemtuzumab-alt-11"]


# ------------------------------------------------------------------------------------------------ OMOP


def test_there_and_back_through_omop(tmp_path: Path) -> None:
    people = [
        one(results=[platelets(datetime.date(2024, 3, 29), 200, "10*3/uL")]),
        one(drug="interferon-beta-1a-sc", sex="man", courses=[(datetime.date(2023, 1, 31), None)]),
        one(
            sex=None,
            courses=[(datetime.date(2022, 1, 1), None), (datetime.date(2023, 1, 9), datetime.date(2023, 1, 11))],
        ),
    ]
    folder = write_panel(tmp_path / "p", people)
    assert equipoise("panel", "to-omop", str(folder), "-o", str(tmp_path / "omop")).code == 0
    person = pq.read_table(tmp_path / "omop" / "person.parquet")
    assert person["gender_concept_id"].to_pylist() == [8532, 8507, 0]
    ran = equipoise(
        "panel",
        "from-omop",
        str(tmp_path / "omop"),
        "--jurisdiction",
        "EU",
        "-o",
        str(tmp_path / "back"),
        "--format",
        "json",
    )
    assert ran.code == 0, ran.err
    assert ran.json["left_aside"] == {}
    for table in ("people", "courses", "results"):
        columns = [c.name for c in TABLES[table] if c.name != "birth_year"]
        before, after = (
            pq.read_table(where / table / "part-00000.parquet", columns=columns)
            for where in (folder, tmp_path / "back")
        )
        assert before.to_pylist() == after.to_pylist(), table


def omop_csv(folder: Path, **changes: str) -> Path:
    texts = {
        "person": "PERSON_ID,GENDER_CONCEPT_ID,YEAR_OF_BIRTH\n1,8532,1990\n2,8507,1980\n",
        "drug_exposure": (
            "person_id,drug_exposure_start_date,drug_exposure_end_date,drug_source_value\n"
            "1,2024-02-05,2024-02-09,Lemtrada\n2,2023-01-01,2023-03-31,dimethyl fumarate\n"
            "2,2023-04-01,2023-06-30,Tecfidera\n2,2023-01-01,2023-01-02,aspirin\n"
        ),
        "measurement": (
            "person_id,measurement_date,value_as_number,unit_source_value,measurement_source_value,range_low,"
            "range_high\n"
            "1,2024-03-05,210,10*9/L,777-3,150,400\n1,2024-03-05,5,mmol/L,glucose,,\n9,2024-03-05,99,U/L,alt,,45\n"
        ),
    }
    folder.mkdir()
    for name, text in (texts | changes).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_omop_csv_is_read_and_what_cannot_be_is_counted(tmp_path: Path) -> None:
    folder = omop_csv(tmp_path / "omop")
    ran = equipoise(
        "panel", "from-omop", str(folder), "--jurisdiction", "EU", "-o", str(tmp_path / "p"), "--format", "json"
    )
    assert ran.code == 0, ran.err
    courses = pq.read_table(tmp_path / "p" / "courses" / "part-00000.parquet").to_pylist()
    assert [(c["person_id"], c["drug_id"], c["last_dose"]) for c in courses] == [
        (1, "alemtuzumab", datetime.date(2024, 2, 9)),
        (2, "dimethyl-fumarate", datetime.date(2023, 6, 30)),
    ]
    results = pq.read_table(tmp_path / "p" / "results" / "part-00000.parquet").to_pylist()
    assert [r["analyte"] for r in results] == ["platelet-count"]
    assert ran.json["left_aside"] == {
        "drug_exposure: drug_source_value names no drug with a label here": 1,
        "measurement: nothing that a rule is about": 1,
        "measurement: of nobody in person": 1,
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"person": "person_id,gender_concept_id\n1,8532\n"}, "columns are missing: year_of_birth"),
        (
            {"person": "person_id,gender_concept_id,year_of_birth\n1,8532,early\n"},
            "column year_of_birth: not every value is one of the integers",
        ),
    ],
)
def test_omop_faults_are_said(tmp_path: Path, changes: dict[str, str], says: str) -> None:
    folder = omop_csv(tmp_path / "omop", **changes)
    ran = equipoise("panel", "from-omop", str(folder), "--jurisdiction", "EU", "-o", str(tmp_path / "p"))
    assert ran.code == 2
    assert says in ran.err
    assert not (tmp_path / "p").exists()


# ------------------------------------------------------------------------------------------------ refusals


def refused(folder: Path, output: Path) -> str:
    ran = equipoise("panel", "evaluate", str(folder), "--on", "2026-06-30", "-o", str(output))
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert not output.exists()
    return ran.err


def test_an_empty_folder_and_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no panel" in refused(tmp_path / "empty", tmp_path / "f.parquet")
    assert "there is no folder" in refused(tmp_path / "nowhere", tmp_path / "f.parquet")


def test_every_missing_column_and_wrong_type_is_told_at_once(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "p", [one()])
    results = folder / "results" / "part-00000.parquet"
    table = pq.read_table(results).drop_columns(["unit"])
    table = table.set_column(table.column_names.index("value"), "value", pa.array([], pa.string()))
    pq.write_table(table, results)
    (folder / "people" / "part-00000.parquet").write_bytes(b"no parquet")
    said = refused(folder, tmp_path / "f.parquet")
    assert "column 'unit' is missing" in said
    assert "column 'value' holds string, not numbers" in said
    assert "not readable as Parquet: people/part-00000.parquet" in said


def test_a_unit_that_does_not_fit(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "p", [one(results=[platelets(datetime.date(2024, 3, 29), 200, "mg/dL")])])
    said = refused(folder, tmp_path / "f.parquet")
    assert "1 results of platelet-count: 'mg/dL' does not fit" in said


def test_a_drug_without_a_label(tmp_path: Path) -> None:
    said = refused(write_panel(tmp_path / "p", [one(drug="alemtuzumabb")]), tmp_path / "f.parquet")
    assert "alemtuzumabb" in said
    assert "alemtuzumab" in said


def test_a_person_twice(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "p", [one(), one()])
    people = folder / "people" / "part-00000.parquet"
    table = pq.read_table(people)
    pq.write_table(table.set_column(0, table.schema.field(0), pa.array([1, 1], pa.int64())), people)
    assert "1 rows have a person_id that another row has too" in refused(folder, tmp_path / "f.parquet")


def test_an_interrupted_panel_is_none(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "p", [one()])
    (folder / "panel.json").unlink()
    assert "perhaps interrupted" in refused(folder, tmp_path / "f.parquet")


def test_a_later_version_is_not_guessed_at(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "p", [one()])
    page = json.loads((folder / "panel.json").read_text(encoding="utf-8")) | {"version": 2}
    (folder / "panel.json").write_text(json.dumps(page), encoding="utf-8")
    assert "this program reads version 1" in refused(folder, tmp_path / "f.parquet")


def test_nothing_in_a_used_folder_is_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    ran = equipoise("panel", "simulate", "--people", "10", "-o", str(tmp_path))
    assert ran.code == 2
    assert "is not empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_output_must_say_what_it_is(tmp_path: Path) -> None:
    assert ".parquet or .csv" in refused(write_panel(tmp_path / "p", [one()]), tmp_path / "f.txt")


@pytest.mark.parametrize(
    "words", [["--people", "0"], ["--people", "5", "--seed", "-1"], ["--people", "5", "--until", "x"]]
)
def test_numbers_that_make_no_panel(tmp_path: Path, words: list[str]) -> None:
    ran = equipoise("panel", "simulate", *words, "-o", str(tmp_path / "p"))
    assert ran.code == 2
    assert "allowed" in ran.err


@pytest.mark.parametrize(("module", "extra"), [("pyarrow", "panel"), ("ibis", "panel"), ("duckdb", "panel")])
def test_a_missing_extra_is_named(tmp_path: Path, module: str, extra: str) -> None:
    folder = write_panel(tmp_path / "p", [one()])
    hidden = {name: None for name in sys.modules if name.split(".")[0] == module} | {module: None}
    with mock.patch.dict(sys.modules, hidden):
        said = refused(folder, tmp_path / "f.parquet")
    assert f"'{module}'" in said
    assert f"equipoise[{extra}]" in said


def test_spark_without_java_is_a_sentence(tmp_path: Path) -> None:
    with mock.patch.object(shutil, "which", return_value=None), pytest.raises(RequestError, match="Java 17"):
        engines.engine("spark", tmp_path)


@pytest.mark.parametrize(("said", "version"), [("1.8.0_402", 8), ("17.0.15", 17), ("21", 21), ("nonsense", None)])
def test_java_versions(said: str, version: int | None) -> None:
    assert engines._java_version([said]) == version


def test_an_engine_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(EquipoiseError, match="engine"):
        engines.engine("sparc", tmp_path)
