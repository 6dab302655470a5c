"""Words around the numbers of a person: names, what was said, how a number was made, how wide a range is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from equipoise.consultation.words import expected
from equipoise.evidence import treatment_name
from equipoise.outcomes.draws import ARM, LABEL, PERSONAL, POPULATION, SINGLE_ARM
from equipoise.person import Person, PracticalLife, Walking
from equipoise.presentation.plain_words import span, upper_first
from equipoise.vocabulary.terms import Treatment
from equipoise.wording import Phrase, phrase

NO_TREATMENT = "placebo"
_ROUNDING_ERROR = 1e-9
APART = (SINGLE_ARM, LABEL)
"""Kinds of numbers without anything to compare with: they never stand beside the others."""

_BASES = frozenset((PERSONAL, POPULATION, ARM, SINGLE_ARM, LABEL))
_METHODS = frozenset(("swiss-relapse-model", "own-recent-relapses"))
_BECAUSE = {
    "contraindicated": "The label says it must not be given",
    "limit": "Beyond a limit that you set",
    "not-comparable": "Cannot be compared with the others",
}
_WALKING = {
    Walking.NO_SIGNS: "nothing that anybody notices",
    Walking.NO_LIMIT: "some signs, but as far as wanted",
    Walking.LIMITED_WITHOUT_AID: "hard after some hundred metres, without a stick",
    Walking.WITH_AID: "with a stick or crutch",
    Walking.WHEELCHAIR: "a wheelchair for most of the way",
}
# Of the denominator, or of the number itself where events are counted. No standard scale was found; these limits are
# our own, and stand here so that they can be argued with.
_WIDE, _SOME = 0.30, 0.15
_WIDE_COUNT, _SOME_COUNT = 1.0, 0.5


def option_name(treatment: Treatment) -> Phrase:
    """Return what to call an option; the placebo of the trials stands for no treatment."""
    return phrase("treatment.none.name") if treatment.id == NO_TREATMENT else treatment_name(treatment)


def option_id(treatment: Treatment) -> str:
    """Return the id of an option in the machine form."""
    return treatment.option or treatment.id


def basis_words(basis: str) -> str:
    """Return how a number was made."""
    return phrase(f"expect.basis.{basis}") if basis in _BASES else basis.replace("-", " ")


def method_words(method: str) -> str:
    """Return the name of a way to a personal baseline."""
    return phrase(f"expect.method.{method}") if method in _METHODS else upper_first(method.replace("-", " "))


def because_words(because: str) -> str:
    """Return why an option does not rank, in a few words."""
    return _BECAUSE.get(because, upper_first(because.replace("-", " ")))


def identifier_words(identifier: str) -> str:
    """Return an id in words: ``confirmed-disability-improvement-6m`` was confirmed over six months."""
    name, _, last = identifier.rpartition("-")
    if name and last.endswith("m") and last[:-1].isdigit():
        return f"{name.replace('-', ' ')} (over {span(float(last[:-1]))})"
    return identifier.replace("-", " ")


def criterion_words(criterion_id: str) -> str:
    """Return a criterion in words."""
    return upper_first(criterion_id.replace("-", " "))


def width_words(low: float, high: float, of: float, *, is_share: bool = True) -> str:
    """Return what the width of a range means, or nothing where it is narrow.

    Parameters
    ----------
    low, high
        Limits of the range, people or events.
    of
        Of how many people; for events, the number itself.
    is_share
        Whether people are counted, each once, and not events.
    """
    width = (high - low) / max(of, _ROUNDING_ERROR)
    very, some = (_WIDE, _SOME) if is_share else (_WIDE_COUNT, _SOME_COUNT)
    if width >= very:
        return phrase("expect.range.very-wide")
    return phrase("expect.range.wide") if width >= some else ""


def event_words(words: str, basis: str) -> str:
    """Return what happens to people as it is said: expected where it was worked out, past where it was counted.

    Parameters
    ----------
    words
        As the outcome has it: ``"had no relapse"``.
    basis
        How the number was made.
    """
    return expected(words) if basis in (PERSONAL, POPULATION) else words


def people_words(count: float) -> str:
    """Return a number of people or relapses as whole ones; a few are never said to be none."""
    return "fewer than 1" if 0 < count < 0.5 else f"{int(count + 0.5):,}"


def joined(names: Sequence[str], last: str = "and") -> str:
    """Return names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def said_facts(person: Person) -> tuple[tuple[str, str], ...]:
    """Return what was said about a person: each fact with its name, those that are unknown left out."""
    return tuple(_said(person))


def _said(person: Person) -> Iterator[tuple[str, str]]:
    plain: tuple[tuple[str, object, str], ...] = (
        ("Age", person.age, " years"),
        ("Sex", person.sex, ""),
        ("Course of MS", person.course, ""),
        ("Since the first signs of MS", person.years_since_onset, " years"),
        ("Relapses in the last 12 months", person.relapses_12_months, ""),
        ("Relapses in the last 24 months", person.relapses_24_months, ""),
        ("Last relapse", person.months_since_relapse, " months ago"),
        ("Walking", None if person.walking is None else _WALKING[person.walking], ""),
        ("EDSS", _band(person), ""),
        ("Active lesions on the last scan", person.enhancing_lesions, ""),
        ("Plans for a child", person.pregnancy, ""),
        ("Smoking", person.smoking, ""),
        ("Country of the label", person.jurisdiction, ""),
    )
    for name, value, unit in plain:
        if value is not None:
            yield name, f"{_worded(value)}{unit}"
    if person.earlier_treatments is not None:
        names = [one.drug.replace("-", " ") for one in person.earlier_treatments]
        yield "Earlier drugs for MS", ", ".join(names) or "none"
    for name, items in (("Other conditions", person.conditions), ("Other medicines", person.medicines)):
        if items is not None:
            yield name, ", ".join(sorted(item.replace("-", " ") for item in items)) or "none"
    yield from _practical(person.practical)


def _practical(life: PracticalLife) -> Iterator[tuple[str, str]]:
    for name, value in (
        ("Can get to an infusion centre", life.infusion_centre),
        ("Can have blood tests each month", life.monthly_blood_tests),
        ("Can self-inject", life.self_injection),
        ("Has a fridge", life.fridge),
    ):
        if value is not None:
            yield name, _worded(value)


def _band(person: Person) -> str | None:
    """Return the EDSS that the words on walking stand for, or the measured one."""
    if person.edss_band is None:
        return None
    low, high = person.edss_band
    if person.edss is not None:
        return f"{low:g}, as measured"
    return f"{low:g} to {high:g}, from walking" if high > low else f"{low:g}, from walking"


def _worded(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    text = str(value)
    return text if text.isupper() else text.replace("-", " ")
