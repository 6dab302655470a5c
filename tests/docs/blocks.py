"""Read the code blocks of a Markdown page, with their places and their marks."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
MARK = re.compile(r"^\s*<!--\s*(?P<name>runs|exit|prints)(?::\s*(?P<value>.*?))?\s*-->\s*$")


@dataclass(frozen=True)
class Block:
    """One fenced block. ``line`` is where its first line of code stands, counted from 1.

    ``marks`` come from HTML comments on the lines just above the fence: ``runs: no, REASON``; ``exit: N``, the exit
    code of a console block's last command; ``prints``, a text block that is what the python block before it printed.
    """

    page: Path
    line: int
    language: str
    text: str
    marks: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        """File and line, as editors understand them."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def mark(self, name: str) -> str | None:
        """The value of a mark, None where the block has none of that name."""
        return dict(self.marks).get(name)

    @property
    def runs(self) -> bool:
        """Whether the block is to be executed."""
        return not (self.mark("runs") or "").startswith("no")


def pages() -> list[Path]:
    """Every page whose code is a promise: the README and all of docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    found: list[Block] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    marks: dict[str, str] = {}
    number = 0
    while number < len(lines):
        fence, mark = FENCE.match(lines[number]), MARK.match(lines[number])
        number += 1
        if mark:
            marks[mark["name"]] = mark["value"] or ""
        elif fence:
            start = number
            while number < len(lines) and lines[number].strip() != fence["ticks"]:
                number += 1
            text = textwrap.dedent("\n".join(lines[start:number]) + "\n")
            words = fence["info"].split()
            found.append(Block(page, start + 1, words[0] if words else "", text, tuple(marks.items())))
            number += 1
        if not mark:
            marks = {}
    return found


def commands(block: Block) -> list[tuple[int, str, str]]:
    """Split a console block into (line, command, expected output); ``> `` and a final backslash continue a command."""
    parts: list[tuple[int, str, list[str]]] = []
    for offset, line in enumerate(block.text.splitlines()):
        if line.startswith("$ "):
            parts.append((block.line + offset, line[2:], []))
        elif parts and not parts[-1][2] and (line.startswith("> ") or parts[-1][1].endswith("\\")):
            place, command, output = parts.pop()
            parts.append((place, f"{command}\n{line.removeprefix('> ')}", output))
        elif parts:
            parts[-1][2].append(line)
        else:
            raise ValueError(f"{block.place}: a console block starts with a line '$ command'")
    return [(place, command, "\n".join(output).strip("\n")) for place, command, output in parts]
