"""Every command has a section of its own, headed by the command (## `equipoise trace ID`), that names its options."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

from tests.docs.blocks import pages

SECTION = re.compile(
    r"^#{1,6} .*?`equipoise (?P<words>[a-z][a-z-]*(?: [a-z][a-z-]*)*)(?: [^`\n]*)?`.*\n(?P<text>(?:(?!#).*\n?)*)",
    re.MULTILINE,
)


def sections() -> dict[str, str]:
    """Text of each command's section; placeholders and options in the heading are not part of its name."""
    texts = [page.read_text(encoding="utf-8") for page in pages()]
    return {match["words"]: match["text"] for text in texts for match in SECTION.finditer(text)}


def all_commands() -> dict[str, Any]:
    """Every command that can be given, by its words, found by asking the program itself."""
    import typer.main

    from equipoise.interfaces.cli import app

    def walk(command: Any, words: tuple[str, ...]) -> dict[str, Any]:
        children = getattr(command, "commands", None)
        if not children:
            return {" ".join(words): command}
        found: dict[str, Any] = {}
        for name, child in children.items():
            if not child.hidden:
                found |= walk(child, (*words, name))
        return found

    importlib.import_module("equipoise.__main__")  # it adds `serve`
    return walk(typer.main.get_command(app), ())


def test_every_command_has_a_section() -> None:
    missing = sorted(set(all_commands()) - set(sections()))
    assert missing == [], "each needs a heading such as: ## `equipoise " + (missing or [""])[0] + "`"


def test_no_section_describes_a_command_that_is_gone() -> None:
    commands = set(all_commands())
    groups = {" ".join(name.split()[:-1]) for name in commands}
    assert set(sections()) - commands - groups == set()


def test_every_option_is_named_in_its_commands_section() -> None:
    texts = sections()
    missing = [
        f"equipoise {name} {option}"
        for name, command in all_commands().items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help" and not re.search(rf"{option}\b", texts.get(name, ""))
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("## `equipoise trace ID`", "trace"),
        ("### Faults: `equipoise evidence check [DIR]`", "evidence check"),
        ("# `equipoise serve --port N`", "serve"),
    ],
)
def test_headings_that_are_understood(heading: str, words: str) -> None:
    match = SECTION.search(f"# Before\n\n{heading}\n\nText.\n\n```console\n$ a\n```\n\n## After\n")
    assert match
    assert match["words"] == words
    assert match["text"].strip().endswith("```")
