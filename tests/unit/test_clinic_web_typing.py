"""What a nurse types and calls somebody in for: found as meant, refused in a sentence, and one row a person."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.support.clinic_web import RESULT, Client, SmallClinic, count


def test_a_person_is_found_in_small_letters_and_others_are_a_link_away(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    assert client.post("/find", label=" n-17 ").status_code == 200
    assert client.heading == "N-17"
    client.get("/")
    assert client.post("/find", label="N-1").status_code == 404
    for label in ("N-17", "N-18", "N-19"):
        assert f'<a href="/person/{clinic.ids[label]}">{label}</a>' in client.page.text
    assert 'value="N-1"' in client.page.text
    assert clinic.ids["S-1"] not in client.page.text


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("220,000", "/uL", "Write 220000 if the comma parts thousands, 220.000 if it is a point"),
        ("1,234.5", "10*3/uL", "Write it with a point only: 1234.5"),
        ("220", "mmol/L", "does not fit Platelets; allowed: a unit of the same sort as 10*9/L"),
        ("", "G/L", "This is needed. Fill it in."),
    ],
)
def test_what_a_number_cannot_be_is_said_and_nothing_is_guessed(
    clinic: SmallClinic, value: str, unit: str, said: str
) -> None:
    client, before = clinic.client("ben"), count(clinic, "result")
    client.get(f"/person/{clinic.ids['N-17']}/result")
    page = client.post(f"/person/{clinic.ids['N-17']}/result", **{**RESULT, "value": value, "unit": unit})
    assert page.status_code == 422
    assert said in page.text
    assert count(clinic, "result") == before


@pytest.mark.parametrize(("value", "written"), [("1,1", "1.1"), ("0,125", "0.125"), ("<0,5", "&lt;0.5")])
def test_a_comma_that_can_only_be_a_point_is_one(clinic: SmallClinic, value: str, written: str) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-17']}"
    client.get(f"{person}/result")
    client.post(f"{person}/result", test="tsh", value=value, unit="mU/l", taken_on="2026-11-20")
    assert f"{written} mU/l" in client.page.text


def test_somebody_is_one_row_of_the_list_and_all_of_it_is_put_off_at_once(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    overdue = client.page.text.split('id="overdue"')[1].split("</section>")[0]
    assert overdue.count(f'<h3><a href="/person/{clinic.ids["N-18"]}">') == 1
    subjects = re.findall(r'<option value="([^"]+)">(All \d+|[^<]*, due [^<]*)</option>', overdue.split(">N-18</a>")[1])
    (everything, words), *each = subjects[: 1 + int(subjects[0][1].removeprefix("All "))]
    assert everything.split() == [subject for subject, _ in each]
    assert words == f"All {len(each)}"
    person = f"/person/{clinic.ids['N-18']}"
    for subject, refused in ((f"{each[0][0]} nothing-known", True), (everything, False)):
        client.post(
            f"{person}/snooze", subject=subject, until="2026-11-30", reason="on holiday", back="morning.overdue.1"
        )
        assert (client.page.status_code == 422) is refused
        assert count(clinic, "snooze") == (0 if refused else len(each))
        client.get("/")
    assert ">N-18</a>" not in client.page.text.split('id="overdue"')[1].split("</section>")[0]
    assert f"<strong>{len(each)}</strong> put off" in client.page.text
    assert clinic.desk().verify_audit().is_whole


# ---------------------------------------------------------------- interrupted


def test_a_nurse_is_back_where_she_was_and_is_told_there(clinic: SmallClinic) -> None:
    client, address = clinic.client("ben"), f"/person/{clinic.ids['N-18']}/contact"
    fields = {"how": "phone", "on": "2026-11-23", "reached": "no"}
    client.post(address, **fields, back="morning.silent.1")
    assert client.page.url.query == b"silent=1&at=silent"
    assert client.page.url.fragment == "silent"
    assert client.page.text.count("The contact is in the book") == 1
    assert "The contact is in the book" in client.page.text.split('id="silent"')[1].split("</section>")[0]
    client.get("/?at=nowhere")
    client.post(address, **fields, note="again", back="https://evil.example")
    assert client.heading == "N-18"


def signed_in_again(client: Client) -> None:
    kept = re.search(r'name="kept" value="([^"]*)"', client.page.text)
    assert kept is not None
    client.sign_in("ben", kept=unescape(kept.group(1)))


def test_a_page_that_was_read_is_read_on_after_signing_in(clinic: SmallClinic) -> None:
    client, person = clinic.client("ben"), f"/person/{clinic.ids['N-18']}"
    clinic.clock.forward(hours=1)
    client.get(person)
    assert client.heading == "Sign in"
    signed_in_again(client)
    assert client.heading == "N-18"


def test_a_file_that_was_sent_too_late_is_named_and_asked_for_again(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    client.get("/import")
    clinic.clock.forward(hours=1)
    client.upload("person,test\n", "monday.csv")
    assert "monday.csv was <strong>not looked at</strong>" in client.page.text
    signed_in_again(client)
    assert client.heading == "Import results"
    assert "monday.csv was not kept while you signed in. Choose it again." in client.page.text


def test_what_was_pressed_too_late_is_named_and_done_when_it_is_sent_again(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    alert = re.search(r'name="subject" value="(laboratory-range[^"]*)"', client.page.text)
    assert alert is not None
    address = f"/person/{clinic.ids['N-17']}/acknowledge"
    clinic.clock.forward(hours=1)
    client.post(address, subject=alert.group(1), note="", back="morning.alerts.1")
    assert client.heading == "Sign in again"
    assert "Acknowledge an alert" in client.page.text
    signed_in_again(client)
    assert client.heading == "What you typed is still here"
    assert "Acknowledge an alert" in client.page.text
    assert count(clinic, "acknowledgement") == 0
    client.post(address, subject=alert.group(1), note="", back="morning.alerts.1")
    assert count(clinic, "acknowledgement") == 1
