"""The command ``equipoise handout``: one sheet of paper for a visit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.interfaces.cli.app import EvidenceOption, app, evidence_of, write
from equipoise.interfaces.cli.compare import day_of, described
from equipoise.vocabulary.errors import RequestError

ENDINGS = (".pdf", ".html")


@app.command()
def handout(
    first: Annotated[str, typer.Argument(help="One treatment; see 'equipoise options'.")],
    second: Annotated[str, typer.Argument(help="The other; 'no treatment' stands beside them by itself.")],
    *,
    person: Annotated[
        Path | None, typer.Option("--person", metavar="FILE", help="Who it is about; see 'equipoise person'.")
    ] = None,
    values: Annotated[
        Path | None, typer.Option("--values", metavar="FILE", help="What matters to them; see 'equipoise values'.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", metavar="FILE", help="Own questions for the visit, one on a line.")
    ] = None,
    jurisdiction: Annotated[
        str, typer.Option(help="Whose labels apply: US, EU or UK. Without it the person's own, else the EU.")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="Day of the sheet and of the labels; today if left out.")
    ] = "",
    years: Annotated[int, typer.Option(help="The horizon of the numbers: 1, 2 or 5 years.")] = 2,
    language: Annotated[
        str, typer.Option(help="Of the sheet: en, de or es. What labels say is quoted in English.")
    ] = "en",
    qr: Annotated[
        bool,
        typer.Option("--qr", help="Add a code with the person's own file in it. Whoever has the paper can read it."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to: FILE.pdf or FILE.html.")
    ] = None,
    evidence: EvidenceOption = None,
) -> None:
    """Print one sheet for a visit: the person's side, and the same numbers for the clinician on the back.

    Example: equipoise handout alemtuzumab interferon-beta-1a --person me.toml --values what-matters.toml -o page.pdf
    """
    if person is None:
        raise RequestError(
            "a person is needed.\n"
            "  Try: --person FILE; 'equipoise person --new FILE' asks the questions and writes such a file."
        )
    if output is None or output.suffix.lower() not in ENDINGS:
        raise RequestError(
            f"where to write the sheet is {'not said' if output is None else f'not understood: {str(output)!r}'}.\n"
            "  allowed: a name that ends in .pdf or .html\n  Try: -o page.pdf"
        )
    from equipoise.presentation.handout.qr import qr_content
    from equipoise.presentation.handout.questions import read_questions
    from equipoise.presentation.handout.sheet import make_handout
    from equipoise.presentation.path.visit import own_parts
    from equipoise.wording import wording

    base, day, words = evidence_of(evidence), day_of(on), wording(language)
    asked = described(person, values, base, day)
    own = own_parts(person, base, day)
    if questions is not None:
        own["questions"] = read_questions(questions)
    made = make_handout(
        first,
        second,
        person=asked["person"],
        values=asked["values"],
        **own,
        jurisdiction=jurisdiction,
        on=day,
        years=years,
        evidence=base,
        qr_text=qr_content(person) if qr else "",
        words=words,
    )
    if output.suffix.lower() == ".html":
        from equipoise.presentation.handout.html import render_html

        return write(render_html(made), output)
    from equipoise.presentation.handout.pdf import render_pdf

    return write(render_pdf(made), output)
