"""What may happen, on the way: four ways to see the same numbers, both options alike, nothing surer than it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from equipoise.presentation.path import PathState, Picture, render_path
from equipoise.presentation.path.more_outcomes import MoreOutcomes
from equipoise.presentation.path.outcome_pictures import Subject, drawn
from equipoise.presentation.path.outcomes import Outcomes
from equipoise.presentation.pictures.people_array import SHOWN
from equipoise.vocabulary.estimate import CertaintyLevel
from equipoise.wording import LANGUAGES, wording
from tests.support.pages import Element, names, orphans
from tests.support.path_pages import evidence, page, state
from tests.support.path_pages import shown as shown_by

WAYS = [one.value for one in Picture]
TAGS = [one.tag for one in LANGUAGES]
HORIZON = re.compile(r"over (\d+) years?")
OUTSIDE = {"age": "60", "course": "secondary-progressive", "pregnancy": "pregnant"}


@cache
def somebody(person: str = "frequent-relapses", first: str = "", second: str = "") -> PathState:
    """What is known of an example, worked out once."""
    options = {"first": first, "second": second} if first else {}
    found = state(person, **options)
    _ = found.consultation
    return found


def known(of: PathState, **typed: str) -> PathState:
    """The same person with other fields of the way; the answer to the same question is not worked out again."""
    more = {**of.typed, **{name: (one,) for name, one in typed.items()}}
    kept = of.consultation if typed.get("years", "2") == "2" else None
    return PathState(more, of.evidence, of.on, (lambda _: kept) if kept else of.ask)


def screen_of(of: PathState, language: str = "en", **typed: str) -> Element:
    return shown_by(known(of, **typed), "outcomes", language)


def view(of: PathState, language: str = "en", **typed: str) -> Outcomes:
    return Outcomes(page(known(of, **typed), "outcomes", language))


def numbers(root: Element) -> Counter[tuple[str, str]]:
    """Every number with its id, as it is said; the relapse fan repeats some of them over other lengths of time."""
    repeated = {id(e) for table in root.find("class", "picture-data") for e in table.walk()}
    found = (e for e in root.find("class", "number") if id(e) not in repeated)
    return Counter((e.attributes["data-id"], e.text) for e in found)


def panels(root: Element) -> list[Element]:
    return [e for e in root.walk() if e.attributes.get("class", "").split()[:1] == ["chance"]]


@pytest.mark.parametrize("detail", ["short", "normal", "everything"])
def test_all_four_ways_carry_the_same_numbers(detail: str) -> None:
    first, *others = (screen_of(somebody(), detail=detail, picture=way) for way in WAYS)
    said = numbers(first)
    assert len(said) > 10
    assert all(numbers(one) == said for one in others)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_says_both_frames_the_range_and_how_sure(way: str) -> None:
    text = screen_of(somebody(), picture=way).text
    for section in view(somebody()).sections:
        for row in section.rows:
            for cell in filter(None, row.cells):
                assert text.count(cell.range)
                assert cell.certainty in text
                assert not cell.others or f"{cell.others} {cell.complement}" in text


@pytest.mark.parametrize("person", ["frequent-relapses", "torn", "contraindicated", "mild-long-safety"])
def test_both_frames_add_up_and_the_range_holds_the_number(person: str) -> None:
    for section in view(somebody(person), detail="everything").sections:
        for cell in (cell for row in (*section.rows, *section.more) for cell in row.cells if cell and cell.is_share):
            counted = cell.frequency
            assert counted.affected + counted.unaffected == section.denominator
            assert (counted.low or 0) <= counted.affected <= (counted.high or section.denominator)


@pytest.mark.parametrize(
    ("tag", "one", "others"),
    [
        ("de", "1 von 100 hätte keinen Schub", "99 von 100 hätten mindestens einen Schub"),
        ("es", "1 de 100 no tendría ningún brote", "99 de 100 tendrían al menos un brote"),
    ],
)
def test_a_single_person_takes_a_verb_in_the_singular(tag: str, one: str, others: str) -> None:
    found = next(cell for cell in view(somebody(), tag).sections[0].rows[0].cells if cell)
    rare = replace(found, estimate=replace(found.estimate, value=1.0, interval=None))
    assert (f"{rare.count} {rare.event}", f"{rare.others} {rare.complement}") == (one, others)
    never = replace(found, estimate=replace(found.estimate, value=99.0, interval=None))
    picture = drawn(Subject("x", "", ("A", "B"), (rare, never), 100.0), Picture.ICONS, wording(tag))
    assert any(text.startswith(one) for text in picture.shared)
    assert one in str(picture.pictures[0])


@pytest.mark.parametrize("tag", TAGS[1:])
def test_what_happens_has_a_form_for_one_wherever_it_holds_a_verb(tag: str) -> None:
    texts = wording(tag).texts
    told = {key: tuple(texts.forms(key)) for key in texts if key.startswith("said.")}
    assert {forms[0] for forms in told.values() if len(forms) == 1} <= {"nicht", "nicht mehr", "no", "ya no"}
    assert [key for key, forms in told.items() if len(forms) > 1 and len(set(forms)) == 1] == []


def test_every_section_has_one_number_of_people_and_one_length_of_time() -> None:
    for years in ("1", "2"):
        for section in view(somebody(), years=years, detail="everything").sections:
            cells = [cell for row in (*section.rows, *section.more) for cell in row.cells if cell]
            assert {cell.denominator for cell in cells} == {section.denominator}
            assert len({cell.estimate.timepoint_months for cell in cells}) == 1
            assert section.denominator == (10_000 if section.id == "serious" else 100)


def test_one_year_is_one_year_and_what_was_only_counted_over_two_says_so() -> None:
    main, common, _ = view(somebody(), years="1").sections
    assert "over 1 year" in main.title
    assert not any("There is no count over" in note for note in main.notes)
    assert "over 2 years" in common.title
    assert common.notes[0] == "In these trials this was counted over 2 years. There is no count over 1 year."


def test_icons_always_add_up_to_a_hundred_people() -> None:
    root = screen_of(somebody(), picture="icons")
    arrays = [e for e in root.walk() if e.attributes.get("class") == "people-array"]
    assert len(arrays) > 10
    for one in arrays:
        assert sum(e.tag == "use" for e in one.walk()) == SHOWN


@pytest.mark.parametrize("way", WAYS)
def test_swapped_options_give_a_mirrored_page(way: str) -> None:
    straight = view(somebody(), picture=way)
    swapped = view(somebody("frequent-relapses", "interferon-beta-1a", "alemtuzumab"), picture=way)
    assert [section.title for section in straight.sections] == [section.title for section in swapped.sections]
    for one, other in zip(straight.sections, swapped.sections, strict=True):
        assert [row.anchor for row in one.rows] == [row.anchor for row in other.rows]
        assert (one.columns[0], one.columns[1], *one.columns[2:]) == (
            other.columns[1],
            other.columns[0],
            *other.columns[2:],
        )
        for row, turned in zip(one.rows, other.rows, strict=True):
            said = [(cell.count, cell.range, cell.certainty) if cell else None for cell in row.cells]
            back = [(cell.count, cell.range, cell.certainty) if cell else None for cell in turned.cells]
            assert said == [back[1], back[0], *back[2:]]


@pytest.mark.parametrize("way", ["icons", "words", "numbers"])
def test_every_option_gets_the_same_panel(way: str) -> None:
    root = screen_of(somebody(), picture=way)
    for row in (e for e in root.walk() if e.attributes.get("class") == "outcome-row"):
        shapes = {
            tuple((e.tag, e.attributes.get("class", "")) for e in panel.walk() if e.tag in {"svg", "p", "div"})
            for panel in panels(row)
            if not any(e.attributes.get("class") == "missing" for e in panel.walk())
        }
        # Where nobody was counted, that is said in a line more.
        assert len({shape for shape in shapes if shape.count(("p", "likely")) == 1}) <= 1


def test_equal_numbers_of_different_certainty_look_different() -> None:
    levels = {e.attributes["data-level"] for e in screen_of(somebody()).find("data-level")}
    assert {"moderate", "very-low"} <= levels <= {one.value for one in CertaintyLevel}


def test_a_wide_range_is_said_and_a_narrow_one_is_not() -> None:
    cells = [cell for section in view(somebody()).sections for row in section.rows for cell in row.cells if cell]
    for cell in (cell for cell in cells if cell.is_share and cell.estimate.interval):
        assert cell.estimate.interval is not None
        share = cell.estimate.interval.high - cell.estimate.interval.low
        assert bool(cell.width) is (share >= 15)


def test_common_side_effects_are_at_most_ten_and_the_commonest_come_first() -> None:
    common = view(somebody()).sections[1]
    harms = common.rows[1:]
    assert len(harms) == 10
    largest = [max(cell.estimate.value for cell in row.cells if cell) for row in harms]
    assert largest == sorted(largest, reverse=True)


def test_the_short_way_shows_the_few_main_outcomes_and_death_however_rare() -> None:
    main, common, serious = view(somebody(), detail="short").sections
    assert [row.anchor for row in main.rows] == ["main-relapse-free", "main-confirmed-disability-worsening-6m"]
    assert common.rows[0].anchor == "common-discontinuation-adverse-event"
    assert len(common.rows) == 4
    assert "serious-death" in [row.anchor for row in serious.rows]
    assert len(serious.rows) == 4


def test_no_treatment_stands_beside_both_where_the_network_reaches_it_and_never_among_side_effects() -> None:
    main, common, serious = view(somebody()).sections
    assert main.columns == ("Alemtuzumab", "Interferon beta-1a", "No treatment")
    assert main.rows[0].cells[2] is not None
    assert common.columns == serious.columns == ("Alemtuzumab", "Interferon beta-1a")


def test_what_is_withheld_is_said_with_its_reason() -> None:
    shown = view(somebody())
    worsening = next(row for row in shown.sections[0].rows if "worsening" in row.anchor)
    assert worsening.cells[2] is None
    assert worsening.missing[2] == "No number. The reason stands further down."
    assert any("No chain of trials" in one.reason and "no treatment" in one.about for one in shown.withheld())


@pytest.mark.parametrize("tag", TAGS)
def test_somebody_outside_the_evidence_gets_reasons_and_groups_but_no_number_of_their_own(tag: str) -> None:
    root = shown_by(state(**OUTSIDE), "outcomes", tag)
    shown = Outcomes(page(state(**OUTSIDE), "outcomes", tag))
    assert not shown.is_about_someone
    assert len(shown.withheld()) == 3
    assert all(one.reason in root.text and not one.is_english for one in shown.withheld())
    assert shown.words("expect.outside.groups-text") in root.text
    assert shown.words("expect.lead") not in root.text
    shown_ids = {e.attributes["data-id"] for e in root.find("data-id")}
    assert shown_ids
    assert not any(identifier.startswith("person.") for identifier in shown_ids)


def test_two_options_that_no_trial_compared_say_so_to_somebody_outside() -> None:
    root = shown_by(state(**OUTSIDE, first="ocrelizumab", second="natalizumab"), "outcomes")
    assert "No trial here counted these two options" in root.text


def test_what_nobody_counted_is_said_and_not_passed_over() -> None:
    shown = Outcomes(page(state("torn", first="interferon-beta-1b", second="natalizumab"), "outcomes"))
    root = shown_by(state("torn", first="interferon-beta-1b", second="natalizumab"), "outcomes")
    assert [bool(section.rows) for section in shown.sections] == [True, False, False]
    assert "No trial here counted side effects of these options" in root.text
    assert "No trial here counted serious harms of these options" in root.text


def test_too_few_trials_are_not_laid_at_the_door_of_the_person() -> None:
    root = shown_by(state("torn", first="ozanimod", second="siponimod"), "outcomes")
    assert "There are too few trials of these two options" in root.text
    assert "different from you" not in root.text


def test_the_same_option_twice_is_refused_with_a_way_on() -> None:
    root = shown_by(state("torn", first="alemtuzumab", second="alemtuzumab"), "outcomes")
    assert "choose two treatments that differ" in root.text
    assert root.find("value", "start")


def test_answers_that_cannot_be_read_are_not_used_in_silence() -> None:
    root = shown_by(state(age="three"), "outcomes")
    assert wording("en")("path.fault.elsewhere-why") in root.text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tag", TAGS)
def test_every_number_has_its_source_in_every_language(tag: str, way: str) -> None:
    root = screen_of(somebody(), tag, picture=way)
    main = next(e for e in root.walk() if e.tag == "main")
    assert orphans(main, (*names(evidence()), *localised_names(tag), *STEPS)) == []


STEPS = ("1 year", "2 years", "1 Jahr", "2 Jahre", "1 año", "2 años")
"""The lengths of time that can be chosen."""


def localised_names(tag: str) -> tuple[str, ...]:
    shown = view(somebody(), tag)
    return tuple(shown.option_name(option) for option in shown.options)


TEXT = frozenset(("h1", "h2", "h3", "p", "dt", "dd", "li", "legend", "label", "button", "summary", "th", "td", "title"))


@pytest.mark.parametrize("way", WAYS)
def test_nothing_on_the_screen_bypasses_the_catalogue(way: str) -> None:
    root = screen_of(somebody(), "en-XA", picture=way)
    main = next(e for e in root.walk() if e.tag == "main")
    quoted = {id(e) for part in root.find("lang", "en") for e in part.walk()}
    for element in (e for e in main.walk() if id(e) not in quoted and e.tag in TEXT):
        own = " ".join(one.strip() for one in element.children if isinstance(one, str)).strip()
        words = re.sub(r"\[[^][]*\]|[\d.,:;%·]|Deutsch|English|Español", "", own).strip()
        assert not re.search(r"[a-z]{4}", words), (element.tag, own)


def test_no_address_says_anything_about_the_person() -> None:
    root = screen_of(somebody())
    addresses = [e.attributes["href"] for e in root.walk() if e.attributes.get("class") == "number"]
    assert addresses
    assert all(one.startswith("/en/path/source/mine.") and one.endswith("?from=outcomes") for one in addresses)


@pytest.mark.parametrize("name", ["outcomes", "more-outcomes"])
@pytest.mark.parametrize("tag", TAGS)
def test_the_page_stays_light_however_much_is_asked_for(tag: str, name: str) -> None:
    for detail in ("short", "normal", "everything"):
        text = render_path(page(known(somebody(), detail=detail), name, tag))
        assert len(re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL).encode()) < 60_000, detail


def more(of: PathState, language: str = "en") -> MoreOutcomes:
    return MoreOutcomes(page(of, "more-outcomes", language))


def test_everything_else_stands_on_the_screen_beside_and_nothing_twice() -> None:
    main, beside = view(somebody()), more(somebody())
    said = [c.estimate.id for s in main.sections for r in (*s.rows, *s.more) for c in r.cells if c]
    rest = [
        c.estimate.id
        for sections in (beside.left, beside.other_lengths, beside.apart)
        for s in sections
        for r in s.rows
        for c in r.cells
        if c
    ]
    personal = somebody().consultation.personal
    assert personal is not None
    assert sorted(said + rest) == sorted(one.estimate.id for one in personal.outcomes)


def test_differences_mirror_when_the_options_are_swapped() -> None:
    def sizes(of: PathState) -> list[str]:
        return sorted(f"{one.outcome}: {one.size}" for one in more(of).differences if "no treatment" not in one.pair)

    straight = sizes(somebody())
    swapped = sizes(somebody("frequent-relapses", "interferon-beta-1a", "alemtuzumab"))
    turned = [one.replace("more", "\0").replace("fewer", "more").replace("\0", "fewer") for one in swapped]
    assert straight
    assert straight == sorted(turned)


@pytest.mark.parametrize("tag", TAGS)
def test_every_number_of_the_screen_beside_has_its_source(tag: str) -> None:
    root = shown_by(somebody(), "more-outcomes", tag)
    main = next(e for e in root.walk() if e.tag == "main")
    assert orphans(main, (*names(evidence()), *localised_names(tag))) == []
