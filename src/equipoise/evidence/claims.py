"""Claims of ordinary patient articles, and what the sources say to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from equipoise.evidence.tables import term_of, text_of, texts_of
from equipoise.vocabulary.errors import EvidenceError


class Verdict(StrEnum):
    """How a claim stands against the sources."""

    SUPPORTED = "supported"
    PARTLY = "partly-supported"
    NEEDS_QUALIFYING = "needs-qualifying"
    WRONG_AS_WRITTEN = "wrong-as-written"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its verdict.

    Attributes
    ----------
    id, number
        Stable id, and its place in the list.
    claim
        What the article says, in our words.
    verdict, reason
        How it stands, and why, in words without figures: the figures are those of ``evidence``.
    evidence
        Ids of estimates and facts, resolved when shown, so that a claim never holds a number of its own.
    unseen
        What the reason needs and no source that was read prints; empty when nothing.
    """

    id: str
    number: int
    claim: str
    verdict: Verdict
    reason: str
    evidence: tuple[str, ...]
    unseen: str = ""


def read_claim(file: str, raw: Mapping[str, Any]) -> Claim:
    """Return a claim from its TOML entry.

    Raises
    ------
    EvidenceError
        If a key is missing, the verdict is unknown, or no evidence is named.
    """
    row = text_of(file, "", raw, "id", required=True)
    number = raw.get("number")
    if not isinstance(number, int) or isinstance(number, bool):
        raise EvidenceError(
            "a claim needs its number",
            file=file,
            row=row,
            column="number",
            found=repr(number),
            allowed="1, 2, 3, ...",
            mend="number the claims in order",
        )
    claim = Claim(
        id=row,
        number=number,
        claim=text_of(file, row, raw, "claim", required=True),
        verdict=term_of(file, row, raw, "verdict", Verdict),
        reason=text_of(file, row, raw, "reason", required=True),
        evidence=texts_of(file, row, raw, "evidence"),
        unseen=text_of(file, row, raw, "unseen"),
    )
    if not claim.evidence and not claim.unseen:
        raise EvidenceError(
            "a claim needs evidence",
            file=file,
            row=row,
            column="evidence",
            found="no id",
            allowed="ids of estimates or facts",
            mend="name what stands behind the verdict",
        )
    return claim
