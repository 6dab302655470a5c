"""What the command line prints about one person."""

from __future__ import annotations

from rich.console import Console

from equipoise.consultation.personal import PersonalView
from equipoise.presentation.blocks import Heading, Items, Paragraph
from equipoise.presentation.outline import Marks
from equipoise.presentation.personal_outline import personal_blocks
from equipoise.presentation.terminal import print_blocks


def print_personal(view: PersonalView, console: Console) -> None:
    """Print what may happen to a person: the unmerged effects first, what is declined, then how the options fit.

    Parameters
    ----------
    view
        The personal part of a consultation.
    console
        Where to; its width decides how tables wrap.
    """
    marks = Marks()
    print_blocks(personal_blocks(view, marks.of, key_only=True), console)
    remark = Paragraph(
        "Other lengths of time, and the other differences: --format html. For programs: --format json.", is_note=True
    )
    print_blocks((remark,), console)
    if marks.numbers:
        sources = tuple(f"[{number}] {identifier}" for identifier, number in marks.numbers.items())
        print_blocks((Heading(3, "Where each number comes from: equipoise trace ID"), Items(sources)), console)
