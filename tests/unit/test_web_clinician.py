"""The clinician's view: the same sitting, the same numbers, each label by itself, and what a changed fact moves."""

from __future__ import annotations

import base64
import contextlib
import datetime
import hashlib
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import FastAPI

from equipoise.consultation.personal import PREFIX
from equipoise.evidence import load_evidence
from equipoise.interfaces.web import create_app
from equipoise.presentation.path import PathPage, PathState
from equipoise.presentation.path.clinician import CLINICIAN, ClinicianPage
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import LANGUAGES, wording
from tests.support.pages import Element, parse
from tests.support.path_web import Walker

TAGS = [one.tag for one in LANGUAGES]
TORN = {
    "age": "36",
    "sex": "woman",
    "course": "relapsing-remitting",
    "relapses_12_months": "1",
    "relapses_24_months": "2",
}


@cache
def app() -> FastAPI:
    return create_app()


class Clinician(Walker):
    """Somebody at the clinician's view."""

    def look(self) -> Any:
        self.page = self.http.get(f"/{self.language}/clinician")
        return self.page

    def change(self, **facts: str) -> Any:
        if self.page is None:
            self.look()
        data = {"token": self.hidden("token"), "kept": self.hidden("kept"), **facts}
        self.page = self.http.post(f"/{self.language}/clinician", data=data)
        return self.page


def clinician(language: str = "en") -> Clinician:
    return Clinician(app(), language)


@pytest.mark.parametrize("tag", TAGS)
def test_it_opens_in_every_language_for_somebody_not_described(tag: str) -> None:
    page = clinician(tag).look()
    assert page.status_code == 200
    assert wording(tag)("clinician.person.nothing") in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_number_is_written_as_the_language_writes_it() -> None:
    someone = clinician("de")
    someone.send("about-walking", {"edss": "2.5"})
    assert re.search(r"<dt>EDSS</dt><dd[^>]*>2,5<", someone.look().text)


def test_a_task_whose_day_has_gone_by_says_so() -> None:
    """Vaccines come six weeks before a first infusion: where that starts today, their day has gone."""
    tasks = {e.text: e for e in parse(clinician().look().text).walk() if e.tag == "li" and "data-meta" in e.attributes}
    past = [text for text in tasks if wording()("clinician.plan.past") in text]
    assert any("Vaccines" in text for text in past)
    assert not any("Infusion" in text for text in past)


def test_what_was_typed_on_the_way_stands_here_and_a_change_here_stands_there() -> None:
    someone = clinician()
    someone.send("about-you", {"age": "34", "sex": "woman"})
    assert re.search(r"<dt>Age</dt><dd[^>]*>34<", someone.look().text)
    someone.change(**TORN)
    someone.open("about-you")
    assert 'value="36"' in someone.page.text


def test_a_change_is_told_with_what_it_moved_and_to_what() -> None:
    someone = clinician()
    someone.change(**TORN)
    someone.change(**(TORN | {"relapses_12_months": "2"}))
    text = someone.page.text
    assert wording()("clinician.moved.title") in text
    assert "relapses in the last 12 months: 1, now 2" in text
    moved = next(e for e in parse(text).walk() if e.tag == "section" and e.attributes.get("aria-labelledby") == "moved")
    assert moved.text.count("of 100") >= 2


def test_an_answer_that_cannot_be_read_is_not_known_here_either() -> None:
    someone = clinician()
    someone.change(**TORN)
    someone.send("about-you", {"age": "999", "sex": "woman"})
    text = someone.look().text
    assert not re.search(r"<dt>Age</dt>", text)
    assert "999" not in parse(text).text
    unknown = next(e.text for e in parse(text).walk() if e.attributes.get("class") == "unknown")
    assert wording()("fact.age") in unknown


def test_a_change_of_nothing_moves_nothing() -> None:
    someone = clinician()
    someone.change(**TORN)
    someone.change(**TORN)
    assert wording()("clinician.moved.title") not in someone.page.text


def test_the_three_labels_stand_side_by_side_and_are_never_merged() -> None:
    someone = clinician()
    someone.change(**TORN, conditions="stroke-ever")
    tables = [e for e in parse(someone.page.text).walk() if e.tag == "table"]
    table = next(t for t in tables if [h.text for h in t.walk() if h.tag == "th"][:3] == ["US", "EU", "UK"])
    verdicts = next(
        [cell.text for cell in row.walk() if cell.tag == "td"]
        for row in table.walk()
        if row.tag == "tr" and row.text.startswith(wording()("clinician.column.verdict"))
    )
    told = {place: verdict.strip() for place, verdict in zip(("US", "EU", "UK"), verdicts, strict=True)}
    assert told["EU"] == wording()("clinician.verdict.contraindicated")
    assert told["US"] != told["EU"]  # a stroke is an exclusion of the EU label and a boxed warning of the US one


def test_every_number_of_the_table_has_a_source_that_opens() -> None:
    someone = clinician()
    someone.change(**TORN)
    table = next(e for e in parse(someone.page.text).walk() if "numbers" in e.attributes.get("class", ""))
    links = [e.attributes["href"] for e in table.walk() if e.tag == "a"]
    assert links
    for link in links[:: max(1, len(links) // 4)]:
        assert someone.http.get(link).status_code == 200


@pytest.mark.parametrize(
    ("kind", "media", "begins"),
    [
        ("html", "text/html", "<!doctype html>"),
        ("ics", "text/calendar", "BEGIN:VCALENDAR"),
        ("csv", "text/csv", ""),
        ("json", "application/fhir+json", "{"),
    ],
)
def test_the_plan_is_taken_along_from_the_day_that_was_chosen(kind: str, media: str, begins: str) -> None:
    someone = clinician()
    someone.change(**TORN, **{"start-day": "2030-02-28"})
    answer = someone.http.get(f"/en/clinician/plan-alemtuzumab.{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert answer.text.startswith(begins)
    assert "2030" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_plan_to_read_may_use_its_own_style_and_no_other() -> None:
    answer = clinician().http.get("/en/clinician/plan-alemtuzumab.html")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_preview_plans_both_courses_that_the_label_lays_out() -> None:
    """Five days and, a year later, three: as the person's own page counts them, with tests until four years after."""
    someone = clinician()
    someone.change(**TORN, **{"start-day": "2030-02-28"})
    root = parse(someone.http.get("/en/clinician").text)
    rows = [e.text.split() for e in root.walk() if e.tag == "tr" and e.text.startswith("203")]
    assert [row[3] for row in rows if row[0] in ("2030", "2031")][:2] == ["5", "3"], "alemtuzumab stands first"
    assert "until 2 March 2035 at least" in root.text


@pytest.mark.parametrize("name", ["plan-aspirin.ics", "plan-alemtuzumab.exe", "plan-.json"])
def test_a_plan_that_is_not_there_is_a_page(name: str) -> None:
    assert clinician().http.get(f"/en/clinician/{name}").status_code == 404


def test_a_fault_keeps_what_was_typed_and_moves_nothing() -> None:
    someone = clinician()
    page = someone.change(**(TORN | {"age": "360"}))
    assert page.status_code == 422
    assert 'value="360"' in page.text


def test_another_page_cannot_change_a_fact() -> None:
    someone = clinician()
    someone.change(**TORN)
    answer = someone.http.post("/en/clinician", data={"token": "made-up", "age": "77"})
    assert answer.status_code == 403
    assert re.search(r"<dt>Age</dt><dd[^>]*>36<", someone.look().text)


def test_everything_as_json_is_the_machine_form() -> None:
    someone = clinician()
    someone.change(**TORN)
    document = someone.http.get("/en/clinician.json").json()
    assert document["person"]["age"] == 36
    assert document["outcomes"]


def monitoring(root: Element) -> Element:
    return next(e for e in root.walk() if e.attributes.get("aria-labelledby") == "monitoring")


@pytest.mark.parametrize("tag", TAGS)
def test_the_first_tasks_are_called_as_on_the_persons_pages(tag: str) -> None:
    someone = clinician(tag)
    someone.change(**TORN)
    tasks = [
        next(e.text for e in item.walk() if e.tag == "a")
        for item in monitoring(parse(someone.page.text)).walk()
        if item.tag == "li"
    ]
    says = wording(tag)
    assert {says("test.cbc-diff"), says("test.tsh"), says("clinician.plan.given.infusion")} <= set(tasks)


@pytest.mark.parametrize("place", Jurisdiction)
def test_every_task_of_every_label_has_a_name(place: Jurisdiction) -> None:
    evidence = load_evidence()
    labels = {option.drug_id: evidence.label(option) for option in evidence.options}
    request = PlanRequest((GivenCourse(datetime.date(2030, 2, 28)),), applies=frozenset({"female"}))
    named = ClinicianPage(PathPage(PathState({}, evidence, datetime.date(2026, 11, 29)), CLINICIAN, wording("de")))
    planned = 0
    for label in labels.values():
        with contextlib.suppress(RequestError):  # no plan by days: its label gives no dose that starts one
            tasks = plan_monitoring(label, place, request).tasks
            planned += len({named.task_name(task) for task in tasks})
    assert planned > 10


@pytest.mark.parametrize("tag", TAGS)
def test_where_the_label_gives_no_number_neither_page_says_none(tag: str) -> None:
    someone = clinician(tag)
    someone.change(**TORN, **{"start-day": "2030-02-28"})
    says, root = wording(tag), parse(someone.page.text)
    rows = [e for e in monitoring(root).walk() if e.tag == "tr" and e.text.startswith("203")]
    later = [[cell.text for cell in row.walk() if cell.tag == "td"][:2] for row in rows if row.text.startswith("2032")]
    assert later == [["53", "12"], [says("life.table.open")] * 2]
    first = [next(cell.text for cell in row.walk() if cell.tag == "td") for row in rows if "2030" in row.text]
    assert first[1] == says("sheet.number.then", first="6", second=says("sheet.number.not-fixed"))
    assert says("life.table.open") in parse(someone.open("life").text).text


@pytest.mark.parametrize("tag", TAGS[1:])
def test_the_forests_speak_the_language_of_the_page(tag: str) -> None:
    someone = clinician(tag)
    someone.change(**TORN)
    root = parse(someone.page.text)
    trials = next(e for e in root.walk() if e.attributes.get("aria-labelledby") == "trials")
    assert wording(tag)("forest.key.null") in trials.text
    assert wording(tag)("outcome.annualised-relapse-rate.name").lower() in trials.text.lower()
    for word in ("favours", "People", "with its interval", "Together", "next trial", "licensed dose", "years", "0.45"):
        assert word not in trials.text, word


def test_no_address_on_the_page_says_anything_of_anybody() -> None:
    """Numbers made for somebody have a short id in an address; a picture builds its addresses as the page does."""
    someone = clinician()
    someone.change(**TORN)
    links = [
        e.attributes["href"] for e in parse(someone.page.text).walk() if "/source/" in e.attributes.get("href", "")
    ]
    assert len(links) > 40
    assert [link for link in links if unquote(link).split("/source/")[1].startswith(PREFIX)] == []
    assert any("mine." in link for link in links)
    root = parse(someone.page.text)
    trials = next(e for e in root.walk() if e.attributes.get("aria-labelledby") == "trials")
    drawn = {e.attributes["href"] for e in trials.walk() if e.tag == "a"}
    assert len(drawn) > 8
    for link in drawn:
        assert someone.http.get(link).status_code == 200
