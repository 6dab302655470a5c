"""The clinic's pages on which an entry, or who somebody is, is put right: a new entry each time, the old one stays."""

from __future__ import annotations

import re

from tests.support.clinic_web import RESULT, SmallClinic, count, entry_of


def fields_of(page: str) -> dict[str, str]:
    typed = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page))
    typed |= dict(re.findall(r'<input[^>]* value="([^"]*)"[^>]* name="([^"]+)"', page))
    chosen = re.findall(r'<select[^>]* name="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    ticked = re.findall(r'<input type="radio"[^>]* name="([^"]+)" value="([^"]*)"[^>]* checked', page)
    return typed | dict(chosen) | dict(ticked)


def test_a_result_is_put_right_by_a_new_entry_that_names_the_old_one(clinic: SmallClinic) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-17']}"
    entry = entry_of(clinic, "result")
    assert f'href="{person}/correct/{entry}"' in client.get(person).text
    page = client.get(f"{person}/correct/{entry}").text
    assert "In the book now: Platelets 90 10*9/L, 2026-09-12" in page
    typed = fields_of(page)
    wanted = {"test": "platelet-count", "value": "90", "unit": "10*9/L", "taken_on": "2026-09-12"}
    assert {name: typed.get(name) for name in wanted} == wanted
    assert (typed["reference_low"], typed["reference_high"]) == ("150", "400")
    client.post(
        f"{person}/correct/{entry}", **{**wanted, "value": "190", "reference_low": "150", "reference_high": "400"}
    )
    assert "put right by a new one" in client.page.text
    assert count(clinic, "result") == 3
    assert "Correction: Platelets 190" in client.page.text
    assert "Platelets 90 10*9/L, 2026-09-12 (replaced later)" in client.page.text
    assert "No result is waiting for somebody" in client.page.text
    assert clinic.desk().verify_audit().is_whole
    client.get("/")
    assert client.post(f"{person}/correct/{entry}", **wanted).status_code == 404, "it does not stand any more"


def test_what_cannot_be_is_said_and_what_was_typed_is_kept_when_an_entry_is_put_right(clinic: SmallClinic) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-17']}"
    entry = entry_of(clinic, "result")
    client.get(f"{person}/correct/{entry}")
    page = client.post(f"{person}/correct/{entry}", **{**RESULT, "unit": "g/L"})
    assert page.status_code == 422
    assert fields_of(page.text)["unit"] == "g/L"
    assert "In the book now" in page.text
    assert count(clinic, "result") == 3


def test_saving_an_entry_as_it_is_writes_nothing(clinic: SmallClinic) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-17']}"
    address, links = f"{person}/correct/{entry_of(clinic, 'result')}", clinic.desk().verify_audit().links
    client.post(address, **{k: v for k, v in fields_of(client.get(address).text).items() if k != "form_token"})
    assert "says this already; nothing was written" in client.page.text
    assert clinic.desk().verify_audit().links == links


def test_a_course_is_put_right_and_the_plan_with_it(clinic: SmallClinic) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-18']}"
    entry = re.findall(r"/correct/([0-9a-f]{32})", client.get(person).text)[0]
    typed = fields_of(client.get(f"{person}/correct/{entry}").text)
    assert (typed["drug"], typed["on"]) == ("alemtuzumab", "2026-03-09")
    client.post(f"{person}/correct/{entry}", drug="alemtuzumab", on="2026-11-09")
    assert "2030-11-13" in client.page.text, "the end of the tests has moved"
    assert "Correction: Course of alemtuzumab, 2026-11-09" in client.page.text


def test_details_are_put_right_and_what_hangs_on_them_is_asked_for(clinic: SmallClinic) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-18']}"
    assert "Only with: female" in client.get(person).text, "what has no day, because an answer is missing, is said"
    assert fields_of(client.get(f"{person}/details").text)["label"] == "N-18"
    client.post(f"{person}/details", label="N-18b", jurisdiction="UK", female="yes")
    assert client.heading == "N-18b"
    assert "Only with: female" not in client.page.text
    assert "UK label" in client.page.text
    assert fields_of(client.get(f"{person}/details").text)["female"] == "yes"
    client.post(f"{person}/details", label="N-17", jurisdiction="UK")
    assert "already has somebody with the label" in client.page.text


def test_no_entry_of_somebody_else_is_put_right(clinic: SmallClinic) -> None:
    client, entry = clinic.client(), entry_of(clinic, "result")
    theirs = entry_of(clinic, "course", "South")
    for address in (
        f"/person/{clinic.ids['N-18']}/correct/{entry}",
        f"/person/{clinic.ids['N-17']}/correct/{theirs}",
        f"/person/{clinic.ids['N-17']}/correct/{'0' * 32}",
    ):
        assert client.get(address).status_code == 404, address
        client.get("/")
        assert client.post(address, **RESULT).status_code == 404, address
        client.get("/")
    assert count(clinic, "result") == 3
