"""`.ci/run` brings the browser, the database server and Java, and refuses to go on without them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bootstrap.conftest import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a bash script for Debian and its kin")

STAND_INS = {
    "id": "echo 0",
    "sleep": ":",
    "dpkg-query": ":",
    "python3": 'echo "python3 $*"',
    "apt-get": """
        echo "apt-get $1" >&2
        [ -e stubborn ] && exit 100
        [ -e hiccup ] && { rm hiccup; exit 100; }
        [ "$1" = install ] || exit 0
        for name in chromium pg_ctlcluster java; do
            [ -e "without-$name" ] || { printf '#!/bin/sh\\n' > "bin/$name"; chmod +x "bin/$name"; }
        done
        exit 0
    """,
}


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    for name, script in STAND_INS.items():
        (bin_folder / name).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        (bin_folder / name).chmod(0o755)
    for name in ("bash", "env", "grep", "rm", "chmod"):
        found = shutil.which(name)
        assert found
        (bin_folder / name).symlink_to(found)
    return subprocess.run(
        [str(bin_folder / "bash"), str(ROOT / ".ci" / "run")],
        cwd=folder,
        env={"PATH": str(bin_folder), "CI": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_packages_then_the_gate(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (0, "python3 go.py test\n")
    assert done.stderr.splitlines() == ["apt-get update", "apt-get install"]


def test_a_hiccup_is_forgiven_once(tmp_path: Path) -> None:
    (tmp_path / "hiccup").touch()
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (0, "python3 go.py test\n")
    assert done.stderr.splitlines() == ["apt-get update", "apt-get update", "apt-get install"]


@pytest.mark.parametrize("trouble", ["stubborn", "without-chromium", "without-pg_ctlcluster", "without-java"])
def test_no_browser_no_server_or_no_java_no_gate(tmp_path: Path, trouble: str) -> None:
    (tmp_path / trouble).touch()
    done = run(tmp_path)
    assert done.returncode != 0
    assert done.stdout == ""


def test_it_can_be_executed() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
