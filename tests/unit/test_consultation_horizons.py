"""A result at another time than the trial's end says on which side of it it lies."""

from __future__ import annotations

from equipoise.consultation import consult
from equipoise.presentation.html import render_comparison
from tests.support.pages import parse


def test_an_earlier_look_is_not_called_follow_up() -> None:
    sitting = consult("alemtuzumab", "interferon-beta-1a")
    brain = sitting.section("brain-volume-change")
    relapses = sitting.section("annualised-relapse-rate")
    assert brain is not None
    assert relapses is not None
    assert [(r.timepoint_months, r.is_after_trial) for r in brain.later] == [(12.0, False)]
    assert [(r.timepoint_months, r.is_after_trial) for r in relapses.later] == [(60.0, True)]
    text = parse(render_comparison(sitting)).text
    assert "one year, before the end of the trial" in text
    assert "five years, follow-up after the trial" in text
