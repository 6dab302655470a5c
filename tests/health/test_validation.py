"""What can be said of the R scripts of the validation without R, and of the notes in the bibliography."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(r"#[^\n]*")
DATASETS = re.compile(r"for \(name in c\(([^)]*)\)\)")
VERSION = re.compile(r"(metafor|netmeta|meta|gemtc|JAGS|multinma|rstan|R) (\d+\.\d+[-.\d]*\d)")
SCRIPTS = (
    "validation/metafor/reproduce.R",
    "validation/netmeta/reproduce.R",
    "validation/samplers/gemtc.R",
    "validation/samplers/multinma.R",
)
REFERENCE = Path("tests/golden/reference")


def parts(text: str) -> tuple[list[str], str]:
    """Strings of a script, and what is left of it without them and without comments."""
    bare = "\n".join(COMMENT.sub("", line) if "#" in QUOTED.sub('""', line) else line for line in text.splitlines())
    return QUOTED.findall(bare), QUOTED.sub('""', bare)


def datasets(text: str) -> set[str]:
    return {name for found in DATASETS.findall(text) for name in QUOTED.findall(found)}


def test_every_script_is_here_and_on_the_page(root: Path, tracked: list[Path]) -> None:
    assert sorted(name.as_posix() for name in tracked if name.suffix == ".R") == sorted(SCRIPTS)
    page = (root / "validation" / "README.md").read_text(encoding="utf-8")
    assert [name for name in SCRIPTS if f"Rscript {name}" not in page] == []
    assert "## The R scripts have not been run" in page


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_reads_is_there(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    strings, _ = parts(text)
    folders = {path.name: path for kind in ("network", "pairwise") for path in (root / REFERENCE / kind).iterdir()}
    files = {string for string in strings if string.endswith((".csv", ".json"))}
    assert datasets(text)
    assert datasets(text) <= set(folders)
    assert files
    for data in datasets(text):
        here = {path.name for path in folders[data].iterdir()}
        mine = {file for file in files if (file in ("input.csv", "metafor.json")) == ("input.csv" in here)}
        assert mine, data
        assert sorted(mine - here) == [], data


def test_every_pinned_file_is_read_by_a_script(root: Path) -> None:
    texts = [(root / name).read_text(encoding="utf-8") for name in SCRIPTS]
    read = {(data, string) for text in texts for data in datasets(text) for string in parts(text)[0]}
    pinned = {
        (path.parent.name, path.name)
        for kind in ("network", "pairwise")
        for path in (root / REFERENCE / kind).glob("*/*.*")
        if path.suffix in (".csv", ".json")
    }
    assert len(pinned) > 30
    assert sorted(pinned - read) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_versions_of_a_script_are_those_of_the_pinned_values(root: Path, name: str) -> None:
    head = (root / name).read_text(encoding="utf-8").split("library(")[0]
    pages = [*(root / REFERENCE).glob("*/README.md"), *(root / "validation").glob("*/README.md")]
    known = {found for page in pages for found in VERSION.findall(page.read_text(encoding="utf-8"))}
    assert len(set(VERSION.findall(head))) >= 2
    assert set(VERSION.findall(head)) <= known
    assert "Not run where it was written" in head


@pytest.mark.parametrize("name", SCRIPTS)
def test_brackets_of_a_script_are_closed(root: Path, name: str) -> None:
    waiting: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for character in parts((root / name).read_text(encoding="utf-8"))[1]:
        if character in pairs.values():
            waiting.append(character)
        elif character in pairs:
            assert waiting.pop() == pairs[character]
    assert waiting == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_r_can_parse_a_script(root: Path, name: str) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no R on this machine")
    done = subprocess.run(
        [rscript, "-e", f"invisible(parse('{name}'))"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_note_in_the_bibliography_says_where_or_that_it_was_not_checked(root: Path) -> None:
    text = (root / "docs" / "references.bib").read_text(encoding="utf-8")
    notes = re.findall(r"^  note = \{(.*)\},$", text, re.MULTILINE)
    assert len(notes) > 20
    assert [note for note in notes if not re.search(r"\bseen\b|\bnot checked\b", note)] == []
