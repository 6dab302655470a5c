"""Pictures of a personal view: the same hundred people under each option, relapses over the years, ranks as bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.consultation.personal import OptionFit, PersonalOutcome, PersonalView
from equipoise.presentation.personal_effects import complement, event, is_share, width
from equipoise.presentation.personal_words import APART, option_id, option_name
from equipoise.presentation.picture_words import fan_words, people_key, people_words, shared_people
from equipoise.presentation.pictures import (
    AcceptabilityBar,
    FanOption,
    FanPoint,
    PeopleArrays,
    PeopleGroup,
    RelapseFan,
    acceptability_bar,
    people_array,
    people_arrays_table,
    relapse_fan_plot,
    relapse_fan_table,
)
from equipoise.presentation.pictures.drawing import TraceUrl
from equipoise.presentation.plain_words import span, upper_first
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.vocabulary.terms import Outcome, OutcomeGroup, Treatment
from equipoise.wording import Wording, wording

DRAWN = ("relapse-free", "confirmed-disability-worsening-6m", "confirmed-disability-improvement-6m")
OF = 100


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
        words = wording()
        arrays = PeopleArrays(
            f"people-me-{outcome_id}", title, groups, said, unsaid, trace_url=self.trace_url, words=people_words(words)
        )
        panels = tuple(
            PersonPanel(name, people_array(arrays, i), o, width(o))
            for i, (name, o) in enumerate(zip(names, chosen, strict=True))
        )
        drawn = {o.option.id for o in chosen}
        without = tuple(option_name(option) for option in self.view.options if option.id not in drawn)
        key, shared = people_key(arrays, words), shared_people(arrays, words)
        return PeopleFigure(title, outcome, panels, key, shared, without, people_arrays_table(arrays))

    def fan(self) -> FanFigure | None:
        """Draw expected relapses over the years; ``None`` where no option has any."""
        return relapse_fan(self.view, option_name, self.trace_url, wording())

    def bar(self, fit: OptionFit) -> AcceptabilityBar:
        """Return the ranks of an option, ready to draw."""
        name = option_name(fit.option)
        return AcceptabilityBar(f"fit-me-{identifier(option_id(fit.option))}", name, fit.rank_acceptability)

    def drawn_bar(self, fit: OptionFit) -> Markup:
        """Draw the ranks of an option."""
        return acceptability_bar(self.bar(fit))


def relapse_fan(
    view: PersonalView, name: Callable[[Treatment], str], trace_url: TraceUrl | None, words: Wording
) -> FanFigure | None:
    """Draw expected relapses over the years; ``None`` where no option has any.

    Parameters
    ----------
    view
        What to draw.
    name
        What to call an option.
    trace_url
        Address of an estimate's trace.
    words
        In which language.
    """
    counted = [
        o
        for o in view.outcomes
        if o.outcome.group is OutcomeGroup.RELAPSES and not is_share(o) and o.basis not in APART
    ]
    lines = []
    for option in view.options:
        points = sorted((o for o in counted if o.option.id == option.id), key=lambda o: o.horizon_months)
        if points:
            lines.append(FanOption(upper_first(name(option)), tuple(_point(o) for o in points)))
    if not lines:
        return None
    title = words("expect.fan.title")
    fan = RelapseFan("fan-me", title, tuple(lines), counted[0].denominator, view.years, trace_url, fan_words(words))
    return FanFigure(title, relapse_fan_plot(fan), relapse_fan_table(fan))


def identifier(text: str) -> str:
    """Return a text as part of an id: letters, digits, hyphens."""
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())


def _point(outcome: PersonalOutcome) -> FanPoint:
    years = outcome.horizon_months / MONTHS_A_YEAR
    return FanPoint(years, outcome.affected, outcome.low, outcome.high, outcome.estimate.id)
