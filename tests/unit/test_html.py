"""The pages as they are rendered: no number without a source, nothing tilted, nothing left out in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from equipoise.consultation import Consultation, check_claims, consult, trace
from equipoise.evidence import load_evidence
from equipoise.presentation import html
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import wording
from tests.support.pages import Element, names, orphans, parse

FIRST_QUESTION = ("alemtuzumab", "interferon-beta-1a")
PAIRS = (FIRST_QUESTION, ("ocrelizumab", "interferon-beta-1a"), ("cladribine", "natalizumab"), ("fingolimod", "avonex"))
PERSUASION = re.compile(
    r"\b(best|superior|safer|safest|powerful|excellent|breakthrough|only a|just a|unfortunately|recommend(ed)? for you"
    r"|you should|consistently|1 in \d+)\b",
    re.IGNORECASE,
)


@cache
def sitting(first: str, second: str, jurisdiction: str = "EU") -> Consultation:
    return consult(first, second, jurisdiction=jurisdiction)


@cache
def page(first: str, second: str, jurisdiction: str = "EU") -> Element:
    return parse(html.render_comparison(sitting(first, second, jurisdiction)))


@cache
def one_file(first: str, second: str) -> Element:
    return parse(html.render_standalone(sitting(first, second)))


@cache
def known() -> tuple[str, ...]:
    return names(load_evidence())


def other_pages() -> dict[str, str]:
    evidence = load_evidence()
    number = sitting(*FIRST_QUESTION).estimates[0]
    refusal = html.Refusal(404, "There is no such page", "There is no page at '/x1'.")
    return {
        "landing": html.render_home(evidence, wording()),
        "trace": html.render_trace(trace(number.id), evidence.release),
        "claims": html.render_claims(check_claims(evidence), evidence.release),
        "sources": html.render_sources(evidence),
        "options": html.render_options(evidence),
        "about": html.render_about(evidence, "0.1.0"),
        "error": html.render_error(refusal, evidence, html.Choice()),
    }


@pytest.mark.parametrize("jurisdiction", list(Jurisdiction))
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_no_number_on_a_comparison_without_a_source(pair: tuple[str, str], jurisdiction: Jurisdiction) -> None:
    assert orphans(page(*pair, jurisdiction.value), known()) == []


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_no_number_in_the_one_file_without_a_source(pair: tuple[str, str]) -> None:
    assert orphans(one_file(*pair), known()) == []


@pytest.mark.parametrize("name", other_pages())
def test_no_number_on_any_other_page_without_a_source(name: str) -> None:
    assert orphans(parse(other_pages()[name]), known()) == []


def test_the_proof_sees_a_planted_orphan() -> None:
    planted = html.render_about(load_evidence(), "0.1.0").replace(
        "It is not advice", "It helps 9 of 10. It is not advice"
    )
    assert len(orphans(parse(planted), known())) == 1


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_id_on_the_page_is_one_of_the_sitting_and_resolves(pair: tuple[str, str]) -> None:
    items = sitting(*pair).items
    shown = {element.attributes["data-id"] for element in page(*pair).find("data-id")}
    assert shown
    assert shown <= set(items)
    one_of_each_kind = {identifier.split(".")[0]: identifier for identifier in sorted(shown)}
    for identifier in one_of_each_kind.values():
        found = trace(identifier)
        assert found.item.text == items[identifier].text
        assert found.sources


def test_every_number_leads_to_its_trace() -> None:
    linked = [e for e in page(*FIRST_QUESTION).walk() if e.tag == "a" and "data-id" in e.attributes]
    assert linked
    for element in linked:
        assert element.attributes["href"] == f"/trace/{element.attributes['data-id']}"


def test_nothing_in_a_picture_is_unsourced() -> None:
    assert page(*FIRST_QUESTION).find("data-unsourced") == []


def test_definitions_and_claims_are_those_of_the_evidence() -> None:
    evidence = load_evidence()
    for element in page(*FIRST_QUESTION).find("data-definition"):
        assert element.text == " ".join(evidence.outcomes[element.attributes["data-definition"]].definition.split())
    claims = parse(other_pages()["claims"]).find("data-claim")
    assert len(claims) == len(evidence.claims)
    for element in claims:
        assert element.text == " ".join(evidence.claims[element.attributes["data-claim"]].claim.split())


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_a_view_has_one_denominator_and_both_sides_of_each_count(pair: tuple[str, str]) -> None:
    tables = page(*pair).find("data-denominator")
    assert tables or pair != FIRST_QUESTION
    for table in tables:
        denominator = f"{int(table.attributes['data-denominator']):,}"
        counts = re.findall(r"([\d,]+|fewer than 1|more than [\d,]+) of ([\d,]+) (?!people)", table.text)
        assert {of for _, of in counts} <= {denominator}
        assert len(counts) % 2 == 0


def test_the_two_options_have_the_same_parts_in_the_same_order() -> None:
    for pair in PAIRS:
        for block in page(*pair).walk():
            if "options" in block.attributes.get("class", "").split():
                first, second = (e for e in block.children if isinstance(e, Element))
                assert [e.tag for e in first.walk() if e.tag[0] == "h"] == [
                    e.tag for e in second.walk() if e.tag[0] == "h"
                ]
                assert first.attributes["class"] == second.attributes["class"]


def test_swapping_the_options_mirrors_the_page() -> None:
    there, back = page(*FIRST_QUESTION), page(*reversed(FIRST_QUESTION))
    assert _arm_ids(there) == _arm_ids(back)
    assert _columns(there) == [(second, first) for first, second in _columns(back)]


def _arm_ids(root: Element) -> set[str]:
    return {
        e.attributes["data-id"] for e in root.find("data-id") if e.attributes["data-id"].startswith(("arm.", "label."))
    }


def _columns(root: Element) -> list[tuple[str, str]]:
    table = root.find("data-denominator", "100")[0]
    rows = [row for row in table.walk() if row.tag == "tr"][1:]
    cells = [[cell.text for cell in row.children if isinstance(cell, Element)] for row in rows]
    return [(cell[1], cell[2]) for cell in cells]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_no_persuasion_in_our_own_words(pair: tuple[str, str]) -> None:
    for root in (page(*pair), *(parse(text) for text in other_pages().values())):
        own = " ".join(_own_words(root))
        assert not PERSUASION.search(own), PERSUASION.search(own)


def _own_words(element: Element) -> list[str]:
    if "data-id" in element.attributes or "data-claim" in element.attributes or "data-meta" in element.attributes:
        return []
    found: list[str] = []
    for child in element.children:
        found += [child] if isinstance(child, str) else _own_words(child)
    return found


def test_disability_is_never_only_the_pooled_figure() -> None:
    section = page(*FIRST_QUESTION).find("aria-labelledby", "confirmed-disability-worsening-6m")[0]
    assert "do not agree" in section.text
    for said in ("0.29 (0.16 to 0.54)", "0.70 (0.40 to 1.23)", "0.58 (0.38 to 0.87)", "prediction interval"):
        assert said in section.text


def test_thyroid_disorders_always_stand_with_their_length_of_time() -> None:
    section = page(*FIRST_QUESTION).find("aria-labelledby", "thyroid-event")[0]
    rows = [row.text for row in section.walk() if row.tag == "tr"]
    assert any(row.startswith("Two years 13 of 100") for row in rows), rows
    assert any(row.startswith("Six years 42 of 100") for row in rows)


def test_infusion_reactions_do_not_apply_to_a_drug_without_infusions() -> None:
    rows = [row.text for row in page(*FIRST_QUESTION).walk() if row.tag == "tr"]
    infusion = next(row for row in rows if row.startswith("Infusion reaction"))
    assert "does not apply: no infusions" in infusion


def test_results_against_placebo_stand_apart_with_a_warning() -> None:
    root = page(*FIRST_QUESTION)
    apart = root.find("aria-labelledby", "placebo")[0]
    assert "Do not compare these numbers" in apart.text
    in_block = {e.attributes["data-id"] for e in apart.find("data-id") if "prisms" in e.attributes["data-id"]}
    everywhere = {e.attributes["data-id"] for e in root.find("data-id") if "prisms" in e.attributes["data-id"]}
    assert in_block
    assert in_block == everywhere


def test_without_a_trial_the_page_says_so_first() -> None:
    root = page("cladribine", "natalizumab")
    trials = root.find("aria-labelledby", "trials")[0]
    assert "how they compare is not known" in trials.text
    assert not root.find("id", "benefits")


def test_the_one_file_needs_nothing_else_and_holds_every_source() -> None:
    root = one_file(*FIRST_QUESTION)
    ids = {element.attributes["id"] for element in root.find("id")}
    for element in root.find("href"):
        target = element.attributes["href"]
        assert target == "data:," or (target.startswith("#") and target[1:] in ids), target
    assert not root.find("src")
    assert not [e for e in root.walk() if e.tag in ("script", "link") and e.attributes.get("rel") == "stylesheet"]
    for element in root.find("data-id"):
        assert f"trace-{element.attributes['data-id']}" in ids


def test_ids_of_the_markup_are_unique() -> None:
    for root in (page(*FIRST_QUESTION), one_file(*FIRST_QUESTION)):
        ids = [element.attributes["id"] for element in root.find("id")]
        assert len(ids) == len(set(ids)), sorted(i for i in set(ids) if ids.count(i) > 1)


def test_every_page_carries_version_and_date() -> None:
    release = load_evidence().release
    for text in (*other_pages().values(), html.render_comparison(sitting(*FIRST_QUESTION))):
        assert release.version in text
        assert release.review_by in text


def test_what_a_source_holds_cannot_become_markup() -> None:
    refusal = html.Refusal(404, "x", "There is no page at '/<script>alert(1)</script>'.")
    assert "<script" not in html.render_error(refusal, load_evidence())


@pytest.mark.parametrize("jurisdiction", list(Jurisdiction))
def test_only_a_label_without_an_interval_is_said_to_state_none(jurisdiction: Jurisdiction) -> None:
    years = page(*FIRST_QUESTION, jurisdiction.value).find("aria-labelledby", "years-heading")[0]
    lanes = {row.text.split(" ")[0] for row in years.walk() if row.tag == "tr" and "no interval stated" in row.text}
    rows = [row.text for row in years.walk() if row.tag == "tr" and "no interval stated" in row.text]
    assert lanes
    assert all("interferon beta-1a" in row for row in rows), rows


def test_every_row_of_a_trial_says_once_how_sure_one_may_be() -> None:
    for pair in PAIRS:
        for cell in page(*pair).find("data-column", "How sure"):
            assert len([e for e in cell.walk() if e.tag == "summary"]) == 1


def test_every_number_stands_in_the_column_of_its_own_treatment() -> None:
    for pair in PAIRS:
        document = sitting(*pair)
        regimens = {o.treatment.name: o.treatment.id for o in document.options}
        members = {t.id: (t.id, *t.members) for t in load_evidence().treatments.values()}
        cells = [cell for cell in page(*pair).find("data-column") if cell.attributes["data-column"].lower() in regimens]
        assert cells or pair[0] == "cladribine"
        for cell in cells:
            wanted = regimens[cell.attributes["data-column"].lower()]
            for element in cell.find("data-id"):
                number = document.items[element.attributes["data-id"]]
                assert isinstance(number, Estimate)
                assert wanted in members[number.treatment], (cell.attributes["data-column"], number.id)


def test_our_own_words_can_be_read_at_grade_eight() -> None:
    for name, root in (
        ("comparison", page(*FIRST_QUESTION)),
        *((n, parse(other_pages()[n])) for n in ("landing", "about")),
    ):
        found = grade(own_sentences(root))
        assert found <= 8, f"{name}: Flesch-Kincaid grade {found:.1f}"


def own_sentences(root: Element) -> list[str]:
    """Sentences of our own, each once; names that nobody can shorten count as one short word."""
    blocks = [" ".join(" ".join(_own_words(e)).split()) for e in _own_elements(root) if e.tag in ("p", "li")]
    said = dict.fromkeys(
        text for block in blocks for text in re.split(r"(?<=[.?!])\s+", block) if len(text.split()) > 3
    )
    return [re.sub("alemtuzumab|interferon beta-1a|Equipoise", "drug", text, flags=re.IGNORECASE) for text in said]


def _own_elements(element: Element) -> Iterator[Element]:
    marks = ("data-id", "data-meta", "data-definition", "data-claim")
    if element.tag == "form" or any(mark in element.attributes for mark in marks):
        return
    yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from _own_elements(child)


def grade(sentences: list[str]) -> float:
    """Return the Flesch-Kincaid grade, syllables counted as groups of vowels; drug names count as they are."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z']+", sentence)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
