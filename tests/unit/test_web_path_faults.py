"""The way given what is faulty, hostile or from elsewhere: a page that leads on, and nothing that was typed is lost."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from fastapi import FastAPI

from equipoise.evidence import load_evidence
from equipoise.interfaces.web import create_app
from equipoise.interfaces.web.submissions import LARGEST_BODY, MOST_FIELDS, comes_from_elsewhere
from equipoise.presentation.path.state import packed
from tests.support.examples import PORTRAITS
from tests.support.pages import Element, parse
from tests.support.path_pages import state, typed_person, typed_values
from tests.support.path_web import Walker

URL_ENCODED = "application/x-www-form-urlencoded"
FORMS = ("path/start", "path/about-you", "path/limits", "path/open", "path/file", "clinician", "forget")


@cache
def app() -> FastAPI:
    return create_app()


def walker() -> Walker:
    return Walker(app())


def dangling(root: Element) -> list[str]:
    """Addresses within the page that lead nowhere."""
    ids = [element.attributes["id"] for element in root.find("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    inner = [e.attributes["href"] for e in root.find("href") if e.attributes["href"].startswith("#")]
    return [address for address in inner if unquote(address[1:]) not in ids]


def test_the_page_that_was_there_before_leads_to_the_way() -> None:
    answer = walker().http.get("/for-me?first=alemtuzumab&second=rebif", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/path/start")


def test_the_start_offers_every_option_with_the_first_two_chosen() -> None:
    root = parse(walker().open("start").text)
    for field, chosen in (("first", "alemtuzumab"), ("second", "interferon-beta-1a")):
        (select,) = root.find("id", field)
        assert [e.attributes["value"] for e in select.walk() if "selected" in e.attributes] == [chosen]
        assert len([e for e in select.walk() if e.tag == "option"]) == len(load_evidence().options)


def test_other_options_stay_chosen_for_the_whole_way() -> None:
    someone = walker()
    someone.send("start", {"first": "ofatumumab", "second": "Tecfidera"})
    someone.send("about-place", {"jurisdiction": "US"}, go="outcomes")
    names = parse(someone.page.text).text
    assert "fatumumab" in names
    assert "imethyl fumarate" in names


@pytest.mark.parametrize(
    ("screen", "fields", "field", "says", "kept"),
    [
        ("about-you", {"age": "2000"}, "age", "outside what is possible", 'value="2000"'),
        ("about-you", {"age": "<b>\"'"}, "age", "not a number", "&lt;b&gt;"),
        ("about-you", {"age": "33", "sex": "robot"}, "sex", "not known here", 'value="33"'),
        ("about-daily", {"practical.fridge": "maybe"}, "practical-fridge", "neither yes nor no", "practical-fridge"),
        ("about-walking", {"edss": "9" * 500}, "edss", "outside", "9" * 399),
        (
            "about-drugs",
            {"earlier_treatments[3].relapsed": "yes"},
            "earlier_treatments-1-drug",
            "cannot be left open",
            "Entry 1",
        ),
        (
            "about-drugs",
            {"earlier_treatments[1].drug": "aspirin"},
            "earlier_treatments-1-drug",
            "not known",
            "aspirin (not known here)",
        ),
        ("limits", {"limit[3].criterion": "relapses", "limit[3].level": "few"}, "limit-1-level", "number", "few"),
        ("start", {"first": "alemtuzumabb"}, "first", "not known here", "alemtuzumabb (not known here)"),
        ("start", {"first": "rebif", "second": "interferon-beta-1a"}, "second", "the same treatment", "<select"),
        (
            "about-relapses",
            {"relapses_12_months": "4", "relapses_24_months": "1"},
            "relapses_24_months",
            "",
            'value="4"',
        ),
    ],
)
def test_a_fault_keeps_what_was_typed_and_leads_to_its_field(
    screen: str, fields: dict[str, Any], field: str, says: str, kept: str
) -> None:
    page = walker().send(screen, fields)
    assert page.status_code == 422
    assert page.headers["cache-control"] == "no-store"
    root = parse(page.text)
    assert dangling(root) == []
    (alert,) = root.find("role", "alert")
    assert f"#{field}" in [e.attributes["href"] for e in alert.find("href")]
    assert says in alert.text
    assert kept in page.text
    assert "9" * 401 not in page.text
    (place,) = root.find("id", field)
    assert f"{field}-fault" in place.attributes["aria-describedby"].split()
    assert root.find("id", f"{field}-fault")


def test_every_fault_of_a_screen_is_told_at_once() -> None:
    (alert,) = parse(walker().send("about-you", {"age": "x", "sex": "robot"}).text).find("role", "alert")
    assert len(alert.find("href")) == 2


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + b"x" * LARGEST_BODY, URL_ENCODED, 413),
        (b"&".join(b"f%d=1" % n for n in range(MOST_FIELDS + 1)), URL_ENCODED, 400),
        (b"age=\xff\xfe", URL_ENCODED, 400),
        (b'{"age": 3}', "application/json", 415),
        (b"age=3", "text/plain", 415),
        (b"age=3", "", 415),
        (b"no boundary", "multipart/form-data", 400),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b", 400),
    ],
)
@pytest.mark.parametrize("address", FORMS)
def test_hostile_input_gets_a_designed_page(body: bytes, kind: str, status: int, address: str) -> None:
    page = walker().http.post(f"/en/{address}", content=body, headers={"content-type": kind})
    assert page.status_code == status
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<main class="page"' in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("screen", ["limits", "about-drugs", "matters", "trade-offs"])
@pytest.mark.parametrize(
    "name", ["limit[99999999].level", "limit[x].level", "earlier_treatments[", "limit[1]", "🦄", "\0"]
)
@pytest.mark.parametrize("held", ["1", "\0", "{{ 7 * 7 }}", "1" * 399])
def test_odd_fields_break_nothing(screen: str, name: str, held: str) -> None:
    content = urlencode({name: held, "go": "stay"})
    page = walker().http.post(f"/en/path/{screen}", content=content, headers={"content-type": URL_ENCODED})
    assert page.status_code in {200, 422}
    parse(page.text)


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, True),
        ({"origin": "https://example.org"}, True),
        ({"origin": "http://127.0.0.1:9999"}, True),
        ({"origin": "http://[bad"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://127.0.0.1"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_what_another_site_sends_is_refused(headers: dict[str, str], refused: bool) -> None:
    assert comes_from_elsewhere({"host": "127.0.0.1"} | headers) is refused
    for address in FORMS[:-1]:
        page = walker().http.post(f"/en/{address}", data={"go": "stay"}, headers=headers)
        assert (page.status_code == 403) is refused, address
        assert ("did not come from this page" in page.text) is refused, address


@pytest.mark.parametrize(("person", "values"), PORTRAITS.items())
def test_the_way_shows_the_shares_of_the_consultation(person: str, values: str) -> None:
    someone = walker()
    someone.open("life")
    typed = {**typed_person(person), **typed_values(values)}
    page = someone.http.post("/en/path/life", data={"kept": packed(typed), "go": "fit"})
    of = state(person, values).consultation.personal
    assert of is not None
    assert of.fit is not None
    rows = re.findall(r'class="fit-row".*?</li>', page.text, flags=re.DOTALL)
    found = [int(share) for share in re.findall(r"<a [^>]*>(\d+) of 100", " ".join(rows))]
    options = () if of.fit.unranked else of.fit.options
    assert found == [round(100 * one.rank_acceptability[0]) for one in options]
