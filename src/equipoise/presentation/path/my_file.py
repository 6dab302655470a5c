"""The file that a person owns: everything that was typed, as text that explains itself, and the answer of that day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from equipoise.consultation.kept import Kept, as_document
from equipoise.decision import values_form
from equipoise.decision.values_form import PART as WHAT_MATTERS
from equipoise.forms import Answers, Form, Kind, Question, Word, as_toml, examine
from equipoise.forms.files import PARTS
from equipoise.forms.writing import as_short_toml, comment, toml_text, toml_value
from equipoise.person import form as person_form
from equipoise.person.reading import PART as ABOUT_ME
from equipoise.presentation.form_fields import as_mapping
from equipoise.presentation.path.own_fields import Typed
from equipoise.presentation.path.remembered import answer_to_keep
from equipoise.presentation.path.state import Detail, PathState, Picture
from equipoise.wording import Wording, phrase

LAYOUT = 1
"""Number of the layout; a program that changes it reads the older ones too."""
NAME = "my-answers.toml"
CHOICES, QUESTIONS, THEN = "choices", "my_questions", "then"
TICKS = ("check", "ready")
"""Tables of small answers of the way itself; their fields begin with the same word."""
MINE, ASK = "my-questions", "ask"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def choices_form() -> Form:
    """Return what was chosen on the way: the options, and how somebody wants to read."""
    return Form(
        CHOICES,
        phrase("file.choices.title"),
        (
            Question("first", phrase("path.start.others.first"), Kind.TEXT),
            Question("second", phrase("path.start.others.second"), Kind.TEXT),
            Question("detail", phrase("path.start.detail.text"), Kind.ONE_OF, words=_words("detail", Detail)),
            Question("picture", phrase("file.choices.picture"), Kind.ONE_OF, words=_words("picture", Picture)),
            Question("years", phrase("file.choices.years"), Kind.WHOLE_NUMBER, among=(1, 2)),
        ),
    )


def _words(kind: str, those: type[Detail] | type[Picture]) -> tuple[Word, ...]:
    return tuple(Word(one.value, phrase(f"file.choices.{kind}s.{one.value}")) for one in those)


def as_file(state: PathState, words: Wording) -> str:
    """Return everything that was typed as a file, with comments in the language of the page.

    Parameters
    ----------
    state
        What was typed. What cannot be read is written as it was typed, so that nothing is lost.
    words
        The language of the comments.
    """
    blocks = [*_heading(state, words), *_answer_parts(state, words), *_own_parts(state, words)]
    kept = answer_to_keep(state)
    if kept is not None:
        blocks.append("\n".join(_then(kept, words)) + "\n")
    return "\n".join(blocks)


def _heading(state: PathState, words: Wording) -> Iterator[str]:
    address = f"/{words.language.tag}/path/open"
    yield "\n#\n".join(
        comment(words(f"file.mine.{key}", address=address) if key == "open" else words(f"file.mine.{key}"))
        for key in ("title", "yours", "open", "unknown")
    )
    yield f"\n{comment(words('file.mine.layout'))}\n{PARTS} = {LAYOUT}\nsaved = {state.on.isoformat()}\n"


def short_file(state: PathState) -> str:
    """Return who it is about and what matters as a file without comments, for where there is little room."""
    about, matters = person_form(state.evidence), values_form()
    return "\n".join(
        [
            f"{PARTS} = {LAYOUT}",
            as_short_toml(about, _answers(about, state.typed), ABOUT_ME),
            as_short_toml(matters, _answers(matters, state.typed), WHAT_MATTERS),
        ]
    )


def _answer_parts(state: PathState, words: Wording) -> tuple[str, ...]:
    """Return the parts of a file that the command line reads too: who it is about, what matters, what was chosen."""
    about, matters = person_form(state.evidence), values_form()
    chosen: Answers = {
        "first": state.choice.first,
        "second": state.choice.second,
        "detail": state.detail.value,
        "picture": state.picture.value,
        "years": state.years,
    }
    return (
        as_toml(about, _answers(about, state.typed), part=ABOUT_ME, words=words),
        as_toml(matters, _answers(matters, state.typed), part=WHAT_MATTERS, words=words),
        as_toml(choices_form(), chosen, part=CHOICES, words=words),
    )


def _answers(form: Form, typed: Typed) -> Answers:
    """Return what was answered; where that cannot be read, what was typed."""
    mapping = as_mapping(form, typed)
    answers, _ = examine(form, mapping)
    for question in form:
        if answers[question.name] is None:
            held: Any = mapping.get(question.table) if question.table else mapping
            answers[question.name] = held.get(question.key) if isinstance(held, Mapping) else None
    return answers


def _own_parts(state: PathState, words: Wording) -> Iterator[str]:
    mine = state.one(MINE).replace("\r\n", "\n").replace("\r", "\n")
    lines = [comment(words("file.mine.questions")), f"[{QUESTIONS}]"]
    lines += [f"text = {toml_text(mine)}"] if mine else []
    if ASK in state.typed:
        lines += [comment(words("file.mine.ask")), f"{ASK} = {toml_value(state.typed[ASK])}"]
    yield "\n".join(lines) + "\n"
    for name in TICKS:
        said = {
            key.removeprefix(f"{name}."): held[0] for key, held in state.typed.items() if key.startswith(f"{name}.")
        }
        answered = [f"{_key(key)} = {toml_value(value)}" for key, value in sorted(said.items())]
        yield "\n".join([comment(words(f"file.mine.{name}")), f"[{name}]", *answered]) + "\n"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else toml_value(name)


def _then(kept: Kept, words: Wording) -> Iterator[str]:
    yield comment(words("file.mine.then"))
    yield f"[{THEN}]"
    for name, value in as_document(kept).items():
        if not isinstance(value, list):
            yield f"{name} = {toml_value(value)}"
            continue
        entries = [", ".join(f"{key} = {toml_value(held)}" for key, held in entry.items()) for entry in value]
        yield "\n".join([f"{name} = [", *(f"  {{ {entry} }}," for entry in entries), "]"])
