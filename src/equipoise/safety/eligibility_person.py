"""The facts about a person that rules may use, each with the question that would settle it."""

from __future__ import annotations

import functools

from equipoise.person import OTHER_DRUG, CourseOfDisease, PregnancyPlan, Sex
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.safety.eligibility_facts import AnyOf, Asked, Fact, Known, Not, Rule, every, some
from equipoise.wording import Phrase, phrase

ADULT = 18
STATED_ONLY = frozenset({"no-effective-contraception", "cyp2c9-3-3", "low-blood-protein-severe"})
"""Conditions that nobody knows to be absent by having gone through a list: they are absent only where that is said."""


def _name(key: str) -> Phrase:
    return phrase(f"eligibility.fact.{key}.name")


def _question(key: str) -> Phrase:
    return phrase(f"eligibility.fact.{key}.question")


@functools.cache
def has(condition: str) -> Fact:
    """Return the fact of having a condition; where someone has said all that they have, the rest is absent."""
    words = CONDITIONS[condition]
    return Fact(
        f"condition:{condition}",
        words.label,
        words.question,
        Asked.PERSON,
        lambda known: known.person.has(condition),
        (condition,),
        "conditions",
    )


@functools.cache
def stated(condition: str, asked: Asked = Asked.TEAM) -> Fact:
    """Return the fact of having what nobody knows unless it was looked at: it is absent only where that is said."""
    words = CONDITIONS[condition]

    def look(known: Known) -> bool | None:
        if known.person.has(condition):
            return True
        return False if condition in known.person.not_conditions else None

    return Fact(f"condition:{condition}", words.label, words.question, asked, look, (condition,), "conditions")


@functools.cache
def takes(medicine: str) -> Fact:
    """Return the fact of taking a medicine."""
    words = MEDICINES[medicine]

    def look(known: Known) -> bool | None:
        return known.person.takes(medicine)

    return Fact(f"medicine:{medicine}", words.label, words.question, Asked.PERSON, look, (medicine,), "medicines")


def any_condition(*conditions: str) -> AnyOf:
    """Return the rule that needs one of these conditions."""
    return some(*(has(condition) for condition in conditions))


def nobody_knows(key: str, name: str, question: str, asked: Asked = Asked.TEAM) -> Fact:
    """Return a fact that nothing in a person's file decides: it is always a question."""
    return Fact(f"open:{key}", name, question, asked, lambda _: None)


def team_knows(key: str) -> Fact:
    """Return a fact that only the team can say, by its key in the catalogue."""
    return nobody_knows(key, phrase(f"eligibility.team.{key}.name"), phrase(f"eligibility.team.{key}.question"))


def only_asked(key: str) -> Fact:
    """Return a fact that only the person can say, and no file holds, by its key in the catalogue."""
    return nobody_knows(key, _name(key), _question(key), Asked.PERSON)


# ---------------------------------------------------------------- pregnancy


def _is_plan(plan: PregnancyPlan, key: str) -> Fact:
    def look(known: Known) -> bool | None:
        if known.person.pregnancy is not None:
            return known.person.pregnancy is plan
        return False if known.person.sex is Sex.MAN else None

    return Fact(f"pregnancy:{plan.value}", _name(key), _question(key), Asked.PERSON, look, field="pregnancy")


PREGNANT = _is_plan(PregnancyPlan.PREGNANT, "pregnant")
BREASTFEEDING = _is_plan(PregnancyPlan.BREASTFEEDING, "breastfeeding")
PREGNANT_WITHIN_A_YEAR = _is_plan(PregnancyPlan.WITHIN_A_YEAR, "child-within-a-year")
WOMAN = Fact(
    "sex:woman",
    "",
    _question("woman"),
    Asked.PERSON,
    lambda known: None if known.person.sex is None else known.person.sex is Sex.WOMAN,
    field="sex",
)
# Nobody has said anything about contraception by naming their illnesses, so silence about it is no answer.
NO_CONTRACEPTION = stated("no-effective-contraception", Asked.PERSON)
COULD_CONCEIVE = every(WOMAN, NO_CONTRACEPTION)
PREGNANT_OR_COULD_BE = some(PREGNANT, COULD_CONCEIVE)


# ---------------------------------------------------------------- drugs against MS


# As the only one: an earlier drug that is about to be stopped moves the earliest start instead.
MONOTHERAPY = Not(takes("another-ms-drug-now"))


def _different(drugs: list[str]) -> int:
    # Two drugs without a name may well be two.
    return len(set(drugs) - {OTHER_DRUG}) + drugs.count(OTHER_DRUG)


def relapsed_on_earlier_drugs(at_least: int) -> Fact:
    """Return the fact of a relapse while taking each of so many drugs."""

    def look(known: Known) -> bool | None:
        if known.earlier is None:
            return None
        yes = _different([drug for drug, treatment in known.earlier if treatment.relapsed])
        maybe = _different([drug for drug, treatment in known.earlier if treatment.relapsed is not False])
        return True if yes >= at_least else None if maybe >= at_least else False

    return Fact(
        f"earlier:relapsed:{at_least}",
        phrase("eligibility.fact.relapsed-on-drugs.name", n=at_least),
        _question("relapsed-on-drugs"),
        Asked.PERSON,
        look,
        field="earlier_treatments",
    )


# ---------------------------------------------------------------- the disease


def course_is(course: CourseOfDisease) -> Fact:
    """Return the fact of one course of the disease."""
    return Fact(
        f"course:{course.value}",
        phrase(f"eligibility.fact.course.{course.value}"),
        _question("course"),
        Asked.PERSON,
        lambda known: None if known.person.course is None else known.person.course is course,
        field="course",
    )


def at_least_years_old(years: int) -> Fact:
    """Return the fact of an age."""
    return Fact(
        f"age:{years}",
        phrase("eligibility.fact.age.name", years=years),
        _question("age"),
        Asked.PERSON,
        lambda known: None if known.person.age is None else known.person.age >= years,
        field="age",
    )


def relapses_12_months(at_least: int) -> Fact:
    """Return the fact of so many relapses in the last 12 months."""

    def look(known: Known) -> bool | None:
        person = known.person
        if person.relapses_12_months is not None:
            return person.relapses_12_months >= at_least
        # Fewer in two years are fewer in one.
        few = person.relapses_24_months is not None and person.relapses_24_months < at_least
        return False if few else None

    return Fact(
        f"relapses-12:{at_least}",
        phrase("eligibility.fact.relapses-12.name", n=at_least),
        _question("relapses-12"),
        Asked.PERSON,
        look,
        field="relapses_12_months",
    )


def relapses_24_months(at_least: int) -> Fact:
    """Return the fact of so many relapses in the last 24 months."""

    def look(known: Known) -> bool | None:
        person = known.person
        if person.relapses_24_months is not None:
            return person.relapses_24_months >= at_least
        many = person.relapses_12_months is not None and person.relapses_12_months >= at_least
        return True if many else None

    return Fact(
        f"relapses-24:{at_least}",
        phrase("eligibility.fact.relapses-24.name", n=at_least),
        _question("relapses-24"),
        Asked.PERSON,
        look,
        field="relapses_24_months",
    )


ENHANCING_LESION = Fact(
    "mri:enhancing",
    phrase("eligibility.team.enhancing-lesion.name"),
    phrase("eligibility.team.enhancing-lesion.question"),
    Asked.TEAM,
    lambda known: known.person.enhancing_lesions,
    field="enhancing_lesions",
)
DISABLING_RELAPSES = team_knows("disabling-relapses")
MORE_T2_LESIONS = team_knows("more-t2-lesions")
CALLED_HIGHLY_ACTIVE = team_knows("highly-active")
HIGH_RISK_OF_MS = team_knows("high-risk-of-ms")
ONE_EVENT_ONLY = Fact(
    "course:first-event",
    phrase("eligibility.fact.course.first-event"),
    _question("course"),
    Asked.PERSON,
    # Whoever has a course of MS is past a single event.
    lambda known: None if known.person.course is None else False,
    field="course",
)

RELAPSING_REMITTING = course_is(CourseOfDisease.RELAPSING_REMITTING)
SECONDARY_PROGRESSIVE = course_is(CourseOfDisease.SECONDARY_PROGRESSIVE)
PRIMARY_PROGRESSIVE = course_is(CourseOfDisease.PRIMARY_PROGRESSIVE)
# Clinical relapses or MRI activity: the words of the European guideline (def-active-rrms-ectrims in the evidence).
ACTIVE_DISEASE: Rule = some(relapses_24_months(1), ENHANCING_LESION)
