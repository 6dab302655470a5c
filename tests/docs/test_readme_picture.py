"""The picture of the README shows what the evidence says now."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def test_the_picture_is_what_the_evidence_draws_today(root: Path) -> None:
    folder = root / "docs" / "pictures"
    spec = importlib.util.spec_from_file_location("draw", folder / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kept = (folder / "disability.svg").read_text(encoding="utf-8")
    assert kept == module.drawn(), "draw it again: python docs/pictures/draw.py"
