"""What a consultation says about one person, gathered so that a test can have it said in every language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from equipoise.consultation.personal import Fit, PersonalView
from equipoise.person import notices
from equipoise.wording import Phrase


def statements(view: PersonalView) -> Iterator[tuple[str, str]]:
    """Every sentence about a person with where it stands."""
    yield from (("declined", one.reason) for one in view.declined)
    for baseline in view.baselines:
        yield "setting", baseline.setting
        yield from (("fact", fact) for fact in (*baseline.known, *baseline.unknown))
    yield from (("unknown", one) for one in view.unknown)
    yield from (("population", one.population) for one in view.estimates)
    yield from (("certainty", reason) for one in view.estimates for reason in one.certainty.reasons)
    yield from (("notice", notice) for notice in notices(view.person))
    yield from (("level", one.sentence) for one in view.levels)
    if view.fit is not None:
        yield from _of_fit(view.fit)


def _of_fit(fit: Fit) -> Iterator[tuple[str, str]]:
    yield from (("option", one.word) for one in fit.options)
    yield from (("unranked", one.reason) for one in fit.unranked)
    yield from (("level", one.sentence) for one in fit.levels)
    yield from (("left out", reason) for _, reason in fit.left_out_criteria)
    yield from (("reason", one.sentence) for one in fit.reasons)
    yield from (("change", one.sentence) for one in fit.what_would_change)
    yield from (("stays", one) for one in fit.what_stays)
    yield from (("tie", one.sentence) for one in fit.ties)
    yield from (("remark", one) for one in fit.remarks)
    yield from (("clipped", one) for one in fit.clipped)


def phrases(held: Any) -> Iterator[Phrase]:
    """Every phrase within something, and within another phrase."""
    if isinstance(held, Phrase):
        yield held
        yield from phrases(held.arguments)
    elif dataclasses.is_dataclass(held):
        for field in dataclasses.fields(held):
            yield from phrases(getattr(held, field.name))
    elif isinstance(held, Mapping):
        yield from phrases(tuple(held.values()))
    elif isinstance(held, tuple | list | frozenset):
        for one in held:
            yield from phrases(one)
