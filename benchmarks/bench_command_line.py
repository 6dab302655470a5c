"""How long the command line takes, as whole processes, against a Python that does nothing.

Run it on a quiet machine: ``python benchmarks/bench_command_line.py``. It prints the median of several runs, the
ratio to ``python -c pass`` in the same run, and the promise. It is no test: a busy machine is no fault.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 9
PYTHON = sys.executable
COMPARE = [PYTHON, "-m", "equipoise", "compare", "alemtuzumab", "interferon-beta-1a", "--format", "json"]
LOAD = (
    "import time; from equipoise.evidence import load_evidence; "
    "t = time.perf_counter(); load_evidence(); print(time.perf_counter() - t)"
)


def seconds(words: list[str]) -> float:
    """Return the median wall time of a command."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def load_seconds() -> float:
    """Return the median time to load and check the evidence within a process that has imported it."""
    answers = [subprocess.run([PYTHON, "-c", LOAD], check=True, capture_output=True, text=True) for _ in range(RUNS)]
    return statistics.median(float(answer.stdout) for answer in answers)


def main() -> None:
    """Print the table."""
    nothing = seconds([PYTHON, "-c", "pass"])
    rows = [
        ("python -c pass", nothing, None),
        ("equipoise --help", seconds([PYTHON, "-m", "equipoise", "--help"]), 0.3),
        ("equipoise compare ... --format json", seconds(COMPARE), 1.0),
        ("load and check the evidence, in process", load_seconds(), 0.15),
    ]
    print(f"{'':42}{'median':>9}{'ratio':>8}{'promise':>10}")
    for name, took, promise in rows:
        print(f"{name:42}{took:8.3f}s{took / nothing:8.1f}{'' if promise is None else f'{promise:9.2f}s'}")


if __name__ == "__main__":
    main()
