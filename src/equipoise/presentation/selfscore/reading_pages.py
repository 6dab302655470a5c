"""A page read as far as the checks need: its elements and its words."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_SILENT = ("style", "script", "svg", "title")
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "td", "th", "dt", "dd", "div", "summary")
# Only of these the words are asked for; joining those of every container would read a long page many times over.
_READ = ("a", "button", "h1", "h2", "h3", "label", "li", "p", "summary", "table", "td", "th", "title")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: name, attributes, the words within it where they are read at all, and the names around it."""

    name: str
    attributes: dict[str, str]
    text: str
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """A page: where, its elements in order of their end, its words, and the page as it came."""

    address: str
    elements: tuple[Element, ...]
    text: str
    source: str

    def all(self, *names: str) -> tuple[Element, ...]:
        """Return the elements of some names."""
        return tuple(element for element in self.elements if element.name in names)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        # Open elements: name, attributes, place among all elements, and where their words begin.
        self.open: list[tuple[str, dict[str, str], int, int]] = []
        self.done: list[tuple[int, Element]] = []
        self.all_words: list[str] = []
        self.seen_words: list[str] = []
        self.count = 0

    @property
    def parents(self) -> tuple[str, ...]:
        """Names of the open elements."""
        return tuple(one[0] for one in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.count += 1
        if tag in VOID:
            self.done.append((self.count, Element(tag, found, "", self.parents)))
        else:
            self.open.append((tag, found, self.count, len(self.all_words)))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, attributes, place, begin = self.open.pop()
            text = " ".join("".join(self.all_words[begin:]).split()) if name in _READ else ""
            self.done.append((place, Element(name, attributes, text, self.parents)))
            if name == tag:
                if name in _BLOCKS:
                    self.seen_words.append("\n")
                return

    def handle_data(self, data: str) -> None:
        if self.open:
            self.all_words.append(data)
            if not set(_SILENT) & set(self.parents):
                self.seen_words.append(data)


def read_page(address: str, body: str) -> PageText:
    """Read a page."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    elements = tuple(element for _, element in sorted(reader.done, key=lambda one: one[0]))
    return PageText(address, elements, "".join(reader.seen_words), body)
