"""Fixtures that every family of tests may use."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file that git tracks and that is there, relative to the repository."""
    git = shutil.which("git")
    assert git is not None, "these tests read the list of tracked files: git is needed"
    done = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = [Path(name) for name in done.stdout.decode("utf-8").split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is. Without one a journey is skipped, except where one was promised: there it fails."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    if os.environ.get("CI"):
        pytest.fail("CI promised a browser and there is none: see .ci/run")
    pytest.skip("no chromium on this machine (Debian, Ubuntu: apt install chromium)")
