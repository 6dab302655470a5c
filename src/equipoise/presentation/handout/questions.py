"""Questions for the visit: one's own from a file, and those that unknowns and close calls suggest."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from equipoise.consultation.personal import PersonalView
from equipoise.presentation.handout.checks import questions_of
from equipoise.presentation.handout.document import NumberRow
from equipoise.presentation.handout.words import inside, option_words
from equipoise.safety.eligibility_document import Eligibility, EligibilityVerdict
from equipoise.safety.truth import Truth
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Treatment
from equipoise.wording import Phrase, Wording

MOST_QUESTIONS = 5
LONGEST_QUESTION = 120
"""Characters: two lines of one side at twelve points. Five such questions leave room for the numbers."""

READINESS = ("options", "outcome", "time", "wait")
"""Our own statements about being ready, by their keys; not a published scale, and nothing is added up from them."""

KNOWN_FOR_SURE = frozenset(("age", "earlier_treatments"))
"""Facts that nobody has to ask a doctor about: "could that be so?" would be an odd question."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the answers themselves raise.

    Attributes
    ----------
    id
        The same in every language, for a tick to name it.
    text
        In the language of the page.
    """

    id: str
    text: str


def read_questions(path: Path | str) -> tuple[str, ...]:
    """Read one's own questions from a text file, one on each line.

    Parameters
    ----------
    path
        UTF-8 text. Empty lines and lines that begin with ``#`` are left out.

    Raises
    ------
    RequestError
        If the file cannot be read, or holds more than fits one side; every fault is named at once.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RequestError(f"'{path}' cannot be read: {error.strerror}.\n  do: check the name and the folder") from None
    except UnicodeDecodeError:
        raise RequestError(
            f"'{path}' is not UTF-8 text.\n  do: save it again as UTF-8 text, one question a line"
        ) from None
    except ValueError:
        raise RequestError(f"'{path}' is no file name.\n  do: check the name and the folder") from None
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), 1)]
    found = [(number, line) for number, line in lines if line and not line.startswith("#")]
    faults = [
        f"  line {number}: {len(line)} characters; allowed: {LONGEST_QUESTION}; do: shorten it, or make two of it"
        for number, line in found
        if len(line) > LONGEST_QUESTION
    ]
    faults += [
        f"  line {number}: a character that cannot be printed; do: type the line again"
        for number, line in found
        if not line.isprintable()
    ]
    if len(found) > MOST_QUESTIONS:
        faults.append(
            f"  {len(found)} questions; allowed: {MOST_QUESTIONS}, so that one side holds them; "
            "do: keep those that matter most"
        )
    if faults:
        raise RequestError("\n".join([f"'{path}' holds questions that do not fit one side of paper.", *faults]))
    return tuple(line for _, line in found)


def suggested_questions(
    view: PersonalView, answers: Sequence[tuple[Treatment, Eligibility]], rows: Sequence[NumberRow], words: Wording
) -> tuple[Suggestion, ...]:
    """Return questions that the answers themselves raise, the weightiest first.

    Parameters
    ----------
    view
        The personal part of a consultation.
    answers
        Each option with its check against the label.
    rows
        The numbers, for what they cannot say.
    words
        The language.

    Notes
    -----
    Safety first: what is ruled out, what lies outside a licence, and what nobody has asked yet, option by option in
    turn so that none comes before the others. Then close calls, then facts that are missing, then numbers that are.
    """
    found = [
        *_ruled_out(answers, words),
        *_in_turn([questions_of(answer) for _, answer in answers], words),
        *_close_calls(view, words),
        *_missing_facts(view, words),
        *_missing_numbers(view, rows, words),
    ]
    # The same words are one question, whichever way led to it.
    return tuple({one.text: one for one in reversed(found)}[text] for text in dict.fromkeys(one.text for one in found))


def _ruled_out(answers: Sequence[tuple[Treatment, Eligibility]], words: Wording) -> Iterator[Suggestion]:
    for treatment, answer in answers:
        name = option_words(treatment, words)
        if answer.verdict is EligibilityVerdict.CONTRAINDICATED:
            yield Suggestion(f"ruled-out.{treatment.option}", words("sheet.question.ruled-out", name=name))
        elif answer.indication is Truth.NOT_MET:
            yield Suggestion(f"outside.{treatment.option}", words("sheet.question.outside", name=name))


def _in_turn(lists: Sequence[Sequence[str]], words: Wording) -> Iterator[Suggestion]:
    for questions in itertools.zip_longest(*lists):
        for question in questions:
            if question is not None:
                text = words("sheet.question.find-out", question=words.say(question))
                yield Suggestion(f"find-out.{_digest(question)}", text)


def _close_calls(view: PersonalView, words: Wording) -> Iterator[Suggestion]:
    if view.fit is None:
        return
    for tie in view.fit.ties:
        names = words.joined(option_words(option, words) for option in tie.options)
        yield Suggestion("tie", words("sheet.question.tie", names=names))
    facts = [one for one in view.fit.what_would_change if one.kind == "fact" and one.about not in KNOWN_FOR_SURE]
    # In a tie almost any fact turns the order, so that none of them is worth a question; else the nearest one is.
    for change in facts[:0] if view.fit.ties else facts[:1]:
        text = words("sheet.question.change", sentence=words.say(change.sentence))
        yield Suggestion(f"change.{change.about}", text)


def _missing_facts(view: PersonalView, words: Wording) -> Iterator[Suggestion]:
    if view.unknown:
        names = words.joined(words.say(name) for name in view.unknown[:3])
        yield Suggestion("fill-in", words("sheet.question.fill-in", names=names))


def _missing_numbers(view: PersonalView, rows: Sequence[NumberRow], words: Wording) -> Iterator[Suggestion]:
    options = [option_words(option, words) for option in view.options]
    for row in rows:
        gaps = [name for name, cell in zip(options, row.cells, strict=True) if cell.is_withheld]
        if gaps:
            about = {"outcome": inside(row.name, words), "names": words.joined(gaps)}
            yield Suggestion(f"no-number.{row.outcome_id}", words("sheet.question.no-number", **about))


def _digest(question: str) -> str:
    """Return what names a question of a label: its key in the catalogue, or a short hash where that is not enough."""
    if isinstance(question, Phrase) and question.key and not question.arguments:
        return question.key
    return hashlib.sha256(question.encode()).hexdigest()[:12]
