"""The screen "Can I have it?": safety before preference, one label at a time, the same for both options."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from equipoise.consultation import trace
from equipoise.presentation.path import PathState, render_path, screen
from equipoise.presentation.path.allowed import AllowedScreen
from equipoise.presentation.path.allowed_routes import PLAIN_ROUTES
from equipoise.safety import EligibilityVerdict, FindingKind
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import LANGUAGES, wording
from tests.support.pages import Element, parse
from tests.support.path_pages import evidence, page, sent, shown, state
from tests.support.pseudo_pages import outside_the_catalogue

PLACES = [place.value for place in Jurisdiction]
WORDS = wording()


def allowed(of: PathState, language: str = "en") -> AllowedScreen:
    return AllowedScreen(page(of, "allowed", language))


def articles(root: Element) -> list[tuple[Element, Element]]:
    """The cards of the two options, section by section."""
    rows = [e for e in root.walk() if e.attributes.get("class") == "options"]
    pairs = [[c for c in row.children if isinstance(c, Element)] for row in rows]
    return [(first, second) for first, second in pairs]


# ---------------------------------------------------------------- verdicts


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("contraindicated", {"EU": "contraindicated", "UK": "contraindicated", "US": "not-contraindicated"}),
        ("", dict.fromkeys(PLACES, "needs-answers")),
        ("frequent-relapses", dict.fromkeys(PLACES, "not-contraindicated")),
    ],
)
def test_each_verdict_is_said_under_each_label(who: str, expected: dict[str, str], place: str) -> None:
    known = state(who, jurisdiction=place)
    root = shown(known, "allowed")
    label = WORDS(f"label-of.{place.lower()}")
    (first, second), *_ = articles(root)
    said = WORDS(f"allowed.verdict.{expected[place]}", label=label, option="alemtuzumab")
    assert said[0].upper() + said[1:] in first.text
    other = allowed(known).options[1]
    assert other.verdict is not EligibilityVerdict.CONTRAINDICATED
    assert WORDS(f"allowed.verdict.{other.verdict}", label=label, option=other.name)[1:] in second.text


def test_the_contraindicated_person_reads_each_reason_with_its_source_and_the_option_stays() -> None:
    root = shown(state("contraindicated"), "allowed")
    (first, _), *_ = articles(root)
    assert "A stroke, ever" in first.text
    assert "Another autoimmune disease besides MS" in first.text
    ids = {e.attributes["data-id"] for e in first.find("data-id")}
    assert ids == {"label.alemtuzumab-ci-10", "label.alemtuzumab-ci-07"}
    assert all(trace(identifier) for identifier in ids)
    assert (
        WORDS("allowed.verdict.stays", option="Alemtuzumab")[1:] in first.text[1:]
        or "stays on every page" in first.text
    )
    mistakes = [e.attributes["href"] for e in root.walk() if e.tag == "a" and "/path/about-" in e.attributes["href"]]
    assert mistakes == ["/en/path/about-heart", "/en/path/about-immune"]


def test_labels_are_never_mixed() -> None:
    person = state("contraindicated", jurisdiction="US")
    ids = {one.attributes["data-id"] for one in shown(person, "allowed").find("data-id")}
    entries = [evidence().label_entries[identifier.removeprefix("label.")] for identifier in ids]
    assert {entry.jurisdiction for entry in entries} == {"US"}


def test_an_infection_holds_until_it_is_over() -> None:
    known = state("frequent-relapses", conditions=("infection-now-serious",))
    (first, _), *_ = articles(shown(known, "allowed"))
    assert WORDS("allowed.verdict.until") in first.text


def test_outside_the_licence_is_said_and_is_no_contraindication() -> None:
    quiet = state("frequent-relapses", relapses_12_months="0", relapses_24_months="0", enhancing_lesions="no",
                  months_since_relapse="30")  # fmt: skip
    one = allowed(quiet).options[0]
    assert one.verdict is EligibilityVerdict.NOT_CONTRAINDICATED
    root = shown(quiet, "allowed")
    (first, _), *_ = articles(root)
    assert WORDS("allowed.route.not-met", label="the EU label") in first.text
    assert WORDS("allowed.cautions.quiet") in first.text
    lacking = next(way for way in one.routes.licence if way.lacking)
    assert "2 or more relapses in the last 12 months" in lacking.lacking


@pytest.mark.parametrize("drug", ["glatiramer-acetate", "fingolimod"])
def test_what_was_not_read_is_no_yes(drug: str) -> None:
    place = "US" if drug == "fingolimod" else "EU"
    root = shown(state("frequent-relapses", second=drug, jurisdiction=place), "allowed")
    (_, second), *_ = articles(root)
    assert WORDS("allowed.verdict.unread") in second.text


def test_an_answer_that_cannot_be_read_counts_as_open_and_is_mended_here() -> None:
    wrong = state("frequent-relapses", age="999", first="alemtuzumab")
    root = shown(wrong, "allowed")
    (first, _), *_ = articles(root)
    assert WORDS("allowed.verdict.needs-answers", option="alemtuzumab") in first.text
    field = root.find("id", "age")[0]
    assert (field.attributes["value"], field.attributes["aria-invalid"]) == ("999", "true")
    mended = wrong.with_answers(screen("allowed"), {"age": ("33",)})
    assert mended.faults == ()
    assert mended.person.age == 33


def test_what_no_label_asks_for_can_be_mended_here_too() -> None:
    wrong = state("frequent-relapses", sex="robot")
    assert root_ids(wrong) >= {"sex"}


def root_ids(of: PathState) -> set[str]:
    return {e.attributes["id"] for e in shown(of, "allowed").find("id")}


# ---------------------------------------------------------------- open questions


@pytest.mark.parametrize(("detail", "most"), [("short", 3), ("normal", 5), ("everything", 99)])
def test_a_handful_of_questions_stands_open_and_the_rest_is_folded(detail: str, most: int) -> None:
    screen_ = allowed(state(detail=detail))
    assert len(screen_.first_questions) == min(most, len(screen_.questions))
    assert len(screen_.first_team) == min(most, len(screen_.team))
    assert [*screen_.first_questions, *screen_.more_questions] == list(screen_.questions)
    assert "bleeding disorder" in screen_.questions[0].text


def test_every_open_question_of_a_verdict_is_asked_once_of_the_person_or_of_the_team() -> None:
    screen_ = allowed(state(detail="everything"))
    fields = [one.field for one in screen_.questions]
    assert len(fields) == len(set(fields))
    asked = {one.text for one in screen_.questions} | {one.text for one in screen_.team}
    for option in screen_.options:
        for ask in option.answer.decisive:
            assert ask.question in asked or ask.field in fields


def test_an_answer_is_given_on_the_spot_and_not_asked_again() -> None:
    before = state("contraindicated", jurisdiction="EU", conditions=(), medicines=())
    asked = {one.field for one in allowed(before).questions}
    assert {"answer.conditions.stroke-ever", "answer.medicines.anticoagulant"} <= asked
    fields = {"answer.conditions.stroke-ever": ("yes",), "answer.conditions.hiv": ("no",),
              "answer.medicines.anticoagulant": ("no",), "answer.conditions.angina-ever": ("",)}  # fmt: skip
    after = before.with_answers(screen("allowed"), fields)
    assert after.person is not None
    known = after.person
    assert [known.has(word) for word in ("stroke-ever", "hiv", "angina-ever", "long-qt")] == [True, False, None, None]
    assert [known.takes(word) for word in ("anticoagulant", "antiplatelet")] == [False, None]
    again = {one.field for one in allowed(after).questions}
    assert not again & {"answer.conditions.stroke-ever", "answer.conditions.hiv", "answer.medicines.anticoagulant"}
    ticked = shown(after, "about-heart").find("id", "conditions-stroke-ever")
    assert "checked" in ticked[0].attributes


def test_a_question_of_another_screen_is_the_same_field_here_and_there() -> None:
    before = state()
    assert "course" in {one.field for one in allowed(before).questions}
    after = before.with_answers(screen("allowed"), {"course": ("relapsing-remitting",), "age": ("34",)})
    assert after.typed["course"] == ("relapsing-remitting",)
    assert {"course", "age"}.isdisjoint(one.field for one in allowed(after).questions)


@pytest.mark.parametrize("who", ["", "contraindicated", "torn", "i-dont-know", "mild-long-safety"])
@pytest.mark.parametrize("detail", ["short", "everything"])
def test_a_screen_sent_back_as_it_stands_changes_nothing(who: str, detail: str) -> None:
    before = state(who, detail=detail)
    after = before.with_answers(screen("allowed"), sent(shown(before, "allowed")))
    assert after.person == before.person
    assert after.typed == before.typed


def test_whose_label_applies_can_be_changed_here() -> None:
    after = state("contraindicated").with_answers(screen("allowed"), {"jurisdiction": ("US",)})
    assert after.choice.jurisdiction == "US"
    assert allowed(after).label == "the US label"


def test_what_other_screens_ask_is_not_dropped_by_this_one() -> None:
    before = state("torn")
    after = before.with_answers(screen("allowed"), {"jurisdiction": ("UK",)})
    assert {**before.typed, "jurisdiction": ("UK",)} == after.typed


# ---------------------------------------------------------------- even-handed


def headings(card: Element) -> list[tuple[str, str]]:
    return [(e.tag, e.text) for e in card.walk() if e.tag in {"h4", "summary"}]


ONE_SIDED = {"conditions": ("irregular-heartbeat-serious",)}
"""A caution for one option and none for the other."""


@pytest.mark.parametrize(
    ("who", "more"), [("", {}), ("contraindicated", {}), ("frequent-relapses", {}), ("frequent-relapses", ONE_SIDED)]
)
def test_both_options_have_the_same_parts_in_the_same_order(who: str, more: dict[str, tuple[str, ...]]) -> None:
    pairs = articles(shown(state(who, "", **more), "allowed"))
    assert len(pairs) == 4
    for first, second in pairs:
        ways = [[h for h in headings(card) if h[0] == "h4"] for card in (first, second)]
        assert ways[0] == ways[1]


@pytest.mark.parametrize("who", ["", "contraindicated", "torn"])
def test_options_that_swap_places_swap_their_cards_and_nothing_else(who: str) -> None:
    pairs = articles(shown(state(who, first="alemtuzumab", second="interferon-beta-1a"), "allowed"))
    swapped = articles(shown(state(who, first="interferon-beta-1a", second="alemtuzumab"), "allowed"))
    assert [(a.text, b.text) for a, b in pairs] == [(b.text, a.text) for a, b in swapped]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("who", ["", "contraindicated", "torn"])
@pytest.mark.parametrize("place", PLACES)
def test_nothing_but_labels_bypasses_the_catalogue(who: str, place: str) -> None:
    known = state(who, jurisdiction=place, detail="everything")
    main = next(e for e in parse(render_path(page(known, "allowed", "en-XA"))).walk() if e.tag == "main")
    assert list(outside_the_catalogue(main)) == []


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES[1:]])
def test_english_stands_in_marked_quotes_only(tag: str) -> None:
    root = parse(render_path(page(state("contraindicated", detail="everything"), "allowed", tag)))
    english = [e for e in root.walk() if e.attributes.get("lang") == "en" and e.tag != "button"]
    assert english
    assert {e.tag for e in english} <= {"p", "cite"}
    for quote in (e for e in root.walk() if e.tag == "blockquote"):
        text = next(e for e in quote.walk() if e.tag == "p")
        entry = evidence().label_entries[text.attributes["data-id"].removeprefix("label.")]
        assert (text.text == entry.text) == (text.attributes.get("lang") == "en")


def test_a_drug_is_named_in_the_language_of_the_page_where_its_label_was_not_read() -> None:
    asked = [one.text for one in allowed(state(first="cladribine", second="natalizumab"), "de").team]
    assert any("von Cladribin wurde hier nicht gelesen" in text for text in asked)
    assert not any("cladribine" in text for text in asked)


def test_every_route_of_every_label_has_plain_words_or_its_own_text() -> None:
    used = set(PLAIN_ROUTES.values())
    assert {f"allowed.route.words.{slug}" for slug in used} == {
        key for key in WORDS.texts if key.startswith("allowed.route.words.")
    }
    entries = {entry.id for entry in evidence().label_entries.values() if entry.table == "indication"}
    assert set(PLAIN_ROUTES) <= entries


def option_pairs() -> Iterator[tuple[str, str]]:
    names = [option.option for option in evidence().options]
    yield from zip(names, [*names[1:], names[0]], strict=True)


@pytest.mark.parametrize(("first", "second"), list(option_pairs()))
@pytest.mark.parametrize("tag", ["en", "de"])
def test_every_pair_of_options_has_a_page_of_bearable_weight(first: str, second: str, tag: str) -> None:
    for place in PLACES:
        known = state(first=first, second=second, jurisdiction=place)
        html = render_path(page(known, "allowed", tag))
        assert len(html.encode()) < 60_000
        assert not re.search(r"\bNone\b", parse(html).text.replace("None of these", ""))


def test_tests_before_the_start_say_how_long_before() -> None:
    before = allowed(state("frequent-relapses")).options[0].before
    said = [told.text for told in before.tests]
    assert "Vaccines that you still need: at least 6 weeks before" in said
    kinds = {one.id for one in allowed(state()).options[0].answer.of_kind(FindingKind.BASELINE_TEST)}
    assert {told.source_id for told in (*before.tests, *before.weighed)} <= kinds


def test_how_long_before_is_told_also_where_only_the_text_of_the_label_says_it() -> None:
    known = state("frequent-relapses", first="ocrelizumab", second="ozanimod", jurisdiction="US")
    of_each = [[told.text for told in option.before.tests] for option in allowed(known).options]
    assert any(text.endswith(": at least 4 weeks before") for text in of_each[0])
    assert any(text.endswith(": at most 6 months before") for text in of_each[1])


def test_a_planned_stop_and_a_wait_move_the_first_day_and_say_why() -> None:
    earlier = {"earlier_treatments[1].drug": "fingolimod", "earlier_treatments[1].relapsed": "yes",
               "earlier_treatments[1].stopped": "2026-11-15"}  # fmt: skip
    known = state("frequent-relapses", second="cladribine").with_typed(
        {**state("frequent-relapses", second="natalizumab").typed, **{k: (v,) for k, v in earlier.items()}}
    )
    assert known.faults == ()
    told = [one.text for one in allowed(known).options[1].before.waits]
    assert any(text.startswith("After fingolimod: wait 6 weeks from the last dose.") for text in told)


@pytest.mark.parametrize(("failed", "status"), [(0, "met-in-general-not"), (1, "met-in-general-not"), (2, "met")])
def test_a_drug_kept_in_general_for_others_is_not_called_meant_without_a_word(failed: int, status: str) -> None:
    """The US label of alemtuzumab: generally for people with whom two or more drugs were not enough."""
    typed = {
        "jurisdiction": "US",
        "age": "36",
        "course": "relapsing-remitting",
        "earlier_treatments.none-of-these": "yes",
    }
    for number, drug in enumerate(("interferon-beta-1a", "glatiramer-acetate")[:failed], 1):
        typed |= {f"earlier_treatments[{number}].drug": drug, f"earlier_treatments[{number}].relapsed": "yes"}
    if failed:
        del typed["earlier_treatments.none-of-these"]
    assert allowed(state("", **typed)).options[0].routes.status == status
