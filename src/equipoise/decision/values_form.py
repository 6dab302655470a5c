"""The form of what matters: the questions, their faults together, reading and writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from equipoise.decision.criteria import CRITERIA, Criterion
from equipoise.decision.values import Limit, TradeOff, TradeOffAnswer, Values
from equipoise.forms import (
    Answers,
    Document,
    Fault,
    Form,
    FormError,
    Kind,
    Question,
    Word,
    as_toml,
    examine,
    load_file,
)
from equipoise.wording import Named, Phrase, phrase

PART = "what_matters"
"""Table of what matters in a file that is also about the person."""

# More than any level of any criterion; a larger number is a slip of the finger.
LARGEST_AMOUNT = 10_000.0

_ALIASES = {"yes": ("true",), "no": ("false",), "about-equal": ("equal", "same")}


def values_form(criteria: Sequence[Criterion] = CRITERIA) -> Form:
    """Return the form of what matters, for some criteria."""
    words = tuple(Word(one.id, one.question) for one in criteria)
    units = tuple(Word(one.id, _in_unit(one)) for one in criteria)
    matters, against, not_acceptable = (
        phrase(f"values.section.{name}") for name in ("matters", "against", "not-acceptable")
    )
    return Form(
        name="values",
        title=phrase("values.title"),
        intro=phrase("values.intro"),
        questions=(
            _question("matters", Kind.SOME_OF, section=matters, words=words, example="1, 2, 7"),
            _question("does_not_matter", Kind.SOME_OF, section=matters, words=words),
            _question("order", Kind.SOME_OF, section=matters, words=words, ordered=True, example="2, 1"),
            _question("as_much_as_before", Kind.SOME_OF, section=matters, words=words),
            _question("trade_off", Kind.LIST, section=against, form=Form("trade-off", against, _trade_off(units))),
            _question("limit", Kind.LIST, section=not_acceptable, form=Form("limit", not_acceptable, _limit(units))),
        ),
    )


def _question(name: str, kind: Kind, *, section: str, **rest: Any) -> Question:
    key = f"values.{name.replace('_', '-')}"
    return Question(name, phrase(f"{key}.text"), kind, phrase(f"{key}.why"), section, **rest)


def _trade_off(units: tuple[Word, ...]) -> tuple[Question, ...]:
    key = "values.trade-off"
    answers = tuple(Word(name, phrase(f"{key}.answer.word.{name}"), aliases=also) for name, also in _ALIASES.items())
    return (
        Question("to_gain", phrase(f"{key}.to-gain.text"), Kind.ONE_OF, words=units, required=True),
        _amount("by", f"{key}.by", example="1"),
        Question("would_accept", phrase(f"{key}.would-accept.text"), Kind.ONE_OF, words=units, required=True),
        _amount("more", f"{key}.more", example="12"),
        Question("answer", phrase(f"{key}.answer.text"), Kind.ONE_OF, words=answers),
    )


def _limit(units: tuple[Word, ...]) -> tuple[Question, ...]:
    return (
        Question("criterion", phrase("values.limit.criterion.text"), Kind.ONE_OF, words=units, required=True),
        _amount("level", "values.limit.level", example="0"),
    )


def _amount(name: str, key: str, *, example: str) -> Question:
    text = phrase(f"{key}.text")
    return Question(name, text, Kind.NUMBER, low=0, high=LARGEST_AMOUNT, required=True, example=example)


def _in_unit(one: Criterion) -> str:
    return phrase("values.in-unit", name=one.name, unit=one.unit, best=one.best, worst=one.worst)


def read_values(source: Path | str | Mapping[str, Any], *, criteria: Sequence[Criterion] = CRITERIA) -> Values:
    """Read what matters from a TOML or JSON file, or from a mapping.

    Parameters
    ----------
    source
        A file name, or what such a file holds. Of a file of all of somebody's answers, only this part is read.
    criteria
        What may be named.

    Raises
    ------
    FormError
        If anything is wrong; it holds every fault.
    """
    document = Document("", source) if isinstance(source, Mapping) else load_file(source).part(PART)
    answers, faults = examine(values_form(criteria), document.values, lines=document.lines)
    faults += faults_together(answers, lines=document.lines, criteria=criteria)
    if faults:
        raise FormError(sorted(faults, key=lambda fault: fault.line or 0), file=document.file)
    return from_answers(answers)


def faults_together(
    answers: Answers, *, lines: Mapping[str, int] | None = None, criteria: Sequence[Criterion] = CRITERIA
) -> list[Fault]:
    """Find what does not fit together among answers that are each fine by themselves.

    Answers about weights that contradict each other are no fault: they are shown back when options are weighed.
    """
    lines = lines or {}
    ticked = set(answers.get("matters") or ())
    order: tuple[str, ...] = tuple(answers.get("order") or ())
    found: list[Fault] = []

    def add(field: str, problem: Phrase, found_there: str, mend: str) -> None:
        line = lines.get(field) or lines.get(field.partition("[")[0]) or lines.get(field.rpartition(".")[0])
        found.append(Fault(field, problem, found=found_there, mend=phrase(f"fault.mend.{mend}"), line=line))

    for name in answers.get("does_not_matter") or ():
        if name in ticked or name in order:
            where = "matters" if name in ticked else "order"
            problem = phrase("fault.problem.also-in", name=Named((name,)), other=Named((where,), "bare"))
            add("does_not_matter", problem, name, "keep-in-one")
    for name in answers.get("as_much_as_before") or ():
        if name not in order or order[0] == name:
            add("as_much_as_before", phrase("fault.problem.none-before", name=Named((name,))), name, "put-into-order")
    for number, trade in enumerate(answers.get("trade_off") or (), start=1):
        if trade["to_gain"] is not None and trade["to_gain"] == trade["would_accept"]:
            place = f"trade_off[{number}].would_accept"
            add(place, phrase("fault.problem.against-itself"), trade["to_gain"], "two-different")
        for key in ("by", "more"):
            if trade[key] == 0:
                problem = phrase("fault.problem.amount-of-nothing")
                add(f"trade_off[{number}].{key}", problem, "0", "above-nothing")
    known = {one.id for one in criteria}
    seen: set[str] = set()
    for number, limit in enumerate(answers.get("limit") or (), start=1):
        if limit["criterion"] in seen & known:
            place = f"limit[{number}].criterion"
            problem = phrase("fault.problem.two-limits", name=Named((limit["criterion"],)))
            add(place, problem, limit["criterion"], "stricter")
        seen.add(limit["criterion"])
    return found


def from_answers(answers: Answers) -> Values:
    """Turn answers without faults into values."""
    same = set(answers.get("as_much_as_before") or ())
    order: list[tuple[str, ...]] = []
    for name in answers.get("order") or ():
        if name in same and order:
            order[-1] = (*order[-1], name)
        else:
            order.append((name,))
    return Values(
        matters=answers.get("matters") or None,
        does_not_matter=answers.get("does_not_matter") or (),
        order=tuple(order),
        trade_offs=tuple(
            TradeOff(
                trade["to_gain"],
                float(trade["by"]),
                trade["would_accept"],
                float(trade["more"]),
                TradeOffAnswer(trade.get("answer") or "unknown"),
            )
            for trade in answers.get("trade_off") or ()
        ),
        limits=tuple(Limit(limit["criterion"], float(limit["level"])) for limit in answers.get("limit") or ()),
    )


def as_answers(values: Values) -> Answers:
    """Turn values back into the answers of the form."""
    flat = tuple(name for group in values.order for name in group)
    same = tuple(name for group in values.order for name in group[1:])
    return {
        "matters": values.matters,
        "does_not_matter": values.does_not_matter or None,
        "order": flat or None,
        "as_much_as_before": same or None,
        "trade_off": tuple(
            {
                "to_gain": trade.to_gain,
                "by": trade.by,
                "would_accept": trade.would_accept,
                "more": trade.more,
                "answer": None if trade.answer is TradeOffAnswer.UNKNOWN else trade.answer.value,
            }
            for trade in values.trade_offs
        )
        or None,
        "limit": tuple({"criterion": limit.criterion, "level": limit.level} for limit in values.limits) or None,
    }


def write_values(values: Values, *, heading: str = "", criteria: Sequence[Criterion] = CRITERIA) -> str:
    """Write values as a TOML file that explains itself; reading it again gives the same values.

    Parameters
    ----------
    values
        What matters.
    heading
        Said at the top of the file.
    criteria
        What may be named.
    """
    return as_toml(values_form(criteria), as_answers(values), heading=heading)
