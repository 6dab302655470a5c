"""What a rendered page shows, element by element: for tests that prove something about every number on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from equipoise.evidence import Evidence

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
SOURCED = ("data-id", "data-axis", "data-meta", "data-definition", "data-repeats", "data-claim")
SPOKEN = ("aria-label", "data-column", "title", "alt")


@dataclass
class Element:
    """One element with its own attributes."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Yield the element and everything inside it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, attribute: str, value: str | None = None) -> list[Element]:
        """Return the elements that carry an attribute, with a value if one is given."""
        return [e for e in self.walk() if attribute in e.attributes and value in (None, e.attributes[attribute])]

    @property
    def text(self) -> str:
        """All text inside, spaces joined."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("#root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(page: str) -> Element:
    """Return a page as a tree; a tag that is not closed in order is a failure."""
    tree = _Tree()
    tree.feed(page)
    assert tree.open == [tree.root], [element.tag for element in tree.open]
    return tree.root


def names(evidence: Evidence) -> tuple[str, ...]:
    """Return every name of the vocabulary that holds a digit, longest first."""
    found = {"SF-36", "CD52", "EQ-5D", "T1", "T2"}
    for treatment in evidence.treatments.values():
        found |= {treatment.name, treatment.detail, treatment.id, treatment.option, *treatment.aliases}
    for trial in evidence.trials.values():
        found |= {trial.name, trial.short_name}
    for outcome in evidence.outcomes.values():
        found |= {outcome.name, outcome.event, outcome.complement}
    return tuple(sorted((name for name in found if re.search(r"\d", name)), key=len, reverse=True))


def orphans(root: Element, known: Iterable[str]) -> list[str]:
    """Return every text or spoken attribute with a digit that has no source, once known names are taken out."""
    known = tuple(known)
    return [text for text in _unsourced(root) if re.search(r"\d", _without(text, known))]


def _without(text: str, known: tuple[str, ...]) -> str:
    for name in known:
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text


def _unsourced(element: Element) -> Iterator[str]:
    if element.tag in ("style", "script") or any(mark in element.attributes for mark in SOURCED):
        return
    yield from (element.attributes[name] for name in SPOKEN if name in element.attributes)
    if element.tag == "text" and "data-label" in element.attributes:
        # A name that a picture wraps over several lines is still one name.
        yield element.text
        return
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _unsourced(child)
