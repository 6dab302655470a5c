"""Each thing that can go wrong before Equipoise starts is said in five parts: wrong, where, found, allowed, do."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bootstrap.conftest import ROOT, House

OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 8, 18, "final", 0)
sys.version = "3.8.18 (default)"
sys.argv = ["go.py", "run"]
runpy.run_path("go.py", run_name="__main__")
"""


def assert_has_five_parts(message: str, *expected: str) -> None:
    lines = message.strip().splitlines()
    assert lines[0].startswith("go.py: ")
    for name in ("where:", "found:", "allowed:", "do:"):
        assert any(line.strip().startswith(name) for line in lines), f"no '{name}' in:\n{message}"
    for words in expected:
        assert words in message


def trouble(house: House, kind: str = "run") -> str:
    with pytest.raises(house.go.Trouble) as caught:
        house.go.prepare(kind)
    return str(caught.value)


def test_go_py_can_be_read_by_python_3_6() -> None:
    source = (ROOT / "go.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    top = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {name.name for node in top if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
    assert names <= {"contextlib", "hashlib", "os", "shutil", "subprocess", "sys", "time", "typing"}


def test_python_too_old() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OLD_PYTHON], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert_has_five_parts(done.stderr, "too old", "Python 3.8.18", "Python 3.11 or newer")


@pytest.mark.parametrize("module", ["pip", "venv"])
def test_module_missing(house: House, module: str) -> None:
    house.replies.append((f"-m {module}", 1, f"/usr/bin/python3: No module named {module}"))
    house.replies.append(("--target", 1, "no wheel of uv for this machine"))
    assert_has_five_parts(trouble(house), f"has no {module}", f"No module named {module}", f"python3-{module}")


def test_network_missing(house: House) -> None:
    house.replies.append(("pip", 1, "Temporary failure in name resolution\nERROR: No matching distribution found"))
    message = trouble(house)
    assert_has_five_parts(message, "no network", "No matching distribution found", "HTTPS_PROXY", "PIP_INDEX_URL")


def test_package_is_not_the_one_the_lock_names(house: House) -> None:
    house.replies.append(("sync", 1, "Hash mismatch for numpy"))
    house.replies.append(("-r", 1, "THESE PACKAGES DO NOT MATCH THE HASHES"))
    assert_has_five_parts(trouble(house), "not the file that the lock names")


def test_anything_else_names_the_last_words_of_the_installer(house: House) -> None:
    house.replies.append(("sync", 2, "out of cheese"))
    house.replies.append(("-r", 2, "redo from start"))
    assert_has_five_parts(trouble(house), "redo from start", "delete the folders")


def test_folder_that_cannot_be_written(house: House) -> None:
    (house.folder / ".tools").write_text("a file where a folder should be", encoding="utf-8")
    assert_has_five_parts(trouble(house), "cannot write", str(house.folder / ".tools"))


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), ([], 0), (["dance"], 2)])
def test_usage(words: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "go.py", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == code
    said = done.stdout if code == 0 else done.stderr
    for command in ("go.py run", "go.py test", "go.py lock"):
        assert command in said
    if code:
        assert "no command 'dance'" in said


def test_troubles_have_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "go.py").write_text((ROOT / "go.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / ".tools").touch()
    done = subprocess.run(
        [sys.executable, "go.py", "run"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 3
    assert done.stderr.startswith("go.py: ")
    assert "Traceback" not in done.stderr
