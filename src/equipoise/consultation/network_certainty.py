"""What is said of trials and missing results, by rule, so that confidence in a network can be rated.

The rules read the evidence; no panel judged these trials, and every face says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from equipoise.consultation.network_evidence import NetworkEvidence
from equipoise.consultation.network_small_study import Asymmetry
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.synthesis.confidence import Concern, Confidence, Domain, Judgement, Zone
from equipoise.vocabulary.estimate import Certainty, CertaintyLevel

# Our choice, not a published threshold for MS: a fifth fewer, or its reciprocal. It is CINeMA's own worked
# example of a ratio; docs/explanation/rrms-network.md says what changes with another choice.
SMALLEST_RATIO_THAT_MATTERS = 0.8
ZONE = Zone(math.log(SMALLEST_RATIO_THAT_MATTERS), -math.log(SMALLEST_RATIO_THAT_MATTERS))

# Mean level of doubt, by contribution, from which a comparison is doubted. Stricter than CINeMA's 0.5: a drug that
# hangs on open trials alone (alemtuzumab) is doubted also where it is compared along a chain of other trials.
DOUBT_FROM = 0.25
# Part of the people in direct trials whose result has no interval, from which missing results are a concern.
MANY_MISSING = 1 / 3
# A trial shorter than this asks about a shorter time than people decide for.
A_YEAR = 12.0

_OPEN = ("open", "rater", "none")
# Words of a trial's own note on bias that are a doubt by themselves.
_DOUBTS = ("stopped early", "completer", "dropout", "attrition", "allocation ratio changed", "% completed treatment")


def study_bias(trial: NetworkTrial) -> tuple[Concern, str]:
    """Return the concern about one trial and its reason: who was blinded, and what its note on bias says."""
    blinding, name = trial.trial.blinding, trial.trial.short_name
    if not blinding:
        return Concern.SOME, f"{name}: blinding not reported"
    if any(word in blinding.lower() for word in _OPEN):
        return Concern.SOME, f"{name}: {blinding}"
    note = trial.trial.risk_of_bias_note
    if any(word in note.lower() for word in _DOUBTS):
        return Concern.SOME, f"{name}: {note[0].lower() + note[1:]}"
    return Concern.NONE, ""


def study_indirectness(trial: NetworkTrial) -> tuple[Concern, str]:
    """Return the concern that one trial asks another question: shorter than a year, or of unknown length."""
    months, name = trial.timepoint_months, trial.trial.short_name
    if months is None:
        return Concern.SOME, f"{name}: its length is not stated"
    if months < A_YEAR:
        return Concern.SOME, f"{name}: {months:g} months only"
    return Concern.NONE, ""


def reporting(network: NetworkEvidence, pair: tuple[str, str], small_trials: Asymmetry) -> Judgement:
    """Judge missing results: trials of this very comparison without a usable interval, and trends with trial size.

    Parameters
    ----------
    network, pair
        The comparison.
    small_trials
        Whether small trials of the whole piece show larger effects; with too few trials that is said and costs nothing.
    """
    concern, reason = _missing(network, pair)
    if small_trials.is_suspicious:
        concern = max(concern, Concern.SOME)
    return Judgement(Domain.REPORTING_BIAS, concern, f"{reason}; {small_trials.reason}")


def _missing(network: NetworkEvidence, pair: tuple[str, str]) -> tuple[Concern, str]:
    missing = [left for left in network.left_out_trials if set(pair) <= set(left.treatments)]
    used = _people(trial.n for trial in network.trials if set(pair) <= set(trial.data.treatments))
    lost = _people(left.trial.n_randomised for left in missing if not left.trial.kind.is_pseudo)
    if not missing:
        said = "no trial of this comparison is known here without a usable result; unpublished trials were not searched"
        return Concern.NONE, said
    names = ", ".join(left.trial.short_name for left in missing)
    share = lost / (used + lost) if used + lost else 1.0
    concern = Concern.SOME if share >= MANY_MISSING else Concern.NONE
    return concern, f"{names} compared the two and could not enter ({share:.0%} of the people)"


def _people(numbers: Iterable[int | None]) -> int:
    return sum(n for n in numbers if n)


def certainty(confidence: Confidence, *, unverified: bool) -> Certainty:
    """Return confidence as every other number carries it; results with unverified rows are not rated."""
    if unverified:
        return Certainty(
            CertaintyLevel.NOT_RATED,
            ("Not rated: intervals are in it that nobody here has seen in a source. For sensitivity only.",),
        )
    reasons = [f"{j.domain.value.capitalize()}: {j.concern.words}: {j.reason}." for j in confidence.judgements]
    return Certainty(
        CertaintyLevel(confidence.level), ("Starts at high: randomised trials; rated by rule after CINeMA.", *reasons)
    )
