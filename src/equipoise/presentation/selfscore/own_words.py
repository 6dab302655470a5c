"""The words of a page that are ours: what a person reads there, without menus, fields, names and what others wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html.parser import HTMLParser

from equipoise.presentation.selfscore.reading_pages import VOID

_BLOCKS = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "legend", "label", "summary", "caption")
)
_ALONE = _BLOCKS | {"text", "title", "option", "button", "figcaption"}
"""Begins or ends a text of its own."""
_PROSE = frozenset(("p", "li", "dd"))
_SILENT = frozenset(("style", "script", "svg", "title", "nav", "header", "footer", "select", "button"))
_NOT_TEXTS = re.compile(r"\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b|Equipoise")
"""A date, as the language writes it, and the name of this program."""
_INNERMOST = re.compile(r"\[[^\[\]]*\]")
BREAK = "\f"
"""Between two texts."""

Run = tuple[str, tuple[tuple[str, dict[str, str]], ...]]
"""A piece of text, and the elements around it, the outermost first."""


class _Runs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.found: list[Run] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ALONE:
            self.found.append((BREAK, tuple(self.open)))
        if tag not in VOID:
            self.open.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in _ALONE:
            self.found.append((BREAK, tuple(self.open)))

    def handle_data(self, data: str) -> None:
        self.found.append((data, tuple(self.open)))


def runs(source: str) -> list[Run]:
    """Return every piece of text of a page with what stands around it."""
    reader = _Runs()
    reader.feed(source)
    reader.close()
    return reader.found


def _language(around: Iterable[tuple[str, dict[str, str]]]) -> str:
    said = [attributes["lang"].partition("-")[0] for _, attributes in around if attributes.get("lang")]
    return said[-1] if said else ""


def own_text(source: str, tag: str, *, within: Collection[str] = ()) -> str:
    """Return what a page says in its own language, a line for each paragraph.

    Parameters
    ----------
    source
        The page.
    tag
        Its language; what says that it is in another one is a quotation or a name, and is left out.
    within
        Names of elements of which one must be around a text; all texts for none.
    """
    said = []
    for text, around in runs(source):
        names = {name for name, _ in around}
        is_ours = _language(around) in {"", tag} and not any(a.get("translate") == "no" for _, a in around)
        is_quoted = any({"data-claim", "data-definition"} & set(attributes) for _, attributes in around)
        if text == BREAK or (is_ours and not is_quoted and not names & _SILENT and (not within or names & set(within))):
            said.append(text)
    return "\n".join(" ".join(line.split()) for line in "".join(said).split(BREAK) if line.strip())


def sentences(source: str, tag: str, names: Iterable[str] = ()) -> list[str]:
    """Return the sentences of our own on a page, each once: of paragraphs and lists, with more than three words.

    Parameters
    ----------
    source, tag
        The page and its language.
    names
        Names that nobody can shorten; each counts as one short word.
    """
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)", re.IGNORECASE)
    text = pattern.sub("drug", own_text(source, tag, within=_PROSE))
    parts = (part for line in text.split("\n") for part in re.split(r"(?<=[.?!:])\s+", line))
    return list(dict.fromkeys(part for part in parts if len(re.findall(r"[^\W\d_]+", part)) > 3))


def outside_the_catalogue(source: str) -> list[str]:
    """Return each text of a page in the pseudo-language that has letters outside its brackets.

    What says that it is in another language, and names that are not translated, are left out. A text counts as a whole,
    whatever is marked in it: a sentence may hold a link, and a picture wraps a text over several lines.
    """
    whole = []
    for text, around in runs(source):
        said = [attributes["lang"] for _, attributes in around if attributes.get("lang")]
        is_quoted = bool(said) and said[-1] != "en-XA"
        is_name = any(attributes.get("translate") == "no" for _, attributes in around)
        if text == BREAK or not (is_quoted or is_name or {"style", "script"} & {name for name, _ in around}):
            whole.append(text)
    pieces = (_without_brackets(" ".join(line.split())) for line in "".join(whole).split(BREAK))
    return [piece.strip() for piece in pieces if re.search(r"[^\W\d_]", _NOT_TEXTS.sub("", piece))]


def _without_brackets(text: str) -> str:
    while (shorter := _INNERMOST.sub("", text)) != text:
        text = shorter
    return text
