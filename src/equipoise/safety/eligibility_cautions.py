"""Warnings, pregnancy, interactions, tests before the start, daily life: told beside a verdict, never changing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from equipoise.evidence import Label, LabelEntry
from equipoise.person import PracticalLife
from equipoise.safety.eligibility_facts import Asked, Fact, Known, Rule, every, some
from equipoise.safety.eligibility_person import (
    BREASTFEEDING,
    COULD_CONCEIVE,
    PREGNANT,
    PREGNANT_WITHIN_A_YEAR,
    WOMAN,
    any_condition,
    nobody_knows,
    only_asked,
    takes,
    team_knows,
)
from equipoise.safety.plan_readings import is_pregnancy_test
from equipoise.safety.schedule import plan_treatment
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import phrase

# ---------------------------------------------------------------- warnings

DEPRESSION = some(
    any_condition("severe-depression-now", "suicidal-thoughts-now"),
    only_asked("depression"),
)
SEIZURES = only_asked("seizures")
ANTIEPILEPTIC_OR_ANTIDEPRESSANT = only_asked("antiepileptic-or-antidepressant")

WARNINGS: dict[str, Rule] = {
    "interferon-beta-1a-sc-war-06": some(
        any_condition("liver-disease-moderate", "liver-disease-severe", "hepatitis-b-active", "hepatitis-other-active"),
        team_knows("liver-history"),
    ),
    "interferon-beta-1a-sc-war-10": DEPRESSION,
    "interferon-beta-1a-sc-war-11": some(SEIZURES, ANTIEPILEPTIC_OR_ANTIDEPRESSANT),
    "interferon-beta-1a-sc-war-12": some(
        any_condition("angina-ever", "irregular-heartbeat-serious", "heart-event-or-stroke-last-6-months"),
        only_asked("heart-failure"),
    ),
    "peginterferon-beta-1a-war-03": SEIZURES,
    "interferon-beta-1b-war-01": team_knows("monoclonal-gammopathy"),
}
"""Warnings for some people only. Every other one is for everybody who takes the drug, and therefore met."""

# ---------------------------------------------------------------- pregnancy

PREGNANCY: dict[str, Rule] = {
    "pregnancy": some(PREGNANT, PREGNANT_WITHIN_A_YEAR),
    "thyroid": some(PREGNANT, PREGNANT_WITHIN_A_YEAR),
    "breastfeeding": BREASTFEEDING,
    "contraception": some(PREGNANT, PREGNANT_WITHIN_A_YEAR, COULD_CONCEIVE),
}
"""By the kind of the statement: whom it concerns. Women and men where the text says both."""

# ---------------------------------------------------------------- interactions

LIVE_VACCINE = some(takes("live-vaccine-last-6-weeks"), only_asked("live-vaccine-planned"))
IMMUNOSUPPRESSION = some(takes("immunosuppressant"), takes("bone-marrow-suppressing"))
ALCOHOL = only_asked("alcohol")
ANY_MEDICINE = Fact(
    "medicine:any",
    phrase("eligibility.fact.other-medicines.name"),
    phrase("eligibility.fact.other-medicines.question"),
    Asked.PERSON,
    # Only the medicines of the list are known, so an empty list does not say that there is none at all.
    lambda known: True if known.person.medicines else None,
)

INTERACTIONS: dict[str, Rule] = {
    "live viral vaccines": LIVE_VACCINE,
    "live vaccines": LIVE_VACCINE,
    "live vaccines, kidney-active drugs": some(
        LIVE_VACCINE,
        team_knows("kidney-active"),
    ),
    "antineoplastic or immunosuppressive therapy": IMMUNOSUPPRESSION,
    "previous Campath": team_knows("campath"),
    "other oral medicines": ANY_MEDICINE,
    "strong alcohol": ALCOHOL,
    "alcohol; high-fat meal": ALCOHOL,
    "hepatotoxic drugs, alcohol": some(
        ALCOHOL,
        takes("leflunomide"),
        team_knows("hepatotoxic"),
    ),
    "antiepileptics, antidepressants": ANTIEPILEPTIC_OR_ANTIDEPRESSANT,
    "drugs cleared by cytochrome P450 (some antiepileptics, antidepressants)": ANTIEPILEPTIC_OR_ANTIDEPRESSANT,
    "tyramine above 150 mg in food": only_asked("tyramine"),
}
"""By the agent that the label names."""

# ---------------------------------------------------------------- tests before the start

NO_GATE = "none"


def baseline_rule(entry: LabelEntry) -> Rule | None:
    """Return the rule of something to be done first; ``None`` where the entry says that nothing is."""
    if entry.fields.get("gate") == NO_GATE:
        return None
    open_test = nobody_knows(
        f"test:{entry.id}",
        phrase("eligibility.team.test.name"),
        phrase("eligibility.team.test.question", text=entry.text),
    )
    return every(WOMAN, open_test) if is_pregnancy_test(entry) else open_test


# ---------------------------------------------------------------- daily life


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a label's schedule asks of daily life.

    Attributes
    ----------
    entry
        The label entry that asks for it.
    rule
        Met where daily life does not allow it.
    """

    entry: LabelEntry
    rule: Rule


def _cannot(key: str, allows: Callable[[PracticalLife], bool | None]) -> Fact:
    def look(known: Known) -> bool | None:
        can = allows(known.person.practical)
        return None if can is None else not can

    return Fact(
        f"practical:{key}",
        phrase(f"eligibility.fact.no-{key}.name"),
        phrase(f"eligibility.fact.no-{key}.question"),
        Asked.PERSON,
        look,
        field=f"practical.{key.replace('-', '_')}",
    )


INFUSION_CENTRE = _cannot("infusion-centre", lambda life: life.infusion_centre)
MONTHLY_TESTS = _cannot("monthly-blood-tests", lambda life: life.monthly_blood_tests)
SELF_INJECTION = _cannot("self-injection", lambda life: life.self_injection)
FRIDGE = _cannot("fridge", lambda life: life.fridge)

_COLD = "2 to 8 C"
_MONTHLY = "P1M"


def needs(label: Label, jurisdiction: Jurisdiction) -> tuple[Need, ...]:
    """Return what a label's schedule asks of daily life: each need once, with the entry that says so.

    Notes
    -----
    A table that was not read for a jurisdiction asks for nothing here: its silence is no promise.
    """
    found: list[Need] = []
    dosing = label.current("dosing", jurisdiction)
    infused = next((entry for entry in dosing if entry.fields.get("route") == "IV"), None)
    injected = next((entry for entry in dosing if str(entry.fields.get("route", "")).startswith(("SC", "IM"))), None)
    if infused is not None:
        found.append(Need(infused, INFUSION_CENTRE))
    if injected is not None:
        found.append(Need(injected, SELF_INJECTION))
    tests = plan_treatment(label, jurisdiction).tests
    monthly = next((t for t in tests if t.is_blood_or_urine and t.entry.fields.get("every") == _MONTHLY), None)
    if monthly is not None:
        found.append(Need(monthly.entry, MONTHLY_TESTS))
    # What is infused is kept by the hospital.
    stored = label.current("practical", jurisdiction) if injected is not None else ()
    cold = next((e for e in stored if e.fields.get("kind") == "storage" and _COLD in e.text), None)
    if cold is not None:
        found.append(Need(cold, FRIDGE))
    return tuple(found)


def pregnancy_rule(entry: LabelEntry) -> Rule | None:
    """Return whom a statement about pregnancy concerns; ``None`` for everybody."""
    return None if entry.fields.get("who") == "women and men" else PREGNANCY.get(str(entry.fields.get("kind", "")))


def warning_rule(entry: LabelEntry) -> Rule | None:
    """Return whom a warning is for; ``None`` for everybody who takes the drug."""
    return WARNINGS.get(entry.id)


def interaction_rule(entry: LabelEntry) -> Rule:
    """Return what an interaction turns on; the agent's own name is asked where nobody has written more down."""
    agent = str(entry.fields.get("agent", entry.text))
    question = phrase("eligibility.fact.agent.question", agent=agent)
    return INTERACTIONS.get(agent) or nobody_knows(f"agent:{agent}", agent, question, Asked.PERSON)
