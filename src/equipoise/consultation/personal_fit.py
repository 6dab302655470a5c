"""How options fit what matters to a person: safety first, then limits, then plausible worlds."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from equipoise.consultation.criteria_levels import Levels, criteria_levels
from equipoise.consultation.document import Option
from equipoise.consultation.level_rows import level_rows
from equipoise.consultation.personal import Change, CriterionLevel, Fit, OptionFit, Reason, Tie, Unranked
from equipoise.consultation.personal_numbers import Numbering
from equipoise.decision import (
    CRITERIA,
    Values,
    Weighing,
    acceptability,
    explain,
    partial_values,
    share_word,
    weigh,
)
from equipoise.decision.acceptability import option_values
from equipoise.decision.changes import SmallestChange, leader
from equipoise.decision.explanation import Explanation
from equipoise.evidence import Evidence, label_text, treatment_name
from equipoise.outcomes.draws import Array, OutcomeDraws
from equipoise.outcomes.expectations import RELAPSES
from equipoise.person import Person
from equipoise.safety.eligibility import eligibility
from equipoise.safety.eligibility_document import EligibilityVerdict, Finding, FindingKind
from equipoise.safety.truth import Truth
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Listed, phrase

T = TypeVar("T")

BENEFITS = frozenset(("relapses", "disability-worsening", "disability-improvement"))
"""Criteria that say what a treatment is for; the others say what it costs."""

_NONE = np.empty((1, 0, 0))
_NOTHING_LEFT = Weighing(
    options=(),
    ranked=(),
    criteria=(),
    removed=(),
    left_out=(),
    clipped=(),
    region=None,
    weights=None,
    levels=_NONE,
    values=_NONE,
    result=None,
    contradictions=(),
    remarks=(phrase("fit.remark.label-leaves-none"),),
    offered=None,
)


@dataclass(frozen=True)
class Weighed:
    """What a fit is made from, besides the draws and the values.

    Attributes
    ----------
    evidence, numbering
        The release, and how personal numbers are named.
    options
        The options with their label plans.
    person, place, on
        Who, whose labels, and on what day.
    """

    evidence: Evidence
    numbering: Numbering
    options: tuple[Option, ...]
    person: Person
    place: Jurisdiction
    on: datetime.date


def fit(weighed: Weighed, found: Sequence[OutcomeDraws], values: Values, seed: int) -> Fit:
    """Return how the options fit.

    Parameters
    ----------
    weighed
        Who and what.
    found
        What may happen under each option, as joint draws.
    values
        What matters.
    seed
        Of the weights.

    Notes
    -----
    Safety comes first: an option that is contraindicated is taken out before anything is weighed, so that no weight
    can bring it back. Where nothing is known of what any option is for (relapses, disability), nothing is ranked,
    unless none of that matters to the person. Options are weighed in the order of their ids, so that the order in
    which they were named changes nothing.
    """
    return weighed_up(weighed, found, values, seed).fit


def weighed_up(weighed: Weighed, found: Sequence[OutcomeDraws], values: Values, seed: int) -> WeighedUp:
    """Weigh the options and keep everything that the fit is told from; parameters as for ``fit``."""
    kept, levels, weighing, barred = _weighed(weighed, found, values, seed)
    return WeighedUp(weighed, kept, levels, weighing, explain(weighing), barred)


def first_shares(weighed: Weighed, found: Sequence[OutcomeDraws], values: Values, seed: int) -> dict[str, float]:
    """Return the share of worlds in which each option that ranks comes first, the best fitting option first.

    The parameters are those of ``fit``, of which this is the quick part: no reasons, and nothing that would change it.
    """
    kept, _, weighing, _ = _weighed(weighed, found, values, seed)
    if weighing.result is None:
        return {}
    shares, ranked = weighing.result.rank_acceptability[:, 0], weighing.ranked
    return {kept[ranked[i]].treatment.id: float(shares[i]) for i in weighing.result.order}


def _weighed(
    weighed: Weighed, found: Sequence[OutcomeDraws], values: Values, seed: int
) -> tuple[Sequence[Option], Levels, Weighing, tuple[Unranked, ...]]:
    barred = contraindicated(weighed)
    out = {one.option.id for one in barred}
    kept = sorted(
        (option for option in weighed.options if option.treatment.id not in out), key=lambda one: one.treatment.id
    )
    levels = criteria_levels(weighed.evidence, weighed.numbering, kept, weighed.place, found)
    if not kept:
        return kept, levels, _NOTHING_LEFT, barred
    weighing = weigh(
        levels.draws,
        values,
        options=[treatment_name(option.treatment) for option in kept],
        rng=np.random.default_rng([seed, 1]),
    )
    wanted = BENEFITS - set(values.does_not_matter)
    if wanted and not wanted & {criterion.id for criterion in weighing.criteria}:
        # Ranked by burdens alone, the option that asks least would come first whatever it does.
        weighing = dataclasses.replace(weighing, result=None, weights=None, clipped=())
    return kept, levels, weighing, barred


def contraindicated(weighed: Weighed) -> tuple[Unranked, ...]:
    """Return the options that a label does not allow for the person, each with the texts that say so."""
    found = []
    for option in weighed.options:
        checked = eligibility(weighed.person, option.treatment, weighed.place, weighed.on, evidence=weighed.evidence)
        if checked.verdict is EligibilityVerdict.CONTRAINDICATED:
            met = [one for one in checked.of_kind(FindingKind.CONTRAINDICATION) if one.status is Truth.MET]
            texts = Listed(tuple(_as_sentence(one) for one in met), " ")
            found.append(
                Unranked(
                    option.treatment,
                    phrase("fit.unranked.contraindicated", place=weighed.place.value, texts=texts),
                    "contraindicated",
                    tuple(one.id for one in met),
                )
            )
    return tuple(found)


def _as_sentence(finding: Finding) -> str:
    text = finding.text if finding.entry is None else label_text(finding.entry)
    return text if text.endswith(".") else phrase("fit.unranked.sentence", text=text)


@dataclass(frozen=True)
class WeighedUp:
    """A weighing, and what tells it in the words of the consultation.

    Attributes
    ----------
    weighed
        Who and what.
    kept, levels
        The options that are not contraindicated, and how they do on each criterion.
    weighing, explained
        The worlds counted, and why.
    barred
        What is contraindicated.
    """

    weighed: Weighed
    kept: Sequence[Option]
    levels: Levels
    weighing: Weighing
    explained: Explanation
    barred: tuple[Unranked, ...]

    @property
    def fit(self) -> Fit:
        """The fit."""
        ranked = [self.kept[i].treatment for i in self.weighing.ranked]
        criteria = self.weighing.criteria
        return Fit(
            options=self._options(),
            unranked=(*self.barred, *self._beyond_limits(), *self._not_comparable()),
            levels=self._levels(),
            left_out_criteria=tuple((one.criterion, one.reason) for one in self.weighing.left_out),
            reasons=tuple(
                Reason(
                    ranked[one.option],
                    one.is_for,
                    criteria[one.criterion].id,
                    one.sentence,
                    self._sources(criteria[one.criterion].id, one.option, one.other),
                )
                for one in self.explained.reasons
            ),
            what_would_change=tuple(
                self._change(change, sentence)
                for change, sentence in zip(self.explained.changes, self.explained.change_sentences, strict=True)
            ),
            what_stays=tuple(one.sentence for one in self.explained.stays),
            ties=tuple(
                Tie(tuple(ranked[i] for i in group), sentence)
                for group, sentence in zip(self.explained.ties, self.explained.tie_sentences, strict=True)
            ),
            remarks=self.weighing.remarks,
            clipped=self.weighing.clipped,
        )

    def order_with(self, relapses: Mapping[str, Array]) -> tuple[str, ...]:
        """Return the order of the options with other expected relapses; empty where nothing ranks or one is missing.

        Everything else stays, the weights too: they say what matters, and do not depend on what may happen. Of fewer
        draws than the weighing has, the first ones are counted.
        """
        values, weights = self._with(relapses)
        return tuple(self._ranked[i] for i in acceptability(values, weights).order) if len(values) else ()

    def first_with(self, relapses: Mapping[str, Array]) -> str:
        """Return the first of ``order_with`` alone, which takes less; empty where that is."""
        values, weights = self._with(relapses)
        return self._ranked[leader(option_values(values, weights))] if len(values) else ""

    def _with(self, relapses: Mapping[str, Array]) -> tuple[Array, Array]:
        """Partial values with other relapses, and weights of the same worlds; none where there is no order."""
        again, drawn = self.weighing, self.weighing.weights
        place = next((c for c, criterion in enumerate(again.criteria) if criterion.id == RELAPSES), None)
        if again.result is None or drawn is None or place is None or not set(self._ranked) <= set(relapses):
            return _NONE[:0], _NONE[:0]
        levels = np.column_stack([relapses[name] for name in self._ranked])[:, :, None]
        values = again.values[: len(levels)].copy()
        values[:, :, place] = partial_values(levels, again.criteria[place : place + 1])[:, :, 0]
        return values, drawn.draws[: len(levels)]

    @property
    def _ranked(self) -> tuple[str, ...]:
        return tuple(self.kept[i].treatment.id for i in self.weighing.ranked)

    def _options(self) -> tuple[OptionFit, ...]:
        result, criteria = self.weighing.result, self.weighing.criteria
        if result is None:
            return ()
        found = []
        for i, position in enumerate(self.weighing.ranked):
            central, confidence = result.central_weights[i], float(result.confidence_factor[i])
            word = share_word(float(result.rank_acceptability[i, 0]))
            has_centre = not np.isnan(central).any()
            found.append(
                OptionFit(
                    self.kept[position].treatment,
                    tuple(float(share) for share in result.rank_acceptability[i]),
                    {c.id: float(w) for c, w in zip(criteria, central, strict=True)} if has_centre else None,
                    confidence if has_centre else None,
                    word if len(self.weighing.ranked) > 1 else phrase("fit.only-option-left"),
                )
            )
        return self._as_asked(found, lambda one: one.option.id)

    def _beyond_limits(self) -> tuple[Unranked, ...]:
        found = []
        for one in self.weighing.removed:
            cell = self.levels.cells[one.option][_place(one.limit.criterion)]
            found.append(
                Unranked(
                    self.kept[one.option].treatment, one.reason, "limit", (cell.source_id,) if cell is not None else ()
                )
            )
        return self._as_asked(found, lambda one: one.option.id)

    def _not_comparable(self) -> tuple[Unranked, ...]:
        if self.weighing.result is not None:
            return ()
        found = [
            Unranked(
                option := self.kept[position].treatment,
                phrase("fit.unranked.not-comparable", option=treatment_name(option)),
                "not-comparable",
            )
            for position in self.weighing.ranked
        ]
        return self._as_asked(found, lambda one: one.option.id)

    def _levels(self) -> tuple[CriterionLevel, ...]:
        rows = zip(self.kept, self.levels.cells, strict=True)
        found = [row for option, cells in rows for row in level_rows(option.treatment, cells)]
        return self._as_asked(found, lambda one: one.option.id)

    def _as_asked(self, found: Sequence[T], name: Callable[[T], str]) -> tuple[T, ...]:
        """In the order in which the options were named."""
        order = [option.treatment.id for option in self.weighed.options]
        return tuple(sorted(found, key=lambda one: order.index(name(one))))

    def _sources(self, criterion: str, *ranked: int) -> tuple[str, ...]:
        cells = [self.levels.cells[self.weighing.ranked[i]][_place(criterion)] for i in ranked]
        return tuple(cell.source_id for cell in cells if cell is not None)

    def _change(self, change: SmallestChange, sentence: str) -> Change:
        ranked = [self.kept[i].treatment.id for i in self.weighing.ranked]
        return Change(
            change.kind,
            self.weighing.criteria[change.criterion].id,
            sentence,
            change.before,
            change.after,
            tuple(ranked[i] for i in change.new_order),
        )


def _place(criterion: str) -> int:
    return [one.id for one in CRITERIA].index(criterion)
