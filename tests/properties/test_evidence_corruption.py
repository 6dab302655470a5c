"""Whatever happens to a file of the evidence, it is either read as sound evidence or refused with a message."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.consultation import check_claims, consult
from equipoise.evidence import examine_files
from equipoise.vocabulary.errors import EquipoiseError
from tests.support.small_evidence import SMALL, files, sound

CSV = [name for name in SMALL if name.endswith(".csv")]
TOML = [name for name in SMALL if name.endswith(".toml")]
# Enough to find what was ever found here within seconds; raise it to search (3000 were run when this was written).
EXAMPLES = 80
NASTY = [
    "",
    "nan",
    "inf",
    "-1",
    "0",
    "1e999",
    "9" * 30,
    "٣",
    "a,b",
    '"',
    "\n",
    "\0",
    "alder-a",
    "drug-a-24",
    "printed",
    "[]",
]


def survives(contents: dict[str, bytes]) -> None:
    """Nothing but an error of ours leaves the reading, and sound evidence serves every question."""
    evidence, problems = examine_files(contents)
    assert all(error.file and error.problem and error.mend for error in problems)
    assert evidence is not None or problems
    if evidence is None or problems:
        return
    for first, second, place in (("drug-a", "drug-b", "EU"), ("drug-b", "drug-a", "UK")):
        with contextlib.suppress(EquipoiseError):
            assert all(
                estimate.text for estimate in consult(first, second, jurisdiction=place, evidence=evidence).estimates
            )
    with contextlib.suppress(EquipoiseError):
        check_claims(evidence)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_any_cell_may_hold_anything(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(CSV))
    rows = list(csv.reader(io.StringIO(SMALL[name])))
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    others = [cells[column] for cells in rows]
    rows[row][column] = data.draw(st.sampled_from(NASTY + others) | st.text(max_size=12))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    survives({**files(), name: out.getvalue().encode("utf-8", "surrogatepass")})


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_any_value_of_a_toml_file_may_be_anything(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(TOML))
    lines = SMALL[name].splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line]
    number = data.draw(st.sampled_from(keys))
    key = lines[number].partition(" = ")[0]
    value = st.sampled_from(
        [
            '""',
            '"x"',
            "3",
            "-1",
            "0.5",
            "inf",
            "nan",
            "true",
            "[]",
            "[3]",
            '["x"]',
            "[[]]",
            "{}",
            "{ a = 1 }",
            "2024-05-01",
        ]
        + [line.partition(" = ")[2] for line in lines if " = " in line]
    )
    lines[number] = f"{key} = {data.draw(value)}"
    survives({**files(), name: "\n".join(lines).encode()})


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_any_bytes_may_be_lost_doubled_or_changed(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(SMALL)))
    content = SMALL[name].encode()
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    filling = data.draw(st.binary(max_size=6) | st.just(content[start : start + length] * 2))
    survives({**files(), name: content[:start] + filling + content[start + length :]})


@pytest.mark.parametrize("name", list(SMALL))
def test_any_file_may_be_missing(name: str) -> None:
    contents = files()
    del contents[name]
    survives(contents)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_version_changes_with_any_byte_of_any_file(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(SMALL)))
    before = sound(files()).release
    mark = b"\n" if name.endswith(".toml") else b""
    changed = files()
    changed[name] += mark
    if not mark:  # in a CSV file a blank line is a fault: write the same cells with quotes instead
        changed[name] = changed[name].replace(b"birch-2021", b'"birch-2021"').replace(b"RRMS,,", b'"RRMS",,')
        changed[name] = changed[name].replace(b"Table 2", b'"Table 2"').replace(b"alder-2020", b'"alder-2020"')
    assert changed[name] != files()[name]
    after = sound(changed).release
    assert after.sha256 != before.sha256
    assert after.version != before.version
    assert sound(files()).release == before


def test_the_version_changes_with_the_name_of_a_file() -> None:
    renamed = files()
    renamed["labels/drug-c.toml"] = renamed.pop("labels/drug-b.toml")
    assert sound(renamed).release.sha256 != sound(files()).release.sha256
