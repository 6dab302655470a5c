"""Texts of the catalogue that every layer can hold as plain English, and a face can say again in another language.

A question, a word or a fault is made far below the faces, where nobody knows who will read it. There it is a ``str`` in
English, which files, schemas and the command line use as it is. It keeps its key and what was filled in, so that a page
says the same in the language of its reader.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, Union

from equipoise.wording.catalogue import Text, WordingError, area, catalogue
from equipoise.wording.languages import ENGLISH

if TYPE_CHECKING:
    from decimal import Decimal

Style = Literal["quoted", "bare", "or"]
Filling: TypeAlias = Union[str, int, float, "Decimal", datetime.date, "Named", "Listed", "Phrase", "tuple[float, ...]"]
"""What a place of a text may be filled with. A ``Decimal`` is written with the digits that it has."""


@dataclass(frozen=True, slots=True)
class Named:
    """Names of questions or words as a file holds them; a page shows what stands there for them.

    Attributes
    ----------
    names
        One or more.
    style
        How they are written in English: ``"'age'"``, ``"age, sex"`` or ``"age or sex"``.
    """

    names: tuple[str, ...]
    style: Style = "quoted"

    def __str__(self) -> str:
        """Return them as a file's reader knows them."""
        if self.style == "quoted":
            return ", ".join(f"'{name}'" for name in self.names)
        return (" or " if self.style == "or" else ", ").join(self.names)


@dataclass(frozen=True, slots=True)
class Listed:
    """Texts in a row within a text.

    Attributes
    ----------
    texts
        One or more; those that are phrases are said in the language of the whole.
    mark
        What stands between them; empty for a list in a sentence: ``a, b and c``.
    """

    texts: tuple[str, ...]
    mark: str = ""

    def __str__(self) -> str:
        """Return them in English."""
        *first, last = self.texts
        if self.mark or not first:
            return self.mark.join(self.texts)
        return f"{', '.join(first)} and {last}"


class Phrase(str):
    """A text of the catalogue, in English, with its key and what fills its places.

    It is made by ``phrase`` and said in another language by ``Wording.say``. A new text cut out of it is an ordinary
    ``str`` and stays English.
    """

    key: str
    arguments: Mapping[str, Filling]

    def __new__(cls, text: str, key: str = "", arguments: Mapping[str, Filling] | None = None) -> Phrase:
        """Keep a text with where it came from; one without a key is the same in every language."""
        made = super().__new__(cls, text)
        made.key = key
        made.arguments = dict(arguments or {})
        return made


NOTHING = Phrase("")
"""No text, where there may be one."""


class Term(Phrase):
    """What the evidence, or somebody who asks, calls a thing: a treatment, an outcome, a criterion.

    It is called so in English, and in a language without a word for it. A test holds the English catalogue to the
    evidence, so that each name has one source.
    """


def term(key: str, name: str) -> Term:
    """Return the name of a thing, with the key under which other languages have theirs."""
    return Term(name, key)


def number(value: float, digits: int = 0) -> Phrase:
    """Return a number that every language writes with the same digits.

    Parameters
    ----------
    value
        The number.
    digits
        Behind the decimal point; zeros at the end stay.
    """
    from decimal import Decimal

    return phrase("number.alone", value=Decimal(f"{value:.{digits}f}"))


def phrase(key: str, /, **arguments: Filling) -> Phrase:
    """Return a text of the catalogue in English, filled in as a program writes: ``1440`` and not ``1,440``.

    Parameters
    ----------
    key
        Of the catalogue: ``"question.age.text"``.
    arguments
        What fills its places. A text with plural forms takes the form of ``n``.

    Raises
    ------
    WordingError
        If there is no such text, or something that it says is not given.
    """
    return _filled(key, arguments) if arguments else _bare(key)


@functools.cache
def _bare(key: str) -> Phrase:
    return _filled(key, {})


def _filled(key: str, arguments: Mapping[str, Filling]) -> Phrase:
    text = _form(key, _english(key), arguments)
    if "{" in text:
        try:
            text = text.format_map({name: _plainly(held) for name, held in arguments.items()})
        except (KeyError, IndexError) as error:
            raise WordingError(f"the text '{key}' needs {error}, which was not given.") from None
    return Phrase(text, key, arguments)


def has_text(key: str) -> bool:
    """Whether the file that a key names holds it."""
    return key in area(ENGLISH.tag, key.partition(".")[0])


def _english(key: str) -> Text:
    # One file of the catalogue is read, where all of it would be felt at every start of the command line.
    return area(ENGLISH.tag, key.partition(".")[0])[key] if has_text(key) else catalogue(ENGLISH.tag)[key]


def _form(key: str, text: Text, arguments: Mapping[str, Filling]) -> str:
    if isinstance(text, str):
        return text
    if "n" not in arguments:
        raise WordingError(f"the text '{key}' has plural forms and needs the number 'n'.")
    # Of English, so that nothing that knows all languages is loaded for it.
    return text["one"] if arguments["n"] == 1 else text["other"]


def _plainly(held: Filling) -> str:
    if isinstance(held, float):
        return f"{held:g}"
    if isinstance(held, tuple):
        return ", ".join(f"{value:g}" for value in held)
    return str(held)
