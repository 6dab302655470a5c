"""What five thousand people are told, in a file: made anew with few draws and compared at each release.

Run ``python -m tests.support.person_case_results`` from the repository to compare, and with ``--write`` to store what
is said now. Where numbers moved, ``--because "SENTENCE"`` says why, and the same sentence goes into CHANGELOG.md.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import gzip
import hashlib
import io
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from equipoise.consultation.document import Option
from equipoise.consultation.personal_fit import Weighed, first_shares
from equipoise.consultation.personal_numbers import Numbering, personal_outcomes, summary
from equipoise.consultation.relative_effects import relative_effects
from equipoise.consultation.sitting import option_of
from equipoise.decision import Values
from equipoise.evidence import Evidence, load_evidence
from equipoise.outcomes.expectations import expect
from equipoise.person import Person
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.person_cases import CASES, people

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "reference" / "person-cases"
RESULTS, ABOUT = FOLDER / "results.csv.gz", FOLDER / "about.json"
PAIR = ("alemtuzumab", "interferon-beta-1a")
PLACE = Jurisdiction.EU
ON = datetime.date(2026, 11, 22)
SEED, DRAWS = 20201, 256
VALUES = Values(matters=("relapses", "disability-worsening", "serious-risk", "tests-and-visits"))
OUTCOMES = ("relapse-free", "relapses", "confirmed-disability-worsening-6m")
HORIZON = 24
DIGITS = 5
SHARE = 2e-4
"""Numbers that differ by less than this part of themselves are the same: a little more than what rounding leaves."""

Row = dict[str, str]


@dataclass(frozen=True)
class Moved:
    """One value of one person that is another now."""

    case: int
    column: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"case {self.case}, {self.column}: {self.old or 'nothing'} before, {self.new or 'nothing'} now"


@cache
def _evidence() -> Evidence:
    return load_evidence()


@cache
def _options() -> tuple[Option, ...]:
    return tuple(option_of(_evidence(), _evidence().option(name), PLACE) for name in PAIR)


def result(person: Person) -> Row:
    """Return what one person is told: key results as text with five digits, an empty text where nothing is said."""
    evidence, options = _evidence(), _options()
    names = [option.treatment.id for option in options]
    effects = relative_effects(evidence, names, seed=SEED, draws=DRAWS)
    found = expect(person, names, evidence, effects, seed=SEED, draws=DRAWS)
    numbering = Numbering(evidence, "case")
    row: Row = {}
    shown = [one for one in found.outcomes if one.outcome_id in OUTCOMES and one.horizon_months == HORIZON]
    for one in personal_outcomes(numbering, shown, summary([one.draws for one in shown])):
        for part, number in (("", one.affected), (".low", one.low), (".high", one.high)):
            row[f"{one.option.option or one.option.id}.{one.outcome.id}{part}"] = f"{number:.{DIGITS}g}"
    for baseline in found.baselines:
        row[f"baseline.{baseline.method}"] = f"{float(baseline.relapse_rate.mean()):.{DIGITS}g}"
    weighed = Weighed(evidence, numbering, options, person, PLACE, ON)
    shares = first_shares(weighed, found.outcomes, VALUES, SEED)
    for option in options:
        share = shares.get(option.treatment.id)
        row[f"{option.treatment.option}.comes-first"] = "" if share is None else f"{share:.{DIGITS}g}"
    row["declined"] = "; ".join(
        # The sentence only where it is about this person: the others are the same for everybody.
        f"{one.what}: {one.reason}" if one.what == "personal-baseline" else f"{one.what} ({one.option or 'all'})"
        for one in found.declined
    )
    return row


def results(first: int, after: int) -> list[Row]:
    """Return the results of a range of people."""
    return [result(person) for person in islice(people(), first, after)]


def all_results() -> list[Row]:
    """Return the results of everybody, made by as many processes as there are processors."""
    step = 250
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        parts = pool.map(results, range(0, CASES, step), range(step, CASES + step, step))
        return [row for part in parts for row in part]


def stored() -> list[Row]:
    """Return the stored results, as ``result`` makes them."""
    with gzip.open(RESULTS, "rt", encoding="utf-8", newline="") as stream:
        return [{name: text for name, text in row.items() if name != "case"} for row in csv.DictReader(stream)]


def about() -> dict[str, Any]:
    """Return from what the stored results were made, and why they moved each time that they did."""
    found: dict[str, Any] = json.loads(ABOUT.read_text(encoding="utf-8"))
    return found


def differences(old: Sequence[Row], new: Sequence[Row], first: int = 0) -> list[Moved]:
    """Return every value that is another, case by case; ``first`` is the number of the first case."""
    assert len(old) == len(new), f"{len(old)} cases before, {len(new)} now"
    return [
        Moved(first + i, column, before.get(column, ""), now.get(column, ""))
        for i, (before, now) in enumerate(zip(old, new, strict=True))
        for column in {**before, **now}
        if not _same(before.get(column, ""), now.get(column, ""))
    ]


def _same(old: str, new: str) -> bool:
    if old == new:
        return True
    try:
        numbers = float(old), float(new)
    except ValueError:
        return False
    return math.isclose(*numbers, rel_tol=SHARE, abs_tol=SHARE / 10)


def told(moved: Iterable[Moved], most: int = 5) -> str:
    """Say what moved, the widest move of each column first, and what is to be done."""
    by_column: dict[str, list[Moved]] = {}
    for one in moved:
        by_column.setdefault(one.column, []).append(one)
    lines = []
    for column, found in by_column.items():
        found.sort(key=_size, reverse=True)
        lines += [f"{column}: {len(found):,} people", *(f"  {one}" for one in found[:most])]
        lines += [f"  and {len(found) - most:,} more"] if len(found) > most else []
    return "\n".join(
        [
            "People are told other numbers than before.",
            *lines,
            "If that is meant: python -m tests.support.person_case_results --write --because 'WHY', "
            "and a line with the same words in CHANGELOG.md.",
        ]
    )


def _size(one: Moved) -> float:
    try:
        return abs(float(one.new) - float(one.old))
    except ValueError:
        return math.inf


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def packed(rows: Sequence[Row]) -> bytes:
    """Return results as compressed CSV; the same rows give the same bytes."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, ["case", *_columns(rows)], restval="", lineterminator="\n")
    table.writeheader()
    for case, row in enumerate(rows):
        table.writerow({"case": case, **row})
    return gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)


def digest(rows: Sequence[Mapping[str, str]]) -> str:
    """Return a short name for what rows say."""
    said = [sorted((name, text) for name, text in row.items() if text) for row in rows]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()[:16]


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.support.person_case_results", description=__doc__)
    words.add_argument("--write", action="store_true", help="store what is said now")
    words.add_argument("--because", default="", help="why numbers moved: a sentence that CHANGELOG.md has too")
    asked = words.parse_args()
    rows = all_results()
    history = about()["history"] if ABOUT.exists() else []
    moved = differences(stored(), rows) if RESULTS.exists() else []
    if moved:
        print(told(moved))
    if not asked.write:
        raise SystemExit(bool(moved))
    if moved and not asked.because:
        raise SystemExit("Nothing was written: --because 'WHY' is missing.")
    if moved or not history:
        because = asked.because or "Stored for the first time."
        history.append({"results": digest(rows), "because": because})
    release = _evidence().release
    document = {
        "cases": CASES,
        "options": PAIR,
        "jurisdiction": PLACE,
        "on": ON.isoformat(),
        "seed": SEED,
        "draws": DRAWS,
        "matters": VALUES.matters,
        "evidence": {"version": release.version, "sha256": release.sha256},
        "history": history,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    if moved or not RESULTS.exists():
        RESULTS.write_bytes(packed(rows))
    ABOUT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"{len(rows):,} people, {RESULTS.stat().st_size / 1e3:,.0f} kB, evidence {release.version}.")


if __name__ == "__main__":
    main()
