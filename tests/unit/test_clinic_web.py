"""The clinic's pages: what is kept, what each role may do, and that nothing typed is lost."""

from __future__ import annotations

import re

import pytest

from equipoise.clinic import engine as databases
from equipoise.presentation.clinic.pages import said
from equipoise.vocabulary.errors import EquipoiseError
from tests.support.clinic_web import (
    CSV,
    RESULT,
    SmallClinic,
    count,
    entry_of,
    forms,
    pages,
)

# ---------------------------------------------------------------- forms made here, and nothing typed is lost


def test_a_form_of_another_site_is_refused(clinic: SmallClinic) -> None:
    client, address = clinic.client(), f"/person/{clinic.ids['N-17']}/contact"
    before = count(clinic, "contact")
    headers = {"Sec-Fetch-Site": "cross-site"}
    fields = {"form_token": client.token, "how": "phone", "on": "2026-11-20", "reached": "yes"}
    assert client.http.post(address, data=fields, headers=headers).status_code == 403
    assert count(clinic, "contact") == before


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_every_form_needs_its_token(clinic: SmallClinic, token: str) -> None:
    client, person = clinic.client(), f"/person/{clinic.ids['N-17']}"
    before = count(clinic, "result"), count(clinic, "contact"), count(clinic, "person")
    for address in (f"{person}/result", f"{person}/contact", f"{person}/withdraw", "/add", "/import", "/aside"):
        assert client.post(address, token=token, **RESULT).status_code == 403, address
    assert (count(clinic, "result"), count(clinic, "contact"), count(clinic, "person")) == before
    assert client.http.post("/sign-in", data={"form_token": token, "user": "anna"}).status_code == 403


def test_every_form_of_every_page_has_a_token(clinic: SmallClinic) -> None:
    client = clinic.client()
    for address in [*pages(clinic)[:-1], *forms(clinic)]:
        page = client.get(address).text
        posts = re.findall(r'<form method="post".*?</form>', page, re.DOTALL)
        assert posts
        assert [form[:80] for form in posts if f'name="form_token" value="{client.token}"' not in form] == []


def test_typed_text_outlives_the_session(clinic: SmallClinic) -> None:
    client, address = clinic.client(), f"/person/{clinic.ids['N-17']}/result"
    client.get(address)
    clinic.clock.forward(hours=1)
    assert client.post(address, **RESULT, laboratory="City & <Lab>").status_code == 401
    assert client.heading == "Sign in again"
    assert "not saved yet" in client.page.text
    assert "City &amp; &lt;Lab&gt;" in client.page.text
    before = count(clinic, "result")
    kept = re.search(r'name="kept" value="([^"]*)"', client.page.text)
    assert kept is not None
    from html import unescape

    assert client.sign_in("anna", "wrong horse", kept=unescape(kept.group(1))).status_code == 401
    assert "City &amp; &lt;Lab&gt;" in client.page.text  # a slip at the password costs nothing either
    client.sign_in("anna", kept=unescape(kept.group(1)))
    assert client.heading == "What you typed is still here"
    assert count(clinic, "result") == before
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.page.text)
    }
    action = re.search(r'action="(/person[^"]*)"', client.page.text)
    assert action is not None
    client.post(action.group(1), **{name: value for name, value in fields.items() if name != "form_token"})
    assert "The result is in the book" in client.page.text
    assert count(clinic, "result") == before + 1


@pytest.mark.parametrize(
    "kept", ["", "{", '{"to": "//evil.example/", "fields": {"a": "b"}}', '{"to": "/sign-out", "fields": {"a": "b"}}']
)
def test_what_is_kept_leads_nowhere_else(clinic: SmallClinic, kept: str) -> None:
    client = clinic.client(user="")
    client.sign_in("anna", kept=kept)
    assert client.heading.startswith("This morning")
    assert "evil" not in client.page.text


def test_a_faulty_form_comes_back_with_every_fault_and_what_was_typed(clinic: SmallClinic) -> None:
    client = clinic.client()
    before = count(clinic, "result")
    typed = {"test": "platelet-count", "value": "ninety", "unit": "", "taken_on": "2027-01-01", "laboratory": "City"}
    assert client.post(f"/person/{clinic.ids['N-17']}/result", **typed).status_code == 422
    page = client.page.text
    assert "Something needs mending" in page
    assert 'value="ninety"' in page
    assert 'value="City"' in page
    assert 'aria-invalid="true"' in page
    client.post(f"/person/{clinic.ids['N-17']}/result", **{**typed, "unit": "10*9/L"})
    assert "It is no number" in client.page.text
    assert count(clinic, "result") == before


# ---------------------------------------------------------------- what can be done


def test_the_morning_names_who_is_overdue_and_leads_to_them(clinic: SmallClinic) -> None:
    page = clinic.client().page.text
    assert f'<a href="/person/{clinic.ids["N-17"]}">N-17</a>' in page
    assert "Platelets 90 10*9/L (low for the laboratory)" in page
    assert "Who says so: laboratory" in page
    assert re.search(r"overdue for \d+ days", page)
    assert "missed 8 times in a row" in page
    assert "never heard of" in page
    assert f'<a href="/person/{clinic.ids["N-19"]}">N-19</a>' in page  # nothing is watched


def test_the_page_of_a_person_counts_what_was_missed_as_the_morning_does(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    row = r"<strong>([^<]*)</strong>: (overdue for .*?)\. Last done"
    told = re.findall(row, client.page.text)
    said = {(test, words) for tests, words in told for test in tests.split("; ")}
    theirs = set(re.findall(row, client.get(f"/person/{clinic.ids['N-18']}").text))
    assert len(theirs) >= 3
    assert theirs <= said


def test_acknowledging_takes_an_alert_off_the_list(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    alert = re.search(r'name="subject" value="(laboratory-range[^"]*)"', client.page.text)
    assert alert is not None
    address = f"/person/{clinic.ids['N-17']}/acknowledge"
    client.post(address, subject=alert.group(1), back="morning.alerts.1", note="repeat on Monday")
    assert "N-17: The alert is acknowledged." in client.page.text
    assert "No result is waiting for somebody" in client.page.text
    client.get("/")
    assert "The alert is acknowledged" not in client.page.text  # said once


def test_putting_off_needs_a_reason_and_a_day_to_come(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    alert = re.search(r'name="subject" value="(laboratory-range[^"]*)"', client.page.text)
    assert alert is not None
    address, fields = f"/person/{clinic.ids['N-17']}/snooze", {"subject": alert.group(1), "back": "morning.alerts.1"}
    assert client.post(address, **fields, until="2026-12-01", reason="").status_code == 422
    assert client.post(address, **fields, until="2026-11-01", reason="repeat booked").status_code == 422
    assert 'value="repeat booked"' in client.page.text
    assert f'name="subject" value="{alert.group(1)}"' in client.page.text
    assert "--" not in client.page.text.partition("<main")[2].partition("</main>")[0]
    client.post(address, **fields, until="2026-12-01", reason="repeat booked")
    assert "No result is waiting for somebody" in client.page.text


@pytest.mark.parametrize(
    ("kind", "fields", "said", "entry"),
    [
        ("result", RESULT, "The result is in the book", "result"),
        ("result", {**RESULT, "value": "<5,5"}, "The result is in the book", "result"),
        ("course", {"drug": "alemtuzumab", "on": "2027-03-08"}, "The course is in the book", "course"),
        ("stop", {"drug": "alemtuzumab", "on": "2026-10-01"}, "The stop is in the book", "course"),
        ("contact", {"how": "phone", "on": "2026-11-20", "reached": "no"}, "The contact is in the book", "contact"),
    ],
)
def test_recording(clinic: SmallClinic, kind: str, fields: dict[str, str], said: str, entry: str) -> None:
    client, before = clinic.client("ben"), count(clinic, entry)
    client.post(f"/person/{clinic.ids['N-17']}/{kind}", **fields)
    assert said in client.page.text
    assert count(clinic, entry) == before + 1


def test_a_test_without_a_value_can_be_recorded_as_done(clinic: SmallClinic) -> None:
    client, address = clinic.client("ben"), f"/person/{clinic.ids['N-17']}/done"
    task = re.findall(r'<option value="([^"]+)"', client.get(address).text)[0]
    client.post(address, task=task, on="2026-11-20")
    assert "is in the book as done" in client.page.text
    assert count(clinic, "done") == 1


def test_the_same_result_again_is_said_to_stand_there(clinic: SmallClinic) -> None:
    client, address = clinic.client("ben"), f"/person/{clinic.ids['N-17']}/result"
    client.post(address, **RESULT)
    before = count(clinic, "result")
    client.post(address, **RESULT)
    assert "stands in the book already" in client.page.text
    assert count(clinic, "result") == before


def test_an_entry_can_be_taken_back_and_stays_readable(clinic: SmallClinic) -> None:
    client, address = clinic.client("ben"), f"/person/{clinic.ids['N-17']}"
    before = count(clinic, "result")
    entry = re.search(r'name="subject" value="([0-9a-f]{32})"', client.get(address).text)
    assert entry is not None
    client.post(f"{address}/withdraw", subject=entry.group(1))
    assert count(clinic, "result") == before - 1
    assert "Withdrawn: Platelets 90" in client.page.text


def test_adding_a_person_and_finding_them_without_a_label_in_an_address(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    client.get("/add")
    client.post("/add", label="N-30", jurisdiction="EU", drug="alemtuzumab", on="2026-10-05")
    assert "N-30 is in the book" in client.page.text
    client.get("/")
    client.post("/find", label="N-30")
    assert client.heading == "N-30"
    assert "N-30" not in str(client.page.url)
    assert client.post("/find", label="N-99").status_code == 404
    client.get("/add")
    assert client.post("/add", label="N-30", jurisdiction="EU").status_code == 422  # taken
    assert client.post("/add", label="N-31", jurisdiction="EU", drug="alemtuzumab").status_code == 422


def test_what_only_the_command_line_can_do_is_left_out() -> None:
    error = EquipoiseError("the file is read-only.\n  Try: --key-file FILE\n  do:      'equipoise clinic restore'")
    assert said(error) == "The file is read-only."


def test_files_to_hand_on(clinic: SmallClinic) -> None:
    client, address = clinic.client("rita"), f"/person/{clinic.ids['N-17']}"
    assert client.get(f"{address}/calendar.ics").text.startswith("BEGIN:VCALENDAR")
    assert "platelet-count" in client.get(f"{address}/results.csv").text
    fhir = client.get(f"{address}/fhir.json")
    assert fhir.json()["resourceType"] == "Bundle"
    assert "N-17" not in fhir.text
    assert "N-17" not in fhir.headers["content-disposition"]
    fridge = client.get(f"{address}/fridge")
    assert "My tests: alemtuzumab" in fridge.text
    assert "'sha256-" in fridge.headers["content-security-policy"]
    assert "S-1" not in client.get("/export/results.csv").text
    assert client.get(f"/person/{clinic.ids['N-19']}/fridge").status_code == 422


def test_the_audit_page_names_who_what_and_when_but_no_value(clinic: SmallClinic) -> None:
    client = clinic.client("rita")
    page = client.get("/audit/check").text
    assert "The log is whole" in page
    assert ">anna<" in page
    assert "platelet" not in page.lower()
    assert "N-17" not in page


def test_a_touched_book_is_told(clinic: SmallClinic) -> None:
    client = clinic.client("rita")
    with databases.writing(clinic.book.engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS results_no_update")
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("UPDATE results SET value = 150 WHERE value = 90")
    assert "The book is not what was written" in client.get("/audit/check").text


# ---------------------------------------------------------------- roles and clinics


def test_who_may_only_read_sees_no_form_that_writes(clinic: SmallClinic) -> None:
    client = clinic.client("rita")
    for address in pages(clinic)[:-1]:
        page = client.get(address).text
        assert set(re.findall(r'<form method="post" action="([^"]+)"', page)) <= {"/sign-out", "/find"}, address
    for address in forms(clinic):
        assert client.get(address).status_code == 403
        assert client.heading == "Your role does not allow this"


def test_who_may_only_read_cannot_write_by_hand(clinic: SmallClinic) -> None:
    client, person = clinic.client("rita"), f"/person/{clinic.ids['N-17']}"
    kinds = ["result", "contact", "course", "stop", "snooze", "acknowledge", "withdraw", "details"]
    kinds.append(f"correct/{entry_of(clinic, 'result')}")
    before = [count(clinic, kind) for kind in ("result", "contact", "course", "snooze", "acknowledgement", "person")]
    for address in [*(f"{person}/{kind}" for kind in kinds), "/add", "/aside", "/import/confirm"]:
        assert client.post(address, **RESULT).status_code == 403, address
        client.get("/")
    assert client.upload(CSV).status_code == 403
    assert before == [count(clinic, k) for k in ("result", "contact", "course", "snooze", "acknowledgement", "person")]
