"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

# `/(?:` keeps these patterns from finding themselves
MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9_.~-])/(?:work|root|home/[a-z]+|Users)/")
REGISTRY = re.compile(
    r"(?:registry|resolved|index-url|find-links|url)[\"= :]+\"?\w+://|\w+://\S*/simple\b", re.IGNORECASE
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
LONGEST = 600
GRAB_BAGS = {"utils", "util", "helpers", "helper", "common", "misc"}


@pytest.fixture(scope="module")
def texts(tracked: list[Path], root: Path) -> dict[str, str]:
    """Every tracked text file by its name."""
    found = {}
    for name in tracked:
        content = (root / name).read_bytes()
        if b"\0" not in content:
            found[name.as_posix()] = content.decode("utf-8")
    return found


def python(texts: dict[str, str], *folders: str) -> Iterator[tuple[str, str]]:
    """The Python files below some folders."""
    for name, text in texts.items():
        if name.endswith(".py") and (name.startswith(folders) or not folders):
            yield name, text


def places(texts: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands, as file:line."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_git_knows_the_files_that_these_rules_read(texts: dict[str, str]) -> None:
    assert {"go.py", "pyproject.toml", "README.md", "requirements/run.lock"} <= set(texts)


def test_no_file_names_a_path_of_one_machine(texts: dict[str, str]) -> None:
    assert places(texts, MACHINE_PATH) == []


def test_no_lock_names_where_packages_were_found(texts: dict[str, str]) -> None:
    locks = {
        name: text for name, text in texts.items() if "lock" in Path(name).name or name.endswith((".in", ".npmrc"))
    }
    assert len(locks) >= 3
    assert places(locks, re.compile(r"\w+://")) == []


def test_nothing_sends_installers_to_one_index(texts: dict[str, str]) -> None:
    settings = {name: text for name, text in texts.items() if name.endswith((".toml", ".cfg", ".ini", ".yml", "run"))}
    assert places({n: t for n, t in settings.items() if "/data/" not in n}, REGISTRY) == []


def test_nothing_is_marked_as_unfinished(texts: dict[str, str]) -> None:
    assert places({name: text for name, text in texts.items() if not name.endswith(".lock")}, UNFINISHED) == []


def test_no_module_is_longer_than_a_person_reads(texts: dict[str, str]) -> None:
    long = {name: lines for name, text in python(texts) if (lines := text.count("\n")) > LONGEST}
    assert long == {}


def test_nothing_is_named_after_nothing(texts: dict[str, str]) -> None:
    parts = {(name, part.lower()) for name, _ in python(texts) for part in Path(name).with_suffix("").parts}
    assert sorted(name for name, part in parts if part in GRAB_BAGS) == []


def test_every_module_says_what_it_is(texts: dict[str, str]) -> None:
    assert [name for name, text in python(texts) if text.strip() and not ast.get_docstring(ast.parse(text))] == []
    assert [name for name, text in python(texts, "src/") if not text.strip()] == []


def test_commands_that_the_readme_promises_exist_in_go_py(texts: dict[str, str]) -> None:
    promised = set(re.findall(r"python3 go\.py (\w+)", texts["README.md"]))
    assert {"run", "test"} <= promised
    functions = {node.name for node in ast.parse(texts["go.py"]).body if isinstance(node, ast.FunctionDef)}
    assert promised <= functions


def test_changelog_has_a_place_for_what_comes_next(texts: dict[str, str]) -> None:
    assert re.search(r"^## \[?Unreleased\]?$", texts["CHANGELOG.md"], re.MULTILINE)


def test_citation_and_package_agree_on_the_version(texts: dict[str, str]) -> None:
    versions = {
        "pyproject.toml": re.search(r'^version = "(.+)"$', texts["pyproject.toml"], re.MULTILINE),
        "CITATION.cff": re.search(r"^version: \"?([^\"\n]+)\"?$", texts["CITATION.cff"], re.MULTILINE),
        "__init__": re.search(r'^__version__ = "(.+)"$', texts["src/equipoise/__init__.py"], re.MULTILINE),
    }
    assert len({match[1] if match else None for match in versions.values()}) == 1


def test_licence_is_whole(texts: dict[str, str]) -> None:
    assert "Version 2.0, January 2004" in texts["LICENSE"]
    assert "APPENDIX: How to apply the Apache License to your work." in texts["LICENSE"]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "see " + "/work" + "/main"),
        (MACHINE_PATH, '"' + "/home" + '/ann/x"'),
        (REGISTRY, "index-url = https" + "://mirror.example/simple"),
        (UNFINISHED, "# TO" + "DO: later"),
    ],
)
def test_what_would_be_caught(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize("line", ["a/work/b", "https://example.org/root/x", "framework/", "../root/"])
def test_what_is_left_alone(line: str) -> None:
    assert not MACHINE_PATH.search(line)
