"""Read a PDF as a reader would: its words with their size, page by page, and its structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_CODE = re.compile(rb"<([0-9A-Fa-f]+)>")
# Rise of the writing position, in thousandths of an em, from which two pieces are two words.
_GAP = -120


@dataclass(frozen=True)
class Piece:
    """What was written in one go, and how large, in points."""

    text: str
    size: float


def pieces(page: Any) -> Iterator[Piece]:
    """Yield the texts of a page in the order in which they were written."""
    fonts = {name: _codes(font) for name, font in page.obj.Resources.Font.items()}
    current: dict[int, str] = {}
    size, scale, stack = 0.0, 1.0, []
    instruction: Any
    for instruction in pikepdf.parse_content_stream(page):
        operands, word = instruction.operands, str(instruction.operator)
        if word == "q":
            stack.append(scale)
        elif word == "Q":
            scale = stack.pop()
        elif word == "cm":
            scale *= abs(float(operands[3]))
        elif word == "Tf":
            current, size = fonts[str(operands[0])], float(operands[1])
        elif word == "Tm":
            matrix = abs(float(operands[3]))
            yield Piece("", 0) if matrix == 0 else Piece(" ", size * matrix * scale)
        elif word in ("Tj", "TJ"):
            parts = operands[0] if word == "TJ" else [operands[0]]
            text = ""
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    codes = (int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2))
                    text += "".join(current.get(code, "") for code in codes)
                elif float(part) < _GAP:
                    text += " "
            yield Piece(text, size * scale)


def text(page: Any) -> str:
    """Return all words of a page, single spaces between them."""
    return " ".join("".join(piece.text for piece in pieces(page)).split())


def _codes(font: Any) -> dict[int, str]:
    found: dict[int, str] = {}
    cmap = font.ToUnicode.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        codes = _CODE.findall(block)
        for code, value in zip(codes[::2], codes[1::2], strict=True):
            found[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        codes = _CODE.findall(block)
        for low, high, value in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            first = int(value, 16)
            for offset in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + offset] = chr(first + offset)
    return found


def tags(pdf: pikepdf.Pdf) -> list[str]:
    """Return the names of the structure elements in reading order."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node.S)
            if "/K" in node:
                yield from walk(node.K)

    return list(walk(pdf.Root.StructTreeRoot.K))


def alternatives(pdf: pikepdf.Pdf) -> list[str]:
    """Return the texts that stand for pictures."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/Alt" in node:
                yield str(node.Alt)
            if "/K" in node:
                yield from walk(node.K)

    return list(walk(pdf.Root.StructTreeRoot.K))


def languages(pdf: pikepdf.Pdf) -> set[str]:
    """Return every language that a part of the document is marked with, besides its own."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/Lang" in node:
                found.add(str(node.Lang))
            if "/K" in node:
                walk(node.K)

    walk(pdf.Root.StructTreeRoot.K)
    for page in pdf.pages:
        instruction: Any
        for instruction in pikepdf.parse_content_stream(page):
            if str(instruction.operator) == "BDC" and isinstance(instruction.operands[1], pikepdf.Dictionary):
                found |= {str(instruction.operands[1].Lang)} if "/Lang" in instruction.operands[1] else set()
    return found
