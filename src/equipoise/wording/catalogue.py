"""The keyed texts of one language, read from its files."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, TypeAlias

from equipoise.vocabulary.errors import EquipoiseError

PLURALS = ("zero", "one", "two", "few", "many", "other")
"""The plural categories of CLDR. A table that holds ``other`` and nothing but these is one text with several forms."""

Text: TypeAlias = str | Mapping[str, str]
"""A text, or its plural forms by category."""


class WordingError(EquipoiseError):
    """A fault in the catalogue: which language, which key, what is wrong with it."""


class Catalogue(Mapping[str, Text]):
    """Texts by key, such as ``"path.about.title"``.

    Parameters
    ----------
    tag
        The language, for messages.
    texts
        Key to text.
    """

    def __init__(self, tag: str, texts: Mapping[str, Text]) -> None:
        self.tag = tag
        self._texts = MappingProxyType(dict(texts))

    def __getitem__(self, key: str) -> Text:
        try:
            return self._texts[key]
        except KeyError:
            raise WordingError(f"the catalogue '{self.tag}' has no text '{key}'.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def forms(self, key: str) -> tuple[str, ...]:
        """Return a text in all its plural forms; one where it has none."""
        text = self[key]
        return (text,) if isinstance(text, str) else tuple(text.values())

    def places(self, key: str) -> frozenset[str]:
        """Return the names of what is filled into a text."""
        return frozenset(name for form in self.forms(key) for _, name, _, _ in Formatter().parse(form) if name)


@functools.cache
def catalogue(tag: str) -> Catalogue:
    """Return the catalogue of a language, read once.

    Parameters
    ----------
    tag
        Of a language that has files of its own.

    Raises
    ------
    WordingError
        If a file cannot be read, or a key stands twice.
    """
    found: dict[str, Text] = {}
    names = sorted(file.name for file in _folder(tag).iterdir() if file.name.endswith(".toml"))
    for name in names:
        for key, text in area(tag, name.removesuffix(".toml")).items():
            if key in found:
                raise WordingError(f"the text '{key}' stands twice in the catalogue '{tag}', again in {name}.")
            found[key] = text
    return Catalogue(tag, found)


@functools.cache
def area(tag: str, name: str) -> Mapping[str, Text]:
    """Return the texts of one file of a language, read once; none where there is no such file.

    A key begins with the name of its file, so that one text can be had without reading all of them.

    Raises
    ------
    WordingError
        If the file cannot be read.
    """
    file = _folder(tag) / f"{name}.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordingError(f"the catalogue file {tag}/{file.name} cannot be read: {error}") from None
    return MappingProxyType(dict(_flat(table, "", f"{tag}/{file.name}")))


def _folder(tag: str) -> Path:
    # A path, as for the evidence: what reads from inside an archive would cost every start a tenth of its time.
    return Path(__file__).parent / "texts" / tag


def _flat(table: Mapping[str, Any], prefix: str, file: str) -> Iterator[tuple[str, Text]]:
    for name, held in table.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(held, str):
            yield key, held.strip()
        elif isinstance(held, Mapping) and "other" in held and set(held) <= set(PLURALS):
            yield key, {category: str(form).strip() for category, form in held.items()}
        elif isinstance(held, Mapping):
            yield from _flat(held, key, file)
        else:
            raise WordingError(f"{file}: '{key}' is neither a text nor a table of texts.")
