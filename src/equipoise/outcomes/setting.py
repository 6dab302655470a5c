"""Whose level a person is read against: the trials of people with the same history, under one anchor treatment.

The rules, in order:

1. The anchor is one of the options asked for that the network of relapse rates joins and that has an arm with a usable
   relapse rate, else any treatment of that network; among several the one with the most such arms, then the first by
   name. No treatment (placebo) is an anchor only where nothing else can be.
2. Trials that compare at least two of the options directly come first: they are newer than the placebo trials, whose
   rates were far higher, and their people had the choice that is asked about. Without any, all trials count.
3. Among them those whose people had the person's history. Never treated: trials in treatment-naive people. A relapse
   on an earlier drug: trials in experienced people. Anything else is not known to be either, and each draw takes one of
   the two. Where such a trial is missing, all that rule 2 left count together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Evidence, treatment_name
from equipoise.outcomes.dispersion import dispersion_of
from equipoise.outcomes.draws import Array
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.level import Level, level_of
from equipoise.outcomes.relapse_arms import RelapseRate, relapse_rates
from equipoise.outcomes.streams import Streams
from equipoise.person import Person
from equipoise.wording import Listed, Phrase, phrase

PLACEBO = "placebo"
NAIVE, EXPERIENCED, UNKNOWN, ANY = "treatment-naive", "experienced", "unknown", "any"
# Without a dispersion from the evidence, that of a Poisson with as much again between people.
_DISPERSION = 1.0


@dataclass(frozen=True, slots=True)
class Setting:
    """Trials whose participants a person is compared with.

    Attributes
    ----------
    anchor
        Treatment id: the level is what happened to those who were given it.
    history
        ``"treatment-naive"``, ``"experienced"``, ``"unknown"`` (one of the two, drawn), or ``"any"`` where no trial of
        the history has a usable arm of the anchor.
    is_head_to_head
        Whether only trials count that compare the options asked for directly.
    trial_ids
        The trials, in the order of the evidence.
    text
        The same in plain words.
    """

    anchor: str
    history: str
    is_head_to_head: bool
    trial_ids: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class AnchorArms:
    """The arms of an anchor that count, in groups by history, and the level of each group.

    Attributes
    ----------
    anchor, is_head_to_head
        As in ``Setting``.
    groups
        Arms by the population of their trial; ``ANY`` holds all.
    level
        Of the log relapse rate of each group but ``ANY``; they share the spread between arms.
    level_of_all
        Of all arms as one group.
    """

    anchor: str
    is_head_to_head: bool
    groups: dict[str, tuple[RelapseRate, ...]]
    level: Level
    level_of_all: Level

    def log_rate(self, streams: Streams, group: str) -> Array:
        """Draw the log relapse rate of a new setting of a group. Shape (S,)."""
        level = self.level_of_all if group == ANY else self.level
        return level.draw(streams, "level", group)


def anchor_of(evidence: Evidence, options: Collection[str], network: Collection[str]) -> str | None:
    """Return the anchor by rule 1, or ``None`` where no treatment of the network has a usable arm.

    Parameters
    ----------
    evidence
        The release.
    options
        Treatment ids asked for.
    network
        Treatments that the network of relapse rates joins.
    """
    arms = [rate.arm.treatment_id for rate in relapse_rates(evidence)]
    usable = {name: arms.count(name) for name in sorted(network) if name in arms}
    active = {name: n for name, n in usable.items() if name != PLACEBO}
    for candidates in ({name: n for name, n in active.items() if name in options}, active, usable):
        if candidates:
            return max(candidates, key=lambda name: candidates[name])
    return None


@once_per_evidence
def anchor_arms(
    evidence: Evidence, /, anchor: str, options: frozenset[str], without: frozenset[str] = frozenset()
) -> AnchorArms | None:
    """Return the arms of the anchor by rule 2 with their level.

    Parameters
    ----------
    evidence
        The release.
    anchor
        Treatment id.
    options
        Treatment ids asked for.
    without
        Trials to leave out, for validation.
    """
    own = [rate for rate in relapse_rates(evidence) if rate.arm.treatment_id == anchor and rate.trial.id not in without]
    direct = [rate for rate in own if compares(evidence, rate.trial.id, anchor, options)]
    chosen = direct or own
    if not chosen:
        return None
    dispersion = dispersion_of(evidence)
    k = dispersion.median if dispersion else _DISPERSION
    values = [float(np.log(rate.per_year)) for rate in chosen]
    errors = [rate.log_se(k) or 1.0 for rate in chosen]
    populations = [rate.trial.population or "not stated" for rate in chosen]
    groups = {name: tuple(r for r, p in zip(chosen, populations, strict=True) if p == name) for name in populations}
    return AnchorArms(
        anchor,
        bool(direct),
        {**groups, ANY: tuple(chosen)},
        level_of(values, errors, populations),
        level_of(values, errors, [ANY] * len(chosen)),
    )


def compares(evidence: Evidence, trial_id: str, anchor: str, options: frozenset[str]) -> bool:
    """Whether a trial has, next to the anchor, an arm of another option; merged doses of it count."""
    for arm in evidence.arms.values():
        treatment = evidence.treatments[arm.treatment_id]
        if arm.trial_id == trial_id and options & {treatment.id, *treatment.members} - {anchor, PLACEBO}:
            return True
    return False


def history_of(person: Person) -> str:
    """Return the person's history of treatment in the words of the trials."""
    earlier = person.earlier_treatments
    if earlier is None:
        return UNKNOWN
    if not earlier:
        return NAIVE
    return EXPERIENCED if any(one.relapsed for one in earlier) else UNKNOWN


def setting_of(evidence: Evidence, person: Person, arms: AnchorArms) -> Setting:
    """Return the setting of a person by rule 3."""
    history = history_of(person)
    wanted = (NAIVE, EXPERIENCED) if history == UNKNOWN else (history,)
    if any(group not in arms.groups for group in wanted):
        history, wanted = ANY, (ANY,)
    chosen = [rate for group in wanted for rate in arms.groups[group]]
    trials = tuple(name for name in evidence.trials if any(rate.trial.id == name for rate in chosen))
    text = _text(evidence, arms.anchor, history, arms.is_head_to_head, trials)
    return Setting(arms.anchor, history, arms.is_head_to_head, trials, text)


@once_per_evidence
def _text(evidence: Evidence, /, anchor: str, history: str, is_head_to_head: bool, trials: tuple[str, ...]) -> Phrase:
    return phrase(
        "setting.text",
        history=phrase(f"setting.history.{history}"),
        treatment=treatment_name(evidence.treatments[anchor]),
        trials=Listed(tuple(evidence.trials[name].short_name for name in trials)),
        how=phrase(f"setting.{'head-to-head' if is_head_to_head else 'all-trials'}"),
    )


def groups_of(setting: Setting) -> tuple[str, ...]:
    """Return the groups of arms that a setting draws from."""
    return (NAIVE, EXPERIENCED) if setting.history == UNKNOWN else (setting.history,)
