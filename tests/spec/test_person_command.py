"""What ``equipoise person`` promises."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from equipoise.person import Person, Sex, normalised, read_person
from tests.support.command import Ran, equipoise

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "persons"


def typed(monkeypatch: pytest.MonkeyPatch, lines: list[str], *words: str) -> Ran:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return equipoise("person", *words)


def test_new_asks_everything_and_writes_a_file_that_check_understands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "me.toml"
    ran = typed(monkeypatch, ["?", "34", "back", "35", "1", "EU", *[""] * 40], "--new", str(file))
    assert (ran.code, ran.err) == (0, "")
    assert "Age changes how often relapses come." in ran.out
    assert f"Written to {file}. Nothing else was kept." in ran.out
    assert read_person(file) == Person(
        age=35, sex=Sex.WOMAN, jurisdiction=read_person({"jurisdiction": "EU"}).jurisdiction
    )
    assert equipoise("person", "--check", str(file)).code == 0


def test_contradictions_are_mended_while_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "me.toml"
    lines = ["30", "", "", "", "", "31", "3", *[""] * 40]
    ran = typed(monkeypatch, lines, "--new", str(file))
    assert "The first symptoms 31 years ago do not fit an age of 30." in ran.out
    assert read_person(file) == Person(age=30, years_since_onset=3.0)


def test_stopping_early_writes_no_file_and_prints_what_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = typed(monkeypatch, ["34", "woman"], "--new", str(tmp_path / "me.toml"))
    assert ran.code == 2
    assert "Nothing was saved." in ran.out
    assert "\nage = 34\n" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "me.toml"
    file.write_text("age = 1\n", encoding="utf-8")
    ran = typed(monkeypatch, ["34"] * 50, "--new", str(file))
    assert (ran.code, ran.out) == (2, "")  # refused before the first question
    assert "is there already, and was not changed" in ran.err
    assert file.read_text(encoding="utf-8") == "age = 1\n"
    assert typed(monkeypatch, ["34", *[""] * 40], "--new", str(file), "--force").code == 0
    assert read_person(file) == Person(age=34)


@pytest.mark.parametrize(
    ("name", "said"), [("", "is a folder"), ("no/me.toml", "there is no folder"), ("me.json", "TOML under a JSON name")]
)
def test_a_file_that_could_not_be_written_is_refused_before_the_first_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    ran = typed(monkeypatch, [""] * 50, "--new", str(tmp_path / name))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_answers_are_printed_when_the_disk_refuses_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = typed(monkeypatch, ["34", *[""] * 40], "--new", str(tmp_path / "me.toml"))
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert "\nage = 34\n" in ran.out


def test_check_says_what_was_understood_what_is_unknown_and_what_is_worth_a_word() -> None:
    ran = equipoise("person", "--check", str(EXAMPLES / "contraindicated.toml"))
    assert (ran.code, ran.err) == (0, "")
    assert "contraindicated.toml is understood." in ran.out
    assert "  other conditions: A stroke, ever; Another autoimmune disease" in ran.out
    assert "Not known" not in ran.out
    ran = equipoise("person", "--check", str(EXAMPLES / "i-dont-know.toml"))
    assert "\nKnown\n" not in ran.out
    assert "\nNot known\n  age\n  sex\n" in ran.out
    assert "\nWorth knowing\n  Other conditions are not known." in ran.out


def test_check_as_json_is_the_normal_form() -> None:
    file = EXAMPLES / "torn.toml"
    document = equipoise("person", "--check", str(file), "--format", "json").json
    assert document["person"] == normalised(read_person(file))
    assert set(document) == {"person", "fingerprint", "unknown", "notices", "evidence"}
    assert document["unknown"] == document["notices"] == []


def test_a_json_file_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps(normalised(read_person(EXAMPLES / "torn.toml"))), encoding="utf-8")
    assert read_person(file) == read_person(EXAMPLES / "torn.toml")


def test_check_refuses_with_every_fault_and_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text("age = 300\nedss = 0.5\n", encoding="utf-8")
    ran = equipoise("person", "--check", str(file))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("equipoise: 2 things need mending; nothing was changed.\n")
    assert equipoise("person", "--check", str(tmp_path / "none.toml")).code == 2


def test_schema_is_a_schema() -> None:
    schema = equipoise("person", "--schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("words", [(), ("--new", "a.toml", "--schema"), ("--check", "a", "--new", "b")])
def test_one_thing_at_a_time(words: tuple[str, ...]) -> None:
    ran = equipoise("person", *words)
    assert ran.code == 2
    assert "one of --new FILE, --check FILE and --schema is needed" in ran.err


def test_a_real_terminal_works_and_ctrl_c_ends_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "me.toml"
    controller, terminal = pty.openpty()
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    command = [sys.executable, "-m", "equipoise", "person", "--new", str(file)]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True, env=strict,
                          preexec_fn=_own_terminal) as running:  # fmt: skip  # noqa: PLW1509
        os.close(terminal)
        said = _until(controller, "How old are you?")
        os.write(controller, b"\xff\xfe\n")  # no text in any terminal's encoding
        said += _until(controller, "does not fit yet")
        os.write(controller, b"34\n")
        said += _until(controller, "Are you a woman or a man?")
        os.write(controller, b"\x03")
        said += _until(controller, "")
        code = running.wait(timeout=20)
    os.close(controller)
    assert code == 2
    assert "Nothing was saved." in said
    assert "age = 34" in said
    assert "Traceback" not in said
    assert not file.exists()


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(controller: int, words: str) -> str:
    """Read what the program writes until some words, or to its end where there are none."""
    said = ""
    while not words or words not in said:
        try:
            part = os.read(controller, 4096)
        except OSError:  # Linux reports the end of a pseudo-terminal so
            break
        if not part:
            break
        said += part.decode("utf-8", "replace")
    return said
