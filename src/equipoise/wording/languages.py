"""The languages that a person can read this in, and two that only tests read."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.vocabulary.errors import UnknownTermError


@dataclass(frozen=True, slots=True)
class Language:
    """A language.

    Attributes
    ----------
    tag
        As an address and ``lang`` hold it, BCP 47.
    name
        What its readers call it.
    locale
        Whose numbers, dates, lists and plurals are used, as CLDR names it.
    direction
        ``"ltr"`` or ``"rtl"``.
    is_pseudo
        Whether it is English made strange, for tests: longer, with accents, between brackets.
    """

    tag: str
    name: str
    locale: str
    direction: str = "ltr"
    is_pseudo: bool = False


ENGLISH = Language("en", "English", "en_GB")
LANGUAGES = (ENGLISH, Language("de", "Deutsch", "de"), Language("es", "Español", "es"))
"""The languages that are offered, the one that texts are written in first."""

# The tags are the ones that CLDR keeps for pseudo-locales of English.
PSEUDO = Language("en-XA", "Pseudo", "en_GB", is_pseudo=True)
PSEUDO_MIRRORED = Language("ar-XB", "Mirrored pseudo", "en_GB", direction="rtl", is_pseudo=True)
_KNOWN = {one.tag.lower(): one for one in (*LANGUAGES, PSEUDO, PSEUDO_MIRRORED)}


def language(tag: str) -> Language:
    """Return the language of a tag.

    Raises
    ------
    UnknownTermError
        If nothing here is written in it.
    """
    found = _KNOWN.get(tag.strip().lower())
    if found is None:
        raise UnknownTermError("language", tag, [one.tag for one in LANGUAGES])
    return found
