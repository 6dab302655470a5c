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

PART = "what_matters"
"""Table of what matters in a file that is also about the person."""

# More than any level of any criterion; a larger number is a slip of the finger.
LARGEST_AMOUNT = 10_000.0

_ANSWERS = (
    Word("yes", "yes, I would accept that", aliases=("true",)),
    Word("no", "no, that is too much", aliases=("false",)),
    Word("about-equal", "hard to say, they are worth about the same", aliases=("equal", "same")),
)


def values_form(criteria: Sequence[Criterion] = CRITERIA) -> Form:
    """Return the form of what matters, for some criteria."""
    words = tuple(Word(one.id, one.question) for one in criteria)
    units = tuple(Word(one.id, f"{one.name}, in {one.unit} ({one.best:g} to {one.worst:g})") for one in criteria)
    return Form(
        name="values",
        title="What matters to you",
        intro="There are no right answers. Whatever you leave open counts as open; nothing is guessed.",
        questions=(
            Question(
                "matters",
                "Which of these matter to you?",
                Kind.SOME_OF,
                why="What you choose counts at least as much as what you do not choose.",
                section="What matters",
                words=words,
                example="1, 2, 7",
            ),
            Question(
                "does_not_matter",
                "Is there anything here that does not matter to you at all?",
                Kind.SOME_OF,
                why="It will then count for nothing.",
                section="What matters",
                words=words,
            ),
            Question(
                "order",
                "Which come first? Name two or more, the most important first.",
                Kind.SOME_OF,
                why="An order says a lot. You need not order all of them.",
                section="What matters",
                words=words,
                ordered=True,
                example="2, 1",
            ),
            Question(
                "as_much_as_before",
                "Of those you put in order, does any matter just as much as the one before it?",
                Kind.SOME_OF,
                why="Those two are then not put in order.",
                section="What matters",
                words=words,
            ),
            Question(
                "trade_off",
                "Would you weigh one thing against another, such as fewer relapses against more tests?",
                Kind.LIST,
                why="One or two such answers say more than many ticks.",
                section="One against another",
                form=Form(
                    name="trade-off",
                    title="One against another",
                    questions=(
                        Question("to_gain", "What would get better?", Kind.ONE_OF, words=units, required=True),
                        Question(
                            "by", "By how much?", Kind.NUMBER, low=0, high=LARGEST_AMOUNT, required=True, example="1"
                        ),
                        Question("would_accept", "What would get worse?", Kind.ONE_OF, words=units, required=True),
                        Question(
                            "more", "By how much?", Kind.NUMBER, low=0, high=LARGEST_AMOUNT, required=True, example="12"
                        ),
                        Question("answer", "Would you accept that?", Kind.ONE_OF, words=_ANSWERS),
                    ),
                ),
            ),
            Question(
                "limit",
                "Is there anything that you would not accept, whatever else speaks for it?",
                Kind.LIST,
                why="An option beyond a limit is not ranked. It stays on the page with the reason.",
                section="Not acceptable",
                form=Form(
                    name="limit",
                    title="Not acceptable",
                    questions=(
                        Question("criterion", "What is it about?", Kind.ONE_OF, words=units, required=True),
                        Question(
                            "level",
                            "What is the last level that you would accept?",
                            Kind.NUMBER,
                            low=0,
                            high=LARGEST_AMOUNT,
                            required=True,
                            example="0",
                        ),
                    ),
                ),
            ),
        ),
    )


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

    def add(field: str, problem: str, found_there: str, mend: str) -> None:
        line = lines.get(field) or lines.get(field.partition("[")[0]) or lines.get(field.rpartition(".")[0])
        found.append(Fault(field, problem, found=found_there, mend=mend, line=line))

    for name in answers.get("does_not_matter") or ():
        if name in ticked or name in order:
            where = "matters" if name in ticked else "order"
            add("does_not_matter", f"'{name}' also stands in {where}", name, "keep it in one of the two")
    for name in answers.get("as_much_as_before") or ():
        if name not in order or order[0] == name:
            add(
                "as_much_as_before",
                f"'{name}' has none before it in order",
                name,
                "put it into order, not as the first",
            )
    for number, trade in enumerate(answers.get("trade_off") or (), start=1):
        if trade["to_gain"] is not None and trade["to_gain"] == trade["would_accept"]:
            place = f"trade_off[{number}].would_accept"
            add(place, "nothing can be weighed against itself", trade["to_gain"], "name two different things")
        for key in ("by", "more"):
            if trade[key] == 0:
                add(f"trade_off[{number}].{key}", "an amount of nothing says nothing", "0", "write an amount above 0")
    known = {one.id for one in criteria}
    seen: set[str] = set()
    for number, limit in enumerate(answers.get("limit") or (), start=1):
        if limit["criterion"] in seen & known:
            place = f"limit[{number}].criterion"
            add(place, f"there are two limits on '{limit['criterion']}'", limit["criterion"], "keep the stricter one")
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
