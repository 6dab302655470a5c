"""A clinic of a few people for tests of its web face, and a client that signs in."""

from __future__ import annotations

import datetime
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI

from equipoise.clinic import Book, Desk, Role, create_book
from equipoise.clinic.adding import add_with_courses
from equipoise.clinic.entries import current
from equipoise.clinic.people import add_person
from equipoise.clinic.recording import Recorder
from equipoise.evidence import Evidence
from equipoise.interfaces.clinic_web import create_app
from equipoise.safety.results import Result
from equipoise.vocabulary.terms import Jurisdiction

with warnings.catch_warnings():
    # starlette would rather have another client than the one that is locked here
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "correct horse"
TODAY = datetime.date(2026, 11, 23)
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime.datetime = field(default_factory=lambda: datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC))

    def __call__(self) -> datetime.datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += datetime.timedelta(**time)


@dataclass
class SmallClinic:
    """Two clinics in one book: North with three people, South with one."""

    book: Book
    evidence: Evidence
    clock: Clock
    ids: dict[str, str] = field(default_factory=dict)

    def desk(self, clinic: str = "North", user: str = "anna") -> Desk:
        return self.book.sign_in(user, PASSWORD, clinic=clinic, clock=self.clock)

    def recorder(self, clinic: str = "North") -> Recorder:
        return Recorder(self.desk(clinic), TODAY, self.evidence)

    def client(self, user: str = "anna", clinic: str = "North") -> Client:
        made = Client(self)
        if user:
            made.sign_in(user, clinic=clinic)
        return made


def small_clinic(folder: Path, evidence: Evidence) -> SmallClinic:
    """N-17 has an abnormal platelet count and missed tests, N-18 has been silent, N-19 has no course."""
    clock = Clock()
    book = create_book(folder / "clinic.db")
    for clinic in ("North", "South"):
        book.add_clinic(clinic, "anna", Role.NEUROLOGIST, PASSWORD, clock())
    made = SmallClinic(book, evidence, clock)
    made.desk().add_user("ben", Role.NURSE, PASSWORD)
    made.desk().add_user("rita", Role.READ_ONLY, PASSWORD)
    first, second = datetime.date(2025, 3, 3), datetime.date(2026, 3, 9)
    for clinic, label, days in (
        ("North", "N-17", [first, second]),
        ("North", "N-18", [second]),
        ("South", "S-1", [first]),
    ):
        person = add_with_courses(
            made.desk(clinic),
            label,
            jurisdiction=Jurisdiction.EU,
            name="",
            conditions={},
            drug="alemtuzumab",
            days=days,
            evidence=evidence,
            today=TODAY,
        )
        made.ids[label] = person.id
    made.ids["N-19"] = add_person(made.desk(), "N-19", jurisdiction=Jurisdiction.US).id
    for month, value in ((7, 210), (8, 190), (9, 90)):
        day = datetime.date(2026, month, 12)
        made.recorder().result("N-17", Result("platelet-count", value, "10*9/L", day, 150, 400))
    return made


class Client:
    """A browser without JavaScript: keeps cookies, fills forms in."""

    def __init__(self, of: SmallClinic, app: FastAPI | None = None) -> None:
        self.app = app or create_app(of.book, of.evidence, of.clock)
        self.http = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=True)
        self.page: httpx.Response = self.http.get("/")

    @property
    def sent_files(self) -> list[Path]:
        """What was sent and is held until somebody says that it shall be imported."""
        return sorted(self.app.state.face.folder.iterdir())

    @property
    def token(self) -> str:
        found = _TOKEN.search(self.page.text)
        assert found is not None, self.page.text
        return found.group(1)

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.page.text, re.DOTALL)
        assert found is not None
        return re.sub("<[^>]*>", "", found.group(1)).strip()

    def get(self, address: str) -> httpx.Response:
        self.page = self.http.get(address)
        return self.page

    def post(self, address: str, token: str | None = None, **fields: str) -> httpx.Response:
        self.page = self.http.post(address, data={"form_token": self.token if token is None else token, **fields})
        return self.page

    def sign_in(self, user: str, password: str = PASSWORD, clinic: str = "North", **more: str) -> httpx.Response:
        return self.post("/sign-in", clinic=clinic, user=user, password=password, **more)

    def upload(self, text: str, name: str = "results.csv") -> httpx.Response:
        self.page = self.http.post("/import", data={"form_token": self.token}, files={"file": (name, text.encode())})
        return self.page


def count(clinic: SmallClinic, kind: str, name: str = "North") -> int:
    desk = clinic.desk(name)
    with desk.reading() as connection:
        return len(connection.execute(current(kind, desk.clinic_id)).all())


def pages(clinic: SmallClinic) -> list[str]:
    person = f"/person/{clinic.ids['N-17']}"
    return ["/", person, "/aside", "/export", "/audit", "/audit/check", f"{person}/fridge"]


def forms(clinic: SmallClinic) -> list[str]:
    person = f"/person/{clinic.ids['N-17']}"
    kinds = ("result", "course", "stop", "contact", "done", "details", f"correct/{entry_of(clinic, 'result')}")
    return [f"{person}/{kind}" for kind in kinds] + ["/add", "/import"]


def entry_of(clinic: SmallClinic, kind: str, name: str = "North") -> str:
    """Id of the newest entry of a kind that stands."""
    desk = clinic.desk(name)
    with desk.reading() as connection:
        return str(connection.execute(current(kind, desk.clinic_id)).all()[-1].id)


RESULT = {"test": "platelet-count", "value": "120", "unit": "10*9/L", "taken_on": "2026-11-20"}
CSV = "person,test,value,unit,taken_on\nN-17,platelet-count,140,10*9/L,2026-11-19\nX-9,tsh,2.1,m[IU]/L,2026-11-19\n"
