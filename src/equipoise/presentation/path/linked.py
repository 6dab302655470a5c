"""A sentence of the catalogue in which a number is a link to where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from equipoise.wording import Wording


@dataclass(frozen=True, slots=True)
class Link:
    """A number as it is written, the address of its source, and its id."""

    text: str
    address: str
    id: str

    @property
    def markup(self) -> Markup:
        """The link itself."""
        return Markup('<a class="number" data-id="{}" href="{}">{}</a>').format(self.id, self.address, self.text)


def linked(words: Wording, key: str, links: Mapping[str, Link], **arguments: str) -> Markup:
    """Return a text with links in its places, wherever the language puts them.

    Parameters
    ----------
    words
        In which language.
    key
        Of the text.
    links
        Place to link.
    arguments
        What stands in the other places, as it is.
    """
    # Characters that no text holds stand for the links while the sentence is made, so that all of it is escaped.
    marks = {name: chr(_FIRST_MARK + number) for number, name in enumerate(links)}
    said = escape(words(key, **marks, **arguments))
    for name, mark in marks.items():
        said = Markup(said.replace(mark, links[name].markup))  # noqa: S704 - both parts are escaped
    return said


_FIRST_MARK = 0xE000
"""The private use area of Unicode begins here."""
