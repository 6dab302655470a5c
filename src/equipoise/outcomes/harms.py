"""Side effects, stopping and improvement as trial arms observed them: like is shown with like.

For each outcome and horizon one way of counting is chosen, so that no two definitions and no two overlapping sources
ever stand side by side: the rows of one source that read trials together, or the rows of single trials under one
definition. The one that covers most of the options asked for wins; then one in which all of them come from the same
trials; then the one with most people. Where a trial has two of the options, these are read from such trials only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.evidence import Evidence, outcome_name, treatment_name
from equipoise.outcomes.arm_shares import ArmShare, arm_shares, provenance_of, share_draws
from equipoise.outcomes.draws import Declined, OutcomeDraws
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.setting import PLACEBO
from equipoise.outcomes.streams import Streams
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.vocabulary.terms import OutcomeGroup
from equipoise.wording import Listed, phrase

IMPROVEMENT = "confirmed-disability-improvement-6m"
STOPPING = "discontinuation-adverse-event"
_GROUPS = (OutcomeGroup.STOPPING, OutcomeGroup.COMMON_HARM, OutcomeGroup.SERIOUS_HARM)
# Shown as observed, from this horizon on: before it, they are made from a baseline and an effect.
LATER = ("relapse-free", "free-of-confirmed-disability-worsening-6m")
_LATER_FROM = 48


@dataclass(frozen=True)
class Way:
    """One way of counting.

    Attributes
    ----------
    shares
        Rows by option.
    is_matched
        Whether all options come from the same trials.
    name
        Decides between equals.
    """

    shares: dict[str, tuple[ArmShare, ...]]
    is_matched: bool
    name: str

    @property
    def people(self) -> int:
        """People in all of its arms."""
        return sum(share.result.n or 0 for shares in self.shares.values() for share in shares)


def observed(
    evidence: Evidence, options: Sequence[str], streams: Streams
) -> tuple[tuple[OutcomeDraws, ...], tuple[Declined, ...]]:
    """Return what trial arms observed under each option, and what could not be shown.

    Parameters
    ----------
    evidence, options, streams
        The release, treatment ids, random numbers. Nothing is shown for ``"placebo"``: somebody who takes no drug
        does not stop it, and its side effects are those of an injection without one.
    """
    asked = tuple(name for name in options if name != PLACEBO)
    chosen = _chosen(evidence, frozenset(asked))
    found = [
        _draws(evidence, option, way, streams)
        for (outcome_id, _), way in chosen.items()
        for option in asked
        if option in way.shares
    ]
    return tuple(found), tuple(_declined(evidence, asked, found))


@once_per_evidence
def _chosen(evidence: Evidence, /, options: frozenset[str]) -> dict[tuple[str, int], Way]:
    """The way of counting for each outcome and horizon, in the order of the outcomes."""
    chosen: dict[tuple[str, int], Way] = {}
    for outcome in evidence.outcomes.values():
        if outcome.group not in _GROUPS and outcome.id not in (IMPROVEMENT, *LATER):
            continue
        by_horizon: dict[int, list[ArmShare]] = {}
        for share in arm_shares(evidence, outcome.id):
            months = round(share.result.timepoint_months or 0)
            is_early = outcome.id in LATER and months < _LATER_FROM
            if share.arm.treatment_id in options and not is_early:
                by_horizon.setdefault(months, []).append(share)
        for months in sorted(by_horizon):
            chosen[outcome.id, months] = max(_ways(by_horizon[months]), key=rank)
    return chosen


def rank(way: Way) -> tuple[int, bool, int, str]:
    """Return what makes one way of counting better than another; the greatest is chosen."""
    return len(way.shares), way.is_matched, way.people, way.name


def _ways(shares: Sequence[ArmShare]) -> Iterator[Way]:
    groups: dict[tuple[str, str, str], list[ArmShare]] = {}
    for share in shares:
        groups.setdefault((share.basis, share.pooled_id, share.result.definition), []).append(share)
    for key, members in groups.items():
        trials: dict[str, set[str]] = {}
        for share in members:
            trials.setdefault(share.trial.id, set()).add(share.arm.treatment_id)
        matched = {name for name, treatments in trials.items() if len(treatments) > 1}
        by_option: dict[str, tuple[ArmShare, ...]] = {}
        for option in sorted({share.arm.treatment_id for share in members}):
            own = [share for share in members if share.arm.treatment_id == option]
            by_option[option] = tuple([share for share in own if share.trial.id in matched] or own)
        is_matched = len(by_option) > 1 and all(s.trial.id in matched for own in by_option.values() for s in own)
        yield Way(by_option, is_matched, "/".join(key))


def _draws(evidence: Evidence, option: str, way: Way, streams: Streams) -> OutcomeDraws:
    shares = way.shares[option]
    first = shares[0]
    names = Listed(tuple(share.trial.short_name for share in shares))
    counted = all(share.how == "counts" for share in shares)
    return OutcomeDraws(
        option=option,
        outcome_id=first.result.outcome_id,
        horizon_months=round(first.result.timepoint_months or 0),
        draws=share_draws(evidence, tuple(share.result.id for share in shares), streams.seed, streams.n),
        measure=Measure.PROPORTION,
        basis=first.basis,
        population=phrase("setting.people.given", treatment=treatment_name(evidence.treatments[option]), trials=names),
        provenance=provenance_of(evidence, shares),
        trial_ids=tuple(dict.fromkeys(share.trial.id for share in shares)),
        n=sum(share.result.n for share in shares if share.result.n) or None,
        events=sum(share.result.events or 0 for share in shares) if counted else None,
        notes=tuple(_notes(way, shares)),
    )


def _notes(way: Way, shares: tuple[ArmShare, ...]) -> Iterator[str]:
    # What a source wrote stays in its words, in English.
    if shares[0].result.definition:
        yield f"Counted: {shares[0].result.definition}."
    if any(share.how == "percent" for share in shares):
        yield phrase("baseline.note.percentage")
    if len(shares) > 1:
        yield phrase("baseline.note.several-arms")
    if len(way.shares) > 1 and not way.is_matched:
        yield phrase("baseline.note.different-trials")
    for share in shares:
        if share.result.conflict:
            yield f"{share.trial.short_name}: {share.result.conflict}."


def _declined(evidence: Evidence, asked: Sequence[str], found: Sequence[OutcomeDraws]) -> Iterator[Declined]:
    """Improvement and stopping are asked for by name, so what is missing there is said."""
    for outcome_id in (IMPROVEMENT, STOPPING):
        for option in asked if outcome_id in evidence.outcomes else ():
            if any((one.option, one.outcome_id) == (option, outcome_id) for one in found):
                continue
            rows = [
                row
                for arm in evidence.arms_of([option])
                for row in evidence.results_by_arm_outcome.get((arm.id, outcome_id), ())
            ]
            name = outcome_name(evidence.outcomes[outcome_id])
            cited = tuple(evidence.cite(row.row, row.source, "value") for row in rows if row.value is not None)
            if cited:
                rests_on = Computation("Rows without a usable range", "as printed", cited)
                yield Declined(outcome_id, phrase("declined.no-range", outcome=name), rests_on, option)
            else:
                yield Declined(outcome_id, phrase("declined.not-reported", outcome=name), None, option)
