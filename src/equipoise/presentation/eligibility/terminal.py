"""What ``equipoise eligibility`` prints for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from equipoise.presentation import terminal
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph
from equipoise.safety.eligibility_document import (
    Eligibility,
    EligibilityVerdict,
    Finding,
    FindingKind,
    StartReason,
    StartReasonKind,
)
from equipoise.safety.eligibility_facts import Asked
from equipoise.safety.truth import Truth
from equipoise.vocabulary.estimate import Trust

_VERDICT = {
    EligibilityVerdict.CONTRAINDICATED: "Contraindicated: the label rules it out for at least one reason below.",
    EligibilityVerdict.NEEDS_ANSWERS: "Not known yet: answers are missing. Nothing here says that it is safe.",
    EligibilityVerdict.NOT_CONTRAINDICATED: "Not contraindicated: no reason of the label against it applies.",
}
_INDICATION = {
    Truth.MET: "Within the licence: at least one route into it is met.",
    Truth.NOT_MET: "Outside the licence: no route into it is met. This is a caution, not a contraindication.",
    Truth.UNKNOWN: "Whether it is within the licence is not known yet.",
}
_STATUS = {Truth.MET: "yes", Truth.NOT_MET: "no", Truth.UNKNOWN: "not known"}
_TRUST = {Trust.SECONDARY: "; read in a source that quotes the label"}
_SECTIONS = (
    (FindingKind.CONTRAINDICATION, "Reasons against it in the label"),
    (FindingKind.INDICATION, "Routes into the licence"),
    (FindingKind.GUIDANCE, "What the health service says beside the licence"),
)
_CAUTIONS = (
    (FindingKind.PRACTICAL, "What daily life does not allow"),
    (FindingKind.WARNING, "Warnings"),
    (FindingKind.PREGNANCY, "Pregnancy, breastfeeding, contraception"),
    (FindingKind.INTERACTION, "Interactions"),
)


def print_eligibility(answer: Eligibility, name: str, console: Console) -> None:
    """Print a check of eligibility.

    Parameters
    ----------
    answer
        The check.
    name
        Name of the treatment.
    console
        Where to.
    """
    terminal.print_blocks(eligibility_outline(answer, name), console)
    console.print(Text(f"Evidence {answer.evidence_version}", "dim"))


def eligibility_outline(answer: Eligibility, name: str) -> Iterator[Block]:
    """Yield a check of eligibility as headings, paragraphs and lists."""
    yield Heading(1, f"May it be offered? {name}, {answer.jurisdiction} label, {answer.on}")
    yield Paragraph(_VERDICT[answer.verdict])
    yield Paragraph(_INDICATION[answer.indication])
    yield from _to_ask(answer)
    for kind, title in _SECTIONS:
        findings = answer.of_kind(kind)
        if findings:
            yield Heading(2, title)
            yield Items(tuple(_said(finding) for finding in findings))
    yield from _start(answer)
    tests = [finding for finding in answer.of_kind(FindingKind.BASELINE_TEST) if finding.status is not Truth.NOT_MET]
    if tests:
        yield Heading(2, "To be done before the first dose")
        yield Items(tuple(f"{finding.gate or 'asked for'}: {_sourced(finding)}" for finding in tests))
    for kind, title in _CAUTIONS:
        findings = tuple(finding for finding in answer.of_kind(kind) if finding.status is not Truth.NOT_MET)
        if findings:
            yield Heading(2, title)
            yield Items(tuple(_said(finding, is_caution=True) for finding in findings))
    yield Paragraph(
        "This checks what the label says. It does not replace the label, nor the judgement of those who treat. "
        "More on any line: equipoise trace ID",
        is_note=True,
    )


def _to_ask(answer: Eligibility) -> Iterator[Block]:
    tests = {finding.id for finding in answer.of_kind(FindingKind.BASELINE_TEST)}
    asks = [ask for ask in answer.ask if not ask.findings or set(ask.findings) - tests]
    if asks:
        yield Heading(2, "To ask, most telling first")
        yield Items(tuple(ask.question + (" (the team)" if ask.asked is Asked.TEAM else "") for ask in asks))


def _said(finding: Finding, *, is_caution: bool = False) -> str:
    status = "" if is_caution and finding.status is Truth.MET else f"{_STATUS[finding.status]}: "
    box = "boxed: " if finding.boxed else ""
    because = f" Because: {'; '.join(finding.because)}." if finding.because else ""
    return f"{status}{box}{_sourced(finding)}{because}{''.join(f' {words}' for words in finding.reading)}"


def _sourced(finding: Finding) -> str:
    place = f"{finding.jurisdiction}, {finding.source.source_id}, {finding.source.locator}"
    return f"{finding.text.rstrip('.')}. [{finding.id}; {place}{_TRUST.get(finding.trust, '')}]"


def _start(answer: Eligibility) -> Iterator[Block]:
    start = answer.earliest_start
    yield Heading(2, "Earliest start")
    if start.day is None:
        yield Paragraph(f"Not before {start.not_before}; it may be later, because something below is open.")
    else:
        yield Paragraph(f"{start.day}, as far as waits in the label go.")
    if start.reasons:
        yield Items(tuple(_reason(reason) for reason in start.reasons))


def _reason(reason: StartReason) -> str:
    source = f" [{reason.id}; {reason.source.source_id}, {reason.source.locator}]" if reason.source else ""
    when = {
        StartReasonKind.DATE: f"{reason.day}",
        StartReasonKind.UNKNOWN: "day not known",
        StartReasonKind.NO_INTERVAL: "no interval given",
    }[reason.kind]
    because = f" ({reason.because})" if reason.because else ""
    return f"{when}{because}: {reason.text.rstrip('.')}.{source}"
