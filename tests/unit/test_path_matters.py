"""What matters to a person, asked in a few screens: which questions, and what is kept of the answers."""

from __future__ import annotations

import itertools

import pytest

from equipoise.decision import CRITERIA, Limit, TradeOff, TradeOffAnswer, Values
from equipoise.decision.offers import AMOUNTS, OFFERS, offers
from equipoise.presentation.path import PathState, screen
from equipoise.presentation.path.limits import LimitsScreen
from equipoise.presentation.path.matters import GROUPS, MattersScreen
from equipoise.presentation.path.order import OrderScreen
from equipoise.presentation.path.own_fields import spelled_out
from equipoise.presentation.path.screens import way
from equipoise.presentation.path.trade_offs import TradeOffsScreen
from tests.support.examples import PORTRAITS
from tests.support.pages import Element
from tests.support.path_pages import page, sent, shown, state

ASKING = ("matters", "order", "trade-offs", "limits")
EVERYTHING = tuple(one.id for one in CRITERIA)
DETAILS = ("short", "normal", "everything")


def after(before: PathState, name: str, **fields: str | tuple[str, ...]) -> PathState:
    """What is known after a screen was sent with these fields."""
    held = {field: one if isinstance(one, tuple) else (one,) for field, one in fields.items()}
    return before.with_answers(screen(name), held)


# ---------------------------------------------------------------- nothing lost, and short


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize(("person", "values"), PORTRAITS.items())
def test_a_screen_sent_back_as_it_stands_changes_nothing(person: str, values: str, name: str, detail: str) -> None:
    before = state(person, values, detail=detail)
    again = before.with_answers(screen(name), sent(shown(before, name)))
    assert again.faults == before.faults == ()
    assert again.values is not None
    assert before.values is not None
    assert again.values.limits == before.values.limits
    assert again.values.order == before.values.order
    assert (again.values.matters, again.values.does_not_matter) == (
        before.values.matters,
        before.values.does_not_matter,
    )
    known = [trade for trade in again.values.trade_offs if trade.answer is not TradeOffAnswer.UNKNOWN]
    assert tuple(known) == before.values.trade_offs


def test_someone_says_what_matters_in_at_most_twelve_steps() -> None:
    """A step is one question answered, whatever is ticked in it, or one button to go on."""
    known, steps = state("torn"), 0
    answers: dict[str, dict[str, tuple[str, ...]]] = {
        "matters": {"matters": ("relapses", "disability-worsening", "injections")},
        "order": {"order": ("disability-worsening", "injections", "")},
        "trade-offs": {"trade_off[1].answer": ("yes",), "trade_off[2].answer": ("about-equal",)},
        "limits": {"not-acceptable": ("tests-and-visits:11",)},
    }
    for name in [one.id for one in way(is_short=False) if one.step == "matters"]:
        root = shown(known, name)
        steps += len(open_questions(root)) + 1
        known = known.with_answers(screen(name), {**sent(root), **answers[name]})
    assert known.values is not None
    assert len(known.values.trade_offs) == 2
    assert (len(known.values.order), len(known.values.limits)) == (2, 1)
    assert known.faults == ()
    assert steps <= 12


def open_questions(root: Element) -> list[Element]:
    """Questions that stand open on a screen: one folded away need not be answered."""
    found = [root] if root.tag == "fieldset" else []
    if root.tag == "details" and "open" not in root.attributes:
        return []
    return found + [one for child in root.children if isinstance(child, Element) for one in open_questions(child)]


@pytest.mark.parametrize("name", ASKING)
def test_every_field_can_be_reached_by_keyboard_and_has_its_name(name: str) -> None:
    root = shown(state("torn", "torn", detail="everything"), name)
    labelled = {one.attributes["for"] for one in root.walk() if one.tag == "label"}
    fields = [one for one in root.walk() if one.tag in {"input", "select"} and one.attributes.get("type") != "hidden"]
    assert fields
    assert {one.attributes["id"] for one in fields} <= labelled
    assert all("tabindex" not in one.attributes for one in fields)
    ids = [one.attributes["id"] for one in root.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ASKING)
def test_leaving_everything_open_says_nothing_and_is_no_fault(name: str) -> None:
    again = state().with_answers(screen(name), sent(shown(state(), name)))
    assert again.faults == ()
    assert again.values is not None
    assert not again.values.says_anything


# ---------------------------------------------------------------- ticks and order


def test_each_thing_that_options_are_compared_on_is_asked_once_in_one_fixed_order() -> None:
    asked = [name for names in GROUPS.values() for name in names]
    assert sorted(asked) == sorted(EVERYTHING)
    for names in GROUPS.values():
        places = [EVERYTHING.index(name) for name in names]
        assert places == sorted(places) or names == GROUPS["asks"]
    ticks = [
        tick for _, group in MattersScreen(page(state(matters=("injections",)), "matters")).groups for tick in group
    ]
    assert [tick.criterion for tick in ticks if tick.is_ticked] == ["injections"]


def test_how_a_thing_is_counted_is_shown_to_those_who_read_everything() -> None:
    counted = [
        [tick.counted for _, group in MattersScreen(page(state(detail=detail), "matters")).groups for tick in group]
        for detail in ("normal", "everything")
    ]
    assert not any(counted[0])
    assert all(counted[1])


def test_what_is_ticked_on_both_sides_is_told_where_it_can_be_mended() -> None:
    torn = after(state(), "matters", matters=("injections",), does_not_matter=("injections",))
    assert [fault.field for fault in torn.faults_on(screen("matters"))] == ["does_not_matter"]
    root = shown(torn, "matters")
    assert any(one.tag == "details" and "open" in one.attributes for one in root.walk())


def test_an_order_is_asked_of_what_was_ticked() -> None:
    ticked = OrderScreen(page(state(matters=("injections", "relapses", "infections")), "order"))
    assert [word for word, _ in ticked.offered] == ["relapses", "infections", "injections"]
    assert len(ticked.places) == 3
    few = OrderScreen(page(state(matters=("injections",)), "order"))
    assert few.is_needless
    open_ = OrderScreen(page(state(does_not_matter=("injections",)), "order"))
    assert {word for word, _ in open_.offered} == set(EVERYTHING) - {"injections"}


def test_an_order_keeps_its_places_and_what_matters_as_much_as_the_one_before() -> None:
    known = after(state(), "order", order=("relapses", "", "injections"), as_much_as_before=("injections",))
    assert known.values is not None
    assert known.values.order == (("relapses", "injections"),)
    assert [(word, ticked) for word, _, ticked in OrderScreen(page(known, "order")).pairs] == [("injections", True)]


def test_as_much_as_before_goes_with_the_order_it_was_about() -> None:
    known = after(state(), "order", order=("injections", "relapses"), as_much_as_before=("injections",))
    assert known.faults == ()
    assert known.values is not None
    assert known.values.order == (("injections",), ("relapses",))


# ---------------------------------------------------------------- one thing against another


def test_every_offer_weighs_two_things_once_within_their_ranges() -> None:
    sides = [frozenset((offer.to_gain, offer.would_accept)) for offer in OFFERS]
    assert len(sides) == len(set(sides))
    assert all(len(pair) == 2 for pair in sides)
    for one in CRITERIA:
        assert 0.2 * one.range <= AMOUNTS[one.id] <= 0.5 * one.range


@pytest.mark.parametrize("ticked", [*itertools.combinations(EVERYTHING, 2), EVERYTHING, ()])
def test_offers_are_about_what_was_named_and_ask_about_different_costs(ticked: tuple[str, ...]) -> None:
    found = offers(Values(matters=ticked or None), CRITERIA, 2)
    assert len(found) == 2
    assert found[0].would_accept != found[1].would_accept
    if ticked:
        assert all({offer.to_gain, offer.would_accept} & set(ticked) for offer in found)


def test_what_does_not_matter_is_not_compared_or_was_answered_is_not_asked() -> None:
    assert not offers(Values(does_not_matter=EVERYTHING), CRITERIA, 2)
    assert not offers(Values(), CRITERIA[:1], 2)
    first = offers(Values(), CRITERIA, 1)[0]
    answered = TradeOff(first.would_accept, 3, first.to_gain, 2, TradeOffAnswer.NO)
    assert first not in offers(Values(trade_offs=(answered,)), CRITERIA, 40)
    open_ = TradeOff(first.to_gain, 3, first.would_accept, 2)
    assert first in offers(Values(trade_offs=(open_,)), CRITERIA, 1)


def test_another_question_is_about_another_cost_than_the_one_answered() -> None:
    values = state("mild-long-safety", "long-safety-record").values
    assert values is not None
    assert [trade.would_accept for trade in values.trade_offs] == ["tests-and-visits"]
    assert offers(values, CRITERIA, 1)[0].would_accept == "years-of-obligation"


def test_a_question_left_open_is_not_written_down_unless_somebody_put_it_together() -> None:
    known = state("torn", matters=("relapses", "injections"))
    again = known.with_answers(screen("trade-offs"), sent(shown(known, "trade-offs")))
    assert again.typed == known.typed
    own = {"to_gain": "relapses", "by": "2", "would_accept": "injections", "more": "9"}
    mine = {f"trade_off[3].{key}": (held,) for key, held in own.items()}
    assert spelled_out(mine) == {f"trade_off[1].{key}": (held,) for key, held in own.items()}


def test_one_or_two_trade_offs_are_asked_in_one_sentence_each() -> None:
    known = state("torn", matters=("relapses", "injections"))
    asked = TradeOffsScreen(page(known, "trade-offs")).asked
    assert asked[0].question == "For 1 fewer relapse in two years, would you accept 104 more injections a year?"
    assert asked[1].question.startswith("For 104 fewer injections a year, would you accept 12 more days")
    assert len(asked) == 2
    root = shown(known, "trade-offs")
    held = {**sent(root), "trade_off[1].answer": ("yes",)}
    again = known.with_answers(screen("trade-offs"), held)
    assert again.values is not None
    assert TradeOff("relapses", 1, "injections", 104, TradeOffAnswer.YES) in again.values.trade_offs


def test_everything_matters_most_is_noticed_and_one_trade_off_offered() -> None:
    shown_ = TradeOffsScreen(page(state("torn", "everything-matters-most"), "trade-offs"))
    assert len(shown_.asked) == 1
    assert "that is fine" in shown_.noticed[0]
    ordered = TradeOffsScreen(
        page(state("torn", "everything-matters-most", order=("relapses", "injections")), "trade-offs")
    )
    assert ordered.noticed == ()


def test_an_open_question_goes_with_the_ticks_it_was_asked_for() -> None:
    known = state("torn", matters=("relapses", "injections"))
    asked = known.with_answers(screen("trade-offs"), sent(shown(known, "trade-offs")))
    changed = after(asked, "matters", matters=("serious-risk", "infections"))
    questions = [one.question for one in TradeOffsScreen(page(changed, "trade-offs")).asked]
    assert not any("injections" in question for question in questions)


def test_answers_that_contradict_each_other_are_shown_back_and_stay() -> None:
    typed = {
        "trade_off[1].to_gain": "relapses",
        "trade_off[1].by": "3",
        "trade_off[1].would_accept": "tests-and-visits",
        "trade_off[1].more": "1",
        "trade_off[1].answer": "no",
    }
    known = state("torn", order=("relapses", "tests-and-visits"), **typed)
    screen_ = TradeOffsScreen(page(known, "trade-offs"))
    assert any("do not fit together" in sentence for sentence in screen_.noticed)
    assert screen_.asked[0].answer == "no"


def test_a_question_that_is_not_complete_stands_as_it_was_typed() -> None:
    known = state("torn", **{"trade_off[1].to_gain": "relapses", "trade_off[1].by": "many"})
    screen_ = TradeOffsScreen(page(known, "trade-offs"))
    assert screen_.unfinished == (1,)
    back = sent(shown(known, "trade-offs"))
    assert back["trade_off[1].by"] == ("many",)


# ---------------------------------------------------------------- limits


def test_a_limit_is_offered_on_real_levels_and_says_what_it_leaves_out() -> None:
    groups = {group.criterion.id: group for group in LimitsScreen(page(state("torn"), "limits")).groups}
    tests = groups["tests-and-visits"]
    assert [tick.value for tick in tests.ticks] == ["tests-and-visits:11"]
    assert [one.level for one in tests.shown] == ["12", "3"]
    assert tests.ticks[0].leaves_out == ("alemtuzumab",)
    assert [tick.value for tick in groups["injections"].ticks] == ["injections:0", "injections:155"]
    assert groups["disability-worsening"].ticks[0].leaves_out == ("interferon beta-1a",)
    assert "thrombocytopenia" in groups["serious-risk"].name, "the one harm that stands for all is named"


def test_no_option_is_left_out_whose_number_on_the_page_is_below_the_limit() -> None:
    close = state("torn", first="cladribine", second="dimethyl-fumarate")
    worsening = next(g for g in LimitsScreen(page(close, "limits")).groups if g.criterion.id == "disability-worsening")
    assert [one.level for one in worsening.shown] == ["17", "18"]
    assert worsening.ticks[0].label.startswith("17 people of 100")
    assert worsening.ticks[0].leaves_out == ("cladribine", "dimethyl fumarate")


def test_each_option_can_be_left_out_by_some_limit() -> None:
    ticks = [tick for group in LimitsScreen(page(state("torn"), "limits")).groups for tick in group.ticks]
    assert {name for tick in ticks for name in tick.leaves_out} == {"alemtuzumab", "interferon beta-1a"}


def test_a_tick_is_a_limit_of_the_form() -> None:
    known = after(state("torn"), "limits", **{"not-acceptable": ("injections:0", "tests-and-visits:11")})
    assert known.values is not None
    assert known.values.limits == (Limit("injections", 0), Limit("tests-and-visits", 11))
    ticks = [tick for group in LimitsScreen(page(known, "limits")).groups for tick in group.ticks if tick.is_ticked]
    assert [tick.value for tick in ticks] == ["tests-and-visits:11", "injections:0"]


def test_of_two_limits_on_one_thing_the_stricter_is_kept() -> None:
    said = spelled_out({"not-acceptable": ("injections:155", "injections:0", "disability-improvement:5")})
    again = spelled_out({**said, "limit[7].criterion": ("disability-improvement",), "limit[7].level": ("9",)})
    assert again == {
        "limit[1].criterion": ("injections",),
        "limit[1].level": ("0",),
        "limit[2].criterion": ("disability-improvement",),
        "limit[2].level": ("9",),
    }


@pytest.mark.parametrize(
    "typed",
    [
        {"limit[1].criterion": "injections"},
        {"limit[1].criterion": "injections", "limit[1].level": "few"},
        {"limit[1].criterion": "injections", "limit[1].level": "-3"},
        {"limit[1].criterion": "injections", "limit[1].level": "nan"},
        {"limit[1].level": "3"},
    ],
)
def test_a_limit_that_is_not_complete_stands_as_it_was_typed(typed: dict[str, str]) -> None:
    known = state("torn", **typed)
    assert known.faults_on(screen("limits"))
    assert LimitsScreen(page(known, "limits")).unfinished == (1,)
    back = sent(shown(known, "limits"))
    assert {name: held for name, held in back.items() if name in typed} == {n: (v,) for n, v in typed.items()}


def test_a_limit_from_a_file_on_no_level_of_an_option_can_be_taken_back() -> None:
    known = state("torn", **{"limit[1].criterion": "infections", "limit[1].level": "60.5"})
    ticks = [tick for group in LimitsScreen(page(known, "limits")).groups for tick in group.ticks if tick.is_ticked]
    assert [(tick.value, tick.leaves_out) for tick in ticks] == [("infections:60.5", ("alemtuzumab",))]
    assert after(known, "limits").values == Values()


def test_none_of_these_beside_a_limit_is_told() -> None:
    known = after(state("torn"), "limits", **{"not-acceptable": "injections:0", "limit.none-of-these": "yes"})
    assert [fault.field for fault in known.faults_on(screen("limits"))] == ["limit"]


def test_a_limit_of_ones_own_is_offered_to_those_who_read_everything() -> None:
    assert LimitsScreen(page(state("torn"), "limits")).free is None
    assert LimitsScreen(page(state("torn", detail="everything"), "limits")).free == 1
