"""Where the layers are told to a newcomer, they are the layers that the linter holds, from top to bottom."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = tuple(
    next(
        contract["layers"]
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
        if contract["id"] == "layers"
    )
)
NAMES = [name for layer in LAYERS for name in layer.split(" | ")]


@pytest.mark.parametrize("page", ["README.md", "docs/explanation/architecture.md"])
def test_the_picture_in_letters_is_what_the_linter_holds(page: str) -> None:
    drawn = re.search(r"```text\n(__main__.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert drawn is not None
    assert [re.split(r"  +", line)[0] for line in drawn[1].splitlines()] == list(LAYERS)


def test_the_drawing_has_every_layer_in_the_same_order() -> None:
    drawing = (ROOT / "docs/explanation/layers.svg").read_text("utf-8")
    bold = [word for text in re.findall(r'font-weight="bold">([^<]+)<', drawing) for word in re.split(r"\W+", text)]
    assert [name for name in dict.fromkeys(bold) if name in NAMES] == NAMES


def test_every_layer_says_what_it_may_import() -> None:
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/explanation/architecture.md").read_text("utf-8"), re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told >= set(NAMES)
