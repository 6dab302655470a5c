"""The smallest change of a fact about a person after which another option would fit better, run again to be sure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from equipoise.consultation.personal import Change
from equipoise.evidence import Evidence, treatment_name
from equipoise.person import Person
from equipoise.wording import Phrase, number, phrase

MOST_RELAPSES = 4
"""More relapses in two years than this are rare in the trials, and the model knows only "two or more"."""


Order = Callable[[Person, int], tuple[str, ...]]
"""Ids of the options for a person and a number of draws, the one that fits in most plausible worlds first."""

QUICK = 1000
"""Draws that are enough to look for a change; what is found is verified with all of them."""


def fact_change(person: Person, order: Order, draws: int, evidence: Evidence) -> Change | None:
    """Look for another number of relapses in the last two years with which another option comes first.

    Parameters
    ----------
    person
        What is known. Only a fact that is known can change; an unknown one is drawn already.
    order
        Runs the whole way from the person to the ranking again.
    draws
        Of the answer that the change is about.
    evidence
        For the name of the option.

    Returns
    -------
    Change | None
        The nearest number with another option first; ``None`` where no number of relapses changes it.

    Notes
    -----
    Relapses are the one fact that moves the numbers and that could be another next year. Age, sex and the years
    since onset move them too, but nobody can wish them otherwise.
    """
    now = person.relapses_24_months
    if now is None:
        return None
    quick = min(QUICK, draws)
    before = order(person, quick)[:1]
    for other in sorted((n for n in range(MOST_RELAPSES + 1) if n != now), key=lambda n: (abs(n - now), n)):
        changed = with_relapses(person, other)
        if order(changed, quick)[:1] in ((), before):
            continue
        after = order(changed, draws)
        if after and after[:1] != order(person, draws)[:1]:
            return Change(
                "fact",
                "relapses_24_months",
                phrase(
                    "fit.change.relapses",
                    after=phrase(f"fit.relapses.{other}"),
                    before=_count(now),
                    first=treatment_name(evidence.treatments[after[0]]),
                ),
                float(now),
                float(other),
                after,
            )
    return None


def with_relapses(person: Person, relapses: int) -> Person:
    """Return the same person with another number of relapses in two years, the other answers kept possible."""
    first_year = person.relapses_12_months
    months = person.months_since_relapse
    if first_year is not None:
        first_year = min(first_year, relapses)
    if months is not None and (months <= 24) != (relapses > 0):
        months = None
    if first_year == 0 and months is not None and months < 12:
        months = None
    return dataclasses.replace(
        person, relapses_24_months=relapses, relapses_12_months=first_year, months_since_relapse=months
    )


def _count(relapses: int) -> Phrase:
    return phrase(f"fit.instead-of.{relapses}") if relapses <= MOST_RELAPSES else number(relapses)
