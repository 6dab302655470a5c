"""The table of calibration in the documentation is what the code says today, and it is calibrated."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.evidence import load_evidence
from equipoise.outcomes.calibration import Calibrated, as_page, calibration


@pytest.fixture(scope="module")
def table() -> tuple[Calibrated, ...]:
    return calibration(load_evidence())


def test_the_page_is_up_to_date(table: tuple[Calibrated, ...], root: Path) -> None:
    page = (root / "docs" / "explanation" / "outcomes-calibration.md").read_text(encoding="utf-8")
    assert as_page(table) == page


def test_every_arm_is_given_back_its_own_share(table: tuple[Calibrated, ...]) -> None:
    assert len(table) >= 19
    assert [row.arm_id for row in table if not row.is_within] == []


def test_most_arms_are_foreseen_from_the_other_trials(table: tuple[Calibrated, ...]) -> None:
    foreseen = [row.is_foreseen for row in table if row.is_foreseen is not None]
    assert len(foreseen) >= 16
    assert sum(foreseen) >= 0.9 * len(foreseen)
