"""What may happen to someone like me under each option: one call, everything as joint draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Evidence
from equipoise.outcomes.baseline import METHODS, SWISS, Baseline, Ground, baselines, relapse_rate
from equipoise.outcomes.disability import SIX_MONTHS, THREE_MONTHS, worsening, worsening_level
from equipoise.outcomes.dispersion import dispersion_of
from equipoise.outcomes.draws import PERSONAL, Array, Declined, OutcomeDraws, RelativeEffects
from equipoise.outcomes.harms import observed
from equipoise.outcomes.negative_binomial import share_without_event
from equipoise.outcomes.outside import BASELINE, outside
from equipoise.outcomes.prognosis import swiss_model
from equipoise.outcomes.relapse_arms import RATE
from equipoise.outcomes.setting import PLACEBO, anchor_arms, anchor_of, groups_of, setting_of
from equipoise.outcomes.streams import Streams
from equipoise.person import Person
from equipoise.vocabulary.errors import RequestError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.wording import phrase

DRAWS = 4000
RELAPSES, RELAPSE_FREE = "relapses", "relapse-free"
HORIZONS = (12, 24)
_MOST_YEARS = 5

_ByOption = dict[str, tuple[OutcomeDraws, ...]]


@dataclass(frozen=True)
class Expectations:
    """What may happen under each option, and what is not said.

    Attributes
    ----------
    options
        Treatment ids in the order asked for, then ``"placebo"`` (no disease-modifying treatment) where the network of
        relapse rates holds it.
    anchor
        Treatment that the personal baseline is under; empty where it was declined.
    baselines
        By each method, the one in use first; empty where the personal baseline was declined.
    outcomes
        One for each option, outcome and horizon for which there is evidence; options in their order.
    declined
        What is withheld, each with its reason.
    seed, draws
        Of the random numbers.
    """

    options: tuple[str, ...]
    anchor: str
    baselines: tuple[Baseline, ...]
    outcomes: tuple[OutcomeDraws, ...]
    declined: tuple[Declined, ...]
    seed: int
    draws: int

    def on(self, outcome_id: str, horizon_months: int) -> tuple[OutcomeDraws, ...]:
        """Return what each option does on an outcome, in the order of the options."""
        return tuple(o for o in self.outcomes if (o.outcome_id, o.horizon_months) == (outcome_id, horizon_months))


def expect(
    person: Person,
    options: Sequence[str],
    evidence: Evidence,
    effects: Mapping[str, RelativeEffects],
    *,
    seed: int,
    draws: int = DRAWS,
    years: int = 2,
    method: str = SWISS,
) -> Expectations:
    """Return what may happen to a person under each option, as joint draws.

    Parameters
    ----------
    person
        What is known; what is unknown is drawn from the trials' participants.
    options
        Treatment ids; their order changes nothing but the order of the result.
    evidence
        The release.
    effects
        Joint draws by outcome id: ``"annualised-relapse-rate"`` (rate ratios),
        ``"confirmed-disability-worsening-6m"`` and ``"-3m"`` (hazard ratios). Against whatever anchor; they are
        re-anchored here, draw by draw. Each array of shape (draws,). An outcome without relative effects is declined.
    seed, draws
        Every draw is a fixed function of the seed and of the name of what is drawn.
    years
        Horizon asked for, 1 to 5. Twelve and 24 months are always given; beyond them only what was observed.
    method
        Which baseline the outcomes are made from: ``SWISS`` or ``OWN_RELAPSES``. Both are returned.

    Returns
    -------
    Expectations
        Outcomes ``relapses`` (events per person, ``Measure.COUNT``) and ``relapse-free`` at 12 and 24 months, basis
        ``PERSONAL``; ``confirmed-disability-worsening-6m``, or ``-3m`` where the former has no effects for an option,
        at 12 and 24 months, basis ``POPULATION``; stopping, common and serious harms from trial arms at their own
        horizons, basis ``ARM``, or ``SINGLE_ARM`` for what was seen after the randomised part.

    Raises
    ------
    UnknownTermError
        If an option is no treatment of the evidence, or the method is unknown.
    RequestError
        If an option stands twice, there is none, or ``years`` is not 1 to 5.
    ShapeError
        If the draws of the effects are not of shape (draws,).
    """
    names = _checked(options, evidence, effects, draws=draws, years=years, method=method)
    streams = Streams(seed, draws)
    rates = effects.get(RATE)
    if rates is not None and PLACEBO in rates.predictive and PLACEBO not in names:
        names = (*names, PLACEBO)
    ground, declined, is_outside = _grounded(person, names, evidence, rates)
    if is_outside:
        return Expectations(names, "", (), (), declined, seed, draws)
    found: list[OutcomeDraws] = []
    methods: tuple[Baseline, ...] = ()
    if ground is not None and rates is not None:
        methods = baselines(person, ground, streams, method=method)
        shown, withheld = _relapses(names, evidence, methods[0], rates)
        found, declined = [*found, *shown], (*declined, *withheld)
    anchor = ground.setting.anchor if ground is not None else ""
    shown, withheld = _worsening(names, evidence, effects, streams, anchor)
    found, declined = [*found, *shown], (*declined, *withheld)
    seen, unseen = observed(evidence, names, streams)
    found, declined = [*found, *seen], (*declined, *unseen)
    if years > 2:
        declined = (*declined, *_beyond(years, found))
    return Expectations(names, anchor, methods, tuple(found), declined, seed, draws)


def expected_relapses(
    person: Person, names: Sequence[str], evidence: Evidence, rates: RelativeEffects, streams: Streams, months: int
) -> dict[str, Array]:
    """Return the draws of expected relapses alone: of all that options are weighed by, what depends on who it is.

    Parameters
    ----------
    person, evidence
        As for ``expect``.
    names
        Treatment ids, those that ``Expectations.options`` holds.
    rates
        Effects on the relapse rate.
    streams
        Random numbers.
    months
        Horizon.

    Returns
    -------
    dict
        By treatment id, shape (S,); empty where the personal baseline is declined.
    """
    ground, _, is_outside = _grounded(person, names, evidence, rates)
    if ground is None or is_outside:
        return {}
    rate = relapse_rate(person, ground, streams)
    return {
        name: _rate_under(name, ground.setting.anchor, rate, rates) * (months / 12)
        for name in names
        if name in rates.predictive
    }


def ground_of(person: Person, names: Sequence[str], evidence: Evidence, rates: RelativeEffects | None) -> Ground | None:
    """Return what the personal baseline stands on; ``None`` where it is declined. Parameters as above."""
    ground, _, is_outside = _grounded(person, names, evidence, rates)
    return None if is_outside else ground


def _grounded(
    person: Person, names: Sequence[str], evidence: Evidence, rates: RelativeEffects | None
) -> tuple[Ground | None, tuple[Declined, ...], bool]:
    """What the baseline stands on, what is declined, and whether no trial would have let the person in."""
    ground, declined = _ground(person, names, evidence, rates)
    people = [] if ground is None else [ground.participants(group) for group in groups_of(ground.setting)]
    barred = outside(evidence, person, people, () if ground is None else ground.setting.trial_ids)
    return ground, (*declined, *barred), bool(barred)


def _rate_under(name: str, anchor: str, rate: Array, rates: RelativeEffects) -> Array:
    """Own rate under the anchor times the rate ratio."""
    return np.asarray(rate * np.exp(rates.predictive[name] - rates.predictive[anchor]))


def _checked(
    options: Sequence[str],
    evidence: Evidence,
    effects: Mapping[str, RelativeEffects],
    *,
    draws: int,
    years: int,
    method: str,
) -> tuple[str, ...]:
    if not options or len(set(options)) < len(options):
        raise RequestError("name at least one option, and each only once.")
    for name in options:
        if name not in evidence.treatments:
            raise UnknownTermError("treatment", name, evidence.treatments)
    if method not in METHODS:
        raise UnknownTermError("baseline method", method, METHODS)
    if not 1 <= years <= _MOST_YEARS:
        raise RequestError(f"the horizon is {years} years; allowed are 1 to {_MOST_YEARS}.")
    for outcome_id, effect in effects.items():
        shapes = {array.shape for array in (*effect.mean.values(), *effect.predictive.values())}
        if shapes - {(draws,)}:
            raise ShapeError(f"the draws of the effects on {outcome_id} have shapes {shapes}; needed: ({draws},).")
    return tuple(options)


def _ground(
    person: Person, names: Sequence[str], evidence: Evidence, rates: RelativeEffects | None
) -> tuple[Ground | None, tuple[Declined, ...]]:
    """What the personal baseline stands on, or why there is none."""
    if rates is None:
        return None, (Declined(BASELINE, phrase("declined.no-network")),)
    anchor = anchor_of(evidence, names, rates.predictive)
    arms = anchor_arms(evidence, anchor, frozenset(names)) if anchor is not None else None
    dispersion = dispersion_of(evidence)
    if arms is None or dispersion is None:
        return None, (Declined(BASELINE, phrase("declined.no-level")),)
    return Ground(evidence, setting_of(evidence, person, arms), arms, dispersion, swiss_model(evidence)), ()


def _relapses(
    names: Sequence[str], evidence: Evidence, baseline: Baseline, rates: RelativeEffects
) -> tuple[list[OutcomeDraws], list[Declined]]:
    """Expected relapses and the share without one: own rate under the anchor times rate ratio."""
    found: list[OutcomeDraws] = []
    declined = []
    setting = baseline.setting
    population = phrase("setting.people.like-you", setting=setting.text)
    for option in names:
        if option not in rates.predictive:
            reason = phrase("declined.no-chain-on-relapses")
            declined += [Declined(what, reason, None, option) for what in (RELAPSES, RELAPSE_FREE)]
            continue
        rate = _rate_under(option, setting.anchor, baseline.relapse_rate, rates)
        counted = Computation(
            "Expected relapses", "own rate * rate ratio * years", (baseline.provenance, rates.provenance)
        )
        free = Computation("Share without a relapse", "(1 + k m)^(-1/k), m expected relapses", (counted,))
        for months in HORIZONS:
            expected = rate * (months / 12)
            share = share_without_event(expected, baseline.dispersion)
            for outcome_id, drawn, measure, provenance in (
                (RELAPSES, expected, Measure.COUNT, counted),
                (RELAPSE_FREE, share, Measure.PROPORTION, free),
            ):
                found.append(
                    OutcomeDraws(
                        option=option,
                        outcome_id=outcome_id,
                        horizon_months=months,
                        draws=drawn,
                        measure=measure,
                        basis=PERSONAL,
                        population=population,
                        provenance=provenance,
                        trial_ids=setting.trial_ids,
                        notes=baseline.notes,
                    )
                )
    return found, declined


def _worsening(
    names: Sequence[str],
    evidence: Evidence,
    effects: Mapping[str, RelativeEffects],
    streams: Streams,
    anchor: str,
) -> tuple[list[OutcomeDraws], list[Declined]]:
    """Worsening confirmed over six months; over three as well where that leaves a drug out that this one has.

    Whoever has worsened for six months has worsened for three. Where the trials that six months stand on say more than
    those of three months, both cannot hold in the same people: six months then stand on another anchor than relapses
    do, and where that does not help, nothing is said of them.
    """

    def drawn(preferred: Sequence[str]) -> tuple[_ByOption, _ByOption, set[str]]:
        six, own = _worsening_on(SIX_MONTHS, names, evidence, effects, streams, preferred)
        three, _ = _worsening_on(THREE_MONTHS, names, evidence, effects, streams, (anchor, own))
        return six, three, {name for name in six.keys() & three.keys() if _is_more(six[name], three[name])}

    six, three, impossible = drawn([anchor])
    if impossible:
        six, three, impossible = drawn(())
    sound = {name: found for name, found in six.items() if name not in impossible}
    shown = [sound, three] if three.keys() - sound.keys() - {PLACEBO} else [sound]
    contradicted, unjoined = phrase("declined.six-above-three"), phrase("declined.no-chain-on-worsening")
    return [one for group in shown for outcomes in group.values() for one in outcomes], [
        Declined(SIX_MONTHS, contradicted if name in impossible else unjoined, None, name)
        for name in names
        if name in impossible or not any(name in group for group in shown)
    ]


def _worsening_on(
    outcome_id: str,
    names: Sequence[str],
    evidence: Evidence,
    effects: Mapping[str, RelativeEffects],
    streams: Streams,
    preferred: Sequence[str],
) -> tuple[_ByOption, str]:
    """What each option does on one outcome, and the anchor that it stands on."""
    effect = effects.get(outcome_id)
    level = None if effect is None else worsening_level(evidence, outcome_id, names, effect, preferred=preferred)
    if effect is None or level is None:
        return {}, ""
    within = [name for name in names if name in effect.predictive]
    return {name: worsening(evidence, level, name, effect, streams) for name in within}, level.anchor


def _is_more(six: Sequence[OutcomeDraws], three: Sequence[OutcomeDraws]) -> bool:
    """Whether the median share is higher for six months than for three, at any horizon."""
    return any(float(np.median(a.draws)) > float(np.median(b.draws)) for a, b in zip(six, three, strict=True))


def _beyond(years: int, found: Sequence[OutcomeDraws]) -> list[Declined]:
    shown = {one.outcome_id for one in found if one.horizon_months >= 12 * years}
    reason = phrase("declined.beyond", years=years)
    return [Declined(what, reason) for what in (RELAPSES, RELAPSE_FREE, SIX_MONTHS) if what not in shown]
