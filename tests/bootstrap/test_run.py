"""`go.py run` is a thin door: words, stdin, stdout and the exit code pass through it unchanged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


def start(folder: Path, *words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(folder / "go.py"), "run", *words],
        cwd=cwd or folder,
        env=dict(os.environ, PYTHONPATH=str(folder / "stand_in")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], stdin: str = "") -> tuple[int, str, str]:
    out, err = process.communicate(stdin, timeout=60)
    return process.returncode, out, err


def test_words_and_stdin_arrive_and_stdout_is_the_commands_own(ready: Path) -> None:
    words = ("compare", "a b", "--format", "json", "-o", "--")
    assert finish(start(ready, *words), "given") == (0, f"{list(words)} given\n", "")


def test_exit_code_is_the_commands_own(ready: Path) -> None:
    assert finish(start(ready, "seven"))[0] == 7


@pytest.mark.parametrize("words", [(), ("--port", "8080"), ("--port=8080", "--open"), ("--open",)])
def test_without_a_command_the_web_page_is_served(ready: Path, words: tuple[str, ...]) -> None:
    assert finish(start(ready, *words))[1].startswith(str(["serve", *words]))


def test_a_file_in_the_users_folder_is_never_imported(ready: Path, tmp_path: Path) -> None:
    (tmp_path / "equipoise.py").write_text("print('the wrong one')", encoding="utf-8")
    assert "wrong" not in finish(start(ready, "compare", cwd=tmp_path))[1]


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
def test_the_command_takes_the_place_of_go_py_so_signals_reach_it(ready: Path) -> None:
    process = start(ready, "endless")
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == -signal.SIGTERM


def test_ctrl_c_during_set_up_shows_no_traceback(ready: Path) -> None:
    source = (ready / "go.py").read_text(encoding="utf-8")
    source = source.replace(
        "def prepare(kind: str) -> None:", "def prepare(kind: str) -> None:\n    raise KeyboardInterrupt"
    )
    (ready / "go.py").write_text(source, encoding="utf-8")
    assert finish(start(ready, "compare")) == (130, "", "stopped\n")


def test_closed_pipe_shows_no_traceback(ready: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as nobody_reads:
        done = subprocess.run(
            [sys.executable, "go.py", "--help"],
            cwd=ready,
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            stdout=nobody_reads,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (141, b"")
