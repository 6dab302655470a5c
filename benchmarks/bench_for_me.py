"""How long an answer to one person takes: in process for two options and for all of them, and the whole command.

Run it on a quiet machine: ``python benchmarks/bench_for_me.py``. It prints medians of wall and processor time beside
what was promised, and with ``--profile`` where the time goes. It is no test: a busy machine is no fault.
"""

from __future__ import annotations

import cProfile
import dataclasses
import datetime
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from equipoise.consultation import consult
from equipoise.consultation.document import Option
from equipoise.consultation.for_me import personal_view
from equipoise.consultation.sitting import option_of
from equipoise.decision import read_values
from equipoise.evidence import Evidence, load_evidence
from equipoise.person import Person, read_person
from equipoise.vocabulary.terms import Jurisdiction

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
TODAY = datetime.date(2026, 11, 22)
PAIR = ("alemtuzumab", "interferon-beta-1a")
RUNS = 15
PROFILED = 18


def timed(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Return median wall and processor time in milliseconds, after one run that fills what is kept."""
    work()
    wall, processor = [], []
    for _ in range(runs):
        begun = time.perf_counter(), time.process_time()
        work()
        wall.append(1e3 * (time.perf_counter() - begun[0]))
        processor.append(1e3 * (time.process_time() - begun[1]))
    return statistics.median(wall), statistics.median(processor)


def line(name: str, times: tuple[float, float], promise: float | None = None) -> None:
    said = "" if promise is None else f"{promise:10.0f}"
    print(f"{name:58}{times[0]:9.1f}{times[1]:11.1f}{said}")


def whole_process(*words: str) -> tuple[float, float]:
    """Return the wall time of a command, from nothing; its processor time is not ours to measure."""
    command = [sys.executable, "-m", "equipoise", "compare", *PAIR, *words]
    wall = []
    for _ in range(4):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        wall.append(1e3 * (time.perf_counter() - begun))
    return statistics.median(wall[1:]), float("nan")


def main() -> None:
    evidence, person = load_evidence(), read_person(EXAMPLES / "persons" / "frequent-relapses.toml")
    values = read_values(EXAMPLES / "values" / "fears-disability.toml")
    ages = iter(range(10**6))

    def somebody() -> Person:
        # Another person each time: whoever asks again is another person, or the same with another answer.
        return dataclasses.replace(person, age=20 + next(ages) % 30)

    pair = _options(evidence, PAIR)
    everything = _options(evidence, tuple(option.option for option in evidence.options))

    def view(options: tuple[Option, ...], *, weighed: bool = True, draws: int = 4000) -> Callable[[], object]:
        return lambda: personal_view(
            options,
            somebody(),
            evidence=evidence,
            jurisdiction=Jurisdiction.EU,
            on=TODAY,
            values=values if weighed else None,
            draws=draws,
        )

    print(f"{'milliseconds, median':58}{'wall':>9}{'processor':>11}{'promise':>10}")
    line("personal part, 2 options, 4,000 draws, values", timed(view(pair)), 60)
    line("personal part, 2 options, 4,000 draws", timed(view(pair, weighed=False)), 60)
    line(f"personal part, {len(everything)} options, 4,000 draws, values", timed(view(everything)), 300)
    line("personal part, 2 options, 100,000 draws, values", timed(view(pair, draws=100_000), runs=3))
    line("consult, 2 options, nobody", timed(lambda: consult(*PAIR, evidence=evidence)))
    asked = {"evidence": evidence, "values": values, "on": TODAY}
    line("consult, 2 options, a person and values", timed(lambda: consult(*PAIR, person=somebody(), **asked)))
    files = ("--person", str(EXAMPLES / "persons" / "torn.toml"), "--values", str(EXAMPLES / "values" / "torn.toml"))
    line("whole process, a person and values, as JSON", whole_process(*files, "--format", "json"))
    line("whole process, a person and values, as text", whole_process(*files))
    line("whole process, nobody, as JSON", whole_process("--format", "json"))
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(lambda: [view(pair)() for _ in range(10)])
        pstats.Stats(profile).sort_stats("cumulative").print_stats("equipoise", PROFILED)


def _options(evidence: Evidence, names: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(option_of(evidence, evidence.option(name), Jurisdiction.EU) for name in names)


if __name__ == "__main__":
    main()
