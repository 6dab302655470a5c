"""What is wrong with the two treatments that somebody named on a page."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.evidence import Evidence
from equipoise.forms.faults import Fault
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.wording import Named, phrase


def option_faults(evidence: Evidence, named: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return what is wrong: a treatment that is not known, or the same one twice.

    Parameters
    ----------
    evidence
        The release.
    named
        Field of the page to what was named there, in order.
    """
    faults = []
    for field, name in named.items():
        try:
            evidence.option(name)
        except UnknownTermError as error:
            nearest = Named(error.nearest, "or")
            mend = phrase("fault.mend.did-you-mean", names=nearest) if error.nearest else phrase("fault.mend.of-list")
            faults.append(Fault(field, phrase("fault.problem.treatment-unknown"), mend=mend))
    if not faults and len({evidence.option(name).option for name in named.values()}) < len(named):
        mend = phrase("fault.mend.choose-two")
        faults.append(Fault(list(named)[-1], phrase("fault.problem.same-treatment"), mend=mend))
    return tuple(faults)
