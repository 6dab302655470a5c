"""How it looks for one person, in the end: the unmerged table, the fit with its reasons, and what would change it."""

from __future__ import annotations

from tests.support.path_pages import state


def test_what_each_option_does_is_there_before_anything_is_weighed() -> None:
    known = state("contraindicated", "fears-disability")
    bare, weighed = known.before_weighing.personal, known.consultation.personal
    assert bare is not None
    assert weighed is not None
    assert weighed.fit is not None
    options = {one.option.option for one in bare.levels}
    assert options == {"alemtuzumab", "interferon-beta-1a"}, "an option that does not rank has its levels too"
    assert bare.levels == weighed.levels
    assert set(weighed.fit.levels) < set(weighed.levels)
