#!/usr/bin/env python3
"""Set Equipoise up, start it and check it. One file, the standard library only.

    python3 go.py run                     start the web page on this machine and print its address
    python3 go.py run --port 8080 --open  the same on a port of your choice, opened in the browser
    python3 go.py run WORDS...            any equipoise command: run compare alemtuzumab interferon-beta-1a
    python3 go.py test [WORDS...]         every check, all failures; the words go to pytest
    python3 go.py lock [WORDS...]         pin the requirements anew; the words go to uv (--upgrade)

The first start makes .tools (the installer) and .venv (everything else) beside this file and needs the network;
later starts need neither. Set-up talks on stderr, so stdout is the command's own. Exit 3 means set-up failed.

A Python that is too old must still be able to read this file, to say so: syntax and top imports of Python 3.6.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from typing import Iterator

ROOT = os.path.dirname(os.path.abspath(__file__))
TOOLS = os.path.join(ROOT, ".tools")
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
UV = os.path.join(TOOLS, "bin", "uv.exe" if os.name == "nt" else "uv")
STAMP = os.path.join(VENV, "equipoise.stamp")
ITSELF = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
OLDEST = (3, 11)
BASE = getattr(sys, "_base_executable", sys.executable)  # this Python, outside any virtual environment
HEADER = "# Made by `python3 go.py lock`. Every file is held to its hash; no address stands here.\n"

CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("import-linter", ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"]),
    ("deptry", ["-m", "deptry", "src"]),
    ("mkdocs", ["-m", "mkdocs", "build", "--strict"]),  # with --quiet it forgives everything
)


class Trouble(Exception):
    """Something the person at the keyboard can mend: what is wrong, where, found, allowed, what to do."""

    def __init__(self, wrong: str, where: str, found: str, allowed: str, do: str) -> None:
        parts = (("where:  ", where), ("found:  ", found), ("allowed:", allowed), ("do:     ", do))
        lines = ["  " + name + " " + text.replace("\n", "\n           ") for name, text in parts]
        super().__init__("go.py: " + wrong + "\n" + "\n".join(lines))


class StepFailed(Exception):
    """An installer's command ended badly; the message is what it printed."""


def say(text: str) -> None:
    """Tell the person, never on stdout."""
    print(text, file=sys.stderr, flush=True)


# ------------------------------------------------------------------------------------------------ set-up


def read(*parts: str) -> bytes:
    """Return a file of this folder, empty where there is none."""
    try:
        with open(os.path.join(ROOT, *parts), "rb") as handle:
            return handle.read()
    except OSError:
        return b""


def stamp(kind: str) -> str:
    """What .venv is stamped with once it holds the requirements of `kind` ("run" or "test")."""
    content = read("requirements", kind + ".lock") + read("pyproject.toml")
    return "\n".join((kind, ROOT, hashlib.sha256(content).hexdigest()))


def is_ready(kind: str) -> bool:
    """Whether .venv holds what `kind` needs; test's requirements include run's."""
    if not os.path.exists(PYTHON):
        return False
    return read(STAMP).decode() in ([stamp("test")] if kind == "test" else [stamp("run"), stamp("test")])


def prepare(kind: str) -> None:
    """Bring .venv up to the locks; does nothing when it already is."""
    if is_ready(kind):
        return
    try:
        with alone():
            if not is_ready(kind):  # somebody else may just have done it
                install(kind)
    except OSError as error:
        raise Trouble(
            "the set-up cannot write its files.",
            str(error.filename or ROOT),
            error.strerror or str(error),
            "a folder that you may write to, on a disk with about 600 MB free",
            "clone Equipoise into a folder of your own, or free the path named above; then start again",
        ) from error


@contextlib.contextmanager
def alone() -> "Iterator[None]":
    """Hold a second set-up in this folder back until the first is done."""
    os.makedirs(TOOLS, exist_ok=True)
    with open(os.path.join(TOOLS, "set-up.lock"), "w") as handle:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def install(kind: str) -> None:
    """Install with uv; where uv cannot be had or fails, with pip alone."""
    old = read(STAMP).decode().split("\n")
    if old[0] == "test":
        kind = "test"  # a developer's checkout keeps its test tools
    moved = len(old) > 1 and old[1] != ROOT
    if os.path.exists(STAMP):
        os.remove(STAMP)  # an interrupted set-up is done again
    say("Setting Equipoise up in .venv. This happens once, and after an update.")
    begun = time.monotonic()
    lock = os.path.join(ROOT, "requirements", kind + ".lock")
    is_new = moved or not os.path.exists(PYTHON)
    try:
        install_with_uv(lock, is_new)
    except StepFailed as error:
        say("  uv could not do it; trying pip instead")
        install_with_pip(lock, is_new, str(error))
    with open(STAMP, "w") as handle:
        handle.write(stamp(kind))
    say(f"  ready after {time.monotonic() - begun:.0f} s")


def install_with_uv(lock: str, is_new: bool) -> None:
    """Make .venv exactly what the lock says."""
    fetch_uv()
    if is_new:
        this = ["--no-python-downloads", "--python", BASE]
        step("a virtual environment", [UV, "venv", *this, "--clear", VENV])
    step("the requirements", [UV, "pip", "sync", "--require-hashes", "--python", PYTHON, lock])
    step("Equipoise itself", [UV, "pip", "install", "--python", PYTHON, *ITSELF])


def fetch_uv() -> None:
    """Put the pinned uv into .tools, where it disturbs no other Python."""
    pin = hashlib.sha256(read("requirements", "tools.lock")).hexdigest()
    if read(TOOLS, "uv.stamp").decode() == pin and os.path.exists(UV):
        return
    lock = os.path.join(ROOT, "requirements", "tools.lock")
    words = ["install", "--upgrade", "--target", TOOLS, "--only-binary", ":all:", "--require-hashes", "-r", lock]
    step("the installer", [BASE, "-m", "pip", *words])
    with open(os.path.join(TOOLS, "uv.stamp"), "w") as handle:
        handle.write(pin)


def install_with_pip(lock: str, is_new: bool, before: str) -> None:
    """Do the same with what Python brings along; slower, and it leaves surplus packages in place."""
    pip = [BASE, "-m", "pip", "--python", PYTHON, "install"]
    try:
        if is_new:
            step("a virtual environment", [BASE, "-m", "venv", "--clear", "--without-pip", VENV])
        step("the requirements", [*pip, "--require-hashes", "-r", lock])
        step("Equipoise itself", [*pip, *ITSELF])
    except StepFailed as error:
        raise explained(str(error), before) from error


def step(what: str, words: "list[str]") -> None:
    """Run one installer command quietly; a refused certificate earns a second try with the system's own."""
    say("  " + what)
    import ssl

    plain = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_NO_INPUT="1")
    code, said = quietly(words, plain)
    if code and any(sign in said.lower() for sign in ("certificate", "ssl", "unknownissuer")):
        paths = ssl.get_default_verify_paths()
        code, said = quietly(words, dict(plain, UV_SYSTEM_CERTS="1", PIP_CERT=paths.cafile or paths.capath or ""))
    if code:
        raise StepFailed(said)


def quietly(words: "list[str]", environment: "dict[str, str]") -> "tuple[int, str]":
    """Run a command in this folder; return its exit code and all that it printed."""
    try:
        done = subprocess.run(
            words,
            check=False,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:  # there, but made for another kind of machine
        return 126, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def explained(said: str, before: str) -> Trouble:
    """Turn an installer's last words into something to act on."""
    last = "\n".join(line[:160] for line in said.split("\n")[-3:])
    low = (said + before).lower()
    for module, package in (("pip", "python3-pip"), ("venv", "python3-venv")):
        if f"no module named {module}" in said.lower():
            return Trouble(
                f"this Python has no {module}, so nothing can be installed.",
                BASE,
                last,
                f"any Python 3.11 or newer that has {module}",
                f"install it (Debian, Ubuntu: apt install {package}; others: python3 -m ensurepip), then start again",
            )
    if "do not match the hashes" in low or "hash mismatch" in low:
        return Trouble(
            "a package is not the file that the lock names.",
            "requirements/*.lock",
            last,
            "only files with the hashes in the lock",
            "try again later or from another network; if it stays, report it (SECURITY.md)",
        )
    if any(sign in low for sign in ("connect", "resolve", "timed out", "network", "certificate", "no matching dist")):
        return Trouble(
            "the packages cannot be fetched: no network, or no way to a package index.",
            "pip and uv on this machine",
            last,
            "a connection to a Python package index, needed for the first start only",
            "connect and start again; behind a proxy set HTTPS_PROXY, with an index of your own set PIP_INDEX_URL,\n"
            "with a certificate of your own set SSL_CERT_FILE and PIP_CERT",
        )
    return Trouble(
        "the set-up did not succeed.",
        VENV,
        last,
        "Python 3.11 or newer, pip and about 600 MB of disk",
        "delete the folders .venv and .tools and start again; if it fails again, report the lines above",
    )


# ------------------------------------------------------------------------------------------------ commands


def run(words: "list[str]") -> int:
    """Become the equipoise command; without words, or with its options only, its web page."""
    prepare("run")
    if not words or words[0].split("=")[0] in ("--port", "--open"):
        words = ["serve", *words]
    command = [PYTHON, "-P", "-m", "equipoise", *words]  # -P: a file numpy.py in the user's folder is not ours
    if os.name == "posix":
        os.execv(PYTHON, command)  # noqa: S606 - a list of words, no shell
    return subprocess.call(command)


def test(words: "list[str]") -> int:
    """Run every check, then pytest, and say of each how it went."""
    from concurrent.futures import ThreadPoolExecutor

    prepare("test")
    with ThreadPoolExecutor(max_workers=2) as pool:
        rows = list(pool.map(check, CHECKS))
    begun = time.monotonic()
    pytest = [PYTHON, "-m", "pytest", "-n", "2", *words]
    code = subprocess.call(pytest, cwd=ROOT, env=with_bin_first())
    rows.append(("pytest", code == 0, time.monotonic() - begun))
    print("\ncheck          result  seconds")
    for name, is_well, seconds in rows:
        print(f"{name:<15}{'ok' if is_well else 'FAILED':<6}{seconds:>9.1f}", flush=True)
    return 0 if all(is_well for _, is_well, _ in rows) else 1


def check(named: "tuple[str, list[str]]") -> "tuple[str, bool, float]":
    """Run one check; print what it says only when it fails."""
    name, words = named
    begun = time.monotonic()
    code, said = quietly([PYTHON, *words], with_bin_first())
    if code:
        print(f"==== {name} failed\n{said}\n", flush=True)
    return name, code == 0, time.monotonic() - begun


def with_bin_first() -> "dict[str, str]":
    """Return the environment with .venv's commands found before all others."""
    return dict(os.environ, PATH=BIN + os.pathsep + os.environ.get("PATH", ""))


def lock(words: "list[str]") -> int:
    """Pin again what pyproject.toml and requirements/tools.in ask for, without naming where it was found."""
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--no-python-downloads", "--python-version", "3.11"]
    groups = ["--group", "build", "--group", "docs", "--group", "test"]
    test_lock = os.path.join("requirements", "test.lock")
    plans = (
        ("tools", [os.path.join("requirements", "tools.in")]),
        ("test", ["pyproject.toml", *groups]),
        ("run", ["pyproject.toml", "--extra", "panel", "--group", "build", "--constraints", test_lock]),
    )
    try:
        with alone():
            fetch_uv()
            for name, sources in plans:
                path = os.path.join(ROOT, "requirements", name + ".lock")
                step(name + ".lock", [UV, "pip", "compile", *sources, *options, *words, "--output-file", path])
                text = read(path).decode().replace(HEADER, "")
                addresses = [line for line in text.split("\n") if "://" in line]
                if addresses:
                    raise StepFailed(f"{name}.lock names an address: {addresses[0]}")
                with open(path, "w") as handle:
                    handle.write(HEADER + text)
    except StepFailed as error:
        raise explained(str(error), "") from error
    return 0


def main(words: "list[str]") -> int:
    """Check the Python, then do what the first word says."""
    if sys.version_info < OLDEST:
        newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
        raise Trouble(
            "this Python is too old for Equipoise.",
            sys.executable,
            "Python " + sys.version.split()[0],
            "Python 3.11 or newer",
            f"start again with one that you have: {newer[0]} go.py {' '.join(words)}"
            if newer
            else "install Python 3.11 or newer (python.org, or your system's packages), then start again with it",
        )
    commands = {"run": run, "test": test, "lock": lock}
    if words and words[0] in commands:
        return commands[words[0]](words[1:])
    asks_help = not words or words[0] in ("-h", "--help", "help")
    print(__doc__.strip(), file=sys.stdout if asks_help else sys.stderr)
    if not asks_help:
        say(f"\ngo.py: there is no command '{words[0]}'; the commands are run, test and lock.")
    return 0 if asks_help else 2


if __name__ == "__main__":
    try:
        exit_code = main(sys.argv[1:])
        sys.stdout.flush()  # here, where a closed pipe can still be answered
        sys.exit(exit_code)
    except Trouble as trouble:
        say(str(trouble))
        sys.exit(3)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has gone: that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
