"""Everything that the section "For someone like me" of a page shows, in the order in which it shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from equipoise.consultation.personal import (
    Change,
    Fit,
    OptionFit,
    OutcomeDifference,
    PersonalOutcome,
    PersonalView,
    Reason,
)
from equipoise.presentation import personal_effects, personal_words
from equipoise.presentation.frequencies import Frequency
from equipoise.presentation.personal_effects import PersonalEffects
from equipoise.presentation.personal_figures import PeopleFigure, PersonalFigures
from equipoise.presentation.pictures import rank_key, worlds_text
from equipoise.vocabulary.terms import Treatment

FEW_OPTIONS = 4
"""Columns that a table can hold on a desk; beyond, each row lays its options out as a grid."""


@dataclass(frozen=True, slots=True)
class FitRow:
    """One option with its share of plausible worlds, or why it has none."""

    option: Treatment
    fit: OptionFit | None
    because: str
    reason: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class PersonalPage:
    """A personal view laid out for a page.

    Attributes
    ----------
    view
        What to show.
    trace_url
        Address of a trace with ``{id}`` in it, for the pictures.
    """

    view: PersonalView
    trace_url: str | None
    effects: PersonalEffects = field(init=False)
    figures: PersonalFigures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "effects", PersonalEffects(self.view))
        object.__setattr__(self, "figures", PersonalFigures(self.view, self.trace_url))

    @property
    def names(self) -> tuple[str, ...]:
        """What to call the options."""
        return tuple(personal_words.option_name(option) for option in self.view.options)

    @property
    def is_many(self) -> bool:
        """Whether there are more options than columns fit."""
        return len(self.view.options) > FEW_OPTIONS

    @property
    def has_no_treatment(self) -> bool:
        """Whether no treatment is one of the options."""
        return any(option.id == personal_words.NO_TREATMENT for option in self.view.options)

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was said about the person."""
        return personal_words.said_facts(self.view.person)

    def people(self) -> tuple[PeopleFigure, ...]:
        """Return the pictures of people: all of them, or with many options the first."""
        figures = self.figures.people()
        return figures[:1] if self.is_many else figures

    def declined(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Return what is not said: about what, why, and the places that the reason rests on; the same reason once."""
        said: dict[tuple[str, str], tuple[list[str], dict[str, None]]] = {}
        for one in self.view.declined:
            options, places = said.setdefault((one.what, one.reason), ([], {}))
            if one.option and one.option != one.what:
                options.append(self.option_words(one.option))
            places |= {f"{row.citation} {row.source.locator}.": None for row in personal_effects.sources_of(one)}
        return tuple(
            (self.about(what, options), reason, tuple(places)) for (what, reason), (options, places) in said.items()
        )

    def about(self, what: str, options: list[str]) -> str:
        """Return what a refusal is about, in words."""
        outcomes = {o.outcome.id: o.outcome.name for o in self.view.outcomes}
        name = outcomes.get(what) or self.option_words(what)
        return f"{name} ({', '.join(options)})" if options else name

    def option_words(self, identifier: str) -> str:
        """Return the name of an option by its id; of anything else, its id in words."""
        options = {key: personal_words.option_name(o) for o in self.view.options for key in (o.id, o.option) if key}
        return options.get(identifier) or personal_words.identifier_words(identifier)

    @property
    def fit(self) -> Fit | None:
        """The fit, where values were given."""
        return self.view.fit

    def fit_rows(self) -> tuple[FitRow, ...]:
        """Return the options in the order asked for, ranked or not: never in the order of their fit."""
        if self.fit is None:
            return ()
        ranked = {one.option.id: one for one in self.fit.options}
        unranked = {one.option.id: one for one in self.fit.unranked}
        rows = []
        for option in self.view.options:
            if option.id in ranked:
                rows.append(FitRow(option, ranked[option.id], "", "", ()))
            elif option.id in unranked:
                one = unranked[option.id]
                rows.append(FitRow(option, None, personal_words.because_words(one.because), one.reason, one.source_ids))
        return tuple(rows)

    def weighed(self) -> tuple[FitRow, ...]:
        """Return the options that have reasons to show: those that rank; with many, those for which any stood out."""
        found = {reason.option.id for reason in self.fit.reasons} if self.fit else set()
        is_short = self.is_many or self.ranks() == 1
        return tuple(row for row in self.fit_rows() if row.fit and (not is_short or row.option.id in found))

    def ranks(self) -> int:
        """Return how many ranks there are."""
        return max((len(one.rank_acceptability) for one in self.fit.options), default=0) if self.fit else 0

    def shares(self, fit: OptionFit) -> tuple[str, ...]:
        """Return the worlds of a hundred on each rank, in words."""
        counts = self.figures.bar(fit).counts
        return tuple(worlds_text(s, c) for s, c in zip(fit.rank_acceptability, counts, strict=True))

    def drawn_bar(self, fit: OptionFit) -> Markup:
        """Draw the ranks of an option."""
        return self.figures.drawn_bar(fit)

    def rank_keys(self) -> tuple[tuple[Markup, str], ...]:
        """Return the key of the bars."""
        names = [("first", "fits first"), ("second", "fits second"), ("later", "fits third or later")]
        return tuple((rank_key(f"rank-key-{name}", name), words) for name, words in names[: max(self.ranks(), 1)])

    def reasons(self, option: Treatment, *, is_for: bool) -> tuple[Reason, ...]:
        """Return the reasons for an option, or against it."""
        if self.fit is None:
            return ()
        return tuple(r for r in self.fit.reasons if r.option.id == option.id and r.is_for is is_for)

    def weights(self, fit: OptionFit) -> tuple[tuple[str, str], ...]:
        """Return the typical weights of an option in percent, heaviest first."""
        if fit.central_weights is None:
            return ()
        ordered = sorted(fit.central_weights.items(), key=lambda item: (-item[1], item[0]))
        return tuple((personal_words.criterion_words(name), f"{100 * weight:.0f}") for name, weight in ordered)

    def change_words(self, change: Change) -> str:
        """Say a change, and the order after it where the option that comes first does not settle it."""
        if len(change.new_order) < 3:
            return change.sentence
        order = ", then ".join(self.option_words(name) for name in change.new_order)
        return f"{change.sentence} The order would then be: {order}."

    # Words that the templates ask for; they stand here so that a template needs nothing but the page.
    name = staticmethod(personal_words.option_name)
    basis = staticmethod(personal_words.basis_words)
    method = staticmethod(personal_words.method_words)
    criterion = staticmethod(personal_words.criterion_words)

    @staticmethod
    def is_share(of: PersonalOutcome | OutcomeDifference) -> bool:
        """Whether people are counted, each once."""
        return personal_effects.is_share(of)

    @staticmethod
    def frequency(of: PersonalOutcome) -> Frequency:
        """Return people as a natural frequency."""
        return personal_effects.frequency(of)

    event = staticmethod(personal_effects.event)
    complement = staticmethod(personal_effects.complement)
    count = staticmethod(personal_effects.count_words)
    likely_range = staticmethod(personal_effects.range_words)
    width = staticmethod(personal_effects.width)
    difference = staticmethod(personal_effects.difference_words)
    difference_range = staticmethod(personal_effects.difference_range)
    withheld = staticmethod(personal_effects.withheld)
    number_needed = staticmethod(personal_effects.number_needed)
