"""What a label asks for: who may have it, what is tested, and when."""

from equipoise.safety.eligibility import eligibility
from equipoise.safety.eligibility_asked import WorthAsking, conditions_asked
from equipoise.safety.eligibility_document import Eligibility, EligibilityVerdict, Finding, FindingKind
from equipoise.safety.truth import Truth

__all__ = [
    "Eligibility",
    "EligibilityVerdict",
    "Finding",
    "FindingKind",
    "Truth",
    "WorthAsking",
    "conditions_asked",
    "eligibility",
]
