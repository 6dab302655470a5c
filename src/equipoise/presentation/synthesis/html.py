"""The report of a network meta-analysis as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from markupsafe import Markup, escape

from equipoise.presentation.blocks import Block, Heading, Items, Paragraph
from equipoise.presentation.figures import Figure
from equipoise.presentation.synthesis.figures import SynthesisFigures
from equipoise.presentation.synthesis.report import Document, sections

STYLE = Path(__file__).parents[1] / "static" / "style.css"


def as_html(documents: Sequence[Document]) -> str:
    """Return the report with its pictures.

    Parameters
    ----------
    documents
        Analyses in the machine form, one after the other.
    """
    body = Markup("\n").join(part for number, one in enumerate(documents, start=1) for part in _parts(one, number))
    style = STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Network meta-analysis</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{style}</style>\n</head>\n'
        f'<body>\n<main class="page">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _parts(document: Document, number: int) -> Iterator[Markup]:
    figures = SynthesisFigures(document, number)
    for section, blocks in sections(document):
        yield from map(_element, blocks)
        yield from map(_figure, figures.of(section))


def _figure(drawn: Figure) -> Markup:
    return Markup(
        '<figure class="figure">\n<figcaption>{}</figcaption>\n{}\n'
        '<details><summary>The same numbers as a table</summary>\n<div class="table-wrap">{}</div></details>\n</figure>'
    ).format(drawn.title, drawn.picture, drawn.table)


def _element(block: Block) -> Markup:
    if isinstance(block, Heading):
        return Markup("<h{0}>{1}</h{0}>").format(block.level, block.text)
    if isinstance(block, Paragraph):
        return Markup('<p class="{}">{}</p>').format("note" if block.is_note else "text", block.text)
    if isinstance(block, Items):
        return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(text) for text in block.texts))
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(column) for column in block.columns)
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            row[0], Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row[1:])
        )
        for row in block.rows
    )
    caption = Markup("<caption>{}</caption>").format(block.caption) if block.caption else escape("")
    table = Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(caption, head, rows)
    return Markup('<div class="table-wrap" tabindex="0" role="region" aria-label="table">{}</div>').format(table)
