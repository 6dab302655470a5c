"""The screen "What may happen": every outcome by itself, both options and no treatment side by side, nothing merged."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.consultation import Consultation
from equipoise.consultation.personal import PersonalView
from equipoise.presentation.comparison_view import FIRST_HARMS
from equipoise.presentation.path.chance import outcome_name, time_said
from equipoise.presentation.path.outcome_lines import (
    BENEFITS,
    FEW,
    GRAVEST,
    HARMS,
    MAIN,
    SERIOUS,
    Line,
    commonest,
    group_lines,
    is_first_stopping,
    length_of,
    of_groups,
    personal_lines,
)
from equipoise.presentation.path.outcome_pictures import Key, people_key, rare_key
from equipoise.presentation.path.outcome_rows import RARE, RowMaker, Section
from equipoise.presentation.path.state import Detail, Picture
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_effects import sources_of
from equipoise.presentation.personal_figures import FanFigure, relapse_fan
from equipoise.presentation.personal_words import NO_TREATMENT, option_name
from equipoise.presentation.plain_words import upper_first
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.terms import OutcomeGroup, Treatment
from equipoise.wording import Wording

OUTSIDE = frozenset(f"declined.{reason}" for reason in ("progressive", "pregnant", "younger", "older", "edss"))
"""Reasons that lie in the person and not in the evidence."""
FIRST_SERIOUS = 5
"""Serious harms to read first, beside the gravest."""
OTHER_SIDE = frozenset(("any-relapse", "at-least-one-relapse"))
"""The other side of being free of relapses, which both frames of that one say already."""


@dataclass(frozen=True)
class Withheld:
    """What is not said.

    Attributes
    ----------
    about, reason
        About what, and why.
    is_english
        Whether the reason could only be had in English.
    places
        Where that was read, in English.
    """

    about: str
    reason: str
    is_english: bool
    places: tuple[str, ...]


@dataclass(frozen=True)
class Outcomes:
    """What the screen shows.

    Attributes
    ----------
    page
        The screen as a page.
    """

    page: PathPage

    @property
    def words(self) -> Wording:
        """In which language."""
        return self.page.words

    @property
    def way(self) -> Picture:
        """The way to see the numbers that was chosen."""
        return self.page.state.picture

    @property
    def months(self) -> int:
        """The length of time that was asked for."""
        return self.page.state.years * MONTHS_A_YEAR

    @functools.cached_property
    def refusal(self) -> str:
        """Why these two cannot be shown at all; empty where they can."""
        if {fault.field for fault in self.page.state.faults} & {"first", "second"}:
            return self.words("expect.same-options")
        try:
            _ = self.consultation
        except EquipoiseError:
            return self.words("refused.not-compared.text")
        return ""

    @functools.cached_property
    def consultation(self) -> Consultation:
        """The answer."""
        return self.page.state.consultation

    @functools.cached_property
    def view(self) -> PersonalView:
        """The part of the answer that is about one person."""
        view = self.consultation.personal
        if view is None:
            raise ValueError("the way asks about somebody, of whom everything may be unknown")
        return view

    @functools.cached_property
    def is_about_someone(self) -> bool:
        """Whether numbers were made for this person, and not only counted in groups."""
        return bool(self.view.outcomes)

    @property
    def is_outside(self) -> bool:
        """Whether no number is made because the trials would not have let this person in."""
        return any(getattr(one.reason, "key", "") in OUTSIDE for one in self.view.declined)

    @functools.cached_property
    def options(self) -> tuple[Treatment, ...]:
        """The options, in the order of the cells."""
        if self.is_about_someone:
            return self.view.options
        return tuple(option.treatment for option in self.consultation.options)

    @property
    def has_no_treatment(self) -> bool:
        """Whether no treatment is one of the options."""
        return any(option.id == NO_TREATMENT for option in self.options)

    def option_name(self, option: Treatment) -> str:
        """Return what to call an option."""
        return self.words.say(option_name(option))

    @property
    def open_facts(self) -> str:
        """What was left open, as a list in a sentence; empty where nothing was."""
        return self.words.joined([self.words.say(fact) for fact in self.view.unknown]) if self.view.unknown else ""

    @functools.cached_property
    def sections(self) -> tuple[Section, ...]:
        """Benefits, side effects, rare and serious harms: each with one length of time and one number of people.

        One without any number is there too: what was not counted is not passed over.
        """
        return self._main(), self._common(), self._serious()

    @property
    def has_numbers(self) -> bool:
        """Whether there is any number to show."""
        return any(section.rows for section in self.sections)

    def key(self, section: Section) -> Key:
        """Return how to read the pictures of a section."""
        if self.way is not Picture.ICONS:
            return ()
        return people_key((row.drawing for row in section.rows), self.words)

    def how_to_read(self, section: Section) -> str:
        """Return what the pictures of a section have in common; empty where there are none."""
        if self.way is Picture.NUMBERS:
            return self.words("expect.key.bar")
        if self.way is not Picture.ICONS:
            return ""
        return rare_key(self.words) if section.denominator == RARE else self.words("expect.key.people")

    @functools.cached_property
    def fan(self) -> FanFigure | None:
        """Relapses over the years; only where pictures were chosen and there is room for them."""
        if self.is_short or self.way is not Picture.ICONS:
            return None
        return relapse_fan(self.view, self.option_name, self.page.source, self.words)

    @property
    def is_short(self) -> bool:
        """Whether only the main outcomes are shown."""
        return self.page.state.detail is Detail.SHORT

    @property
    def is_everything(self) -> bool:
        """Whether everything is shown."""
        return self.page.state.detail is Detail.EVERYTHING

    def withheld(self) -> tuple[Withheld, ...]:
        """Return what is not said, and why; the same reason once."""
        said: dict[tuple[str, str], tuple[list[str], dict[str, None]]] = {}
        reasons: dict[tuple[str, str], str] = {}
        for one in self.view.declined:
            key = one.what, str(one.reason)
            reasons[key] = one.reason
            options, places = said.setdefault(key, ([], {}))
            if one.option and one.option != one.what:
                options.append(self._named(one.option))
            places |= {f"{row.citation} {row.source.locator}.": None for row in sources_of(one)}
        return tuple(
            Withheld(
                self._about(key[0], options),
                self.words.say(reasons[key]),
                self.page.stays_english(reasons[key]),
                tuple(places),
            )
            for key, (options, places) in said.items()
        )

    def _about(self, what: str, options: Sequence[str]) -> str:
        outcome = self.page.state.evidence.outcomes.get(what)
        name = upper_first(outcome_name(self.words, outcome)) if outcome else self._subject(what)
        return self.words("expect.declined.named", name=name, options=self.words.joined(options)) if options else name

    def _subject(self, what: str) -> str:
        named = {key for option in self.options for key in (option.id, option.option)}
        return upper_first(self._named(what)) if what in named else self.words("expect.declined.you")

    def _named(self, identifier: str) -> str:
        found = next((one for one in self.view.options if identifier in (one.id, one.option)), None)
        return self.option_name(found) if found is not None else identifier

    @functools.cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every outcome that has a number, over every length of time."""
        return personal_lines(self.view) if self.is_about_someone else group_lines(self.consultation)

    @functools.cached_property
    def maker(self) -> RowMaker:
        """What makes the rows of this screen."""
        names = tuple(upper_first(self.option_name(option)) for option in self.options)
        return RowMaker(self.words, self.way, self.options, names, self.view.declined)

    def _main(self) -> Section:
        lines, months = self.on_one_length(BENEFITS)
        ids = {line.outcome.id for line in lines}
        shown = [line for line in lines if not ("relapse-free" in ids and line.outcome.id in OTHER_SIDE)]
        if self.is_short:
            shown = [line for line in shown if line.outcome.id in MAIN]
        notes = [self.words("expect.no-treatment.what")] if self.has_no_treatment else []
        return self._section("main", months, shown, notes)

    def _common(self) -> Section:
        lines, months = self.on_one_length(HARMS)
        stopping = [line for line in lines if is_first_stopping(line)]
        first = commonest(_harms(lines), FEW if self.is_short else FIRST_HARMS)
        notes = [self.words(f"expect.common.{'few' if self.is_short else 'lead'}")]
        if self.has_no_treatment:
            notes.append(self.words("expect.no-treatment.harms"))
        return self._section("common", months, [*stopping, *first], notes)

    def _serious(self) -> Section:
        lines, months = self.on_one_length(SERIOUS)
        ordered = commonest(lines, len(lines))
        most = FEW if self.is_short else FIRST_SERIOUS
        first = [line for place, line in enumerate(ordered) if place < most or line.outcome.id in GRAVEST]
        notes = [self.words("expect.serious.scale", total=RARE), self.words("expect.serious.small")]
        section = self._section("serious", months, ordered, notes)
        shown = {f"serious-{line.outcome.id}" for line in first}
        rows = tuple(row for row in section.rows if row.anchor in shown)
        rest = () if self.is_short else tuple(row for row in section.rows if row.anchor not in shown)
        return dataclasses.replace(section, rows=rows, more=rest)

    def on_one_length(self, groups: Sequence[OutcomeGroup]) -> tuple[tuple[Line, ...], int]:
        """Return the lines of some shelves on the one length of time on which they are shown, and which one it is."""
        lines = of_groups(self.lines, groups)
        months = length_of(lines, self.months)
        return tuple(line for line in lines if line.months == months), months

    def _section(self, name: str, months: int, lines: Sequence[Line], notes: Sequence[str]) -> Section:
        title = self.words(f"expect.{name}.title", time=time_said(self.words, months))
        return self.maker.section(name, title, months, lines, [*self._length_note(months), *notes])

    def _length_note(self, months: int) -> Iterator[str]:
        if months != self.months:
            time, asked = (time_said(self.words, length) for length in (months, self.months))
            yield self.words("expect.other-length.text", time=time, asked=asked)


def _harms(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.outcome.group is OutcomeGroup.COMMON_HARM)
