"""Looking for the value of a fact that turns the order: quickly first, then in full, and nothing twice."""

from __future__ import annotations

import pytest

from equipoise.consultation.fact_changes import Asked, Limits, fact_changes
from equipoise.evidence import load_evidence
from equipoise.person import Person

ORDERS = {
    False: ("alemtuzumab-12mg", "interferon-beta-1a-sc-44"),
    True: ("interferon-beta-1a-sc-44", "alemtuzumab-12mg"),
}


@pytest.mark.parametrize(("quick", "full"), [(40, 40), (38, 40), (42, 40)])
def test_a_value_is_run_in_full_once_wherever_the_quick_look_stopped(quick: int, full: int) -> None:
    ran: list[int] = []

    def order(someone: Person) -> tuple[str, ...]:
        assert someone.age is not None
        ran.append(someone.age)
        return ORDERS[someone.age >= full]

    def first(someone: Person) -> str:
        assert someone.age is not None
        return ORDERS[someone.age >= quick][0]

    asked = Asked(first, order, lambda someone: True, Limits(age=(18, 55), years_since_onset=(0, 20), edss=5.5))
    found = fact_changes(Person(age=30), asked, load_evidence())
    assert [(one.about, one.before, one.after, one.new_order) for one in found] == [("age", 30, full, ORDERS[True])]
    assert len(ran) == len(set(ran)), ran
    assert full - 1 in ran, "the nearest value that changes nothing was run too"
