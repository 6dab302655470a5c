"""One sitting, one document."""

from equipoise.consultation.claims import CheckedClaim, check_claims
from equipoise.consultation.document import Consultation
from equipoise.consultation.sitting import consult
from equipoise.consultation.tracing import Trace, trace, trace_of

__all__ = ["CheckedClaim", "Consultation", "Trace", "check_claims", "consult", "trace", "trace_of"]
