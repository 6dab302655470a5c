"""How each option does on each criterion: what is a number, what stays open, and what no treatment has."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from equipoise.consultation import consult
from equipoise.person import Person

TODAY = datetime.date(2026, 11, 22)


def levels_of(first: str, second: str) -> Mapping[tuple[str, str], Any]:
    """Each level by option and criterion."""
    view = consult(first, second, person=Person(), on=TODAY).personal
    assert view is not None
    return {(one.option.option or one.option.id, one.criterion_id): one for one in view.levels}


def test_what_is_known_of_no_treatment_does_not_hang_on_what_is_known_of_every_option() -> None:
    levels = levels_of("cladribine", "dimethyl-fumarate")
    assert ("dimethyl-fumarate", "relapses") not in levels
    assert levels["placebo", "relapses"].value > levels["cladribine", "relapses"].value


def test_a_tablet_is_no_injection_and_no_day_in_hospital() -> None:
    levels = levels_of("cladribine", "dimethyl-fumarate")
    for option in ("cladribine", "dimethyl-fumarate"):
        for criterion in ("injections", "hospital-days"):
            assert levels[option, criterion].value == 0
            assert "-dos-" in levels[option, criterion].source_id


def test_cells_that_are_still_low_are_no_time_at_which_an_effect_has_gone() -> None:
    view = consult("alemtuzumab", "interferon-beta-1a", jurisdiction="US", person=Person(), on=TODAY).personal
    assert view is not None
    assert "reversibility" not in {one.criterion_id for one in view.levels}


def test_where_a_first_dose_is_watched_no_number_of_days_is_claimed() -> None:
    assert ("ponesimod", "hospital-days") not in levels_of("ponesimod", "teriflunomide")
