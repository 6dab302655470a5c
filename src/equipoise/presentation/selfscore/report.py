"""Run the checks, and say what each item comes to."""

from __future__ import annotations

import datetime
import importlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from equipoise.evidence import Evidence, Release, load_evidence
from equipoise.presentation.selfscore.bench import Bench, Fetch
from equipoise.presentation.selfscore.finding import CHECKS, CheckFinding
from equipoise.presentation.selfscore.items import STANDARDS, Item, items
from equipoise.presentation.selfscore.readability import SCALES

KEPT, MISSING = "kept:", "missing:"
_MODULES = ("checks_document", "checks_pages", "checks_sheet", "checks_way")
_TITLES = {
    "ipdasi": "IPDASi version 4",
    "nice": "NICE standards framework for decision aids, as far as it was read",
    "requirement": "The twelve requirements of this project",
    "wcag": "WCAG 2.2, levels A and AA, as far as a program can see",
}
_HOLDS = "checks hold"
_NEEDS = {"people": "needs people", "trial": "needs a trial", "text": "not known"}
_HEAD = """# How it scores itself

This page is what `equipoise selfscore --format markdown` prints; a test holds it to that. After a change:

```console
$ equipoise selfscore --format markdown -o selfscore.md
```

in the folder `docs/reference`. Checks that need a browser are run by `benchmarks/keep_reports.py`, which keeps what it
found in `docs/reports` with its day. An item is met if all its checks hold, and not met where no check of it exists.
What only people or a trial can show is not claimed: reviews and tests by people from outside (3.12 to 3.17), and
whether it helps to choose and to know (3.22, 3.23). None of this is a certificate. The items are in our own words, in
one file of the package, `presentation/selfscore/items.toml`.
"""
_READING = """Years of school that the words of each page ask for: on the screens of the way with all details, for
somebody with answers and for somebody without; on the sheet, the side of the person. Each language has its own
published formula, and these are not the same measure: a 5 in Spanish is no harder than a 4 in English. English:
Flesch-Kincaid. German: the first Vienna formula (Bamberger and Vanecek, 1984). Spanish: the ease of Fernández Huerta
(1959), put into school years by its table, the later year of a range. Names of drugs count as one short word. A formula
counts words and syllables; it does not know whether anybody understands. Promised is 8 or lower.
"""
REPORTS = Path(__file__).resolve().parents[4] / "docs" / "reports"
"""Where reports of checks that take long are kept, in a working copy; an installed package has none."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item with what it comes to.

    Attributes
    ----------
    item
        The item.
    status
        ``met`` (for WCAG ``checks hold``), ``partly``, ``not met``, ``needs people``, ``needs a trial``, ``not known``
        or ``not applicable``.
    said
        Each check by its name with what was seen; why nothing is claimed, where nothing is.
    """

    item: Item
    status: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole score, and what it was made from."""

    release: Release
    lines: tuple[Line, ...]
    reading: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def of(self, standard: str) -> tuple[Line, ...]:
        """Return the items of a standard."""
        return tuple(line for line in self.lines if line.item.standard == standard)

    def as_document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "evidence": self.release.version,
            "reading": {
                "scales": {tag: scale.name for tag, scale in SCALES.items()},
                "pages": {name: {tag: round(n, 1) for tag, n in row.items()} for name, row in self.reading.items()},
            },
            "standards": [
                {
                    "standard": standard,
                    "title": _TITLES[standard],
                    "summary": dict(Counter(line.status for line in self.of(standard))),
                    "items": [
                        {
                            "id": line.item.id,
                            "level": line.item.level or None,
                            "text": line.item.text,
                            "status": line.status,
                            "checks": [{"check": name, "found": found} for name, found in line.said],
                            "note": line.item.note or None,
                        }
                        for line in self.of(standard)
                    ],
                }
                for standard in STANDARDS
            ],
        }

    def as_text(self) -> str:
        """Return it for a terminal."""
        return "\n".join(self._text()) + "\n"

    def as_markdown(self) -> str:
        """Return the page that the documentation keeps."""
        return "\n".join(self._markdown()) + "\n"

    def _text(self) -> Iterator[str]:
        yield "Equipoise scores itself. Each item names its check; what only people or trials can show is not claimed."
        yield f"Evidence {self.release.version}. Machine checks see a part of each item; they are no certificate."
        for standard in STANDARDS:
            yield ""
            yield _TITLES[standard]
            yield from (f"  {line}" for line in self.summary(standard))
            for line in self.of(standard):
                yield f"  [{line.status}] {line.item.id} {line.item.text}"
                yield from (f"      {name}: {found}" if name else f"      {found}" for name, found in line.said)

    def _markdown(self) -> Iterator[str]:
        yield _HEAD
        for standard in STANDARDS:
            yield f"## {_TITLES[standard]}"
            yield ""
            yield from (f"- {words}" for words in self.summary(standard))
            yield ""
            yield "| Item | Asks for | Comes to | By |"
            yield "| --- | --- | --- | --- |"
            for line in self.of(standard):
                # What was counted changes with the evidence; what it comes to is what this page keeps.
                by = "; ".join(_by(name, found) for name, found in line.said)
                yield f"| {line.item.id} | {line.item.text} | {line.status} | {by} |"
            yield ""
        yield from self._reading()

    def _reading(self) -> Iterator[str]:
        yield "## How hard it is to read"
        yield ""
        yield _READING
        yield f"| Page | {' | '.join(f'{tag}: {scale.name}' for tag, scale in SCALES.items())} |"
        yield "| --- |" + " ---: |" * len(SCALES)
        for name, row in self.reading.items():
            # To whole years: a formula that knows nothing of sense is no finer than that.
            yield f"| {name} | {' | '.join(f'{row[tag]:.0f}' if tag in row else '' for tag in SCALES)} |"

    def summary(self, standard: str) -> tuple[str, ...]:
        """Return how many items came to what, by group where a standard has groups that count apart."""
        lines = self.of(standard)
        groups = dict.fromkeys(line.item.level for line in lines) if standard in ("ipdasi", "wcag") else {"": None}
        said = []
        for group in groups:
            mine = [line for line in lines if not group or line.item.level == group]
            apply = [line for line in mine if line.status != "not applicable"]
            counts = Counter(line.status for line in apply)
            best = _HOLDS if standard == "wcag" else "met"
            rest = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()) if status != best)
            said.append(
                f"{group or 'all'}: {counts[best]} of {len(apply)} {best}{f', {rest}' if rest else ''}"
                + (f"; {len(mine) - len(apply)} not applicable" if len(mine) > len(apply) else "")
            )
        return tuple(said)


def _by(name: str, found: str) -> str:
    if not name or name == MISSING.rstrip(":"):
        return found.removeprefix("does not hold; ")
    day = re.search(r"kept report of [0-9-]+", found)
    holds = "" if found.startswith("holds") else ", does not hold"
    return f"`{name}`{f' ({day[0]})' if day else ''}{holds}"


def selfscore(*, fetch: Fetch | None = None, evidence: Evidence | None = None, reports: Path = REPORTS) -> Report:
    """Run every check, and score the project.

    Parameters
    ----------
    fetch
        Returns a page of the web face by its address. Without it no check of a page holds.
    evidence
        The release to check with; the packaged one by default.
    reports
        Folder of the kept reports of checks that take long.

    Returns
    -------
    Report
        Nothing in it is claimed that a check has not shown; the same evidence and program give the same report.

    Notes
    -----
    An item is met if it has checks and all of them hold, partly if some do, and not met otherwise. A check that stops
    with an error does not hold. Labels are applied on the date of the evidence: the day of running changes nothing.
    Of WCAG a program sees a part of each criterion, so there the best that is said is that the checks hold.
    """
    for module in _MODULES:
        importlib.import_module(f"equipoise.presentation.selfscore.{module}")
    evidence = evidence or load_evidence()
    bench = Bench(evidence, datetime.date.fromisoformat(evidence.release.date), fetch)
    found: dict[str, CheckFinding] = {}
    for name in dict.fromkeys(name for item in items() for name in item.checks):
        found[name] = _found(name, bench, reports)
    from equipoise.presentation.selfscore.checks_way import reading_table

    return Report(evidence.release, tuple(_line(item, found) for item in items()), reading_table(bench))


def _found(name: str, bench: Bench, reports: Path) -> CheckFinding:
    if name.startswith(KEPT):
        return _kept(name.removeprefix(KEPT), reports)
    if name.startswith(MISSING):
        return CheckFinding(False, name.removeprefix(MISSING))
    if name not in CHECKS:
        return CheckFinding(False, "there is no such check")
    try:
        return CHECKS[name](bench)
    except Exception as error:
        # Whatever stops a check: it has not shown anything.
        return CheckFinding(False, f"the check stopped: {type(error).__name__}")


def _kept(name: str, reports: Path) -> CheckFinding:
    try:
        kept = json.loads((reports / f"{name}.json").read_text(encoding="utf-8"))
        day = datetime.date.fromisoformat(kept["date"])
        return CheckFinding(kept["holds"] is True, f"not run now; kept report of {day}: {kept['said']}")
    except (OSError, ValueError, KeyError, TypeError):
        return CheckFinding(False, "takes long, is not run now, and no report of it is kept")


def _line(item: Item, found: dict[str, CheckFinding]) -> Line:
    if not item.applies:
        return Line(item, "not applicable", (("", item.note),))
    if item.need:
        words = item.note or "no program can show it, and nothing is claimed"
        return Line(item, _NEEDS[item.need], (("", words),))
    if not item.checks:
        return Line(item, "not met", (("", "no check of it exists"),))
    results = [found[name] for name in item.checks]
    status = "met" if all(r.holds for r in results) else "partly" if any(r.holds for r in results) else "not met"
    if item.standard == "wcag" and status == "met":
        status = _HOLDS
    said = tuple(
        (
            name.partition(":")[0] if name.startswith(MISSING) else name,
            f"{'holds' if r.holds else 'does not hold'}; {r.said}",
        )
        for name, r in zip(item.checks, results, strict=True)
    )
    return Line(item, status, said)
