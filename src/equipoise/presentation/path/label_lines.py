"""One statement of a label as a line that a person can read: in plain words where there are some, else as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from equipoise.evidence import LabelEntry
from equipoise.presentation.path.spans import span
from equipoise.safety.eligibility_document import LABEL_PREFIX
from equipoise.wording import ENGLISH, Wording
from equipoise.wording.phrases import Filling

_SPANS: Mapping[str, str] = {
    "duration_after": "after",
    "min_duration_after_course": "after",
    "window_before": "before",
    "window_after": "until",
    "room_temp_max": "span",
    "duration": "span",
    "interval_from_previous_min": "gap",
    "interval_from_previous": "gap",
}
"""Field of an entry to the place of a text that it fills, as a length of time."""
_COUNTS: Mapping[str, str] = {
    "infusion_days_total": "n",
    "infusions_per_year": "n",
    "injections_per_year": "n",
    "per_week": "n",
    "room_temp_max_c": "degrees",
    "hours_per_day_min": "low",
    "hours_per_day_max": "high",
}
"""Field of an entry to the place of a text that it fills, as a number."""
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
"""A number in the words of a statement, with a comma between its thousands."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a label says, and where.

    Attributes
    ----------
    text, source_id
        In words, and the statement to be traced.
    is_english
        Whether it could be had in English only, on a page that is not.
    is_plain
        Whether it is in plain words rather than the label's own.
    """

    text: str
    source_id: str
    is_english: bool = False
    is_plain: bool = True


def line_of(words: Wording, entry: LabelEntry) -> Line:
    """Return an entry as a line.

    Parameters
    ----------
    words
        In which language.
    entry
        The entry.
    """
    places = dict(_places(words, entry))
    for key in (f"plain-label.{entry.id}", f"plain-label.of-kind.{entry.table}-{entry.fields.get('kind', '')}"):
        if words.has(key) and words.texts.places(key) <= set(places):
            return Line(words(key, **places), LABEL_PREFIX + entry.id)
    return Line(entry.text, LABEL_PREFIX + entry.id, words.language != ENGLISH, is_plain=False)


def has_plain_words(words: Wording, entry: LabelEntry) -> bool:
    """Whether there are plain words for one very entry."""
    return words.has(f"plain-label.{entry.id}")


def _places(words: Wording, entry: LabelEntry) -> Iterator[tuple[str, Filling]]:
    for field, place in _SPANS.items():
        if entry.fields.get(field):
            yield place, span(words, str(entry.fields[field]))
    for field, place in _COUNTS.items():
        if field in entry.fields:
            yield place, int(entry.fields[field])
    if "infusion_hours" in entry.fields:
        yield "hours", words("number.hours", n=int(entry.fields["infusion_hours"]))
    days = entry.fields.get("days")
    if isinstance(days, list):
        yield "n", len(days)
    elif isinstance(days, int):
        yield "days", words("number.days", n=days)
    # Most labels have their numbers in the words only: they are filled in from there, so that no text repeats one.
    for which, number in enumerate(_NUMBER.findall(entry.text), start=1):
        yield f"n{which}", Decimal(number.replace(",", ""))
