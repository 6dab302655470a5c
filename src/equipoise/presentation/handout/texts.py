"""What stands around everything on the page for a visit: its headings and fixed sentences, in its language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from equipoise.consultation import Consultation
from equipoise.presentation.handout.words import day_of
from equipoise.wording import Wording

_PERSON = (
    "title", "about", "decision", "about-me", "nothing-said", "do-not-know", "matters", "to-fill-in", "not-acceptable",
    "options", "happens-region", "no-number-at-all", "of-100", "of-100-what", "of-1000", "of-1000-what", "asks",
    "asks-when", "yes", "no", "mine", "mine-nothing", "others", "not-known", "questions", "ready", "ready-yes",
    "ready-no", "informs",
)  # fmt: skip
_CLINICIAN = (
    "title", "person", "unknown", "nothing-known", "eligibility", "outcomes-region", "outcome", "from", "label",
    "of-100", "of-1000", "burden", "differences", "differences-region", "compared", "difference", "needed", "made",
    "not-given", "fit", "sources", "informs", "example", "code", "code-label",
)  # fmt: skip


def sheet_texts(
    words: Wording, sitting: Consultation, on: datetime.date, names: Sequence[str], time: str
) -> Mapping[str, str]:
    """Return the headings and fixed sentences of both sides, those of the clinician under ``clinician-``.

    Parameters
    ----------
    words
        The language.
    sitting, on
        Whose labels and which evidence, and the day.
    names
        Of the options, as they stand inside a sentence.
    time
        The horizon, in words.
    """
    release, place = sitting.release, words(f"sheet.place.{sitting.jurisdiction.lower()}")
    made, review = (day_of(datetime.date.fromisoformat(day), words) for day in (release.date, release.review_by))
    hash_ = release.version.rpartition("+")[2]
    return {
        **{key: words(f"sheet.{key}") for key in _PERSON},
        **{f"clinician-{key}": words(f"sheet.clinician.{key}") for key in _CLINICIAN},
        "document": words("sheet.document", names=", ".join(name[:1].upper() + name[1:] for name in names)),
        "decide": words("sheet.decide", first=names[0], second=names[1]),
        "happens": words("sheet.happens", time=time),
        "made-from": words("sheet.made-from", date=made, version=hash_, place=place),
        "letter": words("sheet.letter", letter="{letter}"),
        "day": words.date(on),
        "clinician-labels": words("sheet.clinician.labels", place=place),
        "clinician-day": day_of(on, words),
        "clinician-outcomes": words("sheet.clinician.outcomes", time=time),
        "clinician-no-device": words("sheet.clinician.no-device", version=release.version, review=review),
    }
