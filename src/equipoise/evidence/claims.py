"""Claims of ordinary patient articles, and what the sources say to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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
    for key in ("number", "claim", "verdict", "reason"):
        if not raw.get(key):
            raise EvidenceError(
                "every claim needs this key", file=file, row=raw["id"], column=key, allowed="a value", mend="add it"
            )
    if raw["verdict"] not in list(Verdict):
        raise EvidenceError(
            "this term is not known",
            file=file,
            row=raw["id"],
            column="verdict",
            found=raw["verdict"],
            allowed=", ".join(Verdict),
            mend="use one of them",
        )
    if not raw.get("evidence") and not raw.get("unseen"):
        raise EvidenceError(
            "a claim needs evidence",
            file=file,
            row=raw["id"],
            column="evidence",
            found="no id",
            allowed="ids of estimates or facts",
            mend="name what stands behind the verdict",
        )
    return Claim(
        id=raw["id"],
        number=int(raw["number"]),
        claim=raw["claim"],
        verdict=Verdict(raw["verdict"]),
        reason=raw["reason"],
        evidence=tuple(raw.get("evidence", ())),
        unseen=raw.get("unseen", ""),
    )
