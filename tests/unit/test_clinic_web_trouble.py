"""The clinic's pages when a book is locked, newer or empty, when something breaks, and when work takes long."""

from __future__ import annotations

import logging
import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from equipoise.clinic import Role
from equipoise.clinic import engine as databases
from equipoise.clinic.morning import refresh
from equipoise.clinic.standing import forget
from equipoise.evidence import Evidence
from equipoise.interfaces.clinic_web import preparing
from equipoise.safety.results import Result
from tests.support.clinic_web import (
    PASSWORD,
    RESULT,
    TODAY,
    Client,
    SmallClinic,
    count,
)


def test_a_locked_book_costs_nothing_that_was_typed(clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    client, before = clinic.client("ben"), count(clinic, "result")
    from equipoise.clinic.errors import BookLockedError
    from equipoise.clinic.recording import Recorder

    def locked(*_: object, **__: object) -> None:
        raise BookLockedError("the book is locked.\n  do:      wait until it has finished, then do the same again")

    with monkeypatch.context() as patched:
        patched.setattr(Recorder, "result", locked)
        assert client.post(f"/person/{clinic.ids['N-17']}/result", **RESULT, laboratory="City").status_code == 503
    assert client.heading == "The book is busy"
    assert "<dd>City</dd>" in client.page.text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.page.text))
    client.post(f"/person/{clinic.ids['N-17']}/result", **{k: v for k, v in fields.items() if k != "form_token"})
    assert count(clinic, "result") == before + 1


def test_a_newer_book_is_left_alone(clinic: SmallClinic) -> None:
    client = clinic.client(user="")
    with databases.writing(clinic.book.engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert client.sign_in("anna").status_code == 503
    assert client.heading == "A newer Equipoise has written this book"


def test_what_goes_wrong_inside_reaches_neither_page_nor_log(
    clinic: SmallClinic,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    client = clinic.client()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("platelets 90 of N-17")

    monkeypatch.setattr("equipoise.interfaces.clinic_web.people.position", broken)
    with caplog.at_level(logging.DEBUG):
        page = client.get(f"/person/{clinic.ids['N-17']}")
    assert page.status_code == 500
    assert client.heading == "This page could not be made"
    printed = capfd.readouterr()
    for text in (page.text, caplog.text, printed.out, printed.err):
        assert "platelets 90" not in text
    assert "RuntimeError" in caplog.text, "what a maintainer needs is there"
    assert "in broken, " in caplog.text


def test_an_empty_book_says_what_to_do(tmp_path: Path, evidence: Evidence, clinic: SmallClinic) -> None:
    from equipoise.clinic import create_book

    book = create_book(tmp_path / "empty.db")
    book.add_clinic("West", "anna", Role.NEUROLOGIST, PASSWORD, clinic.clock())
    client = Client(SmallClinic(book, evidence, clinic.clock))
    client.sign_in("anna", clinic="")
    assert "Nobody is in this book yet" in client.page.text
    assert "No row is kept aside" in client.get("/aside").text


def test_what_another_program_writes_is_on_the_next_list(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    assert "Platelets 42 10*9/L" not in client.page.text
    day = TODAY.replace(day=20)
    clinic.recorder().result("N-18", Result("platelet-count", 42, "10*9/L", day, 150, 400))
    assert "Platelets 42 10*9/L" in client.get("/").text


def test_a_new_day_makes_a_new_list(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    clinic.clock.forward(hours=29)
    client.get("/")
    client.sign_in("ben")
    assert client.heading == "This morning, 2026-11-24"


def test_long_work_says_how_far_it_is(clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(desk, evidence, today, progress):  # type: ignore[no-untyped-def]
        progress(200, 5000)
        assert go_on.wait(20)
        return refresh(desk, evidence, today, progress)

    monkeypatch.setattr(preparing, "refresh", slow)
    monkeypatch.setattr(preparing, "PATIENCE", 0.05)
    client = clinic.client()
    assert client.heading == "The list is being worked out"
    assert "200 of 5000 people" in client.page.text
    go_on.set()
    monkeypatch.setattr(preparing, "PATIENCE", 20.0)
    desk = clinic.desk()
    with databases.writing(clinic.book.engine) as connection:
        forget(connection, desk.clinic_id, [])
    client.get("/")
    assert client.heading.startswith("This morning")
