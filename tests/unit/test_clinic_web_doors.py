"""The clinic's pages: who gets in, how a session ends, that no clinic sees another, and what every answer carries."""

from __future__ import annotations

import re

import pytest

from equipoise.clinic import Role
from tests.support.clinic_web import (
    PASSWORD,
    RESULT,
    SmallClinic,
    count,
    forms,
    pages,
)


def test_nothing_is_shown_before_signing_in(clinic: SmallClinic) -> None:
    client = clinic.client(user="")
    for address in [*pages(clinic), *forms(clinic), "/export/results.csv", f"/person/{clinic.ids['N-17']}/fhir.json"]:
        page = client.get(address).text
        assert client.heading == "Sign in", address
        assert "N-17" not in page
        assert "North" not in page


@pytest.mark.parametrize(
    ("user", "password"), [("anna", "wrong horse"), ("nobody", PASSWORD), ("nobody", "zebra zebra")]
)
def test_a_wrong_user_and_a_wrong_password_are_told_alike(clinic: SmallClinic, user: str, password: str) -> None:
    client = clinic.client(user="")
    assert client.sign_in(user, password).status_code == 401
    assert "do not fit together" in client.page.text
    assert password not in client.page.text
    assert client.get("/").text.count("Sign in")


def test_a_user_without_a_password_does_not_get_in_by_the_page(clinic: SmallClinic) -> None:
    clinic.desk().add_user("open", Role.NURSE, "")
    client = clinic.client(user="")
    assert client.sign_in("open", "").status_code == 422
    assert "A password is needed" in client.page.text


def test_failures_slow_the_next_try_down_and_time_heals(clinic: SmallClinic) -> None:
    client = clinic.client(user="")
    for _ in range(5):
        assert client.sign_in("anna", "wrong horse").status_code == 401
    assert client.sign_in("anna").status_code == 429
    assert "Too many attempts" in client.page.text
    assert client.sign_in("ben").status_code == 200  # nobody else is held up
    other = clinic.client(user="")
    clinic.clock.forward(minutes=20)
    assert other.sign_in("anna").status_code == 200
    clinic.clock.forward(minutes=-20)


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_changes_at_signing_in(clinic: SmallClinic) -> None:
    client = clinic.client(user="")
    before = dict(client.http.cookies)
    client.http.follow_redirects = False
    said = client.sign_in("anna").headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert "max-age" not in said  # gone with the browser
    assert dict(client.http.cookies) != before


def test_signing_out_ends_the_session_on_the_server(clinic: SmallClinic) -> None:
    client = clinic.client()
    cookies = dict(client.http.cookies)
    client.post("/sign-out")
    assert client.heading == "Sign in"
    client.http.cookies.update(cookies)
    client.get("/")
    assert client.heading == "Sign in"


@pytest.mark.parametrize("minutes", [31, 12 * 60 + 1])
def test_a_session_ends(clinic: SmallClinic, minutes: int) -> None:
    client = clinic.client()
    for _ in range(minutes // 29 + 1):
        clinic.clock.forward(minutes=29)
        client.get("/")
    if minutes < 60:
        assert client.heading.startswith("This morning")
        clinic.clock.forward(minutes=minutes)
        client.get("/")
    assert client.heading == "Sign in"


def test_a_new_role_or_password_ends_the_sessions_of_before(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    clinic.desk().add_user("ben", Role.READ_ONLY, PASSWORD)
    client.get("/")
    assert client.heading == "Sign in"


def test_no_clinic_sees_another_through_the_page(clinic: SmallClinic) -> None:
    client, theirs = clinic.client(), clinic.ids["S-1"]
    assert "S-1" not in client.page.text
    before = count(clinic, "result", "South")
    for address in ("", "/fridge", "/fhir.json", "/results.csv", "/calendar.ics", "/result", "/done"):
        page = client.get(f"/person/{theirs}{address}")
        assert page.status_code == 404
        assert "S-1" not in page.text
    client.get("/")
    assert client.post(f"/person/{theirs}/result", **RESULT).status_code in (404, 422)
    assert count(clinic, "result", "South") == before
    assert "South" not in client.get("/audit").text
    assert "S-1" in clinic.client(clinic="South").page.text


@pytest.mark.parametrize("address", ["/", "/audit", "/nope", "/export/results.csv"])
@pytest.mark.parametrize("user", ["anna", ""])
def test_headers_of_every_answer(clinic: SmallClinic, user: str, address: str) -> None:
    headers = clinic.client(user).get(address).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_another_name_for_this_machine_is_refused(clinic: SmallClinic) -> None:
    assert clinic.client(user="").http.get("/", headers={"Host": "rebound.example"}).status_code == 400


def test_no_address_on_any_page_says_anything_about_a_person(clinic: SmallClinic) -> None:
    client = clinic.client()
    for address in [*pages(clinic)[:-1], *forms(clinic)]:
        for link in re.findall(r'(?:href|action)="([^"]*)"', client.get(address).text):
            assert not re.search(r"N-1|platelet|alemtuzumab|\d{4}-\d\d-\d\d", link), link
