"""The screen "What a life with it looks like": counts from the label, plain words, both options alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from equipoise.consultation import trace
from equipoise.presentation.path import PathState, render_path
from equipoise.presentation.path.label_lines import line_of
from equipoise.presentation.path.life import THEMES, LifeScreen
from equipoise.presentation.path.life_watch import URGENCIES
from equipoise.presentation.path.spans import months_in_words, span
from equipoise.presentation.pictures.timeline import TimelineWords
from equipoise.presentation.pictures.timeline_wording import timeline_words
from equipoise.safety.harms_watched import HARMS_OF_KIND, TESTS_FOR, harms_watched
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import LANGUAGES, Wording, wording
from tests.support.pages import Element, names, orphans, parse
from tests.support.path_pages import evidence, page, shown, state
from tests.support.pseudo_pages import outside_the_catalogue

PLACES = [place.value for place in Jurisdiction]
TAGS = [one.tag for one in LANGUAGES]
WORDS = wording()
PAIR = ("alemtuzumab", "interferon-beta-1a")
OPTIONS = sorted({one.option for one in evidence().treatments.values() if one.option})


def life(of: PathState, language: str = "en") -> LifeScreen:
    return LifeScreen(page(of, "life", language))


def main(root: Element) -> Element:
    return next(e for e in root.walk() if e.tag == "main")


def articles(root: Element) -> list[tuple[Element, Element]]:
    rows = [e for e in root.walk() if e.attributes.get("class") == "options"]
    pairs = [[c for c in row.children if isinstance(c, Element)] for row in rows]
    return [(first, second) for first, second in pairs]


@pytest.mark.parametrize("name", ["outcomes", "life"])
def test_a_long_screen_says_at_its_top_where_each_part_stands(name: str) -> None:
    root = shown(state("torn"), name)
    links = [
        e for nav in root.walk() if nav.attributes.get("class", "").startswith("on-page") for e in nav.find("href")
    ]
    headings = {e.attributes["id"]: e.text for e in root.walk() if e.tag == "h2" and "id" in e.attributes}
    assert len(links) > 3
    assert [link.text for link in links] == [headings[link.attributes["href"][1:]] for link in links]


# ---------------------------------------------------------------- numbers


def test_the_years_are_those_that_the_label_plans() -> None:
    first, second = life(state("torn")).options
    told = {heading: [one.text for one in counts] for heading, counts in first.years.parts}
    assert told["life.year.first"] == ["5 days of infusion", "a blood or urine test in 12 months"]
    assert told["life.year.second"] == ["3 days of infusion", "a blood or urine test in 12 months"]
    assert told["life.year.later"][0] == WORDS("life.none.infusion-day")
    assert first.years.after.text.startswith("Tests go on for at least 4 years after the last dose.")
    told = {heading: [one.text for one in counts] for heading, counts in second.years.parts}
    assert told["life.year.first"] == ["156 injections", "a blood or urine test in 3 months"]
    assert told["life.year.second"] == ["156 injections", WORDS("life.open.test")]
    assert second.years.after.text == WORDS("life.after.none")


@pytest.mark.parametrize("place", PLACES)
def test_every_number_leads_to_where_it_stands(place: str) -> None:
    known = state("torn", jurisdiction=place, detail="everything")
    found = main(shown(known, "life"))
    assert orphans(found, names(evidence())) == []
    ids = {e.attributes["data-id"] for e in found.find("data-id")}
    assert len(ids) > 30
    assert [identifier for identifier in ids if trace(identifier).item.id != identifier] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_label_speaks_for_its_own_place(place: str) -> None:
    ids = {e.attributes["data-id"] for e in main(shown(state(jurisdiction=place), "life")).find("data-id")}
    entries = [evidence().label_entries.get(one.removeprefix("label.")) for one in ids]
    places = {entry.jurisdiction for entry in entries if entry is not None}
    assert places <= ({"UK", "EU"} if place == "UK" else {place})


def test_a_label_without_tests_is_not_read_as_none_needed() -> None:
    (_, second) = life(state(second="glatiramer-acetate")).options
    told = [one.text for _, counts in second.years.parts for one in counts]
    assert WORDS("life.open.not-seen") in told
    root = shown(state(second="glatiramer-acetate"), "life")
    assert WORDS("life.watch.signs-none") in root.text


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("option", OPTIONS)
def test_every_test_that_a_label_asks_for_is_told(option: str, tag: str) -> None:
    """Also one that no warning of the same label goes with: blood counts, the JC virus, the first dose."""
    for place in Jurisdiction:
        first = "interferon-beta-1a" if option == "alemtuzumab" else "alemtuzumab"
        (_, shown_option) = life(state(first=first, second=option, jurisdiction=place.value), tag).options
        watch = shown_option.watch
        told = [line.text for line in (*(line for harm in watch.harms for line in harm.tests), *watch.other_tests)]
        for entry in shown_option.watch.evidence.label(shown_option.option.treatment).current("monitoring", place):
            name = wording(tag)(f"test.{entry.fields['test_id']}")
            assert [text for text in told if text.startswith(name)], (place, entry.id)


def test_a_test_with_an_occasion_and_no_day_says_which() -> None:
    told = {
        (option, place): [
            line.text for line in life(state(second=option, jurisdiction=place)).options[1].watch.other_tests
        ]
        for option, place in (("glatiramer-acetate", "US"), ("dimethyl-fumarate", "US"), ("natalizumab", "EU"))
    }
    assert told["glatiramer-acetate", "US"] == ["Blood test: liver: when there are signs of a problem"]
    assert told["dimethyl-fumarate", "US"] == ["Blood count: every 6 to 12 months"]
    assert "every 3 to 6 months, beginning 2 years after the start" in told["natalizumab", "EU"][1]


def test_tests_for_some_people_are_not_called_none() -> None:
    (_, second) = life(state(second="natalizumab")).options
    told = [one.text for _, counts in second.years.parts for one in counts]
    assert WORDS("life.open.some") in told
    assert WORDS("life.open.not-seen") not in told


def test_two_treatments_that_are_one_are_no_page_without_words() -> None:
    root = shown(state(first="alemtuzumab", second="lemtrada"), "life")
    assert WORDS("life.not-known") in root.text


def test_an_option_that_the_label_rules_out_is_shown_with_a_word_about_it() -> None:
    root = shown(state("contraindicated"), "life")
    said = WORDS("life.contraindicated", label="the EU label", option="alemtuzumab")
    assert [e.text.startswith(said) for e in root.walk() if e.attributes.get("class") == "note"] == [True]
    american = shown(state("contraindicated", jurisdiction="US"), "life")
    assert not [e for e in american.walk() if e.attributes.get("class") == "note"]
    assert len(articles(root)) == len(articles(american))


# ---------------------------------------------------------------- what is watched for


def test_every_warning_of_every_label_was_sorted_and_every_harm_has_a_name() -> None:
    kinds = {
        str(entry.fields["kind"])
        for option in evidence().options
        for place in Jurisdiction
        for entry in evidence().label(option).current("warning", place)
    }
    assert kinds == set(HARMS_OF_KIND)
    harms = {harm for found in HARMS_OF_KIND.values() for harm in found}
    assert harms == {key.split(".")[1] for key in WORDS.texts if key.startswith("harm.")}
    assert set(TESTS_FOR) <= harms


def test_tests_that_look_for_harms_are_tests_of_labels_with_a_name() -> None:
    monitored = {
        str(entry.fields.get("test_id")) for entry in evidence().label_entries.values() if entry.table == "monitoring"
    }
    tests = {test for found in TESTS_FOR.values() for test in found}
    assert tests <= monitored
    assert {test for test in monitored if not WORDS.has(f"test.{test}")} == set()


def test_a_harm_is_told_with_its_test_how_often_and_until_when() -> None:
    watch = life(state("torn")).options[0].watch
    bleeding = next(one for one in watch.harms if one.id == "bleeding")
    assert "Blood count: every month, until at least 4 years after the last dose" in [t.text for t in bleeding.tests]
    thyroid = next(one for one in watch.harms if one.id == "thyroid")
    assert [one.text for one in thyroid.tests] == [
        "Blood test: thyroid gland: every 3 months, until at least 4 years after the last dose"
    ]
    assert {one.id for one in watch.untested} == {"autoimmune", "lungs"}


def test_harms_that_were_not_sorted_are_not_said_to_be_looked_for_by_a_test() -> None:
    root = shown(state(first="fingolimod", second="ozanimod"), "life")
    assert WORDS("life.watch.unsorted") in root.text
    assert WORDS("life.watch.untested-open") in root.text
    assert WORDS("life.watch.untested-none") not in root.text


def test_a_boxed_warning_comes_first() -> None:
    label = evidence().label(evidence().option("alemtuzumab"))
    boxed = [one.is_boxed for one in harms_watched(label, Jurisdiction.US)]
    assert boxed == sorted(boxed, reverse=True)
    assert True in boxed


@pytest.mark.parametrize(("sex", "told"), [("woman", "every year"), ("man", ""), ("", "(for women)")])
def test_a_test_for_women_is_told_to_women(sex: str, told: str) -> None:
    infection = next(one for one in life(state(sex=sex)).options[0].watch.harms if one.id == "infection")
    texts = [one.text for one in infection.tests]
    assert texts == [] if not told else texts[0].endswith(told)


def test_signs_come_by_urgency_and_each_urgency_has_words() -> None:
    said = {entry.fields.get("urgency") for entry in evidence().label_entries.values() if entry.table == "alert"}
    assert said <= set(URGENCIES)
    signs = life(state(jurisdiction="US")).options[0].watch.signs
    assert [one.urgency for one in signs] == [WORDS("life.urgency.emergency"), WORDS("life.urgency.urgent")]


# ---------------------------------------------------------------- how it may feel


def test_what_nobody_reported_is_said_to_be_not_reported() -> None:
    root = shown(state("torn"), "life")
    assert "Quality of life (SF-36, mental): not reported." in root.text
    assert root.text.count(WORDS("life.feel.social-none")) == 2


def test_what_people_said_of_their_life_names_both_drugs_and_the_trial() -> None:
    told = [line.text for one in life(state()).asked for line in one.findings]
    assert any("in CARE-MS I: better with alemtuzumab than with interferon beta-1a" in text for text in told)


def test_side_effects_come_from_the_arms_of_their_own_option() -> None:
    first, second = life(state()).options
    assert all("alem12" in one.source_id for one in first.effects)
    assert all("ifn44" in one.source_id for one in second.effects)
    swapped = life(state(first=PAIR[1], second=PAIR[0])).options
    assert (swapped[1].effects, swapped[0].effects) == (first.effects, second.effects)


def test_options_never_compared_have_no_side_effects_side_by_side() -> None:
    (first, second) = life(state(first="siponimod", second="cladribine")).options
    assert (first.effects, second.effects) == ((), ())


# ---------------------------------------------------------------- even-handed


@pytest.mark.parametrize("second", ["interferon-beta-1a", "glatiramer-acetate", "natalizumab"])
def test_both_options_have_the_same_parts_in_the_same_order(second: str) -> None:
    pairs = articles(shown(state(second=second, detail="everything"), "life"))
    assert len(pairs) == 3 + len(THEMES)
    for first, other in pairs:
        parts = [[(e.tag, e.text) for e in card.walk() if e.tag in {"h4"}] for card in (first, other)]
        # Under a heading of daily life the card's own name is its heading.
        assert len(parts[0]) == len(parts[1])
        assert parts[0][1:] == parts[1][1:] or parts[0] == parts[1]


def test_options_that_swap_places_swap_their_cards_and_nothing_else() -> None:
    pairs = articles(shown(state("torn", first=PAIR[0], second=PAIR[1]), "life"))
    swapped = articles(shown(state("torn", first=PAIR[1], second=PAIR[0]), "life"))
    assert [(a.text, b.text) for a, b in pairs] == [(b.text, a.text) for a, b in swapped]


@pytest.mark.parametrize(("detail", "opened"), [("short", 0), ("normal", 1), ("everything", len(THEMES))])
def test_daily_life_is_folded_as_much_as_was_asked_for(detail: str, opened: int) -> None:
    root = shown(state(detail=detail), "life")
    themes = [e for e in root.walk() if e.attributes.get("class") == "theme"]
    assert sum("open" in e.attributes for e in themes) == opened
    assert len(themes) == len(THEMES)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("place", PLACES)
def test_nothing_bypasses_the_catalogue(place: str) -> None:
    root = parse(render_path(page(state("torn", jurisdiction=place, detail="everything"), "life", "en-XA")))
    assert list(outside_the_catalogue(main(root))) == []


def test_plain_words_are_of_statements_that_exist_and_fill_in_what_these_hold() -> None:
    for key in (key for key in WORDS.texts if key.startswith("plain-label.") and ".of-kind." not in key):
        entry = evidence().label_entries[key.removeprefix("plain-label.")]
        line = line_of(WORDS, entry)
        assert line.is_plain, f"{key} needs {WORDS.texts.places(key)}"
        assert entry.trust.may_be_shown
    for key in (key for key in WORDS.texts if key.startswith("plain-finding.")):
        assert key.removeprefix("plain-finding.") in evidence().contrasts


def test_numbers_of_a_statement_are_filled_in_from_its_own_words() -> None:
    told = {one: line_of(WORDS, evidence().label_entries[one]).text for one in
            ("interferon-beta-1a-im-pra-04", "interferon-beta-1a-im-prg-03", "ponesimod-int-01")}  # fmt: skip
    assert told["interferon-beta-1a-im-pra-04"].endswith("Never two injections within 3 days.")
    assert "More than 1,000 pregnancies" in told["interferon-beta-1a-im-prg-03"]
    assert "from 1 week before until 4 weeks after" in told["ponesimod-int-01"]


@pytest.mark.parametrize("tag", TAGS)
def test_no_number_is_typed_into_plain_words(tag: str) -> None:
    texts = wording(tag).texts
    keys = [key for key in texts if key.startswith("plain-label.")]
    typed = {key for key in keys for form in texts.forms(key) if re.search(r"\b\d", re.sub(r"\{\w+\}", "", form))}
    assert typed == set()


def test_a_statement_without_plain_words_is_shown_as_it_is_and_said_to_be_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry, has = evidence().label_entries["natalizumab-pra-01"], Wording.has
    monkeypatch.setattr(Wording, "has", lambda words, key: key != f"plain-label.{entry.id}" and has(words, key))
    assert line_of(WORDS, entry).text == entry.text
    assert line_of(wording("de"), entry).is_english
    assert not line_of(WORDS, entry).is_english
    root = shown(state(second="natalizumab", detail="everything"), "life", "de")
    marked = [e for e in root.walk() if e.attributes.get("lang") == "en" and e.text == entry.text]
    assert marked


def test_contraception_is_said_with_its_length_for_every_drug_that_gives_one() -> None:
    children = [entry for entry in evidence().label_entries.values() if entry.table == "pregnancy"]
    told = {one.id: line_of(WORDS, one).text for one in children if one.fields.get("kind") == "contraception"}
    assert told["fingolimod-prg-01"].startswith(
        "Reliable contraception during treatment and for 2 months after it. Birth defects"
    )
    assert "at least 10 days" in told["siponimod-prg-01"]
    assert told["teriflunomide-prg-01"].startswith("Contraception until a blood test shows")


def test_the_picture_speaks_the_language_of_the_page_and_english_as_before() -> None:
    assert timeline_words(WORDS) == TimelineWords()
    svg, table = life(state(), "de").figure
    assert "Spritzen" in svg
    assert "156 im Jahr" in table
    assert "Jahr 3" in svg
    assert not re.search(r"\b(Year|month|Injections|tests)\b", str(svg) + str(table))
    assert "/de/path/source/schedule.alemtuzumab.EU.infusion-day.year-1?from=life" in svg


@pytest.mark.parametrize(
    ("duration", "said"),
    [("P1M", "1 month"), ("P12M", "12 months"), ("P48M", "4 years"), ("P2W", "2 weeks"), ("P14D", "2 weeks"),
     ("P30D", "30 days"), ("P1Y2W", "12 months and 2 weeks"), ("PT2H", "2 hours"), ("P0D", "0 days")],
)  # fmt: skip
def test_lengths_of_time_are_said_as_people_say_them(duration: str, said: str) -> None:
    assert span(WORDS, duration) == said


def test_months_are_years_where_they_are_whole_and_more_than_one() -> None:
    assert [months_in_words(WORDS, n) for n in (1, 12, 18, 24, 60, 1.5)] == [
        "1 month", "12 months", "18 months", "2 years", "5 years", "1.5 months"
    ]  # fmt: skip


def option_pairs() -> Iterator[tuple[str, str]]:
    found = [option.option for option in evidence().options]
    yield from zip(found, [*found[1:], found[0]], strict=True)


@pytest.mark.parametrize(("first", "second"), list(option_pairs()))
def test_every_pair_of_options_has_a_page_of_bearable_weight(first: str, second: str) -> None:
    for place in PLACES:
        for tag in TAGS:
            html = render_path(page(state(first=first, second=second, jurisdiction=place), "life", tag))
            without = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
            assert len(without.encode()) < 60_000
            ids = re.findall(r' id="([^"]+)"', html)
            assert len(ids) == len(set(ids))
