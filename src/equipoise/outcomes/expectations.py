"""What may happen to someone like me under each option: one call, everything as joint draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from equipoise.evidence import Evidence
from equipoise.outcomes.baseline import SWISS, Baseline
from equipoise.outcomes.draws import Declined, OutcomeDraws, RelativeEffects
from equipoise.person import Person

DRAWS = 4000


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
    raise NotImplementedError
