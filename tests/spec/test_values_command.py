"""What ``equipoise values`` promises, and what a file of values means."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from equipoise.decision import CRITERIA, Limit, TradeOff, TradeOffAnswer, Values, read_values, values_form
from equipoise.decision.remarks import remarks_on
from equipoise.decision.words import SHARES
from equipoise.forms import FormError
from tests.support.command import Ran, equipoise
from tests.unit.test_html import grade

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "values"
NAMES = ("everything-matters-most", "fears-disability", "long-safety-record", "torn")


def typed(monkeypatch: pytest.MonkeyPatch, lines: list[str], *words: str) -> Ran:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return equipoise("values", *words)


def refused(**said: Any) -> dict[str, str]:
    """Field to sentence of each fault."""
    with pytest.raises(FormError) as error:
        read_values(said)
    return {fault.field: fault.problem for fault in error.value.faults}


def test_new_asks_and_writes_a_file_that_check_understands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "matters.toml"
    lines = ["1, 2, 7", "9", "2, 1", "", "yes", "1", "1", "7", "12", "1", "no", "yes", "9", "0", "no"]
    ran = typed(monkeypatch, lines, "--new", str(file))
    assert (ran.code, ran.err) == (0, "")
    assert read_values(file) == Values(
        matters=("relapses", "disability-worsening", "tests-and-visits"),
        does_not_matter=("injections",),
        order=(("disability-worsening",), ("relapses",)),
        trade_offs=(TradeOff("relapses", 1, "tests-and-visits", 12, TradeOffAnswer.YES),),
        limits=(Limit("injections", 0),),
    )
    assert equipoise("values", "--check", str(file)).code == 0


def test_it_takes_at_most_a_dozen_steps_and_every_one_may_stay_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "matters.toml"
    assert typed(monkeypatch, [""] * 12, "--new", str(file)).code == 0
    assert read_values(file) == Values()


def test_a_contradiction_between_two_questions_is_mended_while_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "matters.toml"
    ran = typed(monkeypatch, ["1", "1", "2", *[""] * 6], "--new", str(file))
    assert "'relapses' also stands in matters" in ran.out.lower()
    assert read_values(file).does_not_matter == ("disability-worsening",)


def test_stopping_early_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = typed(monkeypatch, ["1, 2"], "--new", str(tmp_path / "matters.toml"))
    assert ran.code == 2
    assert 'matters = ["relapses", "disability-worsening"]' in ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "matters.toml"
    file.write_text("order = []\n", encoding="utf-8")
    assert typed(monkeypatch, [""] * 12, "--new", str(file)).code == 2
    assert file.read_text(encoding="utf-8") == "order = []\n"
    assert typed(monkeypatch, [""] * 12, "--new", str(file), "--force").code == 0


@pytest.mark.parametrize("words", [(), ("--schema", "--check", "x")])
def test_one_thing_at_a_time(words: tuple[str, ...]) -> None:
    ran = equipoise("values", *words)
    assert ran.code == 2
    assert "one of --new FILE, --check FILE and --schema is needed" in ran.err


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_understood_and_fit_the_schema(name: str) -> None:
    file = EXAMPLES / f"{name}.toml"
    assert equipoise("values", "--check", str(file)).code == 0
    jsonschema.validate(tomllib.loads(file.read_text(encoding="utf-8")), equipoise("values", "--schema").json)


def test_every_example_is_tested() -> None:
    assert sorted(file.stem for file in EXAMPLES.glob("*.toml")) == sorted(NAMES)


def test_everything_matters_most_is_noticed_and_one_question_offered() -> None:
    ran = equipoise("values", "--check", str(EXAMPLES / "everything-matters-most.toml"))
    assert "You ticked everything, and that is fine." in ran.out
    assert ran.out.count("?") == 1
    told = equipoise("values", "--check", str(EXAMPLES / "everything-matters-most.toml"), "--format", "json").json
    assert told["offered"] == {"to_gain": "relapses", "by": 1, "would_accept": "tests-and-visits", "more": 12}


def test_contradicting_answers_are_shown_back_and_are_no_error(tmp_path: Path) -> None:
    file = tmp_path / "matters.toml"
    trade = '[[trade_off]]\nto_gain = "relapses"\nby = 1\nwould_accept = "tests-and-visits"\nmore = {}\nanswer = "{}"\n'
    file.write_text(trade.format(12, "yes") + trade.format(6, "no"), encoding="utf-8")
    ran = equipoise("values", "--check", str(file))
    assert ran.code == 0
    assert "These answers do not fit together, which is easily done" in ran.out
    told = equipoise("values", "--check", str(file), "--format", "json").json
    (found,) = told["contradictions"]
    assert len(found["answers"]) == 2
    assert found["set_aside"].endswith("6 more days a year with a test or a visit: no")


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"matters": ["relapses"], "does_not_matter": ["relapses"]}, "does_not_matter",
         "'relapses' also stands in matters"),
        ({"order": ["relapses"], "as_much_as_before": ["relapses"]}, "as_much_as_before",
         "'relapses' has none before it in order"),
        ({"trade_off": [{"to_gain": "relapses", "by": 1, "would_accept": "relapses", "more": 1}]},
         "trade_off[1].would_accept", "nothing can be weighed against itself"),
        ({"trade_off": [{"to_gain": "relapses", "by": 0, "would_accept": "injections", "more": 1}]},
         "trade_off[1].by", "an amount of nothing says nothing"),
        ({"limit": [{"criterion": "injections", "level": 0}, {"criterion": "injections", "level": 9}]},
         "limit[2].criterion", "there are two limits on 'injections'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(said: dict[str, Any], field: str, sentence: str) -> None:
    assert refused(**said) == {field: sentence}


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "matters.toml"
    file.write_text('matters = ["relapsess"]\nwishes = 1\n[[limit]]\ncriterion = "injections"\n', encoding="utf-8")
    ran = equipoise("values", "--check", str(file))
    assert ran.code == 2
    assert "3 things need mending" in ran.err
    for line in ("line 1, matters", "line 2, wishes", "limit[1].level"):
        assert line in ran.err
    assert "did you mean relapses?" in ran.err


def test_unknown_says_nothing() -> None:
    assert read_values({"matters": "unknown", "order": "unknown", "limit": "unknown"}) == Values()
    assert not Values().says_anything


def test_the_questions_can_be_read_at_grade_eight_and_never_urge() -> None:
    form = values_form()
    inner = [question for outer in form if outer.form for question in outer.form]
    questions = [text for question in (*form, *inner) for text in (question.text, question.why) if text]
    said = [*questions, *(word.label for word in form["matters"].words), form.intro]
    assert grade([sentence for text in said for sentence in re.split(r"(?<=[.?!]) ", text)]) <= 8
    assert not re.search(r"\b(?:should|must|best|recommended)\b", " ".join(said))


def test_what_is_noticed_can_be_read_at_grade_eight() -> None:
    everything = tuple(one.id for one in CRITERIA)
    texts = [
        *remarks_on(Values(matters=everything), CRITERIA)[0],
        *remarks_on(Values(), CRITERIA)[0],
        *remarks_on(Values(does_not_matter=everything), CRITERIA)[0],
        *(f"The drug comes first {word}." for _, word in SHARES),
    ]
    assert grade([sentence for text in texts for sentence in re.split(r"(?<=[.?!]) ", text)]) <= 8
