"""The facts about a person that rules may use, each with the question that would settle it."""

from __future__ import annotations

import functools

from equipoise.person import OTHER_DRUG, CourseOfDisease, PregnancyPlan, Sex
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.safety.eligibility_facts import AnyOf, Asked, Fact, Known, Not, Rule, every, some

ADULT = 18


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
    )


@functools.cache
def stated(condition: str, asked: Asked = Asked.TEAM) -> Fact:
    """Return the fact of having what nobody knows unless it was looked at: it is absent only where that is said."""
    words = CONDITIONS[condition]

    def look(known: Known) -> bool | None:
        if known.person.has(condition):
            return True
        return False if condition in known.person.not_conditions else None

    return Fact(f"condition:{condition}", words.label, words.question, asked, look, (condition,))


@functools.cache
def takes(medicine: str) -> Fact:
    """Return the fact of taking a medicine."""
    words = MEDICINES[medicine]

    def look(known: Known) -> bool | None:
        return known.person.takes(medicine)

    return Fact(f"medicine:{medicine}", words.label, words.question, Asked.PERSON, look, (medicine,))


def any_condition(*conditions: str) -> AnyOf:
    """Return the rule that needs one of these conditions."""
    return some(*(has(condition) for condition in conditions))


def nobody_knows(key: str, name: str, question: str, asked: Asked = Asked.TEAM) -> Fact:
    """Return a fact that nothing in a person's file decides: it is always a question."""
    return Fact(f"open:{key}", name, question, asked, lambda _: None)


# ---------------------------------------------------------------- pregnancy


def _is_plan(plan: PregnancyPlan, name: str, question: str) -> Fact:
    def look(known: Known) -> bool | None:
        if known.person.pregnancy is not None:
            return known.person.pregnancy is plan
        return False if known.person.sex is Sex.MAN else None

    return Fact(f"pregnancy:{plan.value}", name, question, Asked.PERSON, look)


PREGNANT = _is_plan(PregnancyPlan.PREGNANT, "pregnant now", "Are you pregnant now?")
BREASTFEEDING = _is_plan(PregnancyPlan.BREASTFEEDING, "breastfeeding now", "Are you breastfeeding now?")
PREGNANT_WITHIN_A_YEAR = _is_plan(
    PregnancyPlan.WITHIN_A_YEAR, "a child is wanted within a year", "Do you want to become pregnant within a year?"
)
WOMAN = Fact(
    "sex:woman",
    "",
    "Are you a woman?",
    Asked.PERSON,
    lambda known: None if known.person.sex is None else known.person.sex is Sex.WOMAN,
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

    drugs = "a drug" if at_least == 1 else f"{at_least} drugs"
    return Fact(
        f"earlier:relapsed:{at_least}",
        f"a relapse while taking {drugs} against MS",
        "Which drugs against MS were taken before, and was there a relapse while taking each of them?",
        Asked.PERSON,
        look,
    )


# ---------------------------------------------------------------- the disease


def course_is(course: CourseOfDisease) -> Fact:
    """Return the fact of one course of the disease."""
    words = course.value.replace("-", " ")
    return Fact(
        f"course:{course.value}",
        f"{words} MS",
        "Which kind of MS is it: relapsing-remitting, secondary progressive or primary progressive?",
        Asked.PERSON,
        lambda known: None if known.person.course is None else known.person.course is course,
    )


def at_least_years_old(years: int) -> Fact:
    """Return the fact of an age."""
    return Fact(
        f"age:{years}",
        f"{years} years old or older",
        "How old are you?",
        Asked.PERSON,
        lambda known: None if known.person.age is None else known.person.age >= years,
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

    times = "at least one relapse" if at_least == 1 else f"{at_least} or more relapses"
    return Fact(
        f"relapses-12:{at_least}",
        f"{times} in the last 12 months",
        "How many relapses were there in the last 12 months?",
        Asked.PERSON,
        look,
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
        "at least one relapse in the last 24 months"
        if at_least == 1
        else f"{at_least} or more relapses in the last 24 months",
        "How many relapses were there in the last 24 months?",
        Asked.PERSON,
        look,
    )


ENHANCING_LESION = Fact(
    "mri:enhancing",
    "a lesion that took up contrast in the last MRI",
    "Did the last MRI show a lesion that took up contrast?",
    Asked.TEAM,
    lambda known: known.person.enhancing_lesions,
)
DISABLING_RELAPSES = nobody_knows(
    "disabling-relapses-12",
    "two or more disabling relapses in one year",
    "Were at least two relapses of the last 12 months disabling?",
)
MORE_T2_LESIONS = nobody_knows(
    "t2-increase",
    "a significant rise in T2 lesions against a recent earlier MRI",
    "Does the MRI show a significant rise in T2 lesions against a recent earlier MRI?",
)
CALLED_HIGHLY_ACTIVE = nobody_knows(
    "highly-active",
    "disease that the neurologist calls highly active",
    "Does the neurologist call the disease highly active?",
)
HIGH_RISK_OF_MS = nobody_knows(
    "cis-high-risk", "a first event at high risk of MS", "Was there only one event so far, with a high risk of MS?"
)
ONE_EVENT_ONLY = Fact(
    "course:first-event",
    "one event so far",
    "Which kind of MS is it: relapsing-remitting, secondary progressive or primary progressive?",
    Asked.PERSON,
    # Whoever has a course of MS is past a single event.
    lambda known: None if known.person.course is None else False,
)

RELAPSING_REMITTING = course_is(CourseOfDisease.RELAPSING_REMITTING)
SECONDARY_PROGRESSIVE = course_is(CourseOfDisease.SECONDARY_PROGRESSIVE)
PRIMARY_PROGRESSIVE = course_is(CourseOfDisease.PRIMARY_PROGRESSIVE)
# Clinical relapses or MRI activity: the words of the European guideline (def-active-rrms-ectrims in the evidence).
ACTIVE_DISEASE: Rule = some(relapses_24_months(1), ENHANCING_LESION)
