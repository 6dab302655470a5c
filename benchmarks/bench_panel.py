"""How long a whole population takes: making it, and asking it what is due, in a process of its own with its memory.

Run: python benchmarks/bench_panel.py [PEOPLE] [--spark]
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What the design asks for at a million people, in seconds and in GB.
LIMITS = {"simulate": (60.0, 4.0), "evaluate duckdb": (60.0, 4.0)}
MILLION = 1_000_000


def main(words: list[str]) -> None:
    people = int(next((word for word in words if word.isdecimal()), MILLION))
    engines = ["duckdb", *(["spark"] if "--spark" in words else [])]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {people:,} people")
    print(f"load before: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    print(f"{'step':<18}{'seconds':>9}{'peak GB':>9}  rows")
    with tempfile.TemporaryDirectory() as made:
        panel = Path(made) / "panel"
        simulate = ["simulate", "--people", str(people), "--seed", "1", "-o", str(panel)]
        rows = measured("simulate", simulate, people)["rows"]
        print(f"{'':<18}{'':>18}  {rows['results']:,} results on disk, {size(panel):.2f} GB")
        answers = {}
        for engine in engines:
            output = Path(made) / f"{engine}.parquet"
            evaluate = ["evaluate", str(panel), "--on", "2026-06-30", "--engine", engine, "-o", str(output)]
            answers[engine] = measured(f"evaluate {engine}", evaluate, people)
        print(json.dumps(answers["duckdb"]["findings"]), json.dumps(answers["duckdb"]["planted"]))
        assert all(answer["findings"] == answers["duckdb"]["findings"] for answer in answers.values())


def measured(name: str, words: list[str], people: int) -> dict[str, dict[str, int]]:
    """Run a command, print what it took, and return its answer."""
    import resource

    begun = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ran = subprocess.run(
        [sys.executable, "-m", "equipoise", "panel", *words, "--format", "json"],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - begun
    # The largest of all children so far: exact for the first command and an upper bound for the ones after it.
    peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1e6
    print(f"{name:<18}{seconds:>9.1f}{peak:>9.2f}", flush=True)
    if people == MILLION and name in LIMITS:
        limit, memory = LIMITS[name]
        assert seconds < limit, f"{name} took longer than {limit} s"
        assert peak < memory, f"{name} took more than {memory} GB"
    answer: dict[str, dict[str, int]] = json.loads(ran.stdout)
    return answer


def size(folder: Path) -> float:
    """Return how much a folder takes, in GB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9


if __name__ == "__main__":
    main(sys.argv[1:])
