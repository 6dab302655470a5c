"""Answers as a TOML file that reads like the conversation it came from."""

from __future__ import annotations

import datetime
import json
import textwrap
from typing import Any

from equipoise.forms.questions import UNKNOWN, Answers, Form, Kind, Question, as_number
from equipoise.wording import Wording, phrase

# Comments are as wide as the pages of this project.
WIDTH = 100


def as_short_toml(form: Form, answers: Answers, part: str) -> str:
    """Write what was answered as TOML in a table, without a comment: for where there is little room."""
    known = [q for q in form if answers.get(q.name) is not None]
    lines = [f"[{part}]"]
    lines += [_line(q, answers[q.name]) for q in known if not q.table and not _is_filled_list(q, answers)]
    for table in dict.fromkeys(q.table for q in known if q.table):
        lines.append(f"[{part}.{table}]")
        lines += [_line(q, answers[q.name]) for q in known if q.table == table]
    for question in known:
        if question.form is not None and _is_filled_list(question, answers):
            for entry in answers[question.name]:
                lines.append(f"[[{part}.{question.name}]]")
                lines += [
                    _line(inner, entry[inner.name]) for inner in question.form if entry.get(inner.name) is not None
                ]
    return "\n".join(lines)


def as_toml(form: Form, answers: Answers, *, heading: str = "", part: str = "", words: Wording | None = None) -> str:
    """Write answers as TOML: each question and why it is asked as a comment, what is unknown commented out.

    Reading it again gives the same answers.

    Parameters
    ----------
    form
        What was asked.
    answers
        By question; a missing key is unknown.
    heading
        Said at the top, before the form's own title.
    part
        Table that the answers stand in, for a file that holds several forms; empty for a file of their own.
    words
        In which language the comments are; English as a file has it where none is given.
    """
    return _Writer(part, words).whole(form, answers, heading)


class _Writer:
    """Writes one form, in a table or not, with comments in a language."""

    def __init__(self, part: str, words: Wording | None) -> None:
        self._inside = f"{part}." if part else ""
        self._say = words.say if words is not None else str
        self._part = part

    def whole(self, form: Form, answers: Answers, heading: str) -> str:
        blocks = [comment(self._say(text)) for text in (heading, form.title, form.intro) if text]
        if self._part:
            blocks.append(f"[{self._part}]")
        else:
            blocks.append(comment(self._say(phrase("file.unknown", word=UNKNOWN))))
        # Keys of the top come before tables, as TOML wants it; the order of the questions is kept otherwise.
        blocks += self._questions([q for q in form if not q.table and not _is_filled_list(q, answers)], answers)
        for table in form.tables:
            blocks.append(f"[{self._inside}{table}]")
            blocks += self._questions([q for q in form if q.table == table], answers)
        for question in form:
            if _is_filled_list(question, answers):
                blocks += self._entries(question, answers[question.name])
        return "\n\n".join(blocks) + "\n"

    def _questions(self, questions: list[Question], answers: Answers) -> list[str]:
        blocks = []
        section = ""
        for question in questions:
            if question.section and question.section != section and not question.table:
                section = question.section
                blocks.append(f"# ---- {self._say(section)}")
            blocks.append(self._explained(question) + "\n" + _line(question, answers.get(question.name)))
        return blocks

    def _entries(self, question: Question, entries: tuple[Answers, ...]) -> list[str]:
        if question.form is None:
            return []
        blocks = [self._explained(question)]
        for number, entry in enumerate(entries):
            lines = [f"[[{self._inside}{question.name}]]"]
            for inner in question.form:
                # Explained once; the entries after the first repeat the keys only.
                lines += [self._explained(inner)] if number == 0 else []
                lines.append(_line(inner, entry.get(inner.name)))
            blocks.append("\n".join(lines))
        return blocks

    def _explained(self, question: Question) -> str:
        parts = [question.text, question.why and phrase("file.why", why=question.why), *self._words(question)]
        if not question.words and question.kind is not Kind.LIST:
            parts.append(phrase("file.allowed", allowed=question.allowed))
        return "\n".join(comment(self._say(part)) for part in parts if part)

    def _words(self, question: Question) -> list[str]:
        if not question.words or not question.is_asked:
            return []
        lines: list[str] = [phrase("file.one-of" if question.kind is Kind.ONE_OF else "file.some-of")]
        group = ""
        for word in question.words:
            if word.group != group:
                group = word.group
                lines.append(f"  {self._say(group)}")
            lines.append(f'  "{word.id}"  {self._say(word.label)}')
        return lines


def _is_filled_list(question: Question, answers: Answers) -> bool:
    return question.kind is Kind.LIST and bool(answers.get(question.name))


def _line(question: Question, value: Any) -> str:
    if value is None:
        return f'# {question.key} = "{UNKNOWN}"'
    return f"{question.key} = {toml_value(value)}"


def toml_value(value: Any) -> str:
    """Write one value as TOML: a yes or no, a number, a day, text or a list of texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return as_number(value) if abs(value) < 1e15 else repr(value)
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the one control character that JSON lets through.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    items = [toml_value(item) for item in value]
    short = f"[{', '.join(items)}]"
    return short if len(short) <= WIDTH - 20 else "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def toml_text(text: str) -> str:
    """Write text of several lines as TOML, a line of the file for each of its own."""
    lines = [toml_value(line)[1:-1] for line in text.split("\n")]
    return '"""\n' + "\n".join(lines) + '"""'


def comment(text: str) -> str:
    """Write text as a comment, wrapped; a line that begins with spaces keeps them."""
    lines: list[str] = []
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=" " * (indent + 2 if indent else 0)) or [""]
    return "\n".join(f"# {line}".rstrip() for line in lines)
