"""Ticks of a long list of which a screen shows a part: what each word is known to be, and what a screen may change.

A page shows only what matters for the two options. So "none of these" says something about what was shown and nothing
about the rest, and a tick that was never shown stays what it was. Here every word is present, absent or not known; the
fields that keep it are those of the form of a person, so that a file says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from equipoise.forms import Answers, Form, Question, Word
from equipoise.presentation.form_fields import NONE_OF_THEM, OTHERS_OPEN

Typed = Mapping[str, Sequence[str]]
Standing = dict[str, bool | None]
"""Word to whether it is so; ``None`` is not known."""


@dataclass(frozen=True, slots=True)
class TickGroup:
    """One heading with its ticks.

    Attributes
    ----------
    heading
        As the form names it.
    words
        What can be ticked here, and whether it is.
    is_none, is_open
        Whether "none of these" and "I don't know about the others" are ticked.
    """

    heading: str
    words: tuple[tuple[Word, bool], ...]
    is_none: bool
    is_open: bool


@dataclass(frozen=True)
class TickList:
    """A question that is answered by ticks, and the companions that say what is absent or not known.

    Attributes
    ----------
    form
        The form of a person.
    name
        The question: ``conditions`` or ``medicines``.
    """

    form: Form
    name: str

    @property
    def question(self) -> Question:
        """The question."""
        return self.form[self.name]

    @property
    def absent(self) -> str:
        """Name of the question that holds what is said to be absent; empty where the form has none."""
        words = [(word.id, word.group) for word in self.question.words]
        others = (q for q in self.form if q.name not in (self.name, self.question.doubts))
        return next((q.name for q in others if [(word.id, word.group) for word in q.words] == words), "")

    @property
    def fields(self) -> frozenset[str]:
        """Every field in which something about these words is kept."""
        return frozenset({self.name, self.question.doubts, self.absent} - {""})

    def standing(self, typed: Typed) -> Standing:
        """Return what each word is known to be."""
        held, doubted = typed.get(self.name, ()), typed.get(self.question.doubts, ())
        denied = typed.get(self.absent, ()) if self.absent else ()
        found: Standing = {}
        for word in self.question.words:
            if word.id in held:
                found[word.id] = True
            elif word.id in denied:
                found[word.id] = False
            elif word.id in doubted:
                found[word.id] = None
            else:
                found[word.id] = False if self._is_closed(word.group, held) else None
        return found

    def kept(self, standing: Standing, typed: Typed, faulty: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
        """Return the fields that keep what is known.

        Parameters
        ----------
        standing
            What each word is.
        typed
            The fields before; what they say to be absent by name stays said as long as it is.
        faulty
            Headings under which "none of these" is ticked beside something else: kept, so that the fault is told.
        """
        if all(known is None for known in standing.values()):
            return {}
        ticked = [word for word, known in standing.items() if known]
        doubted = [word for word, known in standing.items() if known is None]
        denied = [word for word in typed.get(self.absent, ()) if standing.get(word) is False] if self.absent else []
        found = {self.name: (*ticked, *self._marks(standing, faulty)), self.question.doubts: tuple(doubted)}
        return {name: held for name, held in (found | {self.absent: tuple(denied)}).items() if held}

    def of_answers(self, answers: Answers) -> dict[str, tuple[str, ...]]:
        """Return the fields that keep what the form's own reader understood, word by word."""
        held, doubted = answers[self.name], answers[self.question.doubts] or ()
        denied = tuple((answers[self.absent] if self.absent else None) or ())
        rest = None if held is None else False
        standing = {
            word: True if word in (held or ()) else False if word in denied else None if word in doubted else rest
            for word in (each.id for each in self.question.words)
        }
        return self.kept(standing, {self.absent: denied})

    def after_ticks(
        self, typed: Typed, sent: Sequence[str], headings: Collection[str], shown: Collection[str]
    ) -> dict[str, tuple[str, ...]]:
        """Return the fields after a screen of ticks was sent.

        Parameters
        ----------
        typed
            The fields before.
        sent
            What was ticked: words, and marks of whole groups.
        headings, shown
            The groups that stood on the screen, and the words in them that could be ticked.
        """
        standing, faulty = self.standing(typed), set()
        for heading in headings:
            words = [word.id for word in self.question.words if word.group == heading and word.id in shown]
            ticked = [word for word in words if word in sent]
            is_none, is_open = f"{NONE_OF_THEM}:{heading}" in sent, f"{OTHERS_OPEN}:{heading}" in sent
            if is_none and (ticked or is_open):
                faulty.add(heading)
            rest = False if is_none or (ticked and not is_open) else None
            standing |= {word: True if word in ticked else rest for word in words}
        return self.kept(standing, typed, faulty)

    def after_answers(self, typed: Typed, answers: Mapping[str, bool | None]) -> dict[str, tuple[str, ...]]:
        """Return the fields after single words were answered by yes, no or "I don't know"."""
        standing = self.standing(typed) | {word: said for word, said in answers.items() if word in self._ids}
        denied = [word for word, said in answers.items() if said is False and word in self._ids]
        before = {self.absent: (*typed.get(self.absent, ()), *denied)} if self.absent else {}
        return self.kept(standing, before)

    def groups(self, typed: Typed, headings: Sequence[str], shown: Collection[str]) -> Iterator[TickGroup]:
        """Yield what a screen shows of the list; a heading without a word to tick is left out."""
        standing, held = self.standing(typed), typed.get(self.name, ())
        for heading in headings or self.question.groups:
            words = [word for word in self.question.words if word.group == heading and word.id in shown]
            if not words:
                continue
            known = [standing[word.id] for word in words]
            # A contradiction is shown as it was ticked, so that it can be mended where it stands.
            is_none = all(one is False for one in known) or (f"{NONE_OF_THEM}:{heading}" in held and any(known))
            is_open = (any(known) and None in known) or (is_none and f"{OTHERS_OPEN}:{heading}" in held)
            yield TickGroup(heading, tuple((word, bool(standing[word.id])) for word in words), is_none, is_open)

    @property
    def _ids(self) -> frozenset[str]:
        return frozenset(word.id for word in self.question.words)

    def _is_closed(self, heading: str, held: Sequence[str]) -> bool:
        ticked = any(word.group == heading and word.id in held for word in self.question.words)
        return f"{NONE_OF_THEM}:{heading}" in held or (ticked and f"{OTHERS_OPEN}:{heading}" not in held)

    def _marks(self, standing: Standing, faulty: Collection[str]) -> Iterator[str]:
        for heading in self.question.groups:
            known = [standing[word.id] for word in self.question.words if word.group == heading]
            if heading in faulty or (True not in known and False in known):
                yield f"{NONE_OF_THEM}:{heading}"
            if (heading in faulty and True not in known) or (True in known and False not in known and None in known):
                yield f"{OTHERS_OPEN}:{heading}"
