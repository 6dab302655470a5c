"""The locks: complete, hashed, free of addresses, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.bootstrap.conftest import ROOT

LOCKS = ("run", "test", "tools")
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.*?))?(?: \\)?$")


def text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def pins(name: str) -> set[tuple[str, str]]:
    return {(m[1], m[2]) for line in text(name).splitlines() if (m := PIN.match(line))}


def wanted(*groups: str) -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += project["dependency-groups"][group]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_stands_in_a_lock(name: str) -> None:
    assert "://" not in text(name)
    assert not re.search(r"\bindex|find-links|file:", text(name))


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", text(name).split("\n", 1)[1])
    naked = [block.split()[0] for block in blocks if block and "--hash=sha256:" not in block]
    assert naked == []
    assert len(blocks) == len(pins(name)), "a line that is no pin"


def test_whoever_has_the_test_tools_has_all_that_run_needs() -> None:
    assert pins("run") <= pins("test")


@pytest.mark.parametrize(("name", "groups"), [("run", ["build"]), ("test", ["build", "docs", "test"])])
def test_locks_are_in_step_with_pyproject(name: str, groups: list[str]) -> None:
    locked = dict(pins(name))
    for package, requirement in wanted(*groups).items():
        assert package in locked, f"{package} is not locked: run `python3 go.py lock`"
        assert requirement.specifier.contains(locked[package]), f"{package}: run `python3 go.py lock`"


def test_run_lock_holds_no_test_tools() -> None:
    assert not {"pytest", "mypy", "ruff", "playwright", "mkdocs"} & {package for package, _ in pins("run")}
