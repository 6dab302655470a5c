"""Every citation key in the code stands in the bibliography, and every entry of it can be found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

KEY = re.compile(r"\b[a-z]+-(?:18|19|20)\d\d[a-z]?\b")
ENTRY = re.compile(r"@(?P<kind>\w+)\{(?P<key>[^,]+),\n(?P<fields>.*?)\n\}", re.DOTALL)
# Where methods are cited. Elsewhere such keys name the sources of evidence, which have tests of their own.
CITING = (
    "src/equipoise/decision",
    "src/equipoise/synthesis",
    "src/equipoise/person",
    "src/equipoise/presentation/synthesis/report.py",
    "src/equipoise/presentation/selfscore/readability.py",
)
COMPUTATIONS = "src/equipoise/consultation"


@pytest.fixture(scope="module")
def bibliography(root: Path) -> dict[str, str]:
    text = (root / "docs" / "references.bib").read_text(encoding="utf-8")
    entries = [(found["key"], found["fields"]) for found in ENTRY.finditer(text)]
    assert len(entries) == len(dict(entries)) == text.count("\n@")
    return dict(entries)


def cited(root: Path, tracked: list[Path], *places: str) -> dict[str, str]:
    """Key of each citation, and a file that has it."""
    files = [name for name in tracked if name.suffix == ".py" and name.as_posix().startswith(places)]
    return {key: name.as_posix() for name in files for key in KEY.findall((root / name).read_text(encoding="utf-8"))}


def test_every_key_in_a_docstring_is_in_the_bibliography(
    root: Path, tracked: list[Path], bibliography: dict[str, str]
) -> None:
    keys = cited(root, tracked, *CITING)
    assert len(keys) > 40
    assert {key: place for key, place in keys.items() if key not in bibliography} == {}


def test_every_method_of_a_computation_is_in_the_bibliography(
    root: Path, tracked: list[Path], bibliography: dict[str, str]
) -> None:
    """In quotes and nothing else: the reference of a computation."""
    for name in tracked:
        if name.suffix == ".py" and name.as_posix().startswith(COMPUTATIONS):
            quoted = re.findall(rf'"({KEY.pattern})"', (root / name).read_text(encoding="utf-8"))
            assert [key for key in quoted if key not in bibliography] == [], name


def test_every_entry_can_be_found(bibliography: dict[str, str]) -> None:
    for key, fields in bibliography.items():
        assert re.search(r"^  author = ", fields, re.MULTILINE), key
        assert re.search(r"^  title = ", fields, re.MULTILINE), key
        assert f"year = {{{re.sub('[^0-9]', '', key)}}}" in fields, key
        assert re.search(r"^  (?:journal|booktitle|publisher) = ", fields, re.MULTILINE), key


def test_nothing_is_in_the_bibliography_that_nobody_cites(
    root: Path, tracked: list[Path], bibliography: dict[str, str]
) -> None:
    keys = cited(root, tracked, *CITING, COMPUTATIONS)
    assert sorted(set(bibliography) - set(keys)) == []
