"""One sheet for a visit: what stands on it, that it fits, that its numbers are those of the machine form."""

from __future__ import annotations

import datetime
import functools
import io
import re
from pathlib import Path

import pikepdf
import pytest

from equipoise.consultation import Consultation, consult
from equipoise.decision import Values, read_values
from equipoise.evidence import Evidence, load_evidence
from equipoise.person import Person, read_person
from equipoise.presentation import wire
from equipoise.presentation.handout.document import Handout, NumberRow
from equipoise.presentation.handout.html import render_html
from equipoise.presentation.handout.pdf import on_one_sheet, render_pdf
from equipoise.presentation.handout.qr import qr_content
from equipoise.presentation.handout.questions import LONGEST_QUESTION, MOST_QUESTIONS
from equipoise.presentation.handout.sheet import handout_of
from tests.support import pdf_text
from tests.support.command import equipoise

ROOT = Path(__file__).resolve().parents[2]
PERSONS = sorted((ROOT / "examples" / "persons").glob("*.toml"))
VALUES = {
    "frequent-relapses": "fears-disability",
    "mild-long-safety": "long-safety-record",
    "torn": "torn",
    "contraindicated": "everything-matters-most",
}
DAY = datetime.date(2026, 11, 22)
# The longest that may be asked for: as many own questions as are allowed, each as long as is allowed, and a code.
FULL = tuple(
    ("How " + "often will I have to come in " * 5)[: LONGEST_QUESTION - 2] + f"{n}?" for n in range(MOST_QUESTIONS)
)
SMALLEST_POINTS = 12


@functools.cache
def evidence() -> Evidence:
    return load_evidence()


def values_of(name: str) -> Values | None:
    return read_values(ROOT / "examples" / "values" / f"{VALUES[name]}.toml") if name in VALUES else None


def person_of(path: Path) -> Person:
    return read_person(path, evidence=evidence(), today=DAY)


@functools.cache
def sitting(name: str, jurisdiction: str = "") -> Consultation:
    person = person_of(ROOT / "examples" / "persons" / f"{name}.toml")
    return consult(
        "alemtuzumab",
        "interferon-beta-1a",
        evidence=evidence(),
        person=person,
        values=values_of(name),
        on=DAY,
        jurisdiction=jurisdiction,
    )


@functools.cache
def handout(name: str, jurisdiction: str = "", questions: tuple[str, ...] = (), qr: bool = False) -> Handout:
    content = qr_content(ROOT / "examples" / "persons" / f"{name}.toml") if qr else ""
    return handout_of(
        sitting(name, jurisdiction),
        evidence=evidence(),
        on=DAY,
        values=values_of(name),
        questions=questions,
        qr_text=content,
    )


@functools.cache
def printed(name: str, jurisdiction: str = "", questions: tuple[str, ...] = (), qr: bool = False) -> bytes:
    return render_pdf(handout(name, jurisdiction, questions, qr))


NAMES = [path.stem for path in PERSONS]
CASES = [
    *((name, "", (), False) for name in NAMES),
    ("i-dont-know", "", FULL, True),
    ("contraindicated", "", FULL, True),
    ("torn", "US", FULL, False),
    ("frequent-relapses", "UK", (), True),
]


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def cells_of(rows: tuple[NumberRow, ...]) -> list[tuple[NumberRow, int]]:
    return [(row, i) for row in rows for i, cell in enumerate(row.cells) if not cell.missing]


@pytest.mark.parametrize(("name", "place", "questions", "qr"), CASES)
def test_it_is_one_sheet_that_a_screen_reader_can_read(
    name: str, place: str, questions: tuple[str, ...], qr: bool
) -> None:
    with opened(printed(name, place, questions, qr)) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert "My page for the visit" in str(about["dc:title"])
        tags = pdf_text.tags(pdf)
        assert tags.count("/H1") == 2
        assert {"/H2", "/Table", "/TH", "/TD", "/THead", "/L", "/LI"} <= set(tags)
        figures = pdf_text.alternatives(pdf)
        assert len(figures) == tags.count("/Figure") == int(qr)
        assert all("person's own file" in words for words in figures)
        sizes = {piece.size for piece in pdf_text.pieces(pdf.pages[0]) if piece.text.strip()}
        assert min(sizes) >= SMALLEST_POINTS
        text = pdf_text.text(pdf.pages[0])
        assert all(" ".join(question.split()) in text for question in questions)


@pytest.mark.parametrize("name", NAMES)
def test_the_persons_side_holds_every_field_that_a_visit_needs(name: str) -> None:
    with opened(printed(name)) as pdf:
        text = pdf_text.text(pdf.pages[0])
    for heading in ("The decision", "About me", "What matters", "My options", "What may happen", "Not known"):
        assert heading in text
    for heading in ("Questions", "Am I ready?", "It informs, it never orders", "No treatment for now"):
        assert heading in text
    release = evidence().release
    assert release.date in text
    assert release.sha256[:12] in text
    assert "22 November 2026" in text
    person = person_of(ROOT / "examples" / "persons" / f"{name}.toml")
    if person.age is None:
        assert "I do not know:" in text
        assert "age" in text
    else:
        assert f"{person.age} years old" in text


def rounded(value: float) -> str:
    """As people are told: half up, and a few are never none."""
    return "fewer than 1" if 0 < value < 0.5 else f"{int(value + 0.5 + 1e-9):,}"


@pytest.mark.parametrize("name", NAMES)
def test_every_number_on_both_sides_is_that_of_the_machine_form(name: str) -> None:
    machine = {one["id"]: one for one in wire.comparison(sitting(name))["outcomes"]}
    shown = on_one_sheet(handout(name))
    with opened(printed(name)) as pdf:
        front, back = (pdf_text.text(page) for page in pdf.pages)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render_html(handout(name))))
    sides = [(front, (*shown.person.rows, *shown.person.rare)), (back, (*shown.clinician.rows, *shown.clinician.rare))]
    assert all(len(rows) >= 5 for _, rows in sides)
    for position, (text, rows) in enumerate(sides):
        for row, i in cells_of(rows):
            cell, truth = row.cells[i], machine[row.cells[i].estimate_id]
            assert truth["denominator"] == row.denominator
            assert truth["outcome_id"] == row.outcome_id
            assert cell.yes == rounded(truth["affected"])
            low, high = (int(part.replace(",", "")) for part in cell.likely.split(" to "))
            assert low <= truth["low"] + 1e-6
            assert truth["high"] <= high + 1e-6
            assert truth["low"] - low < 1
            assert high - truth["high"] < 1
            assert cell.certainty == truth["certainty"]["level"].replace("-", " ")
            said = f"{cell.yes} yes, {cell.no} no {cell.likely}" if position == 0 else f"{cell.yes} ({cell.likely})"
            assert said in text
            assert cell.likely in page
    front_rows = {row.outcome_id: row for row in (*shown.person.rows, *shown.person.rare)}
    back_rows = {row.outcome_id: row for row in (*shown.clinician.rows, *shown.clinician.rare)}
    assert front_rows == {name: back_rows[name] for name in front_rows}


def test_each_letter_leads_to_sources_on_the_other_side() -> None:
    shown = on_one_sheet(handout("torn"))
    places = {one.letter: one for one in shown.clinician.places}
    known = set(evidence().sources)
    letters = [row.letter for row in (*shown.person.rows, *shown.person.rare)]
    letters += [row.letter for row in shown.person.effort]
    assert letters == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(letters)])
    for letter in letters:
        assert places[letter].sources
        assert {source for source, _ in places[letter].sources} <= known


def test_who_may_not_have_a_drug_reads_that_first_and_the_clinician_reads_why() -> None:
    with opened(printed("contraindicated")) as pdf:
        front, back = (pdf_text.text(page) for page in pdf.pages)
    assert "Ruled out for me by the EU label" in front
    assert "stroke" in front
    assert "Contraindicated" in back
    assert "eu-lemtrada-pil Section 2" in back
    assert "The label rules out alemtuzumab for me" in front


def test_codes_stand_there_only_where_they_were_verified() -> None:
    with opened(printed("torn")) as pdf:
        back = pdf_text.text(pdf.pages[1])
    assert "ATC L04AG06 (current grouping), L04AA34 (older); RxNorm not verified" in back
    assert "ATC not verified; RxNorm not verified" in back
    assert "1594660" not in back
    assert "L03AB07" not in back


def test_a_close_call_is_said_and_asked_about() -> None:
    with opened(printed("torn")) as pdf:
        front, back = (pdf_text.text(page) for page in pdf.pages)
    assert "This is too close to call." in front
    assert "are too close to call. What else could help us choose?" in front
    assert re.search(r"NNT \(to benefit\) \d+ \(\d+ to \d+\)", back)
    assert "withheld: the interval holds no difference" in back


def test_equal_input_gives_equal_bytes_and_the_only_date_is_its_own() -> None:
    again = render_pdf(handout("torn"))
    assert again == printed("torn")
    with opened(again) as pdf:
        assert {str(pdf.docinfo["/CreationDate"]), str(pdf.docinfo["/ModDate"])} == {"D:20261122120000Z"}
    assert render_html(handout("torn")) == render_html(handout("torn"))


def test_swapping_the_options_changes_no_row() -> None:
    person = person_of(ROOT / "examples" / "persons" / "torn.toml")
    other = consult("interferon-beta-1a", "alemtuzumab", evidence=evidence(), person=person, on=DAY)
    same = consult("alemtuzumab", "interferon-beta-1a", evidence=evidence(), person=person, on=DAY)
    one, two = (handout_of(each, evidence=evidence(), on=DAY).person for each in (same, other))
    assert [row.outcome_id for row in (*one.rows, *one.rare)] == [row.outcome_id for row in (*two.rows, *two.rare)]
    assert [row.task for row in one.effort] == [row.task for row in two.effort]


def test_nothing_persuades() -> None:
    for name in NAMES:
        with opened(printed(name)) as pdf:
            text = pdf_text.text(pdf.pages[0]).lower()
        for word in ("you should", "recommend", "safest", "best option", "superior", "better choice", "powerful"):
            assert word not in text


# ---------------------------------------------------------------- the command

WORDS = ("handout", "alemtuzumab", "interferon-beta-1a", "--on", "2026-11-22")


def test_the_command_writes_what_python_makes(tmp_path: Path) -> None:
    target = tmp_path / "page.pdf"
    person, values = PERSONS[-1], ROOT / "examples" / "values" / "torn.toml"
    ran = equipoise(*WORDS, "--person", str(person), "--values", str(values), "-o", str(target))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert target.read_bytes() == printed("torn")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.pdf"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "a person is needed"),
        (("--person", str(PERSONS[0])), "where to write the sheet is not said"),
        (("--person", str(PERSONS[0]), "-o", "page.doc"), "allowed: a name that ends in .pdf or .html"),
        (("--person", str(PERSONS[0]), "-o", "page.pdf", "--questions", "none.txt"), "cannot be read"),
    ],
)
def test_what_is_missing_is_said(more: tuple[str, ...], said: str) -> None:
    ran = equipoise(*WORDS, *more)
    assert ran.code == 2
    assert said in ran.err


def test_all_faults_of_the_questions_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text("\n".join([*(f"Question {n}?" for n in range(7)), "x" * 200]), encoding="utf-8")
    target = tmp_path / "page.pdf"
    ran = equipoise(*WORDS, "--person", str(PERSONS[0]), "--questions", str(file), "-o", str(target))
    assert ran.code == 2
    assert "line 8: 200 characters; allowed: 120" in ran.err
    assert "8 questions; allowed: 5" in ran.err
    assert not target.exists()


def test_a_file_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    ran = equipoise(*WORDS, "--person", str(PERSONS[0]), "-o", str(tmp_path / "file" / "page.html"))
    assert ran.code == 2
    assert "cannot be written" in ran.err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_without_being_asked_no_code_is_drawn_and_with_it_the_file_comes_back() -> None:
    import tomllib

    assert handout("torn").qr_text == ""
    path = ROOT / "examples" / "persons" / "torn.toml"
    assert tomllib.loads(qr_content(path)) == tomllib.loads(path.read_text(encoding="utf-8"))


def test_a_file_too_long_for_paper_is_refused(tmp_path: Path) -> None:
    from equipoise.vocabulary.errors import RequestError

    file = tmp_path / "me.toml"
    file.write_text("\n".join(f"key_{n} = {n}" for n in range(200)), encoding="utf-8")
    with pytest.raises(RequestError, match="too long for a code on paper"):
        qr_content(file)
