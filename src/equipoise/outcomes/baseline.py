r"""Where someone stands before any option: the yearly relapse rate under the anchor treatment, as draws.

The level :math:`\mu` is that of the setting's arms: random-effects mean of their log rates, with its uncertainty and
the spread to a new setting. The position is relative, by one of two methods:

* Swiss relapse model: the difference :math:`\Delta` between the person's linear predictor and that of the average
  participant, times a calibration slope c, shifts the logit of the setting's share with any relapse in 24 months; share
  and rate follow from each other by the negative binomial.
* Own recent relapses, shrunk: with r relapses in the last year, and :math:`\bar r` on average among the participants,
  the rate is multiplied by :math:`(r + a) / (\bar r + a)`, :math:`a = 1/k`: the posterior mean of a person's rate
  when rates follow the gamma distribution behind the negative binomial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Evidence, PrognosticTerm
from equipoise.outcomes import prognosis as p
from equipoise.outcomes.dispersion import Dispersion
from equipoise.outcomes.draws import Array
from equipoise.outcomes.facts import Facts, facts_of
from equipoise.outcomes.negative_binomial import expected_events, share_without_event
from equipoise.outcomes.participants import Participants, participants_of
from equipoise.outcomes.prognosis import SwissModel
from equipoise.outcomes.setting import AnchorArms, Setting, groups_of
from equipoise.outcomes.streams import Streams
from equipoise.person import Person
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRef, SourceRow
from equipoise.wording import Listed, Phrase, phrase

SWISS = "swiss-relapse-model"
"""Relative position by the Swiss relapse model; the default."""
OWN_RELAPSES = "own-recent-relapses"
"""Own recent relapses, shrunk to the trials' participants; the simple alternative."""
METHODS = (SWISS, OWN_RELAPSES)

_YEARS = 2.0  # of the Swiss model's outcome
_CLOSEST = 1e-12  # to 0 or 1 that a share is taken to the logit scale

# Field of a person, and which methods look at it.
_FACTS = (
    ("age", (SWISS,)),
    ("sex", (SWISS,)),
    ("years_since_onset", (SWISS,)),
    ("edss_band", (SWISS,)),
    ("relapses_12_months", METHODS),
    ("relapses_24_months", METHODS),
    ("months_since_relapse", METHODS),
    ("enhancing_lesions", (SWISS,)),
    ("earlier_treatments", METHODS),
)


@dataclass(frozen=True)
class Baseline:
    """The personal baseline by one method.

    Attributes
    ----------
    method
        ``SWISS`` or ``OWN_RELAPSES``.
    is_used
        Whether the outcomes were made from it.
    setting
        Whose level it was calibrated to; names the anchor treatment.
    relapse_rate
        Relapses per person-year under the anchor treatment. Shape (S,).
    any_relapse
        Share with at least one relapse within 24 months under it. Shape (S,).
    dispersion
        Of the negative binomial, the same draws for every option and both methods. Shape (S,).
    known, unknown
        Facts that entered, and facts that would have and are unknown, in plain words.
    provenance
        Down to source rows.
    notes
        What a careful reader must know next to it.
    """

    method: str
    is_used: bool
    setting: Setting
    relapse_rate: Array
    any_relapse: Array
    dispersion: Array
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    provenance: Provenance
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """What both methods stand on: the setting, its level, the dispersion, and the model where there is one."""

    evidence: Evidence
    setting: Setting
    arms: AnchorArms
    dispersion: Dispersion
    model: SwissModel | None

    def participants(self, group: str) -> Participants:
        """The people of a group of arms."""
        return participants_of(self.evidence, tuple(rate.arm.id for rate in self.arms.groups[group]))


def baselines(person: Person, ground: Ground, streams: Streams, *, method: str) -> tuple[Baseline, ...]:
    """Return the baseline by each method that the evidence has, the one in use first.

    Parameters
    ----------
    person, ground, streams
        Who, on what, with which random numbers.
    method
        The one to use; without the Swiss model in the evidence the other is.
    """
    level, k, multiplier, shift = _parts(person, ground, streams)
    model = ground.model
    found = [] if model is None or shift is None else [_swiss(person, ground, model, level=level, k=k, shift=shift)]
    found.append(_own(person, ground, level, k, multiplier))
    used = method if any(one.method == method for one in found) else OWN_RELAPSES
    found.sort(key=lambda one: one.method != used)
    return tuple(Baseline(**{**vars(one), "is_used": one.method == used}) for one in found)


def relapse_rate(person: Person, ground: Ground, streams: Streams, *, method: str = SWISS) -> Array:
    """Return the rate of the first of ``baselines`` without what tells how it was made. Shape (S,)."""
    level, k, multiplier, shift = _parts(person, ground, streams)
    return level * multiplier if shift is None or method == OWN_RELAPSES else _swiss_rate(level, k, shift)


def _parts(person: Person, ground: Ground, streams: Streams) -> tuple[Array, Array, Array, Array | None]:
    """Level of the setting, dispersion, and where the person stands by each method; no shift without a model."""
    k = ground.dispersion.draw(streams)
    groups = groups_of(ground.setting)
    chosen = np.zeros(streams.n, dtype=int)
    if len(groups) == 2:
        chosen = (streams.uniform("person/history") < 0.5).astype(int)
    log_rates: list[Array] = []
    shifts: list[Array] = []
    multipliers: list[Array] = []
    for group in groups:
        people = ground.participants(group)
        facts = facts_of(person, people, streams)
        log_rates.append(ground.arms.log_rate(streams, group))
        multipliers.append((facts.relapses_12_months + 1 / k) / (people.relapses_12_months_mean + 1 / k))
        if ground.model is not None:
            shifts.append(position(ground.model, facts, people, streams))

    def of_group(draws: list[Array]) -> Array:
        return draws[0] if len(draws) == 1 else np.where(chosen == 0, draws[0], draws[1])

    return np.exp(of_group(log_rates)), k, of_group(multipliers), of_group(shifts) if shifts else None


def position(model: SwissModel, facts: Facts, people: Participants, streams: Streams) -> Array:
    """Return the calibrated difference of linear predictors, person minus average participant. Shape (S,)."""
    coefficients = model.coefficients(streams)
    mine = _predictors(facts)
    average = average_participant(model, people)
    difference = sum(
        (coefficients[name] * (model.transformed(name, mine[name]) - average[name]) for name in p.PREDICTORS),
        start=np.zeros(streams.n),
    )
    return np.asarray(model.slope(streams) * difference)


def _predictors(facts: Facts) -> dict[str, Array]:
    return {
        p.AGE: facts.age,
        p.DURATION: facts.years_since_onset,
        p.EDSS: facts.edss,
        p.LESIONS: facts.lesions,
        p.ONE_RELAPSE: (facts.relapses_24_months == 1).astype(float),
        p.MORE_RELAPSES: (facts.relapses_24_months >= 2).astype(float),
        p.MONTHS: facts.months_since_relapse,
        p.NAIVE: facts.naive,
        p.FEMALE: facts.woman,
    }


# A person of whom nothing is known is a participant; their mean over these draws is the average participant.
_EVERYBODY = Streams(0, 8192)


def average_participant(model: SwissModel, people: Participants) -> dict[str, float]:
    """Return the mean of each predictor among the participants, as the model takes it.

    Reported means are used exactly; for the others, among them the relapses and when they were, the mean is that of
    the distribution from which an unknown fact is drawn, so that knowing nothing leaves a person at the average.
    """
    key = (model.model.terms, people)
    if key not in _averages:
        if len(_averages) > 64:
            _averages.clear()
        facts = _predictors(facts_of(Person(), people, _EVERYBODY))
        _averages[key] = {
            **{name: float(model.transformed(name, facts[name]).mean()) for name in p.PREDICTORS},
            p.AGE: people.age.mean_of(lambda x: x),
            p.EDSS: people.edss.mean_of(lambda x: x),
            p.DURATION: people.years_since_onset.mean_of(lambda x: model.transformed(p.DURATION, x)),
            p.FEMALE: people.women,
            p.LESIONS: 0.5,
            p.NAIVE: people.naive,
        }
    return _averages[key]


_averages: dict[tuple[tuple[PrognosticTerm, ...], Participants], dict[str, float]] = {}


def _swiss_rate(level: Array, k: Array, shift: Array) -> Array:
    share = np.clip(1 - share_without_event(_YEARS * level, k), _CLOSEST, 1 - _CLOSEST)
    logit = np.log(share) - np.log1p(-share) + shift
    free = np.clip(1 / (1 + np.exp(logit)), _CLOSEST, 1 - _CLOSEST)
    return expected_events(free, k) / _YEARS


def _swiss(person: Person, ground: Ground, model: SwissModel, *, level: Array, k: Array, shift: Array) -> Baseline:
    rate = _swiss_rate(level, k, shift)
    inputs = (*_level_inputs(ground), model.cite(ground.evidence), *_people_inputs(ground))
    formula = (
        "logit(share with a relapse in 24 months) = logit(1 - (1 + 2 k mu)^(-1/k)) + c (lp - lp_average); "
        "mu by random effects on log rates, k the dispersion, c between the two calibration slopes"
    )
    notes = (
        phrase("baseline.note.model"),
        phrase("baseline.note.not-reported", facts=Listed(_not_reported(ground), ", ")),
    )
    return _baseline(
        SWISS,
        person,
        ground,
        rate,
        k,
        Computation("Personal baseline, Swiss relapse model as relative position", formula, inputs),
        notes,
    )


def _own(person: Person, ground: Ground, level: Array, k: Array, multiplier: Array) -> Baseline:
    inputs = (*_level_inputs(ground), *_people_inputs(ground))
    formula = "rate = mu (r + 1/k) / (r_average + 1/k), r and r_average relapses in the last 12 months"
    notes = (phrase("baseline.note.own-relapses"),)
    name = "Personal baseline, own recent relapses shrunk (gamma-Poisson)"
    return _baseline(OWN_RELAPSES, person, ground, level * multiplier, k, Computation(name, formula, inputs), notes)


def _baseline(
    method: str,
    person: Person,
    ground: Ground,
    rate: Array,
    k: Array,
    provenance: Computation,
    notes: tuple[str, ...],
) -> Baseline:
    looked_at = [field for field, methods in _FACTS if method in methods]
    return Baseline(
        method=method,
        is_used=False,
        setting=ground.setting,
        relapse_rate=rate,
        any_relapse=1 - share_without_event(_YEARS * rate, k),
        dispersion=k,
        known=tuple(_fact(field) for field in looked_at if getattr(person, field) is not None),
        unknown=tuple(_fact(field) for field in looked_at if getattr(person, field) is None),
        provenance=provenance,
        notes=notes,
    )


def _fact(field: str) -> Phrase:
    return phrase(f"baseline.fact.{field.replace('_', '-')}")


def _not_reported(ground: Ground) -> tuple[str, ...]:
    groups = groups_of(ground.setting)
    return tuple(dict.fromkeys(word for group in groups for word in ground.participants(group).not_reported))


def _level_inputs(ground: Ground) -> tuple[Provenance, ...]:
    rates = [rate for group in groups_of(ground.setting) for rate in ground.arms.groups[group]]
    level = Computation(
        "Level of the setting: random-effects mean of log relapse rates, and the spread to a new setting",
        "log rate_i ~ N(mean, se_i^2 + tau^2), tau ~ half-normal(0.5); se from the interval, else "
        "sqrt((1/(rate t) + k) / n)",
        tuple(rate.cite(ground.evidence) for rate in rates),
        "rover-2021",
    )
    return level, ground.dispersion.provenance


_ARM_CELLS = ("age_mean", "female_pct", "edss_mean", "disease_duration_years_mean", "relapses_prior_year_mean")


def _people_inputs(ground: Ground) -> tuple[SourceRow, ...]:
    """The rows that say who took part."""
    evidence, found = ground.evidence, []
    for rate in (rate for group in groups_of(ground.setting) for rate in ground.arms.groups[group]):
        used = [name for name in _ARM_CELLS if name in dict(rate.arm.row.cells)]
        if used:
            found.append(evidence.cite(rate.arm.row, rate.arm.source, *used))
        found.append(cite_inclusion(evidence, rate.trial.id))
    return tuple(found)


def cite_inclusion(evidence: Evidence, trial_id: str) -> SourceRow:
    """A trial's row, for who was let in."""
    trial = evidence.trials[trial_id]
    cells = dict(trial.row.cells)
    used = [name for name in (*type(trial.inclusion).__dataclass_fields__, "population") if name in cells]
    return evidence.cite(trial.row, SourceRef(trial.source_id, "description of the trial"), *(used or ["trial_id"]))
