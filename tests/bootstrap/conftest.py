"""A copy of go.py in a folder of its own, whose installers are played by a stand-in."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


class House:
    """One checkout: its folder, its go.py as a module, and what the installers were asked.

    ``replies`` holds ``(part of a command, exit code, output)``; a command that matches none succeeds.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.go = load(folder)
        self.asked: list[list[str]] = []
        self.environments: list[dict[str, str]] = []
        self.replies: list[tuple[str, int, str]] = []
        self.go.quietly = self.quietly

    def quietly(self, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
        """Play uv and pip: note the words, leave behind the files that the real ones would."""
        self.asked.append(words)
        self.environments.append(environment)
        for part, code, output in self.replies:
            if part in " ".join(words):
                return code, output
        if "--target" in words:
            touch(self.go.UV)
        if "venv" in words:
            touch(self.go.PYTHON)
        return 0, ""

    def asked_briefly(self) -> list[str]:
        """Which installer was called for what, in order."""
        said = []
        for words in self.asked:
            who = "uv" if words[0] == self.go.UV else "python"
            what = next(
                part for part in ("--target", "sync", "--editable", "--require-hashes", "venv") if part in words
            )
            said.append(f"{who} {what}")
        return said


def load(folder: Path) -> Any:
    """Load the go.py of a folder as a fresh module."""
    spec = importlib.util.spec_from_file_location("go_under_test", folder / "go.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def touch(path: str) -> None:
    """Make an empty file and the folders above it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).touch()


def copy_to(folder: Path) -> Path:
    """Put what the set-up reads into a folder."""
    folder.mkdir()
    for name in ("go.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A checkout that was never set up."""
    return House(copy_to(tmp_path / "house"))


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A checkout that is set up already: .venv's python is this one, and its equipoise says what it was given."""
    folder = copy_to(tmp_path / "ready")
    go = load(folder)
    touch(go.PYTHON)
    Path(go.PYTHON).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    Path(go.PYTHON).chmod(0o755)
    Path(go.STAMP).write_text(go.stamp("run"), encoding="utf-8")
    (folder / "stand_in").mkdir()
    (folder / "stand_in" / "equipoise.py").write_text(STAND_IN, encoding="utf-8")
    return folder


STAND_IN = """
import sys, time
words = sys.argv[1:]
if "endless" in words:
    print("started", flush=True)
    while True:
        time.sleep(0.05)
print(words, sys.stdin.read())
sys.exit(7 if "seven" in words else 0)
"""
