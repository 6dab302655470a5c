"""The page for one person: what it answers, what it keeps, what it refuses and that nothing of it is left behind."""

from __future__ import annotations

import asyncio
import datetime
import logging
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import httpx
import pytest
from fastapi import FastAPI

from equipoise.consultation import consult
from equipoise.decision import read_values, values_form
from equipoise.evidence import load_evidence
from equipoise.forms import examine, load_file
from equipoise.forms.files import parse as parse_file
from equipoise.interfaces.web import create_app
from equipoise.interfaces.web.submissions import LARGEST_BODY, MOST_FIELDS, comes_from_elsewhere
from equipoise.person import form as person_form
from equipoise.person import read_person
from equipoise.presentation.form_fields import as_typed
from tests.support.pages import Element, names, orphans, parse

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PORTRAITS = {
    "frequent-relapses": "fears-disability",
    "mild-long-safety": "long-safety-record",
    "contraindicated": "fears-disability",
    "torn": "torn",
    "i-dont-know": "everything-matters-most",
}


@cache
def app() -> FastAPI:
    return create_app()


def ask(method: str, address: str, **sent: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, address, **sent)

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(send())).result()


def post(fields: Mapping[str, Any], address: str = "/for-me", **sent: Any) -> httpx.Response:
    return ask("POST", address, data=dict(fields), **sent)


def fields_of(person: str, values: str = "") -> dict[str, Any]:
    """The fields of the page as two example files fill them."""
    about, matters = person_form(load_evidence()), values_form()
    typed = as_typed(about, examine(about, load_file(EXAMPLES / f"persons/{person}.toml").values)[0])
    if values:
        typed |= as_typed(matters, examine(matters, load_file(EXAMPLES / f"values/{values}.toml").values)[0])
    return {name: list(held) for name, held in typed.items()}


@cache
def answer(person: str) -> httpx.Response:
    return post(fields_of(person, PORTRAITS[person]))


def dangling(root: Element) -> list[str]:
    """Addresses within the page that lead nowhere."""
    ids = [element.attributes["id"] for element in root.find("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    inner = [e.attributes["href"] for e in root.find("href") if e.attributes["href"].startswith("#")]
    return [address for address in inner if unquote(address[1:]) not in ids]


def test_the_empty_form_offers_both_options_and_stores_nothing() -> None:
    page = ask("GET", "/for-me")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "form-action 'self'" in page.headers["content-security-policy"]
    root = parse(page.text)
    for field, chosen in (("first", "alemtuzumab"), ("second", "interferon-beta-1a")):
        (select,) = root.find("id", field)
        assert [e.attributes["value"] for e in select.walk() if "selected" in e.attributes] == [chosen]
        assert len([e for e in select.walk() if e.tag == "option"]) == len(load_evidence().options)
    assert dangling(root) == []


@pytest.mark.parametrize("person", PORTRAITS)
def test_every_number_of_an_answer_leads_to_its_source_on_the_page(person: str) -> None:
    page = answer(person)
    assert page.status_code == 200, page.text[:2000]
    assert page.headers["cache-control"] == "no-store"
    root = parse(page.text)
    assert dangling(root) == []
    ids = {element.attributes["id"] for element in root.find("id")}
    shown = {element.attributes["data-id"] for element in root.find("data-id")}
    assert shown
    assert sorted(identifier for identifier in shown if f"trace-{identifier}" not in ids) == []
    (personal,) = [e for e in root.walk() if e.attributes.get("class") == "personal"]
    assert orphans(personal, names(load_evidence())) == []


@pytest.mark.parametrize("person", PORTRAITS)
def test_each_step_and_each_row_is_printed_once(person: str) -> None:
    root = parse(answer(person).text)
    traced = [e for e in root.walk() if e.attributes.get("class") == "traced"]
    rows = [re.search(r"Kept in .*", e.text) for e in traced if e.attributes["id"].startswith("row-")]
    said = [match[0] for match in rows if match]
    assert said
    assert len(said) == len(set(said)) == len(rows)
    assert len(answer(person).content) < 1_000_000


def test_other_options_and_the_place_of_the_person() -> None:
    page = post(fields_of("mild-long-safety") | {"first": "ofatumumab", "second": "Tecfidera", "jurisdiction": "US"})
    assert page.status_code == 200
    assert "Ofatumumab or dimethyl fumarate, for someone like me" in page.text
    said = [e.text for e in parse(page.text).walk() if e.attributes.get("class") == "said"]
    assert re.search(r"Country of the label US\b", said[0])


@pytest.mark.parametrize(
    ("fields", "field", "says", "kept"),
    [
        ({"age": "2000"}, "age", "outside what is possible", 'value="2000"'),
        ({"age": "<b>\"'"}, "age", "not a number", "&lt;b&gt;"),
        ({"sex": "robot"}, "sex", "not known here", 'id="sex"'),
        ({"practical.fridge": "maybe"}, "practical-fridge", "neither yes nor no", 'id="practical-fridge"'),
        ({"earlier_treatments[3].relapsed": "yes"}, "earlier_treatments-1-drug", "cannot be left open", "Entry 1"),
        (
            {"limit[3].criterion": "relapses", "limit[3].level": "few"},
            "limit-1-level",
            "number",
            'limit[1].level" value="few"',
        ),
        ({"edss": "9" * 500}, "edss", "outside", "9" * 399),
        (
            {"earlier_treatments[1].drug": "aspirin"},
            "earlier_treatments-1-drug",
            "not known",
            "aspirin (not known here)",
        ),
        ({"limit[1].criterion": "relapses", "limit[1].level": "few"}, "limit-1-level", "not a number", 'value="few"'),
        ({"conditions": ["hiv", "none-of-these:Infections"]}, "conditions", "None of these", 'value="hiv" checked'),
        ({"matters": ["injections"], "does_not_matter": ["injections"]}, "does_not_matter", "also stands", "checked"),
        ({"first": "alemtuzumabb"}, "first", "not known here", "alemtuzumabb (not known here)"),
        ({"first": "rebif", "second": "interferon-beta-1a"}, "second", "the same treatment", "<select"),
        ({"relapses_12_months": "4", "relapses_24_months": "1"}, "relapses_24_months", "", 'value="4"'),
    ],
)
def test_a_fault_keeps_what_was_typed_and_leads_to_its_field(
    fields: dict[str, Any], field: str, says: str, kept: str
) -> None:
    page = post({"age": "33", "second": "cladribine"} | fields)
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


def test_every_fault_of_both_forms_is_told_at_once() -> None:
    page = post({"age": "x", "edss": "0.5", "limit[1].level": "2", "first": "nope"})
    (alert,) = parse(page.text).find("role", "alert")
    assert len(alert.find("href")) == 4


def test_opened_files_fill_the_form_and_leave_the_other_as_it_was() -> None:
    file = {"person-file": ("me.toml", (EXAMPLES / "persons/torn.toml").read_bytes())}
    page = post(
        {"age": "55", "edss": "7.5", "matters": "injections", "first": "ofatumumab"}, "/for-me/open", files=file
    )
    assert page.status_code == 200
    assert 'name="age" value="36"' in page.text
    assert 'name="edss" value=""' in page.text, "what the file leaves open is open"
    assert 'value="injections" checked' in page.text
    assert '<option value="ofatumumab" selected' in page.text


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"\xff\xfe\x00binary", "me.toml", "not text"),
        (b"age = = 3", "me.toml", "not TOML"),
        (b"[1]", "me.json", "one object in braces"),
        (b"x" * 200_001, "me.toml", "too large"),
        (b"[" * 5000, "me.json", "nested too deeply"),
        (b'smokin = "never"\nage = 44', "me.toml", "did you mean smoking?"),
        (b"age = " + b"9" * 9000, "me.toml", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_what_was_typed_stays(content: bytes, name: str, says: str) -> None:
    page = post({"matters": "injections"}, "/for-me/open", files={"person-file": (name, content)})
    assert page.status_code == 422
    root = parse(page.text)
    (alert,) = root.find("role", "alert")
    assert says.lower() in alert.text.lower()
    assert dangling(root) == []
    assert 'value="injections" checked' in page.text


def test_saved_files_say_what_was_answered() -> None:
    fields = fields_of("torn", "torn")
    for address, file in (("/for-me/person.toml", "persons/torn.toml"), ("/for-me/values.toml", "values/torn.toml")):
        page = post(fields, address)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["content-disposition"].startswith("attachment;")
        form = person_form(load_evidence()) if "person" in address else values_form()
        saved, faults = examine(form, parse_file(page.text).values)
        assert faults == []
        assert saved == examine(form, load_file(EXAMPLES / file).values)[0]


def test_a_fault_in_one_form_does_not_keep_the_other_from_being_saved() -> None:
    for fields, saved, refused in (
        ({"age": "x", "matters": "relapses"}, "values", "person"),
        ({"age": "33", "limit[1].level": "x"}, "person", "values"),
    ):
        assert post(fields, f"/for-me/{saved}.toml").headers["content-type"].startswith("application/toml")
        assert post(fields, f"/for-me/{refused}.toml").status_code == 422


def test_an_opened_order_stands_in_its_places() -> None:
    file = {"values-file": ("v.toml", b'order = ["reversibility", "relapses"]')}
    root = parse(post({}, "/for-me/open", files=file).text)
    selects = root.find("name", "order")
    held = [[e.attributes["value"] for e in s.walk() if "selected" in e.attributes] for s in selects]
    assert held[:3] == [["reversibility"], ["relapses"], []]


URL_ENCODED = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + b"x" * LARGEST_BODY, URL_ENCODED["content-type"], 413),
        (b"&".join(b"f%d=1" % n for n in range(MOST_FIELDS + 1)), URL_ENCODED["content-type"], 400),
        (b"age=\xff\xfe", URL_ENCODED["content-type"], 400),
        (b'{"age": 3}', "application/json", 415),
        (b"age=3", "text/plain", 415),
        (b"age=3", "", 415),
        (b"no boundary", "multipart/form-data", 400),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b", 400),
    ],
)
@pytest.mark.parametrize("address", ["/for-me", "/for-me/open", "/for-me/person.toml", "/for-me/values.toml"])
def test_hostile_input_gets_a_designed_page(body: bytes, kind: str, status: int, address: str) -> None:
    page = ask("POST", address, content=body, headers={"content-type": kind})
    assert page.status_code == status
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<main class="page"' in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize(
    "name", ["limit[99999999].level", "limit[x].level", "earlier_treatments[", "limit[1]", "🦄", "\0"]
)
@pytest.mark.parametrize("held", ["1", "x" * 5000, "\0", "{{ 7 * 7 }}", "1" * 399])
def test_odd_fields_break_nothing(name: str, held: str) -> None:
    page = ask("POST", "/for-me", content=urlencode({"first": "nope", name: held}), headers=URL_ENCODED)
    assert page.status_code == 422
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
        ({"origin": "http://127.0.0.1:8000"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_what_another_site_sends_is_refused(headers: dict[str, str], refused: bool) -> None:
    assert comes_from_elsewhere({"host": "127.0.0.1:8000"} | headers) is refused
    page = post({"matters": "relapses"}, "/for-me/values.toml", headers=headers)
    assert page.status_code == (403 if refused else 200)
    assert ("did not come from this page" in page.text) is refused


def test_an_unknown_option_in_the_address_gets_the_form_with_a_way_out() -> None:
    page = ask("GET", f"/for-me?first={quote('<script>')}&second=rebif")
    assert page.status_code == 422
    assert "<script" not in page.text
    assert ask("GET", f"/for-me?first={'x' * 300}").status_code == 422


def test_nothing_of_a_person_is_logged_or_put_into_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "77.125"
    file = {"person-file": ("Jane-Roe.toml", f"edss = {secret}".encode())}
    pages = [
        post({"age": secret, "sex": "woman"}),
        post({"years_since_onset": "17.0625", "age": "61"}),
        post({}, "/for-me/open", files=file),
    ]
    assert [page.status_code for page in pages] == [422, 200, 422]
    said = " ".join(record.getMessage() for record in caplog.records)
    assert not [word for word in (secret, "17.0625", "Jane-Roe", "woman") if word in said]
    for page in pages:
        assert "location" not in page.headers
        addresses = [e.attributes[n] for n in ("href", "action", "formaction") for e in parse(page.text).find(n)]
        assert not [a for a in addresses if "17.0625" in a or secret in a or "Jane" in a]


@pytest.mark.parametrize(("person", "values"), PORTRAITS.items())
def test_the_page_says_what_the_command_line_says(person: str, values: str) -> None:
    evidence = load_evidence()
    sitting = consult(
        "alemtuzumab",
        "interferon-beta-1a",
        evidence=evidence,
        person=read_person(EXAMPLES / f"persons/{person}.toml", evidence=evidence),
        values=read_values(EXAMPLES / f"values/{values}.toml"),
        on=datetime.datetime.now(tz=datetime.UTC).astimezone().date(),
    )
    assert sitting.personal is not None
    assert sitting.personal.fit is not None
    page = answer(person).text
    for outcome in sitting.personal.outcomes:
        assert f'id="trace-{outcome.estimate.id}"' in page or outcome.horizon_months != 24
    bars = re.findall(r'class="fit-row".*?</li>', page, flags=re.DOTALL)
    found = re.findall(r"<a [^>]*>(\d+) of 100", " ".join(bars))
    options = () if sitting.personal.fit.unranked else sitting.personal.fit.options
    shares = [round(100 * one.rank_acceptability[0]) for one in options]
    assert [int(share) for share in found] == shares
