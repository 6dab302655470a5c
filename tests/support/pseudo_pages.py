"""What stands on a page in the pseudo-language without having come from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.pages import Element

_INNERMOST = re.compile(r"\[[^\[\]]*\]")


def outside_the_catalogue(element: Element) -> Iterator[str]:
    """Yield every text with letters that is not in the brackets of the pseudo-language.

    What says that it is in another language, and names that are not translated, are left out.
    """
    if element.attributes.get("lang", "en-XA") != "en-XA" or element.attributes.get("translate") == "no":
        return
    # A picture wraps one text over several lines.
    children = [element.text] if element.tag == "text" else element.children
    for child in children:
        if isinstance(child, Element):
            yield from outside_the_catalogue(child)
        elif re.search(r"[^\W\d_]", _without_brackets(child)):
            yield child.strip()


def _without_brackets(text: str) -> str:
    shorter = _INNERMOST.sub("", text)
    return text if shorter == text else _without_brackets(shorter)
