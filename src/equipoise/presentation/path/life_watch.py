"""Serious harms of a label, how each is looked for, and the signs to call about."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.consultation.document import Option
from equipoise.evidence import Evidence, Label, LabelEntry
from equipoise.person import Person, Sex
from equipoise.presentation.path.label_lines import Line, line_of
from equipoise.presentation.path.spans import span
from equipoise.safety.calendar_dates import months_and_days
from equipoise.safety.eligibility_document import LABEL_PREFIX
from equipoise.safety.harms_watched import WatchedHarm, harms_watched, warnings_unsorted
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Wording

_FEMALE = "female"
_OFTEN = {"P1M": "life.when.monthly", "P1Y": "life.when.yearly", "P12M": "life.when.yearly"}
# What an entry says of a test that has no day but an occasion.
_ON_SYMPTOMS, _AS_INDICATED = "on symptoms", "as-indicated"
URGENCIES = ("emergency", "urgent", "prompt", "routine")


@dataclass(frozen=True, slots=True)
class Harm:
    """One serious harm in plain words.

    Attributes
    ----------
    id, name, what
        Which it is, what it is called, and what it is; empty where the name says it.
    sources
        Ids of the warnings that speak of it.
    tests
        How it is looked for; empty where no test does.
    """

    id: str
    name: str
    what: str
    sources: tuple[str, ...]
    tests: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of one urgency."""

    urgency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Watch:
    """What is watched for under one label.

    Attributes
    ----------
    words, option, evidence, place, person
        The language; the option; the release; whose label; who it is about, as far as known.
    """

    words: Wording
    option: Option
    evidence: Evidence
    place: Jurisdiction
    person: Person | None

    @functools.cached_property
    def harms(self) -> tuple[Harm, ...]:
        """The harms that the label warns of, those in a box first."""
        return tuple(self._harm(one) for one in harms_watched(self._label, self.place))

    @property
    def tested(self) -> tuple[Harm, ...]:
        """Those that a test looks for."""
        return tuple(one for one in self.harms if one.tests)

    @property
    def untested(self) -> tuple[Harm, ...]:
        """Those that are found by their signs."""
        return tuple(one for one in self.harms if not one.tests)

    @property
    def other_tests(self) -> tuple[Line, ...]:
        """Tests that the label asks for and that belong to no warning in it: they are told all the same."""
        told = {entry.id for harm in harms_watched(self._label, self.place) for entry in harm.tests}
        entries = [one for one in self._label.current("monitoring", self.place) if one.id not in told]
        return tuple({line.text: line for line in self._lines(entries)}.values())

    @property
    def unsorted(self) -> tuple[Line, ...]:
        """Warnings that name several harms in one sentence."""
        return tuple(line_of(self.words, entry) for entry in warnings_unsorted(self._label, self.place))

    @property
    def signs(self) -> tuple[Signs, ...]:
        """Signs that the label names, the most urgent first."""
        entries = [one for one in self._label.current("alert", self.place) if not one.fields.get("operator")]
        found = []
        for urgency in URGENCIES:
            lines = [line_of(self.words, one) for one in entries if one.fields.get("urgency") == urgency]
            if lines:
                told = {line.text: line for line in lines}
                found.append(Signs(self.words(f"life.urgency.{urgency}"), tuple(told.values())))
        return tuple(found)

    def _harm(self, harm: WatchedHarm) -> Harm:
        return Harm(
            harm.id,
            self.words(f"harm.{harm.id}.name"),
            self.words(f"harm.{harm.id}.what") if self.words.has(f"harm.{harm.id}.what") else "",
            tuple(LABEL_PREFIX + entry.id for entry in harm.warnings),
            tuple({line.text: line for line in self._lines(harm.tests)}.values()),
        )

    @property
    def _label(self) -> Label:
        return self.evidence.label(self.option.treatment)

    def _lines(self, entries: Iterable[LabelEntry]) -> Iterator[Line]:
        for entry in entries:
            condition = str(entry.fields.get("condition", ""))
            if condition == _FEMALE and self.person is not None and self.person.sex is Sex.MAN:
                continue
            yield Line(self._test(entry, condition), LABEL_PREFIX + entry.id)

    def _test(self, entry: LabelEntry, condition: str) -> str:
        name = self.words(f"test.{entry.fields['test_id']}")
        said = self.words("life.test", test=name, when=self._when(entry))
        if not condition or (condition == _FEMALE and self._is_woman):
            return said
        slug = re.sub(r"[^a-z0-9]+", "-", condition.lower()).strip("-")
        return self.words("life.test-for", test=said, whom=self.words(f"life.condition.{slug}"))

    @property
    def _is_woman(self) -> bool:
        return self.person is not None and self.person.sex is Sex.WOMAN

    def _when(self, entry: LabelEntry) -> str:
        fields, anchor = entry.fields, str(entry.fields.get("start_anchor", ""))
        moments = [one for one in fields.get("at", ()) if not one.startswith("PT")]
        spans = self.words.joined(span(self.words, one) for one in moments)
        if anchor == "each-infusion":
            return self.words("life.when.each-infusion")
        if anchor.startswith("course-"):
            return self.words("life.when.at-course" if moments else "life.when.course", spans=spans)
        if fields.get("every"):
            return self._regularly(fields)
        if moments:
            return self.words("life.when.at-then" if fields.get("interval_text") else "life.when.at", spans=spans)
        if fields.get("at"):
            return self.words("life.when.first-dose")
        if fields.get("interval_text") == _ON_SYMPTOMS:
            return self.words("life.when.on-signs")
        return self.words("life.when.as-needed" if fields.get("level") == _AS_INDICATED else "life.when.open")

    def _regularly(self, fields: Mapping[str, Any]) -> str:
        every, until = str(fields["every"]), str(fields.get("until_offset") or "")
        often = self._every(every, str(fields.get("every_max") or ""))
        if start := fields.get("start_offset"):
            often = self.words("life.when.beginning", often=often, span=span(self.words, str(start)))
        if not until:
            return often
        key = "life.when.until-after" if fields.get("until_anchor") == "last-dose" else "life.when.until"
        return self.words(key, often=often, span=span(self.words, until))

    def _every(self, duration: str, at_most: str) -> str:
        if at_most:
            low, high = (months_and_days(one)[0] for one in (duration, at_most))
            return self.words("life.when.every-to", low=str(low), high=str(high))
        if duration in _OFTEN:
            return self.words(_OFTEN[duration])
        return self.words("life.when.every", span=span(self.words, duration))
