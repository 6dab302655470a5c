"""What every picture is made of: escaped elements, wrapped text, linked numbers and the frame around them.

Each ``<text>`` carries exactly one mark that says what it is, so that a test can prove that no number is shown
without a source:

- ``data-id``: a number about a treatment, with the id of the estimate that it comes from;
- ``data-axis``: a tick label of an axis;
- ``data-label``: words and names (they may hold digits, as in *interferon beta-1a*);
- ``data-unsourced``: a number that the caller gave no id for. No released page may hold one.

Table cells, headers and captions carry the same marks. A ``<desc>`` carries ``data-repeats``: it says in sentences what
stands in the picture with its ids.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias
from urllib.parse import quote

from markupsafe import Markup, escape

INK: Final = "var(--ink, #1b2733)"
INK_SOFT: Final = "var(--ink-soft, #4a5866)"
STRONG: Final = "var(--picture-strong, #1f4a63)"
SOFT: Final = "var(--picture-soft, #84929e)"
TINT: Final = "var(--picture-tint, #dde8ee)"
RULE: Final = "var(--picture-rule, #cbd4da)"
SURFACE: Final = "var(--surface, #ffffff)"

NARROW_WIDTH: Final = 300.0
"""Drawing width of phone layouts. A 320 px screen leaves about 260 px, so 15 units of text stay above 12 px."""
WIDE_WIDTH: Final = 760.0
TEXT_SIZE: Final = 15.0
HEADING_SIZE: Final = 17.0
LINE_HEIGHT: Final = 1.3
_SLIM: Final = frozenset("fijlrtI.,:;!|'()[] ")
_BOLD_FACTOR: Final = 1.1

TraceUrl: TypeAlias = str | Callable[[str], str]
"""Address of an estimate's trace: a text with ``{id}`` in it, or what makes the address of an id."""
TRACE_URL: Final = "/trace/{id}"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def checked_identifier(identifier: str) -> str:
    """Return `identifier` unchanged when ids may be derived from it.

    Raises
    ------
    ValueError
        If it is not a letter followed by letters, digits, hyphens and underscores.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        raise ValueError(f"picture id {identifier!r}: use a letter, then letters, digits, '-' or '_'.")
    return identifier


def safe(text: object) -> Markup:
    """Escape `text` for HTML and XML; characters that XML forbids become the replacement character."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(text)))


def coordinate(value: float) -> str:
    """Format a coordinate with at most two decimals and no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def element(tag: str, *children: Markup, **attributes: object) -> Markup:
    """Build one element.

    Parameters
    ----------
    tag
        Element name.
    *children
        Markup inside it.
    **attributes
        Attributes; underscores become hyphens, a trailing one is dropped (``class_``), None leaves the attribute out.
    """
    opening = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{coordinate(value) if isinstance(value, float) else safe(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if not children:
        return Markup(f"<{tag}{opening}/>")  # noqa: S704 - every value above was escaped
    return Markup(f"<{tag}{opening}>{''.join(children)}</{tag}>")  # noqa: S704


def join(parts: Sequence[Markup]) -> Markup:
    """Concatenate markup."""
    return Markup("").join(parts)


def _ems(character: str) -> float:
    """Width of a character in DejaVu Sans, rounded up: the widest of the common system fonts, so the others fit too."""
    if character in _SLIM:
        return 0.41
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "mwMW@%":
        return 0.98
    return 0.74 if character.isupper() else 0.63


def text_width(text: str, size: float = TEXT_SIZE, *, bold: bool = False) -> float:
    """Estimated width of `text` on one line; on the wide side."""
    return sum(map(_ems, text)) * size * (_BOLD_FACTOR if bold else 1.0)


def wrapped(text: str, width: float, size: float = TEXT_SIZE, *, bold: bool = False) -> tuple[str, ...]:
    """Break `text` at spaces into lines that fit `width`; a word that is wider than a line is broken."""
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}".lstrip()
        if text_width(candidate, size, bold=bold) <= width:
            lines[-1] = candidate
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and text_width(lines[-1] + character, size, bold=bold) > width:
                lines.append("")
            lines[-1] += character
    return tuple(lines)


def height_of(lines: int, size: float = TEXT_SIZE) -> float:
    """Height that `lines` lines of text take."""
    return lines * size * LINE_HEIGHT


def _lines(x: float, lines: Sequence[str], size: float) -> tuple[Markup, ...]:
    if len(lines) == 1:
        return (safe(lines[0]),)
    space = element("tspan", Markup(" "), font_size=0)  # keeps words apart for readers and copying, without width
    spans: list[Markup] = []
    for position, line in enumerate(lines):
        spans += [space] * (position > 0)
        spans.append(element("tspan", safe(line), x=x, dy=size * LINE_HEIGHT if position else 0.0))
    return tuple(spans)


def _text(
    x: float, y: float, lines: Sequence[str], size: float, bold: bool, anchor: str, mark: dict[str, object]
) -> Markup:
    return element(
        "text",
        *_lines(x, lines, size),
        x=x,
        y=y,
        font_size=size,
        font_weight=600 if bold else None,
        text_anchor=None if anchor == "start" else anchor,
        fill=INK,
        **mark,
    )


def label(
    x: float, y: float, lines: Sequence[str], *, size: float = TEXT_SIZE, bold: bool = False, anchor: str = "start"
) -> Markup:
    """Words, without a number that would need a source. `y` is the first baseline."""
    return _text(x, y, lines, size, bold, anchor, {"data-label": ""})


def axis_label(x: float, y: float, text: str, *, anchor: str = "middle") -> Markup:
    """Tick label of an axis."""
    return _text(x, y, (text,), TEXT_SIZE, False, anchor, {"data-axis": ""})


def axis_note(x: float, y: float, lines: Sequence[str]) -> Markup:
    """What an axis means and how far it goes. `y` is the first baseline."""
    return _text(x, y, lines, TEXT_SIZE, False, "start", {"data-axis": ""})


def number(
    x: float,
    y: float,
    lines: Sequence[str],
    estimate_id: str | None,
    *,
    size: float = TEXT_SIZE,
    bold: bool = False,
    anchor: str = "start",
) -> Markup:
    """Text that states a number about a treatment, marked with the estimate that it comes from."""
    mark: dict[str, object] = {"data-id": estimate_id} if estimate_id else {"data-unsourced": ""}
    return _text(x, y, lines, size, bold, anchor, mark)


def trace_address(trace_url: TraceUrl, estimate_id: str) -> str:
    """Return the address of an estimate's trace."""
    if callable(trace_url):
        return trace_url(estimate_id)
    return trace_url.replace("{id}", quote(estimate_id, safe="", errors="replace"))


def trace_link(trace_url: TraceUrl | None, estimate_id: str | None, *children: Markup) -> Markup:
    """Wrap `children` in one link to the trace of their estimate: one stop for the keyboard per estimate.

    Parameters
    ----------
    trace_url
        Address of an estimate's trace; None draws no link.
    estimate_id
        Id of the estimate; None draws no link.
    *children
        Markup inside the link.
    """
    if trace_url is None or estimate_id is None:
        return join(children)
    return element("a", *children, href=trace_address(trace_url, estimate_id), class_="trace")


def cell_number(text: str, trace_url: TraceUrl | None, estimate_id: str | None) -> Markup:
    """Number in an HTML table, with the same id and link as in the picture."""
    mark: dict[str, object] = {"data-id": estimate_id} if estimate_id else {"data-unsourced": ""}
    if trace_url is None or estimate_id is None:
        return element("span", safe(text), class_="number", **mark)
    return element("a", safe(text), class_="number", href=trace_address(trace_url, estimate_id), **mark)


def cell_label(text: str) -> Markup:
    """Words in an HTML table, marked as in the picture."""
    return element("span", safe(text), data_label="")


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Markup]], *, ticks: Sequence[str] = ()) -> Markup:
    """Accessible data table of a picture: a caption, column headers, and row headers in the first column.

    Parameters
    ----------
    caption, head, rows
        What it is, what each column holds, and its cells.
    ticks
        Headers of further columns, one for each tick of an axis.
    """
    header = element(
        "tr",
        *(element("th", safe(name), scope="col", data_label="") for name in head),
        *(element("th", safe(tick), scope="col", data_axis="") for tick in ticks),
    )
    body = [
        element(
            "tr",
            element("th", row[0], scope="row", data_label=""),
            *(element("td", cell or Markup("&#8211;")) for cell in row[1:]),
        )
        for row in rows
    ]
    return element(
        "table",
        element("caption", safe(caption), data_label=""),
        element("thead", header),
        element("tbody", *body),
        class_="picture-data",
    )


def frame(
    identifier: str, width: float, height: float, title: str, description: str, body: Sequence[Markup], *, class_: str
) -> Markup:
    """Put `body` into an ``<svg>`` with a title and a description.

    The role is ``img``; a picture that holds links is a ``group`` instead, because the children of an image are hidden
    from assistive technology and a link in there could be reached by the keyboard but not be heard.
    """
    content = join(body)
    return element(
        "svg",
        element("title", safe(title), id=f"{identifier}-title", data_label=""),
        element("desc", safe(description), id=f"{identifier}-desc", data_repeats=""),
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        id=identifier,
        class_=class_,
        role="group" if "<a " in content else "img",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
    )
