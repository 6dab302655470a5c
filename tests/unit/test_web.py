"""The web face: what each address answers, what it refuses and how, and that nothing leaves the machine."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import httpx
import pytest
from fastapi import FastAPI

from equipoise.consultation import consult
from equipoise.evidence import load_evidence
from equipoise.interfaces.web import create_app
from equipoise.presentation import wire
from tests.support.pages import parse

COMPARISON = "/compare?first=alemtuzumab&second=interferon-beta-1a&jurisdiction=EU"
PAGES = (
    "/",
    COMPARISON,
    "/claims",
    "/network/annualised-relapse-rate",
    "/sources",
    "/options",
    "/about",
    "/trace/label.alemtuzumab-ind-02",
)


@cache
def app() -> FastAPI:
    return create_app()


def ask(address: str, method: str = "GET") -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, address)

    # in a thread of its own: a journey in the same process leaves an event loop running in this one
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(send())).result()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_html_with_strict_headers_and_no_cookie(address: str) -> None:
    answer = ask(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_nothing_on_a_page_is_loaded_from_elsewhere(address: str) -> None:
    root = parse(ask(address).text)
    loaded = [e.attributes["src"] for e in root.find("src")] + [
        e.attributes["href"] for e in root.walk() if e.tag == "link"
    ]
    assert loaded
    assert all(target.startswith(("/", "data:")) and not target.startswith("//") for target in loaded)
    leaving = [e for e in root.find("href") if e.attributes["href"].startswith("http")]
    assert all("noreferrer" in e.attributes["rel"] for e in leaving)


def test_health_names_the_evidence() -> None:
    answer = ask("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["evidence"]["version"] == load_evidence().release.version


def test_the_json_is_the_wire_form_of_the_same_document() -> None:
    answer = ask(COMPARISON.replace("/compare", "/compare.json"))
    expected = wire.comparison(consult("alemtuzumab", "interferon-beta-1a", jurisdiction="EU"))
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads(wire.as_json(expected))


def test_a_brand_and_its_drug_lead_to_the_same_page() -> None:
    assert ask("/compare?first=Lemtrada&second=Rebif&jurisdiction=eu").text == ask(COMPARISON).text


def test_the_jurisdiction_changes_the_labels() -> None:
    european, american = (ask(COMPARISON.replace("=EU", f"={place}")).text for place in ("EU", "US"))
    assert "Who is offered it under the EU label" in european
    assert "Who is offered it under the US label" in american


def test_the_one_file_comes_as_a_download() -> None:
    answer = ask(COMPARISON.replace("/compare", "/compare.html"))
    assert answer.headers["content-disposition"] == 'attachment; filename="alemtuzumab-or-interferon-beta-1a-EU.html"'
    assert 'href="/' not in answer.text


def test_the_style_sheet_may_be_kept_and_a_page_may_not() -> None:
    assert ask("/static/style.css").headers["cache-control"] == "public, max-age=3600"
    assert ask(COMPARISON).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("address", "said", "way_out"),
    [
        (
            "/compare?first=alemtuzumab&second=interferon",
            "no treatment option called &#39;interferon&#39;",
            "second=interferon-beta-1a",
        ),
        ("/compare?first=alemtuzumab&second=lemtrada", "the same treatment", ""),
        (
            "/compare?first=alemtuzumab&second=rebif&jurisdiction=France",
            "no jurisdiction called &#39;France&#39;",
            "jurisdiction=UK",
        ),
        ("/compare?first=alemtuzumab", "No treatment option is named", ""),
        ("/compare", "No treatment option is named", ""),
    ],
)
def test_a_wrong_choice_is_kept_and_answered(address: str, said: str, way_out: str) -> None:
    answer = ask(address)
    assert answer.status_code == 422
    assert said in answer.text
    assert way_out in answer.text
    fields = {e.attributes["name"]: e for e in parse(answer.text).walk() if e.tag == "select"}
    given = httpx.URL(address).params
    options = {"rebif": "interferon-beta-1a", "lemtrada": "alemtuzumab"}
    for name in ("first", "second"):
        chosen = next(e for e in fields[name].walk() if "selected" in e.attributes)
        assert chosen.attributes["value"] == options.get(given.get(name, ""), given.get(name, ""))


def test_a_wrong_choice_of_the_machine_form_is_json() -> None:
    answer = ask("/compare.json?first=alemtuzumab&second=interferon")
    assert answer.status_code == 422
    assert "interferon-beta-1a" in answer.json()["error"]


@pytest.mark.parametrize("address", ["/nope", "/trace/", "/static/secret", "/docs", "/redoc", "/openapi.json"])
def test_an_address_without_a_page_is_a_friendly_page(address: str) -> None:
    answer = ask(address)
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_unknown_id_names_the_nearest() -> None:
    answer = ask("/trace/label.alemtuzumab-ind-2")
    assert answer.status_code == 404
    assert "/trace/label.alemtuzumab-ind-02" in answer.text


def test_nothing_can_be_posted() -> None:
    assert ask("/", "POST").status_code == 405


def test_a_very_long_name_is_answered_not_echoed_without_end() -> None:
    answer = ask("/compare?first=" + "x" * 5000 + "&second=rebif")
    assert answer.status_code == 422
    assert "text/html" in answer.headers["content-type"]
    assert len(answer.text) < 20_000


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "../../etc/passwd", "\u202e\u0000"]
)
def test_what_is_typed_never_becomes_markup(name: str) -> None:
    answer = ask(f"/compare?{httpx.QueryParams(first=name, second='rebif')}")
    assert answer.status_code == 422
    root = parse(answer.text)
    assert not [e for e in root.walk() if e.tag in ("script", "img")]


def test_a_page_is_rendered_once() -> None:
    first, second = ask(COMPARISON).text, ask(COMPARISON).text
    assert first == second
    assert re.search(r"Evidence version \d{4}-\d\d-\d\d\+[0-9a-f]{12}", first)
