"""Every command has a section of its own somewhere in docs, headed by the command: ## `equipoise trace ID`."""

from __future__ import annotations

import re

from tests.docs.blocks import pages

HEADING = re.compile(r"^#{1,6} .*?`equipoise (?P<words>[a-z][a-z-]*(?: [a-z][a-z-]*)*)(?: [^`]*)?`", re.MULTILINE)


def documented() -> set[str]:
    """Commands that have a section; placeholders and options in the heading are not part of their names."""
    return {match["words"] for page in pages() for match in HEADING.finditer(page.read_text(encoding="utf-8"))}


def all_commands() -> list[str]:
    """Words of every command that can be given, found by asking the program itself."""
    import typer.main

    from equipoise.interfaces.cli import app

    def walk(command: object, words: tuple[str, ...]) -> list[str]:
        children = getattr(command, "commands", None)
        if not children:
            return [" ".join(words)]
        return [
            path
            for name, child in children.items()
            if not getattr(child, "hidden", False)
            for path in walk(child, (*words, name))
        ]

    return walk(typer.main.get_command(app), ())


def test_every_command_has_a_section() -> None:
    commands = all_commands()
    assert commands, "the program has no commands"
    missing = [name for name in commands if name not in documented()]
    assert missing == [], "each needs a heading such as: ## `equipoise " + (missing or [""])[0] + "`"


def test_no_section_describes_a_command_that_is_gone() -> None:
    commands = set(all_commands())
    groups = {" ".join(name.split()[:-1]) for name in commands}
    assert documented() - commands - groups == set()
