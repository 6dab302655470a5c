"""Every code block of the README and of docs runs, and prints what it says it prints."""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks, commands, pages

PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
LANGUAGES = {"python", "console", "text", "toml", "csv", "json"}

# What may be shown and not run: it sets a machine up, never ends, or would run these tests inside themselves.
NEVER_RUN = re.compile(
    r"git clone \S+|cd \S+|python3 go\.py (run( --port \d+)?( --open)?|test( .*)?|lock( .*)?)|bash \.ci/run"
    r"|equipoise serve.*|equipoise clinic serve.*|\.venv/bin/[a-z-]+.*"
)
OUTPUT = doctest.OutputChecker()


def having(*languages: str) -> list[str]:
    """Names of the pages with a block in one of these languages that is to be run."""
    return [name for name, page in PAGES.items() if any(b.language in languages and b.runs for b in blocks(page))]


def every_block() -> list[Block]:
    return [block for page in PAGES.values() for block in blocks(page)]


def environment() -> dict[str, str]:
    """A calm terminal, with the commands of this virtual environment found first."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return dict(os.environ, PATH=path, COLUMNS="100", NO_COLOR="1", TERM="dumb", PYTHONWARNINGS="error")


def assert_same(found: str, expected: str, place: str) -> None:
    """Compare as doctest does: ``...`` stands for anything; spaces at the end of a line do not count."""
    tidy = "\n".join(line.rstrip() for line in found.strip("\n").splitlines()) + "\n"
    if not OUTPUT.check_output(expected + "\n", tidy, doctest.ELLIPSIS):
        pytest.fail(f"{place} printed\n{tidy}\nand the page says\n{expected}", pytrace=False)


@pytest.mark.parametrize("name", having("python"))
def test_python_blocks(name: str, tmp_path: Path) -> None:
    """The python blocks of a page run in order in one process; a block marked `prints` is what the last one said."""
    steps: list[dict[str, object]] = []
    expected: dict[int, Block] = {}
    for block in blocks(PAGES[name]):
        if block.language == "python" and block.runs:
            steps.append({"place": str(PAGES[name]), "line": block.line, "code": block.text})
        elif block.mark("prints") is not None:
            assert steps, f"{block.place}: no python block stands before this output"
            expected[len(steps) - 1] = block
    runner = (Path(__file__).parent / "run_python_blocks.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-c", runner],
        input=json.dumps(steps),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        pytest.fail(f"{name} does not run:\n{done.stderr}", pytrace=False)
    outputs = json.loads(done.stdout)
    for number, block in expected.items():
        assert_same(outputs[number], block.text.strip("\n"), block.place)


@pytest.mark.parametrize("name", having("console"))
def test_console_blocks(name: str, tmp_path: Path) -> None:
    """Each `$ ` line runs in a shell beside `examples`; what follows it is compared; it exits 0 unless marked."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for block in blocks(PAGES[name]):
        if block.language != "console" or not block.runs:
            continue
        listed = commands(block)
        for place, command, expected in listed:
            wanted = int(block.mark("exit") or 0) if (place, command, expected) == listed[-1] else 0
            done = subprocess.run(
                ["bash", "-c", re.sub(r"\bpython3 go\.py run\b", "python -P -m equipoise", command)],
                cwd=tmp_path,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=120,
            )
            where = f"{block.page.relative_to(ROOT)}:{place}"
            if done.returncode != wanted:
                pytest.fail(f"{where} `{command}` exits {done.returncode}, not {wanted}:\n{done.stdout}", pytrace=False)
            if expected:
                assert_same(done.stdout, expected, where)


def test_every_block_has_a_language_that_is_run_or_is_data() -> None:
    """A shell block is `console`, so that it runs; anything else that cannot run says what it is."""
    strange = [f"{b.place} '{b.language}'" for b in every_block() if b.language not in LANGUAGES]
    assert strange == []


def test_what_is_not_run_is_a_command_that_cannot_be() -> None:
    """`runs: no` needs a reason, and is for commands that set up, never end, or start this very test."""
    wrong = []
    for block in every_block():
        if block.runs:
            continue
        if not re.fullmatch(r"no, \S.*", block.mark("runs") or ""):
            wrong.append(f"{block.place} gives no reason")
        if block.language != "console":
            wrong.append(f"{block.place} is {block.language}, which always runs")
            continue
        wrong += [f"{block.place} `{c}`" for _, c, _ in commands(block) if not NEVER_RUN.fullmatch(c)]
    assert wrong == []


def test_data_blocks_parse() -> None:
    parsers = {"toml": tomllib.loads, "json": json.loads}
    for block in every_block():
        if block.language in parsers:
            try:
                parsers[block.language](block.text)
            except ValueError as error:
                pytest.fail(f"{block.place} is not {block.language}: {error}", pytrace=False)
