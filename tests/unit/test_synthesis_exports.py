"""What a program finds in ``equipoise.synthesis``: every name, each once, in whatever order modules are loaded."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from equipoise import synthesis


def test_every_public_name_is_there_and_comes_from_the_package() -> None:
    for name in synthesis.__all__:
        value = getattr(synthesis, name)
        assert not inspect.ismodule(value), name
        assert value.__module__.startswith("equipoise.synthesis."), name
    with pytest.raises(AttributeError, match="no attribute 'pooled'"):
        _ = synthesis.pooled


@pytest.mark.parametrize("name", ["contribution", "mantel_haenszel", "usual_priors", "what_if"])
def test_a_function_is_not_hidden_by_the_module_of_its_name(name: str) -> None:
    code = f"import equipoise.synthesis.{name}; from equipoise.synthesis import {name}; print(callable({name}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_lazy_names_are_no_modules() -> None:
    """A module of the same name would take the place of the function as soon as anybody imports it."""
    modules = {path.stem for path in Path(inspect.getfile(synthesis)).parent.glob("*.py")}
    assert modules & set(synthesis._HOME) == set()
    for module in sorted(modules - {"__init__"}):
        importlib.import_module(f"equipoise.synthesis.{module}")


def test_small_study_tests_and_regression_wait_until_they_are_asked_for() -> None:
    code = (
        "import sys, equipoise.synthesis as s; before = set(sys.modules); s.egger_test; s.meta_regression;"
        "print(sorted(name for name in set(sys.modules) - before if 'regression' in name or 'small_study' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['equipoise.synthesis.regression', 'equipoise.synthesis.small_study']\n"


def test_the_reference_names_every_export() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert [name for name in synthesis.__all__ if f"`{name}`" not in page] == []


def test_the_map_of_modules_is_complete_and_true() -> None:
    """Every module stands in the table of docs/explanation/synthesis.md, and nothing there that is none."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "synthesis.md").read_text(encoding="utf-8")
    table = page.partition("## Where to find what")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    modules = {path.stem for path in Path(inspect.getfile(synthesis)).parent.glob("*.py")} - {"__init__"}
    assert sorted(told) == sorted(modules)
