"""The reader of code blocks: what it finds, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks, commands
from tests.docs.test_code_blocks import NEVER_RUN, assert_same


def page(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def console(text: str) -> Block:
    return Block(ROOT / "README.md", 10, "console", text, ())


def test_blocks_are_found_with_language_line_and_marks(tmp_path: Path) -> None:
    shell = "<!-- exit: 2 -->\n```console\n$ false\n```\n"
    indented = "    ```python\n    x = 1\n    ```\n"
    nested = "````text\n```\n````\n"
    found = blocks(page(tmp_path, f"# T\n\n{shell}\n{indented}\n{nested}"))
    assert [(b.language, b.line, b.text, dict(b.marks)) for b in found] == [
        ("console", 5, "$ false\n", {"exit": "2"}),
        ("python", 9, "x = 1\n", {}),
        ("text", 13, "```\n", {}),
    ]


def test_a_mark_counts_only_just_above_its_block(tmp_path: Path) -> None:
    (block,) = blocks(page(tmp_path, "<!-- runs: no, serves for ever -->\n\nWords.\n\n```console\n$ ls\n```\n"))
    assert block.runs


def test_console_commands_are_split_from_their_output() -> None:
    assert commands(console("$ one \\\n  --two\n$ three\nout\n\nmore\n$ cat <<E\n> a\n> E\na\n")) == [
        (10, "one \\\n  --two", ""),
        (12, "three", "out\n\nmore"),
        (16, "cat <<E\na\nE", "a"),
    ]


def test_console_block_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match=r"README.md:10: a console block starts"):
        commands(console("ls\n"))


def test_dots_stand_for_anything_and_nothing_else_does() -> None:
    assert_same("a 1 b  \nc\n", "a ... b\nc", "here")
    with pytest.raises(pytest.fail.Exception, match="here printed"):
        assert_same("a 1 b\n", "a 2 b", "here")


@pytest.mark.parametrize(
    "command", ["python3 go.py run", "python3 go.py run --port 8080 --open", "python3 go.py test", "git clone URL"]
)
def test_commands_that_may_be_shown_only(command: str) -> None:
    assert NEVER_RUN.fullmatch(command)


@pytest.mark.parametrize("command", ["python3 go.py run compare a b", "equipoise claims", "pip install equipoise"])
def test_commands_that_must_run(command: str) -> None:
    assert not NEVER_RUN.fullmatch(command)
