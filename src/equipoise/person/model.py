"""What is known about a person. Every field may be unknown, and unknown is ``None``, never a guess."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Phrase, number, phrase


class Sex(StrEnum):
    """Sex as the prognostic models recorded it."""

    WOMAN = "woman"
    MAN = "man"


class CourseOfDisease(StrEnum):
    """The course of the disease as a neurologist names it."""

    RELAPSING_REMITTING = "relapsing-remitting"
    SECONDARY_PROGRESSIVE = "secondary-progressive"
    PRIMARY_PROGRESSIVE = "primary-progressive"


class Walking(StrEnum):
    """Walking and daily life in plain words; each word stands for a band of the EDSS (``edss_band``)."""

    NO_SIGNS = "no-signs"
    """Nothing that anybody notices."""
    NO_LIMIT = "no-limit"
    """Some signs, but walking as far as wanted."""
    LIMITED_WITHOUT_AID = "limited-without-aid"
    """Walking gets hard after some hundred metres, without a stick."""
    WITH_AID = "with-aid"
    """A stick or crutch is needed to walk about a hundred metres."""
    WHEELCHAIR = "wheelchair"
    """A wheelchair for most of the way, or for all of it."""


class PregnancyPlan(StrEnum):
    """Where someone stands with having a child."""

    PREGNANT = "pregnant"
    BREASTFEEDING = "breastfeeding"
    WITHIN_A_YEAR = "within-a-year"
    LATER = "later"
    NONE = "none"


class Smoking(StrEnum):
    """Smoking now, once, or never."""

    NEVER = "never"
    FORMER = "former"
    CURRENT = "current"


OTHER_DRUG = "other-drug"
"""Stands for a drug against MS that is no option here, or whose name is not known any more."""


@dataclass(frozen=True, slots=True)
class EarlierTreatment:
    """A drug against MS that was taken before, and how it went.

    Attributes
    ----------
    drug
        Option id of the evidence, ``"glatiramer-acetate"``, or ``OTHER_DRUG`` where it is no option or forgotten.
    relapsed
        Whether there was a relapse while taking it.
    not_tolerated
        Whether it was stopped, or would have been, for side effects.
    stopped
        Day of the last dose; ``None`` where unknown or where it is still taken.
    """

    drug: str
    relapsed: bool | None = None
    not_tolerated: bool | None = None
    stopped: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class PracticalLife:
    """What daily life allows. ``False`` means that it cannot be done, not that it would be unpleasant."""

    infusion_centre: bool | None = None
    monthly_blood_tests: bool | None = None
    self_injection: bool | None = None
    fridge: bool | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known about a person; ``None`` is unknown.

    Attributes
    ----------
    age
        Years.
    sex, course
        See their types.
    years_since_onset
        Years since the first symptom; where only the diagnosis is known, years since that.
    relapses_12_months, relapses_24_months
        Number of relapses in the last 12 and 24 months; the second includes the first.
    months_since_relapse
        Months since the last relapse began.
    walking, edss
        In plain words, or the EDSS where a neurologist has measured it; the measured one is used where both stand.
    enhancing_lesions
        Whether the last MRI showed a lesion that took up contrast.
    earlier_treatments
        Drugs against MS taken before, in order; the empty tuple means none, ``None`` unknown.
    pregnancy
        Where someone stands with having a child.
    conditions, medicines
        Other conditions and medicines, by the ids of ``equipoise.person.conditions``; the empty set means none,
        ``None`` unknown. What a set does not hold is absent, unless it is named by the matching ``unknown_`` set.
    not_conditions
        Conditions that are known to be absent where ``conditions`` as a whole is not known.
    unknown_conditions, unknown_medicines
        What is not known although the rest is: someone may know of a stroke and not of hepatitis.
    smoking, practical
        See their types.
    jurisdiction
        Whose labels apply.
    """

    age: int | None = None
    sex: Sex | None = None
    course: CourseOfDisease | None = None
    years_since_onset: float | None = None
    relapses_12_months: int | None = None
    relapses_24_months: int | None = None
    months_since_relapse: float | None = None
    walking: Walking | None = None
    edss: float | None = None
    enhancing_lesions: bool | None = None
    earlier_treatments: tuple[EarlierTreatment, ...] | None = None
    pregnancy: PregnancyPlan | None = None
    conditions: frozenset[str] | None = None
    not_conditions: frozenset[str] = frozenset()
    unknown_conditions: frozenset[str] = frozenset()
    medicines: frozenset[str] | None = None
    unknown_medicines: frozenset[str] = frozenset()
    smoking: Smoking | None = None
    practical: PracticalLife = field(default_factory=PracticalLife)
    jurisdiction: Jurisdiction | None = None

    @property
    def edss_band(self) -> tuple[float, float] | None:
        """Lowest and highest EDSS that fit what is known; ``None`` where nothing is."""
        if self.edss is not None:
            return self.edss, self.edss
        return EDSS_BANDS[self.walking] if self.walking is not None else None

    def has(self, condition: str) -> bool | None:
        """Whether the person has a condition: yes, no, or unknown."""
        if condition in self.unknown_conditions:
            return None
        if self.conditions is not None:
            return condition in self.conditions
        return False if condition in self.not_conditions else None

    def takes(self, medicine: str) -> bool | None:
        """Whether the person takes a medicine: yes, no, or unknown."""
        if self.medicines is None or medicine in self.unknown_medicines:
            return None
        return medicine in self.medicines


# How the plain words of ``Walking`` map to the EDSS [kurtzke-1983]_: 0 is a normal examination; 1.0 to 3.5 are defined
# by signs, not by walking; 4.0 to 5.5 by walking without aid some 500, 300, 200 and 100 metres; 6.0 by needing a stick
# for about 100 metres, 6.5 two for about 20; from 7.0 on by a wheelchair. That 4.0 counts as limited is our choice: the
# scale calls it fully ambulatory, and names 500 metres. 10 is death, and no band reaches it.
EDSS_BANDS: dict[Walking, tuple[float, float]] = {
    Walking.NO_SIGNS: (0.0, 0.0),
    Walking.NO_LIMIT: (1.0, 3.5),
    Walking.LIMITED_WITHOUT_AID: (4.0, 5.5),
    Walking.WITH_AID: (6.0, 6.5),
    Walking.WHEELCHAIR: (7.0, 9.5),
}


def band(walking: Walking) -> Phrase:
    """Return the EDSS that words for walking stand for, as people write it: ``"1.0 to 3.5"``."""
    low, high = EDSS_BANDS[walking]
    if low == high:
        return phrase("number.alone", value=low)
    return phrase("number.to", low=number(low, 1), high=number(high, 1))
