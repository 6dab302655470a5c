"""How it looks for one person, in the end: the unmerged table, the fit with its reasons, and what would change it."""

from __future__ import annotations

import re
from functools import cache

import pytest
from fastapi import FastAPI

from equipoise.decision import CRITERIA
from equipoise.decision.words import SHARES, share_word
from equipoise.interfaces.web import create_app
from equipoise.presentation.counted import widened
from equipoise.presentation.path import PathState, screen
from equipoise.presentation.path.fit import FitScreen
from equipoise.presentation.path.linked import Link, linked
from equipoise.presentation.path.state import packed
from equipoise.wording import LANGUAGES, Catalogue, Wording, language, wording
from tests.support.examples import PORTRAITS
from tests.support.pages import Element, names, orphans, parse
from tests.support.path_pages import Typed, evidence, page, sent, shown, state, typed_person, typed_values
from tests.support.path_web import Walker

ALEMTUZUMAB, INTERFERON = "alemtuzumab", "interferon beta-1a"
TAGS = [one.tag for one in LANGUAGES]


@cache
def app() -> FastAPI:
    return create_app()


@cache
def known(person: str = "", values: str = "", **typed: str) -> PathState:
    """An example, its answer worked out once."""
    return state(person, values, **typed)


def fit(person: str = "", values: str = "", tag: str = "en", **typed: str) -> FitScreen:
    return FitScreen(page(known(person, values, **typed), "fit", tag))


def walked(typed: Typed, to: str = "fit") -> Walker:
    """Somebody with these answers, at a screen."""
    someone = Walker(app())
    someone.send("life", {"kept": packed(typed)}, go=to)
    assert someone.at == to
    return someone


def row_of(root: Element, option: str) -> str:
    rows = [one for one in root.walk() if "fit-row" in one.attributes.get("class", "").split()]
    return next(one.text for one in rows if one.text.lower().startswith(option))


# ---------------------------------------------------------------- the four portraits, through the pages


def test_frequent_relapses_and_fear_of_disability_lean_to_alemtuzumab_for_these_reasons() -> None:
    someone = walked({**typed_person("frequent-relapses"), **typed_values("fears-disability")})
    root = parse(someone.page.text)
    share = re.search(r"(\d+) of 100 plausible worlds: fits first", row_of(root, ALEMTUZUMAB))
    assert share is not None
    assert int(share[1]) >= 60
    assert "More often than not" in row_of(root, ALEMTUZUMAB)
    reasons = next(one for one in root.walk() if one.tag == "article")
    assert [one.text for one in reasons.walk() if one.tag == "h3"] == [f"For {ALEMTUZUMAB}", f"Against {ALEMTUZUMAB}"]
    for_it = next(one for one in reasons.walk() if one.tag == "ul").text
    assert "Relapses:" in for_it
    assert "Getting worse:" in for_it
    assert "Years of tests afterwards:" in reasons.text


def test_a_limit_on_monthly_tests_leaves_interferon_and_says_why() -> None:
    root = parse(walked({**typed_person("mild-long-safety"), **typed_values("long-safety-record")}).page.text)
    left_out = row_of(root, ALEMTUZUMAB)
    assert "Not ranked" in left_out
    assert "you said at most 11" in left_out
    assert "That does not say how well it fits." in row_of(root, INTERFERON)
    assert "acceptability-bar" not in {one.attributes.get("class") for one in root.walk()}


def test_what_the_label_rules_out_is_seen_with_its_source_but_not_ranked() -> None:
    root = parse(walked({**typed_person("contraindicated"), **typed_values("fears-disability")}).page.text)
    left_out = row_of(root, ALEMTUZUMAB)
    assert "Not ranked" in left_out
    assert "The EU label does not allow it" in left_out
    sources = {one.attributes["data-id"] for one in root.find("data-id") if one.tag == "a"}
    assert {"label.alemtuzumab-ci-07", "label.alemtuzumab-ci-10"} <= sources
    columns = [one.text for one in root.walk() if one.tag == "th" and one.attributes.get("scope") == "col"]
    assert "Alemtuzumab" in columns, "what it does stays in the table"


def test_a_tie_is_called_a_tie_with_the_options_as_they_were_asked_for() -> None:
    root = parse(walked({**typed_person("torn"), **typed_values("torn")}).page.text)
    said = next(one.text for one in root.walk() if "note" in one.attributes.get("class", "").split())
    assert said == "Alemtuzumab and interferon beta-1a are too close to call: this is a tie."
    assert "so close that a small change turns the order" in root.text
    for option in (ALEMTUZUMAB, INTERFERON):
        assert "In about half of all plausible worlds" in row_of(root, option)


# ---------------------------------------------------------------- even-handed


def swapped(person: str, values: str) -> FitScreen:
    return fit(person, values, first="interferon-beta-1a", second="alemtuzumab")


@pytest.mark.parametrize(("person", "values"), PORTRAITS.items())
def test_swapping_the_options_mirrors_the_page(person: str, values: str) -> None:
    here, there = fit(person, values), swapped(person, values)
    assert [row.name for row in here.rows] == [ALEMTUZUMAB, INTERFERON]
    assert there.rows == tuple(reversed(here.rows))
    assert there.reasons == tuple(reversed(here.reasons))
    assert there.changes == here.changes
    assert [line.cells[:2] for line in there.table.first] == [line.cells[1::-1] for line in here.table.first]
    assert [tie.startswith(ALEMTUZUMAB) for tie in here.ties] == [tie.startswith(INTERFERON) for tie in there.ties]


def test_no_option_looks_chosen() -> None:
    root = shown(known("frequent-relapses", "fears-disability"), "fit")
    rows = [one for one in root.walk() if "fit-row" in one.attributes.get("class", "").split()]
    shapes = [[(one.tag, one.attributes.get("class")) for one in row.walk()] for row in rows]
    assert shapes[0] == shapes[1]
    columns = [one for one in root.walk() if one.tag == "article"]
    parts = [[inner.tag for inner in one.walk() if inner.tag in {"h3", "ul"}] for one in columns]
    assert parts == [["h3", "ul", "h3", "ul"]] * 2


PERSUASIVE = {
    "en": r"best|better choice|superior|safe|safer|safest|powerful|effective|excellent|recommend\w*|should|must"
    r"|only|just|simply|winner|wins|ideal|right choice|unfortunately|luckily",
    "de": r"beste\w*|besser für Sie|überlegen\w*|sicherste\w*|stark wirksam|wirksamer|hervorragend\w*|empfehl\w*"
    r"|empfohlen\w*|sollten|sollen|müssten|ideal\w*|leider|zum Glück|Gewinner|einfach nur|bloß",
    "es": r"mejor opción|superior|más segur[oa]|potente|eficaz|excelente|recomend\w*|debería\w*|debe elegir|ideal"
    r"|lamentablemente|por suerte|ganador\w*|solo|sólo|simplemente",
}


@pytest.mark.parametrize("tag", TAGS)
def test_no_persuasion_in_our_own_words(tag: str) -> None:
    texts = wording(tag).texts
    parts = ("path.matters.", "path.order.", "path.trade-offs.", "path.limits.", "path.fit.")
    found = {
        key: hit[0]
        for key in texts
        if key.startswith(parts)
        for form in texts.forms(key)
        if (hit := re.search(rf"\b({PERSUASIVE[tag]})\b", re.sub(r"{[^}]*}", "", form), re.IGNORECASE))
    }
    assert found == {}


# ---------------------------------------------------------------- table first, every number with its source


def test_the_unmerged_table_comes_first_and_shows_what_was_ticked() -> None:
    root = shown(known("torn", "torn"), "fit")
    assert [one.text for one in root.walk() if one.tag == "h2"][:2] == [
        "What each option does",
        "How the options fit what you said",
    ]
    table = fit("torn", "torn").table
    assert [line.name for line in table.first] == [
        "Relapses",
        "Getting worse",
        "Tests and visits",
        "Injections",
        "Years of tests afterwards",
    ]
    assert "Infections" in [line.name for line in table.more]
    assert table.names == (ALEMTUZUMAB, INTERFERON, "no treatment")


def test_no_treatment_has_its_numbers_and_no_others() -> None:
    lines = {line.name: line.cells[2] for line in fit("torn", "torn").table.first}
    assert lines["Relapses"].source_id.endswith("placebo.relapses.24m")
    assert (lines["Injections"].number, lines["Injections"].source_id) == ("does not apply", "")


def test_what_matters_and_could_not_be_weighed_is_said_beside_the_bars() -> None:
    """Two options can differ on one line alone and still fill their bars: the reader sees what the bars leave out."""
    screen_of_pair = fit("torn", "torn", first="cladribine", second="dimethyl-fumarate")
    assert screen_of_pair.not_weighed == ("Relapses", "Tests and visits", "Years of tests afterwards")
    assert fit("torn", "torn").not_weighed == ()
    told = walked({**typed_person("frequent-relapses"), **typed_values("fears-disability")}).page.text
    assert wording()("path.fit.fits.not-weighed", criteria="Getting better") in told


def test_a_wait_that_nobody_could_check_is_not_said_to_be_none() -> None:
    """The US wait of alemtuzumab is known from memory alone: it is not shown, and "no wait" would be wrong."""
    us = fit("torn", jurisdiction="US").table
    wait = next(line for line in (*us.first, *us.more) if line.name == "Wait before pregnancy")
    assert wait.cells[0].number == "no number"


def test_a_range_is_as_wide_as_on_the_other_screens() -> None:
    """Limits are rounded outwards everywhere, so that rounding never looks surer."""
    assert widened(31.6, 82.4, 0) == (31, 83)
    assert widened(0.21, 1.9, 1) == (0.2, 1.9)
    table = fit("torn", "torn").table
    worse = next(line for line in table.first if line.name == "Getting worse")
    assert worse.cells[0].range == "likely range 1 to 39"


def test_a_mean_of_rare_harm_is_told_apart_from_a_count() -> None:
    assert wording()("path.fit.table.average") in walked(typed_person("torn")).page.text


def test_how_sure_one_may_be_stands_with_every_estimated_number() -> None:
    screen = fit("torn", "torn")
    levels = {outcome.estimate.id: outcome.estimate.certainty.level for outcome in screen.view.outcomes}
    seen = 0
    for line in (*screen.table.first, *screen.table.more):
        for cell in line.cells:
            assert (line.certainty or cell.certainty) == levels.get(cell.source_id, "") or not cell.source_id
            seen += cell.source_id in levels
    assert seen >= 10


def test_which_harm_stands_for_the_rare_ones_is_said() -> None:
    lines = {line.name: line for line in (*fit("torn", "torn").table.first, *fit("torn", "torn").table.more)}
    assert "thrombocytopenia" in lines["Rare but serious harm"].what
    assert {cell.what for cell in lines["Common side effects"].cells[:2]} == {
        "infusion reaction",
        "injection-site reaction",
    }


@pytest.mark.parametrize("name", ["matters", "order", "trade-offs", "limits", "fit"])
@pytest.mark.parametrize(("person", "values"), [*PORTRAITS.items(), ("i-dont-know", "")])
def test_every_number_has_a_source_that_is_there(person: str, values: str, name: str) -> None:
    of = known(person, values, detail="everything")
    root = next(one for one in shown(of, name).walk() if one.tag == "form")
    assert orphans(root, [*names(evidence()), *_titles(root)]) == []
    items = of.consultation.items
    shown_ids = {one.attributes["data-id"] for one in root.find("data-id")}
    assert shown_ids <= set(items)


def _titles(root: Element) -> list[str]:
    """Names of the options that a select offers, and amounts in words that a person fills in by hand."""
    return [one.text for one in root.walk() if one.tag in {"option", "legend", "summary"}]


def test_the_word_beside_a_bar_is_that_of_its_share() -> None:
    screen = fit("frequent-relapses", "fears-disability")
    assert screen.fit is not None
    for row, one in zip(screen.rows, screen.fit.options, strict=True):
        assert row.word == str(share_word(one.rank_acceptability[0]))
    assert [least for _, least in screen.scale] == [str(round(100 * least)) for least, _ in SHARES]


def test_reasons_hold_the_numbers_of_the_table() -> None:
    screen = fit("frequent-relapses", "fears-disability")
    cells = {cell.number for line in (*screen.table.first, *screen.table.more) for cell in line.cells}
    for one in screen.reasons:
        for line in (*one.for_it, *one.against_it):
            links = [inner for inner in parse(str(line)).walk() if inner.tag == "a"]
            assert len(links) == 2
            assert {link.text for link in links} <= cells


# ---------------------------------------------------------------- what changes it, and changing it


def test_a_small_change_is_not_hidden_by_rounding() -> None:
    sentences = [sentence for sentence, _ in fit("i-dont-know", "torn").changes]
    for sentence in sentences:
        amounts = re.search(r"about ([\d.]+) of 100 parts of all that matters instead of ([\d.]+)", sentence)
        assert amounts is None or amounts[1] != amounts[2]
    assert any("parts of all that matters" in sentence for sentence in sentences)


def test_an_answer_that_is_changed_changes_what_is_shown() -> None:
    someone = walked({**typed_person("torn"), **typed_values("torn")})
    assert "too close to call" in someone.page.text
    someone.send("fit", go="limits")
    someone.send("limits", {"not-acceptable": "injections:0"}, go="fit")
    root = parse(someone.page.text)
    assert "too close to call" not in root.text
    assert "you said at most 0" in row_of(root, INTERFERON), "no weight brings back what is beyond a limit"
    someone.send("fit", go="limits")
    someone.send("limits", go="fit")
    assert "too close to call" in someone.page.text


def test_limits_that_leave_no_option_say_so_and_lose_nothing() -> None:
    someone = walked({**typed_person("torn"), **typed_values("torn")}, to="limits")
    someone.send("limits", {"not-acceptable": ["injections:0", "tests-and-visits:11"]}, go="fit")
    root = parse(someone.page.text)
    assert "Your limits leave no option" in root.text
    assert all("Not ranked" in row_of(root, option) for option in (ALEMTUZUMAB, INTERFERON))
    assert "What each option does" in root.text


def test_everything_matters_most_is_told_kindly_beside_the_fit() -> None:
    assert "that is fine" in fit("torn", "everything-matters-most").noticed[0]


def test_without_values_the_page_says_so_and_leads_back() -> None:
    root = shown(known("torn"), "fit")
    assert "You have not said yet what matters to you" in root.text
    assert any(one.attributes.get("value") == "matters" for one in root.walk() if one.tag == "button")
    assert not [one for one in root.walk() if "fit-row" in one.attributes.get("class", "").split()]
    assert len(fit("torn").table.first) == 12


def test_an_answer_that_cannot_be_read_is_named_with_the_way_to_mend_it() -> None:
    of = state("torn", "torn", matters=("injections",), does_not_matter=("injections",))
    root = shown(of, "fit")
    assert "Not all of your answers could be read" in root.text
    assert [one.id for one in FitScreen(page(of, "fit")).to_mend] == ["matters"]
    assert "You have not said yet" not in root.text


@pytest.mark.parametrize("pair", [("alemtuzumab", "lemtrada"), ("nothing-known", "alemtuzumab")])
@pytest.mark.parametrize("name", ["trade-offs", "limits", "fit"])
def test_a_pair_that_cannot_be_compared_is_told_and_loses_nothing(pair: tuple[str, str], name: str) -> None:
    of = known("mild-long-safety", "long-safety-record", first=pair[0], second=pair[1])
    root = shown(of, name)
    if name == "fit":
        assert "choose two treatments that differ" in root.text
        assert any(one.attributes.get("value") == "start" for one in root.walk() if one.tag == "button")
    assert of.with_answers(screen(name), sent(root)).values == of.values


@pytest.mark.parametrize("pair", [("cladribine", "fingolimod"), ("ocrelizumab", "natalizumab")])
@pytest.mark.parametrize("name", ["trade-offs", "limits", "fit"])
def test_any_two_treatments_can_be_looked_at(pair: tuple[str, str], name: str) -> None:
    of = known("torn", "torn", first=pair[0], second=pair[1])
    assert shown(of, name).text


# ---------------------------------------------------------------- languages and size


def _outside_brackets(text: str) -> str:
    """What is left of a text in the pseudo-language when everything of the catalogue is taken out."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"\[[^\[\]]*\]", " ", text)
    return text


def test_no_word_of_the_fit_bypasses_the_catalogue() -> None:
    root = next(one for one in shown(known("torn", "torn"), "fit", "en-XA").walk() if one.tag == "form")
    held = [_outside_brackets(one) for one in _texts(root)]
    known_names = {one.name for one in evidence().treatments.values()}
    known_names |= {one.name for one in evidence().outcomes.values()}
    known_names |= {part for one in CRITERIA for part in (one.name, one.unit)}
    left = [text for text in held if re.search(r"[A-Za-z]{2}", text)]
    assert [text for text in left if not _is_a_name(text, known_names)] == []


def _texts(one: Element) -> list[str]:
    """Every text of a page, a sentence with links in it as one."""
    if one.tag in {"svg", "button"}:
        return []
    if any(isinstance(child, str) and child.strip() for child in one.children):
        return [one.text]
    return [text for child in one.children if isinstance(child, Element) for text in _texts(child)]


def _is_a_name(text: str, known_names: set[str]) -> bool:
    for name in sorted(known_names, key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return not re.search(r"[A-Za-z]{2}", text)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(("person", "values"), PORTRAITS.items())
def test_a_page_with_all_details_weighs_less_than_sixty_kilobytes(person: str, values: str, tag: str) -> None:
    someone = Walker(app(), tag)
    typed = {**typed_person(person), **typed_values(values), "detail": ("everything",)}
    someone.send("life", {"kept": packed(typed)}, go="fit")
    assert someone.at == "fit"
    without_pictures = re.sub(r"<svg.*?</svg>", "", someone.page.text, flags=re.DOTALL)
    assert len(without_pictures.encode()) < 60_000


def test_a_link_stands_where_the_language_puts_it_and_nothing_becomes_markup() -> None:
    told = Wording(language("en"), Catalogue("en", {"said": "{b} <b> {a} {c}"}))
    links = {"a": Link("1", "/x?a=1&b=2", "id-1"), "b": Link("<2>", "/y", 'id"2')}
    assert linked(told, "said", links, c="<i>") == (
        '<a class="number" data-id="id&#34;2" href="/y">&lt;2&gt;</a> &lt;b&gt; '
        '<a class="number" data-id="id-1" href="/x?a=1&amp;b=2">1</a> &lt;i&gt;'
    )


def test_what_each_option_does_is_there_before_anything_is_weighed() -> None:
    of = known("contraindicated", "fears-disability")
    bare, weighed = of.before_weighing.personal, of.consultation.personal
    assert bare is not None
    assert weighed is not None
    assert weighed.fit is not None
    options = {one.option.option for one in bare.levels}
    assert options >= {"alemtuzumab", "interferon-beta-1a"}, "an option that does not rank has its levels too"
    assert bare.levels == weighed.levels
    assert set(weighed.fit.levels) < set(weighed.levels)
