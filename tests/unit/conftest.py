"""A small clinic of its own for every test of the clinic's pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from equipoise.clinic import open_book, users
from equipoise.evidence import Evidence, load_evidence
from equipoise.interfaces.clinic_web import preparing, signing_in
from tests.support.clinic_web import (
    Clock,
    SmallClinic,
    small_clinic,
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, evidence: Evidence) -> Iterator[SmallClinic]:
    with pytest.MonkeyPatch.context() as patch:
        # one round of hashing: the page is under test here, not the strength of the hash
        patch.setattr(users, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        clinic = small_clinic(tmp_path_factory.mktemp("clinic"), evidence)
        clinic.book.close()
        yield clinic


@pytest.fixture
def clinic(tmp_path: Path, made: SmallClinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallClinic]:
    monkeypatch.setattr(signing_in, "SLOWEST_ANSWER", 0.0)
    monkeypatch.setattr(preparing, "PATIENCE", 60.0)  # on a busy machine too
    shutil.copy(made.book.place, tmp_path / "clinic.db")
    book = open_book(tmp_path / "clinic.db")
    yield SmallClinic(book, made.evidence, Clock(), dict(made.ids))
    book.close()
