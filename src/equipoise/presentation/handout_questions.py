"""Questions for the visit: one's own from a file, and those that unknowns and close calls suggest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from equipoise.consultation.personal import PersonalView
from equipoise.presentation.handout_checks import questions_of
from equipoise.presentation.handout_document import NumberRow
from equipoise.presentation.personal_words import joined, option_name
from equipoise.safety.eligibility_document import Eligibility, EligibilityVerdict
from equipoise.safety.truth import Truth
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Treatment

MOST_QUESTIONS = 5
LONGEST_QUESTION = 120
"""Characters: two lines of one side at twelve points. Five such questions leave room for the numbers."""

# Our own wording, made for this page; not a published scale, and nothing is added up from it.
READINESS = (
    "I can say what each option may do, and what it asks of me.",
    "I can say which bad outcome I could live with least.",
    "I have had enough time, and nobody is pushing me.",
    "I know what happens if I wait, and whom to call.",
)


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
    view: PersonalView, answers: Sequence[tuple[Treatment, Eligibility]], rows: Sequence[NumberRow]
) -> tuple[str, ...]:
    """Return questions that the answers themselves raise, the weightiest first.

    Parameters
    ----------
    view
        The personal part of a consultation.
    answers
        Each option with its check against the label.
    rows
        The numbers, for what they cannot say.

    Notes
    -----
    Safety first: what is ruled out, what lies outside a licence, and what nobody has asked yet, option by option in
    turn so that none comes before the others. Then close calls, then facts that are missing, then numbers that are.
    """
    found = [
        *_ruled_out(answers),
        *_in_turn([questions_of(answer) for _, answer in answers]),
        *_close_calls(view),
        *_missing_facts(view),
        *_missing_numbers(view, rows),
    ]
    return tuple(dict.fromkeys(found))


def _ruled_out(answers: Sequence[tuple[Treatment, Eligibility]]) -> Iterator[str]:
    for treatment, answer in answers:
        if answer.verdict is EligibilityVerdict.CONTRAINDICATED:
            yield f"The label rules out {treatment.name} for me. Is that so, and will it stay so?"
        elif answer.indication is Truth.NOT_MET:
            yield f"The label does not mean {treatment.name} for someone like me. What would that change?"


def _in_turn(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    for questions in itertools.zip_longest(*lists):
        yield from (f"To find out: {question}" for question in questions if question is not None)


def _close_calls(view: PersonalView) -> Iterator[str]:
    if view.fit is None:
        return
    for tie in view.fit.ties:
        names = joined([option_name(option) for option in tie.options])
        yield f"For what matters to me, {names} are too close to call. What else could help us choose?"
    for change in view.fit.what_would_change:
        if change.kind == "fact":
            yield f"{change.sentence} Could that be so?"


def _missing_facts(view: PersonalView) -> Iterator[str]:
    if view.unknown:
        yield f"Can you fill in what I do not know, such as {joined(list(view.unknown[:3]))}?"


def _missing_numbers(view: PersonalView, rows: Sequence[NumberRow]) -> Iterator[str]:
    options = [option_name(option) for option in view.options]
    for row in rows:
        gaps = [name for name, cell in zip(options, row.cells, strict=True) if cell.missing == "no number"]
        if gaps:
            name = f"{row.name[:1].lower()}{row.name[1:]}"
            yield f"There is no number for “{name}” with {joined(gaps)}. What do you see in people like me?"
