"""The section "For someone like me" as it is rendered: sourced, even-handed, honest about what is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from equipoise.consultation.personal import Declining, PersonalView
from equipoise.evidence import load_evidence
from equipoise.presentation.html import TRACE_ANCHOR
from equipoise.presentation.personal_effects import PersonalEffects
from equipoise.vocabulary.terms import Direction, OutcomeGroup
from tests.support.pages import Element, names, orphans, parse
from tests.support.personal_samples import (
    ROW,
    SAMPLES,
    TWO,
    contraindicated,
    declined,
    difference,
    fitted,
    outcome,
    result,
    tied,
    treatment,
    twenty,
    view,
)
from tests.support.personal_section import personal_section
from tests.unit.test_html import PERSUASION, grade, own_sentences

ORDERS = re.compile(r"\b(should|must take|choose|recommend\w*|winner|wins|loses|better choice|ideal|optimal)\b", re.I)
SWAPPED = (TWO[1], TWO[0], TWO[2])


@cache
def section(name: str) -> Element:
    return parse(str(personal_section(SAMPLES[name]())))


@cache
def known() -> tuple[str, ...]:
    return (*names(load_evidence()), "fingolimod (another dose)")


def rendered(seen: PersonalView) -> Element:
    return parse(str(personal_section(seen)))


def tables(root: Element) -> list[Element]:
    return root.find("data-denominator")


@pytest.mark.parametrize("name", SAMPLES)
def test_no_number_without_a_source(name: str) -> None:
    assert orphans(section(name), known()) == []
    assert section(name).find("data-unsourced") == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_id_is_a_number_of_the_view_and_leads_to_its_trace(name: str) -> None:
    numbers = {estimate.id for estimate in SAMPLES[name]().estimates}
    found = section(name).find("data-id")
    assert bool(found) is (name != "everything declined")
    assert {element.attributes["data-id"] for element in found} <= numbers
    linked = [e for e in found if e.tag == "a"]
    for element in linked:
        assert element.attributes["href"] == f"/trace/{element.attributes['data-id']}"
    assert {e.attributes["data-id"] for e in linked} == {e.attributes["data-id"] for e in found}


@pytest.mark.parametrize("name", SAMPLES)
def test_ids_of_the_markup_are_unique_and_every_inner_link_arrives(name: str) -> None:
    ids = [element.attributes["id"] for element in section(name).find("id")]
    assert len(ids) == len(set(ids)), sorted(i for i in set(ids) if ids.count(i) > 1)
    inner = [e.attributes["href"][1:] for e in section(name).find("href") if e.attributes["href"].startswith("#")]
    assert set(inner) <= set(ids)


def test_in_one_file_numbers_lead_to_anchors() -> None:
    root = parse(str(personal_section(fitted(), TRACE_ANCHOR)))
    assert {e.attributes["href"][:7] for e in root.walk() if e.tag == "a" and "data-id" in e.attributes} == {"#trace-"}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_persuasion_and_no_orders(name: str) -> None:
    text = section(name).text
    assert not PERSUASION.search(text), PERSUASION.search(text)
    assert not ORDERS.search(text), ORDERS.search(text)


@pytest.mark.parametrize("name", ["with fit", "contraindicated", "tie", "everything declined"])
def test_our_own_words_can_be_read_at_grade_eight(name: str) -> None:
    section_of_patient = parse(str(personal_section(SAMPLES[name]())))
    for details in [e for e in section_of_patient.walk() if "clinician" in e.attributes.get("class", "")]:
        details.children.clear()
    assert grade(own_sentences(section_of_patient)) <= 8


@pytest.mark.parametrize("name", ["two options", "with fit", "twenty options"])
def test_effects_come_first_unmerged_one_horizon_and_one_denominator_a_table(name: str) -> None:
    seen, root = SAMPLES[name](), section(name)
    headings = [e.attributes.get("id") for e in root.walk() if e.tag == "h3"]
    assert headings.index("personal-effects") < len(headings) - 1 or seen.fit is None
    if seen.fit is not None:
        assert headings.index("personal-effects") < headings.index("personal-fit")
    by_id = {o.estimate.id: o for o in seen.outcomes}
    for table in tables(root):
        shown = [by_id[e.attributes["data-id"]] for e in table.find("data-id")]
        assert {o.denominator for o in shown} == {int(table.attributes["data-denominator"])}
        assert len({o.horizon_months for o in shown}) == 1
    first = [by_id[e.attributes["data-id"]] for e in tables(root)[0].find("data-id")]
    assert {o.horizon_months for o in first} == {12 * seen.years}


def test_every_number_stands_in_the_column_of_its_option_with_interval_certainty_and_both_frames() -> None:
    by_id = {o.estimate.id: o for o in view().outcomes}
    for table in tables(section("two options")):
        for cell in table.find("data-column"):
            numbers = cell.find("data-id")
            if not numbers:
                assert cell.text in ("not reported", "not said: see the reasons below")
                continue
            one = by_id[numbers[0].attributes["data-id"]]
            name = "no treatment" if one.option.id == "placebo" else one.option.name
            assert cell.attributes["data-column"].lower() == name
            assert "likely range" in cell.text
            assert any(level in cell.text for level in ("High", "Moderate", "Low", "Not rated"))
            if one.outcome.event:
                assert len(re.findall(r"of 1(?:00|,000) ", cell.text)) == 2


def test_the_options_have_the_same_parts_in_the_same_order() -> None:
    root = section("with fit")
    rows = [row for row in tables(root)[0].walk() if row.tag == "tr"][1:3]
    cells = [[cell for cell in inner(row) if cell.tag == "td"] for row in rows]
    blocks = [inner(e) for e in root.walk() if e.attributes.get("class") in ("people", "reasons", "fit-bars")]
    assert len(blocks) == 4
    for parts in (*cells, *blocks):
        assert len(parts) == 3
        shapes = [shape(part) for part in parts]
        assert shapes[0] == shapes[1] == shapes[2]


def inner(element: Element) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element)]


def shape(element: Element) -> list[tuple[str, str]]:
    """Tags and classes in order; how many icons, and whether a range is wide, depends on the numbers."""
    parts = [(e.tag, e.attributes.get("class", "")) for e in element.walk() if e.tag not in ("use", "polygon")]
    return [part for part in parts if "wide-range" not in part[1]]


def test_swapping_the_options_mirrors_the_section() -> None:
    there, back = rendered(fitted(TWO)), rendered(fitted(SWAPPED))
    for pick in (_columns, _panels, _bars):
        first, second = pick(there), pick(back)
        assert first
        assert [(b, a, *rest) for a, b, *rest in first] == second


def _columns(root: Element) -> list[tuple[str, ...]]:
    rows = [row for t in tables(root) for row in t.walk() if row.tag == "tr"]
    return [tuple(c.text for c in row.children if isinstance(c, Element))[1:] for row in rows]


def _panels(root: Element) -> list[tuple[str, ...]]:
    grids = [e for e in root.walk() if e.attributes.get("class") == "people"]
    return [tuple(c.text for c in grid.children if isinstance(c, Element)) for grid in grids]


def _bars(root: Element) -> list[tuple[str, ...]]:
    bars = next(e for e in root.walk() if e.attributes.get("class") == "fit-bars")
    return [tuple(c.text for c in bars.children if isinstance(c, Element))]


def test_what_was_said_and_what_is_unknown_stand_there_and_unknown_widens() -> None:
    text = section("two options").text
    for said in (
        "34 years",
        "relapsing remitting",
        "1 to 3.5, from walking",
        "glatiramer acetate",
        "whether the last scan showed",
    ):
        assert said in text
    assert "It makes the ranges below wider." in text


def test_numbers_needed_stand_only_with_the_clinician_and_never_with_a_sign() -> None:
    root = rendered(view())
    blocks = [e for e in root.walk() if "clinician" in e.attributes.get("class", "")]
    assert len(blocks) == 1
    inside = blocks[0].text
    assert "NNT (to benefit)" in inside
    assert "withheld: the interval holds no difference" in inside
    assert "not given: events are counted, not people" in inside
    assert not re.search(r"(?<!beta)[-\N{MINUS SIGN}+]\d", inside)
    blocks[0].children.clear()
    assert not re.search("NNT|NNH", root.text)


def test_a_number_needed_promises_less_when_rounded() -> None:
    worse = difference(
        result("alemtuzumab", "infection", 24, (70, 68, 72)),
        result("interferon-beta-1a", "infection", 24, (40, 38, 42)),
    )
    assert outcome("infection").direction is Direction.LOWER_IS_BETTER
    seen = replace(view(), differences=(worse, replace(worse, is_benefit=True)))
    text = " ".join(e.text for e in rendered(seen).walk() if "clinician" in e.attributes.get("class", ""))
    assert worse.number_needed == pytest.approx(100 / 30)
    assert "NNH (to harm): 3" in text
    assert "NNT (to benefit): 4" in text


def test_a_wide_range_changes_the_drawing_and_the_words() -> None:
    def one(low: float, high: float) -> Element:
        found = (result("alemtuzumab", "relapse-free", 24, (60, low, high)),)
        return rendered(replace(view(), outcomes=found, differences=()))

    narrow, wide = one(58, 62), one(35, 80)
    assert "This range is" not in narrow.text
    assert "This range is very wide" in wide.text

    def hatched(root: Element) -> int:
        groups = [
            e for e in root.walk() if e.attributes.get("class") in ("icons icons-uncertain", "icons icons-possible")
        ]
        return sum(1 for g in groups for e in g.walk() if e.tag == "use")

    # One icon of each style stands in the key.
    assert (hatched(narrow), hatched(wide)) == (4 + 2, 45 + 2)


def test_sentences_on_the_same_people_add_up_to_a_hundred() -> None:
    for name in ("two options", "tie", "twenty options"):
        lists = [e for e in section(name).walk() if e.attributes.get("class") == "shared"]
        assert lists
        for sentences in lists:
            counts = [int(n) for n in re.findall(r"(\d+) of 100", sentences.text)]
            assert sum(counts) == 100


def test_a_tie_is_called_a_tie() -> None:
    assert "Alemtuzumab and interferon beta-1a are too close to call" in section("tie").text
    assert "too close to call" not in section("with fit").text


def test_a_contraindicated_option_is_shown_and_not_ranked() -> None:
    root = section("contraindicated")
    rows = [e for e in root.walk() if "fit-row" in e.attributes.get("class", "").split()]
    barred = next(row for row in rows if row.text.startswith("Alemtuzumab"))
    assert "Not ranked" in barred.text
    assert "The label says it must not be given." in barred.text
    assert not [e for e in barred.walk() if e.tag == "svg"]
    assert len(rows) == 3
    assert [e for e in tables(root)[0].find("data-column", "Alemtuzumab") if "70 of 100" in e.text]


def test_options_stand_in_the_order_asked_for_not_in_that_of_their_fit() -> None:
    rows = [e.text for e in section("contraindicated").walk() if "fit-row" in e.attributes.get("class", "").split()]
    assert [row.split()[0] for row in rows] == ["Alemtuzumab", "Interferon", "No"]


def test_where_everything_is_declined_the_section_gives_reasons_and_no_number() -> None:
    root = section("everything declined")
    assert "No number can be given for two years." in root.text
    assert "The trials took people from 18 to 55 years old." in root.text
    assert "Alder A. The Alder trial." in root.text
    assert not [e for e in root.walk() if e.tag in ("svg", "table")]


def test_where_no_option_is_left_to_rank_the_section_says_so() -> None:
    seen = contraindicated()
    assert seen.fit is not None
    barred = tuple(replace(seen.fit.unranked[0], option=option) for option in seen.options)
    root = rendered(replace(seen, fit=replace(seen.fit, options=(), unranked=barred, reasons=(), what_would_change=())))
    assert "No option is left to rank." in root.text
    assert root.text.count("Not ranked") == 3


def test_without_values_nothing_is_ranked() -> None:
    assert not section("two options").find("id", "personal-fit")
    assert "plausible worlds" not in section("two options").text


def test_numbers_of_one_group_alone_stand_apart() -> None:
    root = section("two options")
    thyroid = [e for t in tables(root) for e in t.walk() if e.tag == "tr" and e.text.startswith("Thyroid")]
    assert len(thyroid) == 1
    assert "printed in the drug label" in thyroid[0].text
    apart = next(e for e in root.walk() if e.tag == "details" and e.text.startswith("Seen in people without a group"))
    assert thyroid[0] in list(apart.walk())


def test_every_option_of_twenty_is_drawn_and_named() -> None:
    root, seen = section("twenty options"), twenty()
    assert len(seen.options) == 20
    assert len([e for e in root.walk() if e.attributes.get("class") == "people-panel"]) == 20
    assert len([e for e in root.walk() if e.attributes.get("class") == "acceptability-bar"]) == 20
    assert all("many" in t.attributes["class"] for t in tables(root))


def test_what_was_said_cannot_become_markup() -> None:
    seen = view()
    person = replace(seen.person, conditions=frozenset({"<script>alert(1)</script>"}))
    assert "<script" not in personal_section(replace(seen, person=person, unknown=("<b>x</b>",)))


def test_samples_are_what_they_say() -> None:
    assert declined().outcomes == ()
    seen = tied().fit
    assert seen is not None
    assert seen.ties


def test_a_long_list_of_harms_is_shortened_by_one_rule_for_all_options() -> None:
    harms = [o.id for o in load_evidence().outcomes.values() if o.group is OutcomeGroup.COMMON_HARM and o.event][:14]

    def seen(options: tuple[str, ...]) -> PersonalEffects:
        found = [result(o, h, 24, (i + 5, i, i + 9), basis="trial-arm") for o in options for i, h in enumerate(harms)]
        found.append(result(options[0], "serious-infection", 24, (3, 1, 9), denominator=1000, basis="trial-arm"))
        return PersonalEffects(replace(view(options), outcomes=tuple(found)))

    common, serious = seen(TWO).first
    assert {row.outcome.id for row in common.rows} == set(harms[-10:])
    assert {row.outcome.id for row in common.more} == set(harms[:-10])
    assert (len(serious.rows), serious.more) == (1, ())
    swapped = seen(SWAPPED).first[0]
    assert [row.outcome for row in swapped.rows] == [row.outcome for row in common.rows]
    page = parse(str(personal_section(seen(TWO).view)))
    folded = [e for e in page.walk() if e.tag == "details" and e.text.startswith("Less common side effects")]
    assert len(folded) == 1


def test_a_reason_that_holds_for_several_options_is_given_once() -> None:
    reason, what = "No honest range can be shown.", "confirmed-disability-improvement-6m"
    twice = tuple(Declining(what, reason, option=treatment(o).id, provenance=ROW) for o in TWO[:2])
    text = rendered(replace(view(), declined=twice)).text
    assert text.count(reason) == 1
    assert "Confirmed disability improvement (over six months) (alemtuzumab, interferon beta-1a)" in text
    assert text.count("The Alder trial") == 1


def test_an_option_that_is_left_alone_is_not_said_to_fit() -> None:
    seen = contraindicated(TWO[:2])
    assert seen.fit is not None
    alone = replace(seen.fit.options[0], rank_acceptability=(1.0,))
    fit = replace(seen.fit, options=(alone,), reasons=(), what_would_change=())
    root = rendered(replace(seen, fit=fit))
    assert "Nothing to rank it against" in root.text
    assert "100 of 100 plausible worlds" not in root.text
    assert not [e for e in root.walk() if e.attributes.get("class") == "acceptability-bar"]
    assert not root.find("id", "personal-change")
