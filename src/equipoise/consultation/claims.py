"""Claims of ordinary patient articles, each with its verdict and the numbers behind it, live."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.consultation.tracing import resolve
from equipoise.evidence import Claim, Evidence, load_evidence
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.estimate import Estimate, Fact


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with everything behind its verdict.

    Attributes
    ----------
    claim
        The claim, its verdict and the reason.
    estimates, facts
        What stands behind it, from the evidence of this release.
    """

    claim: Claim
    estimates: tuple[Estimate, ...]
    facts: tuple[Fact, ...]

    @property
    def items(self) -> tuple[Estimate | Fact, ...]:
        """Everything behind the verdict, numbers first."""
        return (*self.estimates, *self.facts)


def check_claims(evidence: Evidence | None = None) -> tuple[CheckedClaim, ...]:
    """Return every claim with its numbers.

    Parameters
    ----------
    evidence
        The release; the packaged one by default.

    Raises
    ------
    EvidenceError
        If a claim names an id that nothing may be shown under.
    """
    evidence = evidence or load_evidence()
    return tuple(
        _checked(claim, evidence) for claim in sorted(evidence.claims.values(), key=lambda claim: claim.number)
    )


def _checked(claim: Claim, evidence: Evidence) -> CheckedClaim:
    items = [(identifier, resolve(identifier, evidence)) for identifier in claim.evidence]
    for identifier, item in items:
        if item is None:
            raise EvidenceError(
                "nothing may be shown under this id",
                file="claims.toml",
                row=claim.id,
                column="evidence",
                found=identifier,
                allowed="the id of an estimate or fact that 'equipoise trace' resolves",
                mend="name an existing id",
            )
    return CheckedClaim(
        claim,
        tuple(item for _, item in items if isinstance(item, Estimate)),
        tuple(item for _, item in items if isinstance(item, Fact)),
    )
