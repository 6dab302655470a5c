"""The screen "How it looks for me": the unmerged table first, then the fit, its reasons and what would change it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.consultation.personal import Change, CriterionLevel, Fit, OptionFit, PersonalView, Reason, Unranked
from equipoise.decision.criteria import CRITERIA, criterion
from equipoise.decision.words import (
    SHARES,
    TIE_HIGH,
    TIE_LOW,
    name_of,
    of_100,
    out_of_100,
    share_word,
    tie_in_words,
    unit_of,
)
from equipoise.evidence import treatment_name
from equipoise.presentation.path.fit_table import UnmergedTable
from equipoise.presentation.path.levels import Levels
from equipoise.presentation.path.linked import Link, linked
from equipoise.presentation.path.screens import SCREENS, Screen, Step, way
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_figures import identifier
from equipoise.presentation.pictures import AcceptabilityBar, acceptability_bar, rank_key
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.terms import Treatment

FEW_REASONS = 2
"""Reasons on each side for those who want to read little."""
CHANGES_FIRST = 3
"""Changes of the order that are told at once; more of them stand folded."""


@dataclass(frozen=True, slots=True)
class FitRow:
    """One option: its share of plausible worlds, or why it has none.

    Attributes
    ----------
    name
        What the option is called.
    bar, shares, word
        The drawing, the share first and of the later places in words, and the word bound to the first; none of them
        where it is not weighed against another.
    reason, sources
        Why it is not ranked, and where that can be read: id and address.
    change
        Screen on which the reason can be looked at again, and what it is called; empty for none.
    """

    name: str
    bar: Markup | None = None
    shares: tuple[str, ...] = ()
    word: str = ""
    reason: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    change: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class OptionReasons:
    """Reasons for and against one option."""

    name: str
    for_it: tuple[Markup, ...]
    against_it: tuple[Markup, ...]


@dataclass(frozen=True)
class FitScreen:
    """What is known of each option, how they fit, and why.

    Attributes
    ----------
    page
        The screen it is part of.
    """

    page: PathPage

    @functools.cached_property
    def is_possible(self) -> bool:
        """Whether these two can be compared at all."""
        try:
            return self.page.state.consultation.personal is not None
        except EquipoiseError:
            return False

    @functools.cached_property
    def view(self) -> PersonalView:
        """The part of the answer that is about the person; only where these two can be compared."""
        view = self.page.state.consultation.personal
        if view is None:
            raise LookupError("a consultation of the way is always about a person")
        return view

    @property
    def fit(self) -> Fit | None:
        """The fit; ``None`` where nothing was said about what matters."""
        return self.view.fit if self.is_possible else None

    @functools.cached_property
    def table(self) -> UnmergedTable:
        """What each option does, nothing added up."""
        return UnmergedTable(self.page, self.view, self.page.state.values)

    @property
    def to_mend(self) -> tuple[Screen, ...]:
        """Screens with an answer that could not be read."""
        return tuple(one for one in SCREENS if self.page.state.faults_on(one))

    @property
    def screens_before(self) -> tuple[Screen, ...]:
        """Screens on which what matters can be changed."""
        return tuple(one for one in way(self.page.state.is_short) if one.step is Step.MATTERS)

    @functools.cached_property
    def rows(self) -> tuple[FitRow, ...]:
        """The options in the order asked for, never in the order of their fit."""
        if self.fit is None:
            return ()
        ranked = {one.option.id: one for one in self.fit.options}
        unranked = {one.option.id: one for one in self.fit.unranked}
        options = [option for option in self.levels.options if option.id in ranked or option.id in unranked]
        return tuple(
            self._ranked(ranked[option.id]) if option.id in ranked else self._unranked(unranked[option.id])
            for option in options
        )

    @property
    def is_weighed(self) -> bool:
        """Whether options were weighed against each other."""
        return self.fit is not None and len(self.fit.options) > 1

    @property
    def key(self) -> tuple[tuple[Markup, str], ...]:
        """The key of the bars."""
        return tuple(
            (rank_key(f"fit-key-{n}", n), self.page.words(f"path.fit.fits.key-{n}")) for n in ("first", "second")
        )

    @property
    def ties(self) -> tuple[str, ...]:
        """Options that are too close to call, named in the order asked for."""
        found = self.fit.ties if self.fit is not None else ()
        order = [option.id for option in self.levels.options]
        groups = (sorted(tie.options, key=lambda one: order.index(one.id)) for tie in found)
        return tuple(self.page.words.say(tie_in_words([treatment_name(one) for one in group])) for group in groups)

    @property
    def noticed(self) -> tuple[str, ...]:
        """What was noticed in the answers."""
        return self._said(self.fit.remarks if self.fit is not None else ())

    @property
    def reasons(self) -> tuple[OptionReasons, ...]:
        """Reasons for and against each option that ranks, in the order asked for."""
        if self.fit is None or not self.is_weighed:
            return ()
        return tuple(
            OptionReasons(
                self.levels.name(one.option),
                self._reasons(self.fit.reasons, one.option, is_for=True),
                self._reasons(self.fit.reasons, one.option, is_for=False),
            )
            for one in self.fit.options
        )

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """Each smallest change, and the order after it where more than two are in one."""
        found = self.fit.what_would_change if self.fit is not None else ()
        return tuple((self.page.words.say(one.sentence), self._order_after(one)) for one in found)

    @property
    def stays(self) -> tuple[str, ...]:
        """What stays true whatever is preferred."""
        return self._said(self.fit.what_stays if self.fit is not None else ())

    @property
    def left_out(self) -> tuple[str, ...]:
        """Criteria that were not weighed, with the reason."""
        return self._said([reason for _, reason in self.fit.left_out_criteria] if self.fit is not None else ())

    @property
    def not_weighed(self) -> tuple[str, ...]:
        """What was said to matter and yet is in no share: not every option has a number for it."""
        out = {one for one, _ in self.fit.left_out_criteria} if self.fit is not None else set()
        return tuple(self.page.words.say(name_of(one)) for one in CRITERIA if one.id in out & self.table.named)

    @property
    def ends(self) -> tuple[str, ...]:
        """Levels that count as the end of their scale."""
        return self._said(self.fit.clipped if self.fit is not None else ())

    @property
    def scale(self) -> tuple[tuple[str, str], ...]:
        """Each word for a share of worlds with the smallest share that it stands for, in worlds of a hundred."""
        say = self.page.words.say
        return tuple((say(share_word(least)), say(of_100(least))) for least, _ in SHARES)

    @property
    def tie_bounds(self) -> tuple[str, str]:
        """Between which shares of a hundred two options are called a tie."""
        return self.page.words.say(of_100(TIE_LOW)), self.page.words.say(of_100(TIE_HIGH))

    @property
    def weights(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """For each option the typical weights of the worlds in which it is first, for those who read everything."""
        if self.fit is None or not self.is_weighed or not self.page.state.reads_everything:
            return ()
        return tuple((self.levels.name(one.option), self._weights(one)) for one in self.fit.options)

    @functools.cached_property
    def levels(self) -> Levels:
        """What each option does, to look up."""
        return self.table.levels

    def _ranked(self, one: OptionFit) -> FitRow:
        name, words = self.levels.name(one.option), self.page.words
        if len(one.rank_acceptability) < 2:
            return FitRow(name)
        bar = AcceptabilityBar(f"fit-{identifier(one.option.id)}", name, one.rank_acceptability)
        counts = [words.say(out_of_100(share)) for share in one.rank_acceptability]
        places = [words("path.fit.fits.on-place", count=count, place=n) for n, count in enumerate(counts, start=1)]
        return FitRow(name, acceptability_bar(bar, "; ".join(places)), tuple(counts), words.say(one.word))

    def _unranked(self, one: Unranked) -> FitRow:
        words = self.page.words
        change = {
            "contraindicated": ("allowed", words("path.step.allowed")),
            "limit": ("limits", words("path.limits.title")),
        }.get(one.because, ("", ""))
        return FitRow(
            self.levels.name(one.option),
            reason=words.say(one.reason),
            sources=tuple((name, self.page.source(name)) for name in one.source_ids),
            change=change,
        )

    def _reasons(self, found: Sequence[Reason], option: Treatment, *, is_for: bool) -> tuple[Markup, ...]:
        mine = [one for one in found if one.option.id == option.id and one.is_for is is_for]
        return tuple(self._reason(one) for one in (mine[:FEW_REASONS] if self.page.state.is_short else mine))

    def _reason(self, one: Reason) -> Markup:
        words, about = self.page.words, criterion(one.criterion_id)
        of = {level.source_id: level for level in self.view.levels if level.criterion_id == one.criterion_id}
        mine, other = (of[name] for name in one.source_ids)
        return linked(
            words,
            "fit.reason",
            {"level": self._link(mine), "other_level": self._link(other)},
            criterion=words.say(name_of(about)),
            option=self.levels.name(mine.option),
            other=self.levels.name(other.option),
            unit=words.say(unit_of(about)),
        )

    def _link(self, level: CriterionLevel) -> Link:
        return Link(self.levels.text(level), self.page.source(level.source_id), level.source_id)

    @property
    def changes_first(self) -> int:
        """How many changes stand on the page; the rest is folded, unless somebody reads everything."""
        return len(self.changes) if self.page.state.reads_everything else CHANGES_FIRST

    def _order_after(self, change: Change) -> str:
        if len(change.new_order) <= 2:  # which one comes first is the whole order
            return ""
        named = {option.id: self.levels.name(option) for option in self.levels.options}
        order = "; ".join(f"{place}. {named[one]}" for place, one in enumerate(change.new_order, start=1))
        return self.page.words("path.fit.change.order", options=order)

    def _weights(self, one: OptionFit) -> tuple[tuple[str, str], ...]:
        weights = sorted((one.central_weights or {}).items(), key=lambda item: (-item[1], item[0]))
        say = self.page.words.say
        return tuple((say(name_of(criterion(name))), say(of_100(weight))) for name, weight in weights)

    def _said(self, sentences: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.page.words.say(one) for one in sentences)
