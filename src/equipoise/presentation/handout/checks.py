"""What the label says to a person, for both sides: the standing of an option, and the statements behind it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.evidence import Label
from equipoise.presentation.handout.document import CheckLine, OptionCheck, OptionLine
from equipoise.presentation.handout.words import day_of, detail_words, listed, option_words
from equipoise.presentation.plain_words import upper_first
from equipoise.safety.eligibility_document import Eligibility, EligibilityVerdict, Finding, FindingKind
from equipoise.safety.truth import Truth
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.terms import Treatment
from equipoise.wording import Wording

MOST_REASONS = 4
"""Reasons that one option is ruled out for, on the person's side; the clinician's side has them all."""
_ORDER = (
    FindingKind.CONTRAINDICATION,
    FindingKind.INDICATION,
    FindingKind.BASELINE_TEST,
    FindingKind.WARNING,
    FindingKind.PREGNANCY,
    FindingKind.INTERACTION,
    FindingKind.PRACTICAL,
    FindingKind.GUIDANCE,
)
_DECIDING = (FindingKind.CONTRAINDICATION, FindingKind.INDICATION)


def standing(treatment: Treatment, answer: Eligibility, words: Wording) -> OptionLine:
    """Return an option with what the label says to the person, in plain words."""
    return OptionLine(
        upper_first(option_words(treatment, words)), detail_words(treatment, words), _standing(answer, words)
    )


def _standing(answer: Eligibility, words: Wording) -> str:
    label = words(f"label-of.{answer.jurisdiction.lower()}")
    if answer.verdict is EligibilityVerdict.CONTRAINDICATED:
        because = dict.fromkeys(
            listed(words.say(reason), words)
            for finding in answer.of_kind(FindingKind.CONTRAINDICATION)
            if finding.status is Truth.MET
            for reason in finding.because
        )
        few = [*because] if len(because) <= MOST_REASONS else [*[*because][:MOST_REASONS], "…"]
        why = [words("sheet.standing.because", reasons=", ".join(few)).replace("….", "…")] if because else []
        return " ".join([upper_first(words("sheet.standing.ruled-out", label=label)), *why])
    outside = []
    if answer.indication is Truth.NOT_MET:
        outside.append(upper_first(words("sheet.standing.outside", label=label)))
    if answer.verdict is EligibilityVerdict.NEEDS_ANSWERS:
        count = len(questions_of(answer))
        missing = words("sheet.standing.missing", n=count) if count else words("sheet.standing.open")
        return " ".join([missing, *outside])
    return " ".join(outside) or upper_first(words("sheet.standing.not-ruled-out", label=label))


def questions_of(answer: Eligibility) -> tuple[str, ...]:
    """Return what to ask that could rule the drug out or open its licence, the most telling first."""
    weighty = {finding.id for kind in _DECIDING for finding in answer.of_kind(kind)}
    return tuple(ask.question for ask in answer.ask if not ask.findings or weighty.intersection(ask.findings))


def option_check(treatment: Treatment, answer: Eligibility, label: Label, words: Wording) -> OptionCheck:
    """Return an option with every statement of the label that is met or unknown, what decides first.

    Parameters
    ----------
    treatment
        The option.
    answer
        The label held against the person.
    label
        Its codes are shown where they were verified.
    words
        The language of what stands around the statements; they themselves are quoted as they are.
    """
    start = answer.earliest_start
    when = "earliest" if start.day else "open"
    return OptionCheck(
        name=f"{upper_first(option_words(treatment, words))}, {detail_words(treatment, words)}",
        codes=_codes(label, words),
        verdict=words(f"sheet.verdict.{answer.verdict}"),
        indication=words(f"sheet.licence.{answer.indication}"),
        start=words(f"sheet.start.{when}", day=day_of(start.day or start.not_before, words)),
        lines=tuple(_lines(answer, words)),
    )


def _codes(label: Label, words: Wording) -> str:
    said = []
    for system in ("ATC", "RxNorm"):
        found = [code for code in label.codes if code.system == system]
        codes = ", ".join(f"{code.code} ({code.status})" if code.status else code.code for code in found)
        said.append(words("sheet.code.codes", system=system, codes=codes or words("sheet.code.not-verified")))
    return "; ".join(said)


@dataclass(frozen=True, slots=True)
class _Statement:
    """Statements of one kind and status from one place: the place is named once."""

    kind: FindingKind
    boxed: bool
    status: str
    place: str


def _lines(answer: Eligibility, words: Wording) -> Iterator[CheckLine]:
    for table in answer.unread:
        text = words("sheet.clinician.unread", table=table)
        kind, status = (words(f"sheet.{key}") for key in ("kind.contraindication", "status.not-read"))
        yield CheckLine(kind, status, text, "", is_quote=False)
    together: dict[_Statement, list[str]] = {}
    for finding in sorted(_shown(answer), key=_weight):
        place = f"{finding.jurisdiction}, {finding.source.source_id} {finding.source.locator}"
        quoted = "; quoted by another source" if finding.trust is Trust.SECONDARY else ""
        key = _Statement(finding.kind, finding.boxed, finding.gate or finding.status.value, place + quoted)
        together.setdefault(key, []).append(finding.text.rstrip(".") + _because(finding.because))
    lines = [(key.kind, _line(key, texts, words)) for key, texts in together.items()]
    yield from (line for kind, line in lines if kind in _DECIDING)
    rest = [(kind, line) for kind, line in lines if kind not in _DECIDING]
    # In turn, so that a long list of tests does not push every warning off the sheet.
    kinds = [[line for _, line in rest if line.kind == name] for name in dict.fromkeys(line.kind for _, line in rest)]
    yield from (line for turn in itertools.zip_longest(*kinds) for line in turn if line is not None)


def _line(key: _Statement, texts: Sequence[str], words: Wording) -> CheckLine:
    kind = words(f"sheet.kind.{key.kind.value}")
    if key.boxed:
        kind = words("sheet.kind.boxed", kind=kind)
    return CheckLine(kind, words(f"sheet.status.{key.status}"), "; ".join(dict.fromkeys(texts)), key.place)


def _shown(answer: Eligibility) -> list[Finding]:
    shown = [finding for finding in answer.findings if finding.status is not Truth.NOT_MET]
    if answer.indication is Truth.NOT_MET:
        return [*shown, *answer.of_kind(FindingKind.INDICATION)]
    if answer.indication is Truth.MET:
        return [f for f in shown if f.kind is not FindingKind.INDICATION or f.status is Truth.MET]
    return shown


def _weight(finding: Finding) -> tuple[int, bool, bool]:
    return _ORDER.index(finding.kind), finding.status is not Truth.MET, not finding.boxed


def _because(reasons: Sequence[str]) -> str:
    return f" (because: {'; '.join(reasons)})" if reasons else ""
