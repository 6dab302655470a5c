"""What the label says to a person, for both sides: the standing of an option, and the statements behind it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from equipoise.evidence import Label
from equipoise.presentation.handout_document import CheckLine, OptionCheck, OptionLine
from equipoise.presentation.plain_words import upper_first
from equipoise.safety.eligibility_document import Eligibility, EligibilityVerdict, Finding, FindingKind
from equipoise.safety.truth import Truth
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.terms import Treatment

_VERDICT = {
    EligibilityVerdict.CONTRAINDICATED: "contraindicated",
    EligibilityVerdict.NEEDS_ANSWERS: "answers are missing",
    EligibilityVerdict.NOT_CONTRAINDICATED: "not contraindicated",
}
_INDICATION = {
    Truth.MET: "within the licence",
    Truth.NOT_MET: "outside the licence (a caution)",
    Truth.UNKNOWN: "licence: not known",
}
_KINDS = {
    FindingKind.CONTRAINDICATION: "contraindication",
    FindingKind.INDICATION: "licence",
    FindingKind.BASELINE_TEST: "before the first dose",
    FindingKind.WARNING: "warning",
    FindingKind.PREGNANCY: "pregnancy",
    FindingKind.INTERACTION: "interaction",
    FindingKind.PRACTICAL: "daily life",
    FindingKind.GUIDANCE: "health service",
}
_STATUS = {Truth.MET: "met", Truth.UNKNOWN: "not known", Truth.NOT_MET: "not met"}
_ORDER = tuple(_KINDS)
_DECIDING = (_KINDS[FindingKind.CONTRAINDICATION], _KINDS[FindingKind.INDICATION])


def standing(treatment: Treatment, answer: Eligibility) -> OptionLine:
    """Return an option with what the label says to the person, in plain words."""
    return OptionLine(upper_first(treatment.name), treatment.detail, _standing(answer))


def _standing(answer: Eligibility) -> str:
    label = f"the {answer.jurisdiction} label"
    if answer.verdict is EligibilityVerdict.CONTRAINDICATED:
        because = dict.fromkeys(
            reason
            for finding in answer.of_kind(FindingKind.CONTRAINDICATION)
            if finding.status is Truth.MET
            for reason in finding.because
        )
        why = f" Because: {', '.join(because)}." if because else ""
        return f"Ruled out for me by {label}.{why}"
    outside = f" Not meant for someone like me, says {label}." if answer.indication is Truth.NOT_MET else ""
    if answer.verdict is EligibilityVerdict.NEEDS_ANSWERS:
        count = len(questions_of(answer))
        missing = f": {count} answer{'' if count == 1 else 's'} missing" if count else ""
        return f"Not known yet{missing}.{outside}"
    return outside.strip() or f"Not ruled out by {label}."


def questions_of(answer: Eligibility) -> tuple[str, ...]:
    """Return what to ask that could rule the drug out or open its licence, the most telling first."""
    weighty = {
        finding.id
        for kind in (FindingKind.CONTRAINDICATION, FindingKind.INDICATION)
        for finding in answer.of_kind(kind)
    }
    return tuple(ask.question for ask in answer.ask if not ask.findings or weighty.intersection(ask.findings))


def option_check(treatment: Treatment, answer: Eligibility, label: Label) -> OptionCheck:
    """Return an option with every statement of the label that is met or unknown, what decides first.

    Parameters
    ----------
    treatment
        The option.
    answer
        The label held against the person.
    label
        Its codes are shown where they were verified.
    """
    start = answer.earliest_start
    when = f"earliest start {start.day}" if start.day else f"start not before {start.not_before}, something is open"
    return OptionCheck(
        name=f"{upper_first(treatment.name)}, {treatment.detail}",
        codes=_codes(label),
        verdict=_VERDICT[answer.verdict],
        indication=_INDICATION[answer.indication],
        start=when,
        lines=tuple(_lines(answer)),
    )


def _codes(label: Label) -> str:
    said = []
    for system in ("ATC", "RxNorm"):
        found = [code for code in label.codes if code.system == system]
        words = ", ".join(f"{code.code} ({code.status})" if code.status else code.code for code in found)
        said.append(f"{system} {words or 'not verified'}")
    return "; ".join(said)


def _lines(answer: Eligibility) -> Iterator[CheckLine]:
    yield from (
        CheckLine(_KINDS[FindingKind.CONTRAINDICATION], "not read", f"the {table}s of this label were not read", "")
        for table in answer.unread
    )
    shown = [finding for finding in answer.findings if finding.status is not Truth.NOT_MET]
    if answer.indication is Truth.NOT_MET:
        shown += answer.of_kind(FindingKind.INDICATION)
    elif answer.indication is Truth.MET:
        shown = [f for f in shown if f.kind is not FindingKind.INDICATION or f.status is Truth.MET]
    # Statements of one kind from one place stand together, so that the place is named once.
    together: dict[tuple[str, str, str], list[str]] = {}
    for finding in sorted(shown, key=_weight):
        kind = _KINDS[finding.kind] + (", boxed" if finding.boxed else "")
        place = f"{finding.jurisdiction}, {finding.source.source_id} {finding.source.locator}"
        quoted = "; quoted by another source" if finding.trust is Trust.SECONDARY else ""
        key = kind, finding.gate or _STATUS[finding.status], place + quoted
        together.setdefault(key, []).append(finding.text.rstrip(".") + _because(finding.because))
    lines = [
        CheckLine(kind, status, "; ".join(dict.fromkeys(texts)), place)
        for (kind, status, place), texts in together.items()
    ]
    yield from (line for line in lines if line.kind in _DECIDING)
    rest = [line for line in lines if line.kind not in _DECIDING]
    # In turn, so that a long list of tests does not push every warning off the sheet.
    kinds = [[line for line in rest if line.kind == kind] for kind in dict.fromkeys(line.kind for line in rest)]
    yield from (line for turn in itertools.zip_longest(*kinds) for line in turn if line is not None)


def _weight(finding: Finding) -> tuple[int, bool, bool]:
    return _ORDER.index(finding.kind), finding.status is not Truth.MET, not finding.boxed


def _because(reasons: Sequence[str]) -> str:
    return f" (because: {'; '.join(reasons)})" if reasons else ""
