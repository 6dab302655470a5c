"""Checks of the page for the visit, of the plan, and of what leaves the machine."""

from __future__ import annotations

import contextlib
import socket
from typing import Any
from unittest import mock

from equipoise.consultation import consult
from equipoise.presentation import wire
from equipoise.presentation.handout.pdf import on_one_sheet, render_pdf, render_pictures
from equipoise.presentation.personal_effects import frequency, is_share
from equipoise.presentation.selfscore.bench import FIRST, KNOWN, SECOND, Bench
from equipoise.presentation.selfscore.finding import CheckFinding, check, every
from equipoise.presentation.selfscore.items import items

ITEMS_OF_IPDASI = 44


@check
def sheet_for_the_visit(bench: Bench) -> CheckFinding:
    """The sheet holds facts, what matters, options, numbers, questions, readiness and a date."""
    side = bench.handout.person
    needed = {
        "facts": side.facts,
        "what matters": side.matters,
        "options": side.options,
        "numbers": side.rows,
        "questions": side.suggested,
        "readiness": side.readiness,
        "date": bench.handout.day,
    }
    missing = [name for name, found in needed.items() if not found]
    return every("parts of the sheet", missing, len(needed))


@check
def sheet_is_one_sheet(bench: Bench) -> CheckFinding:
    """It is two pages of tagged PDF/UA."""
    # Of the invented person only; every other person of the examples is in the tests.
    pages = len(render_pictures(bench.handout, pixels_per_inch=8))
    is_tagged = b"/StructTreeRoot" in render_pdf(bench.handout)
    return CheckFinding(pages == 2 and is_tagged, f"{pages} pages, {'tagged' if is_tagged else 'not tagged'}")


@check
def sheet_numbers_are_the_same(bench: Bench) -> CheckFinding:
    """Every number on the sheet is that of the consultation and of its machine form."""
    machine = {one["id"]: one for one in wire.comparison(bench.sitting())["outcomes"]}
    view = {o.estimate.id: frequency(o) for o in bench.view().outcomes if is_share(o)}
    made = on_one_sheet(bench.handout)
    rows = (*made.person.rows, *made.person.rare, *made.clinician.rows, *made.clinician.rare)
    cells = [cell for row in rows for cell in row.cells if not cell.missing]
    wrong = [
        cell.estimate_id
        for cell in cells
        if cell.estimate_id not in machine or (cell.yes, cell.likely) != _words(view[cell.estimate_id])
    ]
    return every("numbers on both sides", wrong, len(cells))


def _words(counted: Any) -> tuple[str, str]:
    return counted.affected_words, counted.range_words


@check
def plan_in_years(bench: Bench) -> CheckFinding:
    """Each option has its tasks of the years from its label."""
    options = bench.sitting().options
    return every("options with a plan", [o.treatment.name for o in options if not o.plan_rows], len(options))


@check
def works_without_network(bench: Bench) -> CheckFinding:
    """A whole sitting is made with every way to a network closed, and nobody knocks."""
    knocked: list[str] = []

    def closed(*_: Any) -> Any:
        knocked.append("a connection")
        raise OSError("closed for this check")

    with contextlib.ExitStack() as every_way:
        for name in ("connect", "connect_ex", "sendto"):
            every_way.enter_context(mock.patch.object(socket.socket, name, closed))
        every_way.enter_context(mock.patch.object(socket, "getaddrinfo", closed))
        consult(FIRST, SECOND, jurisdiction="EU", evidence=bench.evidence, person=KNOWN, on=bench.day, draws=200)
    return CheckFinding(not knocked, f"{len(knocked)} attempts to connect during a whole sitting")


@check
def scores_itself(_: Bench) -> CheckFinding:
    """All items of IPDASi are listed, and those that need people or a trial have no check."""
    found = [one for one in items() if one.standard == "ipdasi"]
    claimed = [one.id for one in items() if one.need and one.checks]
    holds = len(found) == ITEMS_OF_IPDASI and not claimed
    return CheckFinding(holds, f"{len(found)} items of IPDASi; {len(claimed)} claimed that no program can show")
