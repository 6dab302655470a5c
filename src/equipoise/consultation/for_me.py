"""Build the part of a consultation that is about one person."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence

from equipoise.consultation.document import Option
from equipoise.consultation.fact_changes import fact_change
from equipoise.consultation.personal import BaselineSummary, Declining, Fit, PersonalView
from equipoise.consultation.personal_fit import Weighed, first_option, fit
from equipoise.consultation.personal_numbers import (
    PREFIX,
    Numbering,
    baseline_estimates,
    outcome_differences,
    personal_outcomes,
)
from equipoise.consultation.relative_effects import relative_effects
from equipoise.decision import Values
from equipoise.evidence import Evidence
from equipoise.outcomes.baseline import Baseline
from equipoise.outcomes.expectations import DRAWS, Expectations, expect
from equipoise.person import Person
from equipoise.person.describing import fingerprint, unknown_fields
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction

SEED = 20201
"""Chosen once; recorded with every answer."""
FEWEST_DRAWS, MOST_DRAWS = 100, 1_000_000
YEARS = (1, 2, 5)


def personal_view(
    options: Sequence[Option],
    person: Person,
    *,
    evidence: Evidence,
    jurisdiction: Jurisdiction,
    on: datetime.date,
    values: Values | None = None,
    years: int = 2,
    seed: int = SEED,
    draws: int = DRAWS,
) -> PersonalView:
    """Return what may happen to a person under each option and, with values, how the options fit.

    Parameters
    ----------
    options
        The options, with what their labels plan.
    person
        What is known.
    evidence
        The release.
    jurisdiction, on
        Whose labels decide who may have an option, and on what day.
    values
        What matters to the person; without it nothing is weighed.
    years
        The horizon shown first: 1, 2 or 5.
    seed, draws
        Of the random numbers: the same input gives the same answer.

    Raises
    ------
    RequestError
        If the years or the number of draws are not possible.
    """
    if years not in YEARS:
        raise RequestError(f"{years} years cannot be shown.\n  allowed: 1, 2 or 5\n  do:      --years 2")
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise RequestError(f"{draws:,} draws are not possible.\n  allowed: {FEWEST_DRAWS:,} to {MOST_DRAWS:,}")
    names = [option.treatment.id for option in options]
    numbering = Numbering(evidence, _stem(person, names, seed, draws))
    weighed = Weighed(evidence, numbering, tuple(options), person, jurisdiction, on)

    def expected(someone: Person) -> Expectations:
        effects = relative_effects(evidence, names, seed=seed, draws=draws)
        return expect(someone, names, evidence, effects, seed=seed, draws=draws, years=years)

    found = expected(person)
    return PersonalView(
        person=person,
        unknown=unknown_fields(person),
        options=tuple(evidence.treatments[name] for name in found.options),
        years=years,
        seed=seed,
        draws=draws,
        baselines=tuple(_summary(numbering, one) for one in found.baselines),
        outcomes=personal_outcomes(numbering, found.outcomes),
        differences=outcome_differences(numbering, found.outcomes, found.options),
        declined=_declined(found),
        fit=_fit(weighed, found, values, seed, expected) if values is not None else None,
    )


def _fit(
    weighed: Weighed, found: Expectations, values: Values, seed: int, expected: Callable[[Person], Expectations]
) -> Fit:
    fitted = fit(weighed, found.outcomes, values, seed)

    def first(someone: Person) -> str:
        again = dataclasses.replace(weighed, person=someone)
        return first_option(again, expected(someone).outcomes, values, seed)

    change = fact_change(weighed.person, first, weighed.evidence) if len(fitted.options) > 1 else None
    if change is None:
        return fitted
    return dataclasses.replace(fitted, what_would_change=(*fitted.what_would_change, change))


def _stem(person: Person, names: Sequence[str], seed: int, draws: int) -> str:
    """Beginning of every id: enough to make the same numbers again, and nothing that says who it is about."""
    return f"{PREFIX}{fingerprint(person)}.{'+'.join(sorted(names))}.{seed}-{draws}"


def _summary(numbering: Numbering, one: Baseline) -> BaselineSummary:
    rate, share = baseline_estimates(numbering, one)
    return BaselineSummary(
        method=one.method,
        is_used=one.is_used,
        relapse_rate=rate,
        any_relapse=share,
        anchor=numbering.treatment(one.setting.anchor),
        setting=one.setting.text,
        known=one.known,
        unknown=one.unknown,
    )


def _declined(found: Expectations) -> tuple[Declining, ...]:
    return tuple(Declining(one.what, one.reason, one.option, one.provenance) for one in found.declined)
