"""A code that a phone can read, with the person's own file in it. It is on the paper only if it was asked for."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

from equipoise.forms.files import PARTS
from equipoise.vocabulary.errors import RequestError

MOST_BYTES = 1_200
"""More makes modules of less than 0.4 mm on the space there is, which a phone no longer reads from paper."""
ERROR_CORRECTION = "L"
AFTER = "choices"
"""The part of a file of all answers from which on it is left out."""


def qr_content(path: Path) -> str:
    """Return what the code holds: the person's file, without its comments where that changes nothing.

    Of a file of all answers it holds who it is about and what matters to them; the rest has no room on paper.

    Parameters
    ----------
    path
        A file that was read as a person already.

    Raises
    ------
    RequestError
        If it is too long for a code on paper.
    """
    text = path.read_text(encoding="utf-8-sig")
    content = short(text) if path.suffix.lower() != ".json" else text.strip()
    size = len(content.encode())
    if size > MOST_BYTES:
        raise RequestError(
            f"'{path}' is too long for a code on paper: {size:,} bytes without comments.\n"
            f"  allowed: {MOST_BYTES:,} bytes\n  do: leave --qr out, and take the file itself with you"
        )
    return content


def short(text: str) -> str:
    """Return what a code holds of a TOML file."""
    before, mark, _ = text.partition(f"\n[{AFTER}]\n")
    return _without_comments(before if mark and f"\n{PARTS} = " in text else text)


def _without_comments(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    short = "\n".join(lines)
    try:
        return short if tomllib.loads(short) == tomllib.loads(text) else text
    except tomllib.TOMLDecodeError:
        return text


def qr_svg(content: str) -> str:
    """Return a code as an SVG picture, black on white, with the quiet zone that readers need."""
    import segno

    stream = io.BytesIO()
    code = segno.make(content, error=ERROR_CORRECTION, micro=False, boost_error=False)
    code.save(stream, kind="svg", border=4, xmldecl=False, svgns=True, nl=False)
    return stream.getvalue().decode()
