"""Build the part of a consultation that is about one person."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping, Sequence

from equipoise.consultation.criteria_levels import HORIZON, criteria_levels, no_treatment_levels
from equipoise.consultation.document import Option
from equipoise.consultation.fact_changes import QUICK, Asked, fact_changes, limits_of
from equipoise.consultation.level_rows import level_rows
from equipoise.consultation.personal import (
    DRAWS,
    PREFIX,
    SEED,
    BaselineSummary,
    CriterionLevel,
    Declining,
    Fit,
    PersonalView,
)
from equipoise.consultation.personal_fit import Weighed, contraindicated, weighed_up
from equipoise.consultation.personal_numbers import (
    Numbering,
    baseline_estimates,
    outcome_differences,
    personal_outcomes,
    summary,
)
from equipoise.consultation.relative_effects import relative_effects
from equipoise.decision import Values
from equipoise.evidence import Evidence
from equipoise.outcomes.baseline import Baseline
from equipoise.outcomes.draws import Array
from equipoise.outcomes.expectations import Expectations, expect, expected_relapses, ground_of
from equipoise.outcomes.relapse_arms import RATE
from equipoise.outcomes.setting import PLACEBO
from equipoise.outcomes.streams import Streams
from equipoise.person import Person, fingerprint, unknown_fields
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.terms import Jurisdiction

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

    found = _expected(evidence, person, names, years=years, seed=seed, draws=draws)
    limits = summary([one.draws for one in found.outcomes])
    return PersonalView(
        person=person,
        unknown=unknown_fields(person),
        options=tuple(evidence.treatments[name] for name in found.options),
        years=years,
        seed=seed,
        draws=draws,
        baselines=tuple(_summary(numbering, one) for one in found.baselines),
        outcomes=personal_outcomes(numbering, found.outcomes, limits),
        differences=outcome_differences(numbering, found.outcomes, limits, found.options),
        declined=_declined(found),
        fit=_fit(weighed, found, values) if values is not None else None,
        levels=_levels(weighed, found),
    )


def _levels(weighed: Weighed, found: Expectations) -> tuple[CriterionLevel, ...]:
    evidence, numbering, options = weighed.evidence, weighed.numbering, weighed.options
    levels = criteria_levels(evidence, numbering, options, weighed.place, found.outcomes)
    rows = [
        *zip((option.treatment for option in options), levels.cells, strict=True),
        (evidence.treatments[PLACEBO], no_treatment_levels(evidence, numbering, options, found.outcomes)),
    ]
    return tuple(row for option, cells in rows for row in level_rows(option, cells))


def _fit(weighed: Weighed, found: Expectations, values: Values) -> Fit:
    done = weighed_up(weighed, found.outcomes, values, found.seed)
    fitted = done.fit
    if len(fitted.options) < 2:
        return fitted
    evidence, names = weighed.evidence, [option.treatment.id for option in weighed.options]

    def relapses(someone: Person, draws: int) -> Mapping[str, Array]:
        rates = relative_effects(evidence, names, seed=found.seed, draws=draws)[RATE]
        streams = Streams(found.seed, draws)
        return expected_relapses(someone, found.options, evidence, rates, streams, HORIZON)

    def first(someone: Person) -> str:
        return done.first_with(relapses(someone, min(QUICK, found.draws)))

    def order(someone: Person) -> tuple[str, ...]:
        return done.order_with(relapses(someone, found.draws))

    def has_same_options(someone: Person) -> bool:
        # What a label rules out may turn on any fact, and what is ruled out now was not weighed.
        barred = contraindicated(dataclasses.replace(weighed, person=someone))
        return {one.option.id for one in barred} == {one.option.id for one in done.barred}

    rates = relative_effects(evidence, names, seed=found.seed, draws=FEWEST_DRAWS).get(RATE)
    ground = ground_of(weighed.person, found.options, evidence, rates)
    if ground is None:
        return fitted
    asked = Asked(first, order, has_same_options, limits_of(ground))
    changes = (*fitted.what_would_change, *fact_changes(weighed.person, asked, evidence))
    return dataclasses.replace(fitted, what_would_change=changes)


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


_MADE = re.compile(re.escape(PREFIX) + r"(?P<who>[^.]+)\.(?P<options>.+?)\.(?P<seed>\d+)-(?P<draws>\d+)\..+")


def personal_estimate(identifier: str, evidence: Evidence, person: Person | None) -> Estimate | None:
    """Make a personal number again from its id and the person.

    Parameters
    ----------
    identifier
        As an answer carries it: it names the options, the seed and the number of draws, and a fingerprint of the
        person that says nothing about them.
    evidence, person
        The release, and whom the number was made for.

    Raises
    ------
    RequestError
        If no person is given, or another one than the number was made for.
    """
    made = _MADE.fullmatch(identifier)
    if made is None:
        return None
    if person is None:
        raise RequestError(
            "this number was made for one person, and nothing about anybody is kept.\n"
            "  do: name the person's file too: equipoise trace ID --person FILE"
        )
    if fingerprint(person) != made["who"]:
        raise RequestError(
            "this number was made for a person described differently.\n"
            "  do: use the file that the number was made from; a changed answer makes other numbers, with other ids"
        )
    names, seed, draws = made["options"].split("+"), int(made["seed"]), int(made["draws"])
    if not set(names) <= set(evidence.treatments) or not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        return None
    found = _expected(evidence, person, names, years=max(YEARS), seed=seed, draws=draws)
    numbering = Numbering(evidence, _stem(person, names, seed, draws))
    limits = summary([one.draws for one in found.outcomes])
    numbers = (
        *(number for one in found.baselines for number in baseline_estimates(numbering, one)),
        *(one.estimate for one in personal_outcomes(numbering, found.outcomes, limits)),
        *(
            one.estimate
            for order in (found.options, tuple(reversed(found.options)))
            for one in outcome_differences(numbering, found.outcomes, limits, order)
        ),
    )
    return next((number for number in numbers if number.id == identifier), None)


def _expected(
    evidence: Evidence, person: Person, names: Sequence[str], *, years: int, seed: int, draws: int
) -> Expectations:
    effects = relative_effects(evidence, names, seed=seed, draws=draws)
    return expect(person, names, evidence, effects, seed=seed, draws=draws, years=years)
