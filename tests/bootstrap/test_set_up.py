"""What the set-up does, in which order, and when it does nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bootstrap.conftest import House, load

ALL_STEPS = ["python --target", "uv venv", "uv sync", "uv --editable"]


def test_first_start_installs_and_second_does_nothing(house: House) -> None:
    house.go.prepare("run")
    assert house.asked_briefly() == ALL_STEPS
    house.asked.clear()
    house.go.prepare("run")
    assert house.asked == []


def test_run_downloads_no_test_tools(house: House) -> None:
    house.go.prepare("run")
    assert str(house.folder / "requirements" / "run.lock") in house.asked[2]


def test_run_is_served_by_what_test_installed(house: House) -> None:
    house.go.prepare("test")
    assert str(house.folder / "requirements" / "test.lock") in house.asked[2]
    house.asked.clear()
    house.go.prepare("run")
    assert house.asked == []


def test_test_after_run_adds_the_test_tools_to_the_same_environment(house: House) -> None:
    house.go.prepare("run")
    house.asked.clear()
    house.go.prepare("test")
    assert house.asked_briefly() == ["uv sync", "uv --editable"]


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements/run.lock"])
def test_a_changed_file_is_followed(house: House, changed: str) -> None:
    house.go.prepare("run")
    house.asked.clear()
    with (house.folder / changed).open("a", encoding="utf-8") as handle:
        handle.write("\n# changed\n")
    house.go.prepare("run")
    assert house.asked_briefly() == ["uv sync", "uv --editable"]


def test_a_checkout_with_test_tools_keeps_them(house: House) -> None:
    house.go.prepare("test")
    house.asked.clear()
    for name in ("run", "test"):
        with (house.folder / "requirements" / f"{name}.lock").open("a", encoding="utf-8") as handle:
            handle.write("\n# changed\n")
    house.go.prepare("run")
    assert str(house.folder / "requirements" / "test.lock") in house.asked[0]


def test_an_interrupted_update_is_done_again_even_when_the_lock_goes_back(house: House) -> None:
    house.go.prepare("run")
    lock = house.folder / "requirements" / "run.lock"
    before = lock.read_text(encoding="utf-8")
    lock.write_text(before + "\n# changed\n", encoding="utf-8")
    house.replies += [("sync", 1, "killed"), ("-r " + str(lock), 1, "killed")]
    with pytest.raises(house.go.Trouble):
        house.go.prepare("run")
    lock.write_text(before, encoding="utf-8")
    house.replies.clear()
    house.asked.clear()
    house.go.prepare("run")
    assert house.asked_briefly() == ["uv sync", "uv --editable"]


def test_a_moved_folder_gets_a_new_environment(house: House, tmp_path: Path) -> None:
    house.go.prepare("run")
    moved = House(Path(shutil.move(house.folder, tmp_path / "elsewhere")))
    moved.go.prepare("run")
    assert moved.asked_briefly() == ["uv venv", "uv sync", "uv --editable"]


def test_every_installer_is_held_to_hashes_and_to_this_python(house: House) -> None:
    house.go.prepare("run")
    tools, environment, sync, itself = house.asked
    assert "--require-hashes" in tools
    assert "--require-hashes" in sync
    assert "--no-python-downloads" in environment
    assert {"--no-deps", "--no-build-isolation"} <= set(itself)


def test_a_refused_certificate_is_tried_again_with_the_systems_own(house: House) -> None:
    house.replies.append(("sync", 1, "invalid peer certificate: UnknownIssuer"))
    house.go.prepare("run")
    tries = [env for words, env in zip(house.asked, house.environments, strict=True) if "sync" in words]
    assert [env.get("UV_SYSTEM_CERTS") for env in tries] == [None, "1"]


@pytest.mark.parametrize("broken", ["--target", "uv venv", "sync"])
def test_pip_alone_does_it_where_uv_cannot(house: House, broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    house.replies.append((broken, 1, "no such luck"))
    house.go.prepare("run")
    assert house.asked_briefly()[-2:] == ["python --require-hashes", "python --editable"]
    assert "trying pip instead" in capsys.readouterr().err
    assert house.go.is_ready("run")


def test_a_program_that_this_machine_cannot_run_is_a_failed_step(house: House, tmp_path: Path) -> None:
    strange = tmp_path / "uv"
    strange.write_bytes(b"\x7fELF of another kind")
    strange.chmod(0o755)
    code, said = load(house.folder).quietly([str(strange)], {})
    assert code == 126
    assert "uv" in said


def test_set_up_never_speaks_on_stdout(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.go.prepare("run")
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "Setting Equipoise up" in heard.err


def test_lock_writes_no_address(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_into(words: list[str], environment: dict[str, str]) -> tuple[int, str]:
        if "compile" in words:
            address = "https" + "://index.example/simple"
            Path(words[-1]).write_text(f"numpy==2.4.6\n# from {address}\n", encoding="utf-8")
        return 0, ""

    monkeypatch.setattr(house.go, "quietly", compile_into)
    with pytest.raises(house.go.Trouble, match="names an address"):
        house.go.lock([])
