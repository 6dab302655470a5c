"""What is still open between a person and a label: what they can answer on the spot, and what is for the team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.forms import Question
from equipoise.presentation.path.screens import ANSWER, SCREENS
from equipoise.presentation.path.view import PathPage
from equipoise.safety import Eligibility, FindingKind
from equipoise.safety.eligibility_document import Ask

Answers = Sequence[tuple[str, Eligibility]]
_LISTS = ("conditions", "medicines")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the person can answer here.

    Attributes
    ----------
    text, options
        What is asked, and for which options it matters.
    field
        Name of the field that takes the answer.
    question
        The question of the form, where it is one by itself; ``None`` for one condition or medicine out of a list.
    screen
        Where it is asked instead, if it does not fit here.
    """

    text: str
    options: tuple[str, ...]
    field: str
    question: Question | None = None
    screen: str = ""


@dataclass(frozen=True, slots=True)
class TeamQuestion:
    """A question for the visit, and the options that it matters for."""

    text: str
    options: tuple[str, ...]


def open_questions(page: PathPage, answers: Answers) -> tuple[OpenQuestion, ...]:
    """Return the questions that a field here can take, those of the verdicts first.

    Parameters
    ----------
    page
        The screen.
    answers
        Name of each option with its check.
    """
    # What cannot be read counts as open, and can be mended here whether or not a label asks for it.
    faulty = {fault.field for fault in page.state.person_faults} & set(page.screen.also)
    to_mend = [OpenQuestion("", (), name, page.question(name)) for name in page.screen.also if name in faulty]
    asked = [one for one in _answerable(page, answers) if one.field not in faulty]
    return tuple({found.field: found for found in (*to_mend, *asked)}.values())


def team_questions(page: PathPage, answers: Answers) -> tuple[TeamQuestion, ...]:
    """Return the questions that no field of a person's form takes, those of the verdicts first.

    Parameters
    ----------
    page, answers
        As for ``open_questions``.
    """
    return tuple(TeamQuestion(page.words.say(ask.question), names) for ask, names in _ranked(answers) if not ask.field)


def _answerable(page: PathPage, answers: Answers) -> Iterator[OpenQuestion]:
    for ask, names in _ranked(answers):
        if ask.field in _LISTS:
            yield OpenQuestion(page.words.say(ask.question), names, f"{ANSWER}.{ask.field}.{ask.word}")
        elif ask.field in page.screen.also:
            yield OpenQuestion("", names, ask.field, page.question(ask.field))
        elif ask.field:
            where = next(one.id for one in SCREENS if ask.field in one.asks)
            yield OpenQuestion(page.words.say(ask.question), names, ask.field, screen=where)


def _ranked(answers: Answers) -> list[tuple[Ask, tuple[str, ...]]]:
    """Every question once, with the names of its options: by whether a verdict waits for it, then by place."""
    found: dict[str, tuple[tuple[bool, bool, int], Ask, tuple[str, ...]]] = {}
    for name, answer in answers:
        tests = {one.id for one in answer.of_kind(FindingKind.BASELINE_TEST)}
        decisive = set(answer.decisive)
        asks = [ask for ask in answer.ask if ask in decisive or not ask.findings or set(ask.findings) - tests]
        for place, ask in enumerate(asks):
            # What settles something alone comes before what matters together with other answers only.
            rank = ask not in decisive, not ask.settles, place
            # Two options may ask for one field in different words; the field is asked once.
            key = f"{ask.field}.{ask.word}" if ask.field else ask.question
            before = found.get(key)
            if before is None:
                found[key] = rank, ask, (name,)
            else:
                names = before[2] if name in before[2] else (*before[2], name)
                found[key] = min(before[0], rank), before[1], names
    ranked = sorted(found.values(), key=lambda item: item[0])
    return [(ask, names) for _, ask, names in ranked]
