"""Say a text in a language, with its numbers, dates, lists and plurals as that language writes them."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from equipoise.wording.catalogue import Catalogue, Text, WordingError, catalogue
from equipoise.wording.languages import ENGLISH, PSEUDO_MIRRORED, Language
from equipoise.wording.languages import language as language_of
from equipoise.wording.phrases import Filling, Listed, Named, Phrase, Term
from equipoise.wording.pseudo import mirrored, stretched

if TYPE_CHECKING:
    from decimal import Decimal

    from babel import Locale


class Wording:
    """The catalogue of one language, ready to be asked.

    Parameters
    ----------
    language
        Which one.
    texts
        Its keyed texts.
    """

    def __init__(self, language: Language, texts: Catalogue) -> None:
        self.language = language
        self.texts = texts

    def __call__(self, key: str, /, **arguments: Filling) -> str:
        """Return a text, filled in.

        Parameters
        ----------
        key
            Of the catalogue: ``"path.about.title"``.
        arguments
            What its places are called. Numbers and dates are written as the language writes them, a text stays as it
            is. A text with plural forms takes the form of ``n``.

        Raises
        ------
        WordingError
            If there is no such text, or something that it says is not given.
        """
        return self._filled(key, arguments, self._written)

    def say(self, text: str) -> str:
        """Say a text again in this language, if it is a ``Phrase``; any other text stays as it is.

        Its numbers are written with the digits that they have, as what a person gave should be.
        """
        if not isinstance(text, Phrase) or not text.key:
            return str(text)
        if isinstance(text, Term) and (self.language is ENGLISH or not self.has(text.key)):
            return str(text)
        return self._filled(text.key, text.arguments, self._exactly_written)

    def has(self, key: str) -> bool:
        """Whether there is a text."""
        return key in self.texts

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number rounded half up to so many digits behind the point, with its thousands grouped.

        Parameters
        ----------
        value
            The number.
        digits
            Behind the decimal point; zeros at the end stay.
        """
        return _number(self.language.locale, value, digits)

    def exactly(self, value: float | Decimal) -> str:
        """Return a number with the digits that it has: ``3`` for ``3.0`` and ``3.0`` for ``Decimal("3.0")``."""
        from decimal import Decimal

        whole = value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")
        return self.number(float(whole), max(0, -int(whole.as_tuple().exponent)))

    def date(self, day: datetime.date, width: Literal["short", "medium", "long", "full"] = "long") -> str:
        """Return a day as it is written: ``29 November 2026``."""
        from babel.dates import format_date

        return format_date(day, width, locale=self.locale)

    def joined(self, names: Iterable[str], style: Literal["and", "or"] = "and") -> str:
        """Return names as a list in a sentence: ``a, b and c``."""
        from babel.lists import format_list

        return format_list(list(names), style="standard" if style == "and" else "or", locale=self.locale)

    @functools.cached_property
    def locale(self) -> Locale:
        """Whose numbers, dates, lists and plurals are used."""
        from babel import Locale

        return Locale.parse(self.language.locale)

    def _filled(self, key: str, arguments: Mapping[str, Filling], written: Callable[[Filling], str]) -> str:
        text = self._form(key, self.texts[key], arguments)
        if self.language.is_pseudo:
            text = mirrored(text) if self.language is PSEUDO_MIRRORED else stretched(text)
        if "{" not in text:
            return text
        try:
            return text.format_map({name: written(held) for name, held in arguments.items()})
        except (KeyError, IndexError) as error:
            raise WordingError(f"the text '{key}' needs {error}, which was not given.") from None

    def _form(self, key: str, text: Text, arguments: Mapping[str, Filling]) -> str:
        if isinstance(text, str):
            return text
        count = arguments.get("n")
        if not isinstance(count, int | float):
            raise WordingError(f"the text '{key}' has plural forms and needs the number 'n'.")
        return text.get(self.locale.plural_form(count), text["other"])

    def _written(self, held: Filling) -> str:
        if isinstance(held, str):
            return self.say(held)
        if isinstance(held, datetime.date):
            return self.date(held)
        if isinstance(held, Named):
            return str(held)
        if isinstance(held, Listed):
            return self._listed(held)
        if isinstance(held, tuple):
            # Not with commas where a comma is the decimal point.
            mark = "; " if "," in self.number(0.5, 1) else ", "
            return mark.join(self.exactly(value) for value in held)
        if isinstance(held, int):
            return self.number(held)
        if isinstance(held, float):
            return self.number(held, digits=0 if held == int(held) else 1)
        return self.exactly(held)

    def _listed(self, listed: Listed) -> str:
        texts = [self.say(text) for text in listed.texts]
        return listed.mark.join(texts) if listed.mark else self.joined(texts)

    def _exactly_written(self, held: Filling) -> str:
        return self.exactly(held) if isinstance(held, float) else self._written(held)


# A page of numbers says the same few hundred again and again, and each takes as long as a whole sentence.
@functools.lru_cache(maxsize=4096)
def _number(locale: str, value: float, digits: int) -> str:
    from decimal import ROUND_HALF_UP, Decimal

    from babel.numbers import format_decimal

    whole = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(whole, format=pattern, locale=locale))


def wording(tag: str = ENGLISH.tag) -> Wording:
    """Return the wording of a language.

    Parameters
    ----------
    tag
        ``"en"``, ``"de"`` or ``"es"``; for tests ``"en-XA"`` and ``"ar-XB"``.

    Raises
    ------
    UnknownTermError
        If nothing here is written in it.
    """
    return _wording(language_of(tag))


# By language: a tag comes from an address, where it can be written in more ways than anybody could keep.
@functools.cache
def _wording(language: Language) -> Wording:
    return Wording(language, catalogue(ENGLISH.tag if language.is_pseudo else language.tag))
