"""The page for a visit as plain data, for the templates of its PDF and of its HTML."""

from __future__ import annotations

import dataclasses
from typing import Any

from equipoise.presentation import wire
from equipoise.presentation.handout.document import Handout
from equipoise.wording import wording


def as_data(document: Handout) -> dict[str, Any]:
    """Return a document as data, with a sentence wherever something had no room."""
    words = wording(document.language)
    data = dataclasses.asdict(document) | {"release": wire.release(document.release)}
    person, clinician = data["person"], data["clinician"]
    for name, key in (("own_left_out", "more-questions"), ("facts_left_out", "more-facts")):
        count = person[name]
        person[name] = words(f"sheet.{key}", n=count) if count else ""
    for one in clinician["checks"]:
        one["left_out"] = words("sheet.clinician.more", n=one["left_out"]) if one["left_out"] else ""
    for one in clinician["places"]:
        one["left_out"] = words("sheet.clinician.more-sources", n=one["left_out"]) if one["left_out"] else ""
    code = {"code_alt": words("sheet.clinician.code-alt", content="; ".join(document.qr_text.split("\n")))}
    return data | (code if document.qr_text else {"code_alt": ""})
