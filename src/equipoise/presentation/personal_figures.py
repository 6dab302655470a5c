"""Pictures of a personal view: the same hundred people under each option, relapses over the years, ranks as bars."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from equipoise.consultation.personal import OptionFit, PersonalOutcome, PersonalView
from equipoise.presentation.personal_effects import (
    MONTHS_A_YEAR,
    complement,
    event,
    is_share,
    width,
)
from equipoise.presentation.personal_words import APART, joined, option_id, option_name
from equipoise.presentation.pictures import (
    AcceptabilityBar,
    FanOption,
    FanPoint,
    PeopleArrays,
    PeopleGroup,
    RelapseFan,
    acceptability_bar,
    key_icon,
    people_array,
    people_arrays_table,
    people_counts,
    relapse_fan_plot,
    relapse_fan_table,
    shared_bands,
)
from equipoise.presentation.plain_words import span, upper_first
from equipoise.vocabulary.terms import Outcome, OutcomeGroup

DRAWN = ("relapse-free", "confirmed-disability-worsening-6m", "confirmed-disability-improvement-6m")
OF = 100
MOST_BANDS = 4
"""Options up to which every combination is named; beyond, only how many people differ."""


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """One option of a picture of people: the drawing, and the number that the words beside it say."""

    name: str
    picture: Markup
    outcome: PersonalOutcome
    width: str


@dataclass(frozen=True, slots=True)
class PeopleFigure:
    """A picture of people with its key, its words and its table.

    Attributes
    ----------
    title, outcome
        What is counted.
    panels
        One per option that has a number.
    key
        Each mark with its meaning.
    shared
        How many people fare alike, in sentences that count the icons; they add up to a hundred.
    without
        Options without a number.
    table
        The same numbers.
    """

    title: str
    outcome: Outcome
    panels: tuple[PersonPanel, ...]
    key: tuple[tuple[Markup, str], ...]
    shared: tuple[str, ...]
    without: tuple[str, ...]
    table: Markup


@dataclass(frozen=True, slots=True)
class FanFigure:
    """The relapse fan with its table."""

    title: str
    picture: Markup
    table: Markup


@dataclass(frozen=True)
class PersonalFigures:
    """Draws what a personal view shows.

    Attributes
    ----------
    view
        What to draw.
    trace_url
        Address of a trace with ``{id}`` in it.
    """

    view: PersonalView
    trace_url: str | None

    def people(self) -> tuple[PeopleFigure, ...]:
        """Draw the outcomes that are drawn as people, on the horizon that was asked for; the first one comes first."""
        found = [self._people(outcome_id) for outcome_id in DRAWN]
        return tuple(figure for figure in found if figure is not None)

    def _people(self, outcome_id: str) -> PeopleFigure | None:
        chosen = [
            o
            for o in self.view.on(outcome_id, self.view.years * MONTHS_A_YEAR)
            if is_share(o) and o.denominator == OF and o.basis not in APART
        ]
        if not chosen:
            return None
        outcome = chosen[0].outcome
        said, unsaid = event(chosen[0]), complement(chosen[0])
        title = f"The same hundred people with each option: who {said}, over {span(chosen[0].horizon_months)}"
        names = [option_name(o.option) for o in chosen]
        groups = tuple(
            PeopleGroup(name, o.affected, o.low, o.high, o.estimate.id) for name, o in zip(names, chosen, strict=True)
        )
        arrays = PeopleArrays(f"people-me-{outcome_id}", title, groups, said, unsaid, trace_url=self.trace_url)
        panels = tuple(
            PersonPanel(name, people_array(arrays, i), o, width(o))
            for i, (name, o) in enumerate(zip(names, chosen, strict=True))
        )
        drawn = {o.option.id for o in chosen}
        without = tuple(option_name(option) for option in self.view.options if option.id not in drawn)
        return PeopleFigure(title, outcome, panels, _key(arrays), _shared(arrays), without, people_arrays_table(arrays))

    def fan(self) -> FanFigure | None:
        """Draw expected relapses over the years; ``None`` where no option has any."""
        counted = [
            o
            for o in self.view.outcomes
            if o.outcome.group is OutcomeGroup.RELAPSES and not is_share(o) and o.basis not in APART
        ]
        lines = []
        for option in self.view.options:
            points = sorted((o for o in counted if o.option.id == option.id), key=lambda o: o.horizon_months)
            if points:
                lines.append(FanOption(upper_first(option_name(option)), tuple(_point(o) for o in points)))
        if not lines:
            return None
        title = "How many relapses to expect over the years"
        fan = RelapseFan(
            "fan-me", title, tuple(lines), counted[0].denominator, self.view.years, trace_url=self.trace_url
        )
        return FanFigure(title, relapse_fan_plot(fan), relapse_fan_table(fan))

    def bar(self, fit: OptionFit) -> AcceptabilityBar:
        """Return the ranks of an option, ready to draw."""
        name = option_name(fit.option)
        return AcceptabilityBar(f"fit-me-{identifier(option_id(fit.option))}", name, fit.rank_acceptability)

    def drawn_bar(self, fit: OptionFit) -> Markup:
        """Draw the ranks of an option."""
        return acceptability_bar(self.bar(fit))


def identifier(text: str) -> str:
    """Return a text as part of an id: letters, digits, hyphens."""
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())


def _point(outcome: PersonalOutcome) -> FanPoint:
    years = outcome.horizon_months / MONTHS_A_YEAR
    return FanPoint(years, outcome.affected, outcome.low, outcome.high, outcome.estimate.id)


def _key(arrays: PeopleArrays) -> tuple[tuple[Markup, str], ...]:
    meanings = (
        ("certain", f"{arrays.event}, also at the low end of the range"),
        ("uncertain", f"{arrays.event} by the estimate, but not at the low end of the range"),
        ("possible", f"{arrays.no_event} by the estimate, but not at the high end of the range"),
        ("unaffected", f"{arrays.no_event}, also at the high end of the range"),
    )
    present = {name for group in arrays.groups for name, count in people_counts(group).styles if count}
    entries = [(key_icon(arrays, name), words) for name, words in meanings if name in present]
    if arrays.differing[0] != arrays.differing[1]:
        entries.append((key_icon(arrays, "line"), "inside the line: people whose outcome depends on the option"))
    return tuple(entries)


def _shared(arrays: PeopleArrays) -> tuple[str, ...]:
    """Count the people by what happens to them under which options."""
    first, last = arrays.differing
    if len(arrays.groups) == 1:
        return ()
    if len(arrays.groups) > MOST_BANDS:
        return (
            f"{first} of {OF} {arrays.event} with every option.",
            f"{last - first} of {OF} would fare one way or the other: it depends on the option.",
            f"{OF - last} of {OF} {arrays.no_event} with every option.",
        )
    names = [group.label for group in arrays.groups]
    every = "both options" if len(names) == 2 else "every option"
    said = []
    for band in shared_bands(arrays.groups):
        if len(band.members) == len(names):
            said.append(f"{band.count} of {OF} {arrays.event} with {every}.")
        elif not band.members:
            said.append(f"{band.count} of {OF} {arrays.no_event} with {every}.")
        else:
            with_it = joined([names[i] for i in band.members])
            others = joined([name for i, name in enumerate(names) if i not in band.members])
            said.append(f"{band.count} of {OF} {arrays.event} with {with_it}; with {others} they {arrays.no_event}.")
    return tuple(said)
