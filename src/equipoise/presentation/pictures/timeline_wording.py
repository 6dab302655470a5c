"""The words inside a timeline, in a language."""

from __future__ import annotations

from dataclasses import fields

from equipoise.presentation.pictures.timeline import TimelineWords
from equipoise.wording import Wording


def timeline_words(words: Wording) -> TimelineWords:
    """Return the words of a timeline; in English they are those that it has without being told any.

    Parameters
    ----------
    words
        In which language.
    """
    texts = {}
    for field in fields(TimelineWords):
        key = f"timeline.{field.name.replace('_', '-')}"
        # The picture itself fills its places in.
        texts[field.name] = words(key, **{place: f"{{{place}}}" for place in words.texts.places(key)})
    return TimelineWords(**texts)
