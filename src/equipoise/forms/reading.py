"""Reading answers: every fault is found and told at once."""

from __future__ import annotations

import datetime
import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from equipoise.forms.faults import Fault, FormError, shown
from equipoise.forms.questions import UNKNOWN, Answers, Form, Kind, Question, Word
from equipoise.wording import NOTHING, Listed, Named, Phrase, phrase

Lines = Mapping[str, int]
"""Field to the line of the file it stands on."""

# A day as ISO 8601 writes it: 2025-03-31.
DAY_CHARACTERS = 10


def read_answers(form: Form, mapping: Mapping[str, Any], *, file: str = "", lines: Lines | None = None) -> Answers:
    """Read answers out of a mapping, such as a parsed TOML or JSON file.

    A key that is missing, ``None`` and the word ``"unknown"`` all mean: not known.

    Parameters
    ----------
    form
        What is asked.
    mapping
        Keys as the questions are named; a dotted name stands in a table of its own.
    file
        Named in messages.
    lines
        Field to line, as ``load_file`` finds them.

    Returns
    -------
    Answers
        Every question by its name; ``None`` where unknown.

    Raises
    ------
    FormError
        If anything is wrong; it holds every fault.
    """
    answers, faults = examine(form, mapping, lines=lines)
    if faults:
        raise FormError(faults, file=file)
    return answers


def examine(form: Form, mapping: Mapping[str, Any], *, lines: Lines | None = None) -> tuple[Answers, list[Fault]]:
    """Read answers and return them with every fault; a faulty answer counts as unknown.

    Parameters
    ----------
    form, mapping, lines
        As for ``read_answers``.
    """
    return _examine(form, mapping, lines or {}, "")


def check(question: Question, value: Any) -> tuple[Any, Fault | None]:
    """Check one answer by itself.

    Returns
    -------
    answer
        In its final form; ``None`` where unknown or faulty.
    fault
        What is wrong, ``None`` if nothing is.
    """
    answer, faults = _checked(question, value, {}, "")
    return answer, faults[0] if faults else None


def plain(text: str) -> str:
    """Return a word as it is compared: lower case, hyphens between its parts."""
    return "-".join(text.strip().lower().replace("_", " ").split())


def find_word(words: Sequence[Word], text: str) -> Word | None:
    """Return the word that a text stands for: its id, its label or an alias; ``None`` if there is none."""
    wanted = plain(text)
    for word in words:
        if wanted in {plain(word.id), plain(word.label), *map(plain, word.aliases)}:
            return word
    return None


def place(prefix: str, name: str) -> str:
    """Return the name of a field inside a sub-form: ``"earlier_treatments[2].drug"``."""
    return f"{prefix}.{name}" if prefix else name


def line_of(field: str, lines: Lines) -> int | None:
    """Return the line of a field, or of the nearest thing around it."""
    while field:
        if field in lines:
            return lines[field]
        cut = max(field.rfind("."), field.rfind("["))
        field = field[:cut] if cut > 0 else ""
    return None


def _examine(form: Form, mapping: Mapping[str, Any], lines: Lines, prefix: str) -> tuple[Answers, list[Fault]]:
    answers = form.blank
    faults = _unknown_keys(form, mapping, lines, prefix)
    for question in form:
        holder = mapping
        if question.table:
            table = mapping.get(question.table)
            holder = table if isinstance(table, Mapping) else {}
        answers[question.name], found = _checked(question, holder.get(question.key), lines, prefix)
        faults += found
    faults.sort(key=lambda fault: fault.line or 0)
    return answers, faults


def _unknown_keys(form: Form, mapping: Mapping[str, Any], lines: Lines, prefix: str) -> list[Fault]:
    faults = []
    top = [q.key for q in form if not q.table]
    for key, value in mapping.items():
        field = place(prefix, str(key))
        if key in form.tables:
            inside = [q.key for q in form if q.table == key]
            if isinstance(value, Mapping):
                faults += [
                    _unknown_key(inner, place(field, str(inner)), inside, lines)
                    for inner in value
                    if inner not in inside
                ]
            elif not _is_unknown(value):
                faults.append(
                    Fault(
                        field,
                        _problem("not-table"),
                        shown(value),
                        phrase("fault.allowed.named-table", field=field, names=Named(tuple(inside), "bare")),
                        line=line_of(field, lines),
                    )
                )
        elif key not in top:
            faults.append(_unknown_key(key, field, [*top, *form.tables], lines))
    return faults


def _unknown_key(key: Any, field: str, known: Sequence[str], lines: Lines) -> Fault:
    nearest = difflib.get_close_matches(plain(str(key)).replace("-", "_"), known, n=1, cutoff=0.6)
    return Fault(
        _short(field),
        _problem("name-unknown"),
        allowed=NOTHING if nearest else phrase("fault.allowed.names", names=Named(tuple(known), "bare")),
        mend=_did_you_mean(nearest) if nearest else _mend("take-out"),
        line=line_of(field, lines),
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _is_unknown(value: Any) -> bool:
    return value is None or (isinstance(value, str) and plain(value) == UNKNOWN)


def _checked(question: Question, value: Any, lines: Lines, prefix: str) -> tuple[Any, list[Fault]]:
    field = place(prefix, question.name)
    line = line_of(field, lines)
    if _is_unknown(value):
        if question.required:
            missing = Fault(field, _problem("required"), allowed=question.allowed, line=line)
            return None, [missing]
        return None, []
    if question.kind is Kind.LIST:
        return _list(question, value, lines, field)
    answer, problem, mend = _CHECKS[question.kind](question, value)
    if not problem:
        return answer, []
    return None, [Fault(field, problem, shown(value), question.allowed, mend, line)]


def _list(question: Question, value: Any, lines: Lines, field: str) -> tuple[Any, list[Fault]]:
    if question.form is None or not isinstance(value, list | tuple):
        return None, [Fault(field, _problem("not-list"), shown(value), question.allowed, line=line_of(field, lines))]
    entries: list[Answers] = []
    faults: list[Fault] = []
    for number, entry in enumerate(value, start=1):
        where = f"{field}[{number}]"
        if isinstance(entry, Mapping):
            answers, found = _examine(question.form, entry, lines, where)
            entries.append(answers)
            faults += found
        else:
            allowed = phrase("fault.allowed.table", names=Named(tuple(q.name for q in question.form), "bare"))
            faults.append(Fault(where, _problem("not-table"), shown(entry), allowed, line=line_of(where, lines)))
    return (None, faults) if faults else (tuple(entries), [])


# Each check returns the answer, what is wrong (empty if nothing is), and what to do (may be empty).
_Checked = tuple[Any, Phrase, Phrase]


def _problem(name: str) -> Phrase:
    return phrase(f"fault.problem.{name}")


def _mend(name: str) -> Phrase:
    return phrase(f"fault.mend.{name}")


def _wrong(problem: str, mend: str = "") -> _Checked:
    return None, _problem(problem), _mend(mend) if mend else NOTHING


def _fine(answer: Any) -> _Checked:
    return answer, NOTHING, NOTHING


def _number(question: Question, value: Any) -> _Checked:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong("not-number")
    if isinstance(value, float) and not math.isfinite(value):
        return _wrong("not-number")
    if question.kind is Kind.WHOLE_NUMBER and value != int(value):
        return _wrong("not-whole-number")
    # Compared before it is converted: a whole number of hundreds of digits fits no float.
    if (question.low is not None and value < question.low) or (question.high is not None and value > question.high):
        return _wrong("impossible")
    if question.among and value not in question.among:
        return _wrong("no-step")
    if question.kind is Kind.WHOLE_NUMBER:
        return _fine(int(value))
    try:
        return _fine(float(value))
    except OverflowError:
        return _wrong("impossible")


def _yes_no(_question: Question, value: Any) -> _Checked:
    if isinstance(value, bool):
        return _fine(value)
    return _wrong("not-yes-no", "true-or-false" if isinstance(value, str) else "")


def _one_of(question: Question, value: Any) -> _Checked:
    if not isinstance(value, str):
        return _wrong("not-word", "quote-word")
    word = find_word(question.words, value)
    return _fine(word.id) if word else (None, _problem("word-unknown"), nearest_words(question, value))


def _some_of(question: Question, value: Any) -> _Checked:
    if not isinstance(value, list | tuple):
        return _wrong("not-words", "write-list")
    chosen: list[str] = []
    wrong: list[tuple[str, Phrase]] = []
    for entry in value:
        word = find_word(question.words, entry) if isinstance(entry, str) else None
        if word is None:
            wrong.append((shown(entry), nearest_words(question, entry) if isinstance(entry, str) else NOTHING))
        else:
            chosen.append(word.id)
    if wrong:
        problem = phrase("fault.problem.words-unknown", names=", ".join(name for name, _ in wrong))
        return None, problem, _together([mend for _, mend in wrong if mend])
    if question.ordered:
        return _fine(tuple(dict.fromkeys(chosen)))
    return _fine(tuple(word.id for word in question.words if word.id in chosen))


def _together(mends: Sequence[Phrase]) -> Phrase:
    different = tuple(dict.fromkeys(mends))
    if len(different) > 1:
        return phrase("fault.mend.several", mends=Listed(different, "; "))
    return different[0] if different else NOTHING


def nearest_words(question: Question, text: str) -> Phrase:
    """Return a hint that names the words most like a text; empty if none is."""
    names = {name: word.id for word in question.words for name in (plain(word.id), *map(plain, word.aliases))}
    nearest = difflib.get_close_matches(plain(text), names, n=3, cutoff=0.5)
    return _did_you_mean(list(dict.fromkeys(names[name] for name in nearest))) if nearest else NOTHING


def _did_you_mean(names: Sequence[str]) -> Phrase:
    return phrase("fault.mend.did-you-mean", names=Named(tuple(names), "or"))


def _date(_question: Question, value: Any) -> _Checked:
    if isinstance(value, datetime.datetime):
        return _wrong("day-with-time", "leave-time-out")
    if isinstance(value, datetime.date):
        return _fine(value)
    if isinstance(value, str) and len(value.strip()) == DAY_CHARACTERS:
        try:
            return _fine(datetime.date.fromisoformat(value.strip()))
        except ValueError:
            pass
    return _wrong("not-day")


def _text(_question: Question, value: Any) -> _Checked:
    if not isinstance(value, str):
        return _wrong("not-text", "quote-text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return _wrong("half-character", "type-again")
    return _fine(value)


_CHECKS: dict[Kind, Callable[[Question, Any], _Checked]] = {
    Kind.WHOLE_NUMBER: _number,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.ONE_OF: _one_of,
    Kind.SOME_OF: _some_of,
    Kind.DATE: _date,
    Kind.TEXT: _text,
}
