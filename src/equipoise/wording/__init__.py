"""What a person reads, in the language that they read: one catalogue of keyed texts, and numbers as they write them.

Texts stand in ``texts/<language>/*.toml``, to be read and corrected by people who never open a Python file. Every other
module asks for a text by its key; a key that is missing is a fault of the program and found by a test.
"""

from equipoise.wording.catalogue import Catalogue, WordingError, catalogue
from equipoise.wording.languages import ENGLISH, LANGUAGES, PSEUDO, PSEUDO_MIRRORED, Language, language
from equipoise.wording.phrases import NOTHING, Filling, Listed, Named, Phrase, Term, has_text, number, phrase, term
from equipoise.wording.wording import Wording, wording

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "NOTHING",
    "PSEUDO",
    "PSEUDO_MIRRORED",
    "Catalogue",
    "Filling",
    "Language",
    "Listed",
    "Named",
    "Phrase",
    "Term",
    "Wording",
    "WordingError",
    "catalogue",
    "has_text",
    "language",
    "number",
    "phrase",
    "term",
    "wording",
]
