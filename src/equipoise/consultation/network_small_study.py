"""Do small trials find more than large ones? Asked of a piece, under an expectation that is written down.

Without an expected direction the question has no answer. Ours: small trials favour the newer drug over the older,
the higher or more frequent dose over the lower, and every drug over placebo.
"""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.synthesis import Network
from equipoise.synthesis.small_study import FEW_TRIALS, EggerTest, egger_test
from equipoise.vocabulary.errors import NotEstimableError

# Our expectation, not a finding: the one that small trials are expected to favour most stands first.
FAVOURED_FIRST = (
    "ublituximab-450",
    "ofatumumab-20",
    "ponesimod-20",
    "ozanimod-1.0",
    "ozanimod-0.5",
    "ocrelizumab-600",
    "daclizumab-150",
    "peginterferon-beta-1a-125-q2w",
    "peginterferon-beta-1a-125-q4w",
    "dimethyl-fumarate-240-tid",
    "dimethyl-fumarate-240-bid",
    "alemtuzumab-12mg",
    "laquinimod-0.6",
    "teriflunomide-14",
    "teriflunomide-7",
    "cladribine-5.25",
    "cladribine-3.5",
    "fingolimod-1.25",
    "fingolimod-0.5",
    "fingolimod-0.25",
    "natalizumab-300",
    "glatiramer-40",
    "glatiramer-20",
    "interferon-beta-1a-sc-44",
    "interferon-beta-1a-sc-22",
    "interferon-beta-1a-im-30",
    "interferon-beta-1b-500",
    "interferon-beta-1b-250",
    "interferon-beta-1b-50",
)
LAST = "placebo"
# From this p on down a trend counts; tests of asymmetry have little power, so 0.10 is usual (egger-1997).
SUSPICIOUS_P = 0.10


@dataclass(frozen=True)
class Asymmetry:
    """Whether effects change with the size of the trial.

    Attributes
    ----------
    test
        Regression of the effects on their standard errors; ``None`` where it cannot be done.
    is_suspicious
        Whether small trials favour the treatment that they were expected to favour, by more than chance gives.
    reason
        The finding in words, or why there is none.
    """

    test: EggerTest | None
    is_suspicious: bool
    reason: str


def favoured_first(network: Network) -> tuple[str, ...]:
    """Return the treatments of a network in the order expected; those without a place stand before placebo."""
    known = [name for name in FAVOURED_FIRST if name in network.treatments]
    rest = [name for name in network.treatments if name not in known and name != LAST]
    return (*known, *rest, *(name for name in network.treatments if name == LAST))


def asymmetry(network: Network, *, smaller_is_better: bool) -> Asymmetry:
    """Test whether small trials of a connected network show other effects than large ones.

    Parameters
    ----------
    network
        The trials.
    smaller_is_better
        Which way a trend favours the treatment that stands first.
    """
    n = len(network.trials)
    counted = f"{n} trials are" if n > 1 else "one trial is"
    try:
        test = egger_test(network, favoured_first(network))
    except NotEstimableError:
        return Asymmetry(None, False, f"{counted} too few to test whether small trials show larger effects")
    if n < FEW_TRIALS:
        return Asymmetry(test, False, f"{counted} too few to judge by whether small trials show larger effects")
    if test.p > SUSPICIOUS_P:
        return Asymmetry(test, False, f"small trials differ from large ones no more than by chance (p = {test.p:.2f})")
    if (test.slope < 0) is smaller_is_better:
        return Asymmetry(test, True, f"small trials show larger effects than large ones (p = {test.p:.2f})")
    return Asymmetry(
        test,
        False,
        f"small trials show smaller effects than large ones, which missing trials would not explain (p = {test.p:.2f})",
    )
