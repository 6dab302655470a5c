"""What the words mean: treatments, outcomes, jurisdictions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Jurisdiction(StrEnum):
    """Whose label applies."""

    US = "US"
    EU = "EU"
    UK = "UK"


class Direction(StrEnum):
    """Which way an outcome is better; a property of the outcome, never an argument of a call."""

    LOWER_IS_BETTER = "lower-is-better"
    HIGHER_IS_BETTER = "higher-is-better"
    NEUTRAL = "neutral"


class OutcomeGroup(StrEnum):
    """The shelf that an outcome stands on."""

    RELAPSES = "relapses"
    DISABILITY = "disability"
    MRI = "mri"
    QUALITY_OF_LIFE = "quality-of-life"
    STOPPING = "stopping"
    COMMON_HARM = "common-harm"
    SERIOUS_HARM = "serious-harm"
    LATER_TREATMENT = "later-treatment"
    TRIAL_CONDUCT = "trial-conduct"
    ENGINE_ONLY = "engine-only"
    """Composites for exercising the engine; never shown to a person."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that was measured in people.

    Attributes
    ----------
    id, name
        Stable id and its name in plain words.
    group, direction
        Its shelf, and which way is better.
    event, complement
        For shares of people, how each side of the count is said: ``"had no relapse"`` and
        ``"had at least one relapse"``. Empty for outcomes that are no share.
    definition
        What counts.
    """

    id: str
    name: str
    group: OutcomeGroup
    direction: Direction
    definition: str
    event: str = ""
    complement: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    """A drug at a dose, as an arm was given it.

    Attributes
    ----------
    id
        Id of the regimen: ``alemtuzumab-12mg``.
    name, detail
        What to call it, and how it is taken in a few words.
    option
        What a person types; empty for regimens that are no option (placebo, unlicensed doses).
    drug_id
        The label file, empty where there is none.
    aliases
        Other names that mean this option.
    members
        For doses merged by a source: the regimens inside. Such a treatment never enters a synthesis
        beside its members.
    """

    id: str
    name: str
    detail: str = ""
    option: str = ""
    drug_id: str = ""
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
