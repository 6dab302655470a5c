"""How hard sentences are to read, by a published formula of their language."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-])*")
_NO_LETTER = re.compile(r"[^\w]")

HUERTA_GRADES = ((90, 4), (80, 5), (70, 6), (60, 8), (50, 12), (30, 13))
"""Least ease and school year: the table says 4, 5, 6, 7 to 8, before university, and two kinds of university."""
HARDEST_HUERTA = 16


def words_in(sentences: Sequence[str]) -> list[str]:
    """Return the words of sentences, numbers left out."""
    return [word for sentence in sentences for word in _WORD.findall(sentence)]


def flesch_kincaid(sentences: Sequence[str]) -> float:
    """Return the Flesch-Kincaid grade of English sentences: years of school that it takes to read them.

    Notes
    -----
    0.39 words a sentence + 11.8 syllables a word - 15.59; syllables are counted as groups of vowels, a silent e at the
    end left out. It knows nothing of sense.

    References
    ----------
    kincaid-1975
    """
    words = words_in(sentences)
    if not words:
        return 0.0
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def vienna(sentences: Sequence[str]) -> float:
    """Return the first Vienna formula for factual texts of German sentences: a school year.

    Notes
    -----
    0.1935 words of three and more syllables of 100 + 0.1672 words a sentence + 0.1297 words of more than six letters of
    100 - 0.0327 words of one syllable of 100 - 0.875. Syllables are counted as groups of vowels.

    References
    ----------
    bamberger-1984
    """
    words = words_in(sentences)
    if not words:
        return 0.0
    syllables = [max(1, len(re.findall(r"[aeiouyäöü]+", word.lower()))) for word in words]

    def of_100(count: int) -> float:
        return 100 * count / len(words)

    long = sum(len(_NO_LETTER.sub("", word)) > 6 for word in words)
    return (
        0.1935 * of_100(sum(n >= 3 for n in syllables))
        + 0.1672 * len(words) / len(sentences)
        + 0.1297 * of_100(long)
        - 0.0327 * of_100(syllables.count(1))
        - 0.875
    )


def huerta_ease(sentences: Sequence[str]) -> float:
    """Return the ease of Spanish sentences by Fernández Huerta, from 0 to 100 and beyond; higher is easier.

    Notes
    -----
    206.84 - 60 syllables a word - 1.02 words a sentence.

    References
    ----------
    fernandez-1959
    """
    words = words_in(sentences)
    if not words:
        return 100.0
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences)


def huerta(sentences: Sequence[str]) -> float:
    """Return the school year that the published table gives to the ease of Spanish sentences, the later of a range."""
    ease = huerta_ease(sentences)
    return float(next((grade for least, grade in HUERTA_GRADES if ease >= least), HARDEST_HUERTA))


def spanish_syllables(word: str) -> int:
    """Count the syllables of a Spanish word: two strong vowels, or a weak one with an accent, are apart."""
    text = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "q", word.lower())
    groups = re.findall(r"[aeiouáéíóúü]+", re.sub(r"y\b", "i", text))
    apart = sum(
        not (
            (one in "iuü" and other in "aeoáéó")
            or (one in "aeoáéó" and other in "iuü")
            or (one in "iuü" and other in "iuüíú")
        )
        for group in groups
        for one, other in itertools.pairwise(group)
    )
    return max(1, len(groups) + apart)


@dataclass(frozen=True, slots=True)
class Scale:
    """A formula that gives a school year, and its name."""

    name: str
    grade: Callable[[Sequence[str]], float]


SCALES: Mapping[str, Scale] = {
    "en": Scale("Flesch-Kincaid grade", flesch_kincaid),
    "de": Scale("first Vienna formula for factual texts", vienna),
    "es": Scale("Fernández Huerta, as the school year of its table", huerta),
}
