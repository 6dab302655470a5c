"""What comes before the first dose: tests, vaccines, waits, and the day on which it could start."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.presentation.path.spans import span
from equipoise.presentation.path.view import PathPage
from equipoise.safety import Eligibility, Finding, FindingKind
from equipoise.safety.eligibility_document import StartAbout, StartReason, StartReasonKind
from equipoise.safety.plan_readings import vaccine_wait, window_before
from equipoise.safety.truth import Truth

# "Consider" and "informs" are for the team to weigh; the rest is asked for.
_SOFT_GATES = frozenset({"consider", "informs"})
_NO_WAIT = "P0D"


@dataclass(frozen=True, slots=True)
class Told:
    """A line, and the statement of the label behind it; empty where a person said it."""

    text: str
    source_id: str = ""


@dataclass(frozen=True)
class Before:
    """What a label asks for before the first dose.

    Attributes
    ----------
    answer, page
        The check, and the screen.
    """

    answer: Eligibility
    page: PathPage

    @property
    def tests(self) -> tuple[Told, ...]:
        """What is asked for."""
        return self._told(is_soft=False)

    @property
    def weighed(self) -> tuple[Told, ...]:
        """What the team may look at."""
        return self._told(is_soft=True)

    @property
    def start(self) -> str:
        """When it could start, in a sentence."""
        start = self.answer.earliest_start
        if start.day is not None:
            return (
                self._sentence("day", start.day)
                if start.day > self.answer.on
                else self.page.words("allowed.start.free")
            )
        if start.not_before > self.answer.on:
            return self._sentence("not-before", start.not_before)
        return self.page.words("allowed.start.open")

    @property
    def waits(self) -> tuple[Told, ...]:
        """Why not sooner."""
        reasons = self.answer.earliest_start.reasons
        return tuple({told.text: told for told in (self._wait(reason) for reason in reasons)}.values())

    def _sentence(self, key: str, day: datetime.date) -> str:
        return self.page.words(f"allowed.start.{key}", day=day)

    def _told(self, *, is_soft: bool) -> tuple[Told, ...]:
        found = [
            Told(self._test(one), one.id)
            for one in self.answer.of_kind(FindingKind.BASELINE_TEST)
            if one.status is not Truth.NOT_MET and (one.gate in _SOFT_GATES) is is_soft
        ]
        return tuple({told.text: told for told in found}.values())

    def _test(self, finding: Finding) -> str:
        entry = finding.entry
        if entry is None:
            return finding.text
        key = f"test.{entry.fields.get('test_id', '')}"
        name = self.page.words(key) if self.page.words.has(key) else finding.text
        if ahead := vaccine_wait(entry):
            return self.page.words("allowed.before.ahead", test=name, span=span(self.page.words, ahead))
        if within := window_before(entry):
            return self.page.words("allowed.before.within", test=name, span=span(self.page.words, within))
        return name

    def _wait(self, reason: StartReason) -> Told:
        return Told(self.page.words(self._wait_key(reason), **dict(self._places(reason))), reason.id)

    def _wait_key(self, reason: StartReason) -> str:
        is_open = "-open" if reason.kind is StartReasonKind.UNKNOWN else ""
        if reason.about is StartAbout.OTHER_DRUG:
            if reason.kind is StartReasonKind.NO_INTERVAL:
                return "allowed.start.after-drug-no-span"
            no_wait = reason.interval == _NO_WAIT
            return "allowed.start.after-drug-no-wait" if no_wait else f"allowed.start.after-drug{is_open}"
        if reason.about in (StartAbout.OWN_COURSE, StartAbout.VACCINE):
            return f"allowed.start.{reason.about}{is_open}"
        return f"allowed.start.{reason.about}"

    def _places(self, reason: StartReason) -> Iterator[tuple[str, str | datetime.date]]:
        if reason.drug:
            yield "drug", self._drug(reason.drug)
        if reason.interval:
            yield "span", span(self.page.words, reason.interval)
        if reason.day is not None:
            yield "day", reason.day
        if reason.about is StartAbout.RESOLVED:
            because = next((one.because for one in self.answer.findings if one.id == reason.id), ())
            yield "what", self.page.words.joined(self.page.words.say(name) for name in because)

    def _drug(self, drug_id: str) -> str:
        evidence = self.page.state.evidence
        option = next((one for one in evidence.options if one.drug_id == drug_id), None)
        return self.page.option_name(option.id, option.name) if option is not None else drug_id
