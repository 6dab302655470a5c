"""English made strange: a text that bypasses the catalogue stands out, and a layout that cannot stretch breaks."""

from __future__ import annotations

from string import Formatter

_ACCENTED = str.maketrans("aceinosuyzACEINOSUYZ", "àçéîñöšüýžÀÇÉÎÑÖŠÜÝŽ")
# German and Spanish texts of this length are about a third longer than the English ones.
_STRETCH = 0.35
_RIGHT_TO_LEFT, _END = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"


def stretched(text: str) -> str:
    """Return a text with accents, about a third longer, between brackets; what is filled in stays."""
    changed = "".join(
        f"{_braced(literal.translate(_ACCENTED))}{_again(name, spec)}"
        for literal, name, spec, _ in Formatter().parse(text)
    )
    return f"[{changed}{'·' * round(_STRETCH * len(text))}]"


def mirrored(text: str) -> str:
    """Return a text that runs from right to left, as a reader of Arabic or Hebrew would meet it."""
    return f"{_RIGHT_TO_LEFT}{text}{_END}"


def _braced(literal: str) -> str:
    return literal.replace("{", "{{").replace("}", "}}")


def _again(name: str | None, spec: str | None) -> str:
    if name is None:
        return ""
    return f"{{{name}:{spec}}}" if spec else f"{{{name}}}"
