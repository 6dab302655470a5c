"""Drug labels as data: one file a drug, every entry with its jurisdiction, source and locator."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeGuard

from equipoise.evidence.records import RawRow
from equipoise.evidence.tables import entries, text_of, texts_of
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.provenance import SourceRef
from equipoise.vocabulary.terms import Jurisdiction

ENTRY_TABLES = (
    "indication",
    "dosing",
    "premedication",
    "contraindication",
    "warning",
    "baseline_test",
    "monitoring",
    "alert",
    "adverse_reaction",
    "pregnancy",
    "interaction",
    "practical",
    "switching",
    "program",
    "kinetics",
)

# What makes two entries of one table speak of the same thing: a UK entry replaces the EU entry on that thing and
# no other, so that a single UK contraindication does not hide the European ones. Dosing is replaced as a whole,
# because two schedules laid on top of each other are neither; in a table that is not here nothing is replaced.
_SUBJECT = {
    "dosing": "",
    "contraindication": "condition",
    "warning": "kind",
    "baseline_test": "test_id",
    "monitoring": "test_id",
    "adverse_reaction": "term",
    "pregnancy": "kind",
    "practical": "kind",
    "premedication": "kind",
}

# Years, months, weeks and days, or hours and minutes: at least one of them.
_DURATION = re.compile(r"P(?=.)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,4}D)?(T(?=.)(\d{1,4}H)?(\d{1,4}M)?)?", re.ASCII)

_SEEN = {"primary": Trust.PRINTED, "secondary": Trust.SECONDARY, "unverified": Trust.UNVERIFIED}


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One statement of a label.

    Attributes
    ----------
    id, table, jurisdiction
        The entry's id, the table it stands in, and whose label says it (``US``, ``EU``, ``UK`` or ``OTHER-*``).
    status
        ``current`` or ``superseded``.
    text
        The statement in our own words, numbers as printed.
    trust, source
        How it was seen, and where.
    fields
        The typed extras of its table: ``every``, ``until_offset``, ``pct``.
    row
        The entry as it stands in the file.
    """

    id: str
    table: str
    jurisdiction: str
    status: str
    text: str
    trust: Trust
    source: SourceRef
    fields: Mapping[str, Any]
    row: RawRow

    @property
    def subject(self) -> str:
        """What the entry speaks of within its table; in tables without subjects each entry is its own."""
        key = _SUBJECT.get(self.table, "id")
        return str(self.fields.get(key, self.id)) if key else self.table


@dataclass(frozen=True, slots=True)
class DrugCode:
    """A code of a drug that was verified in a source.

    Attributes
    ----------
    system
        ``ATC`` or ``RxNorm``.
    code, display
        The code, and what it stands for where that is said.
    status
        ``current grouping`` or ``older`` where a drug was given a new code; empty otherwise.
    """

    system: str
    code: str
    display: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Everything curated about one drug's labels.

    Attributes
    ----------
    drug_id, inn, brands, drug_class, route, modality
        What the drug is.
    mechanism
        How it is thought to work, as an entry with its source.
    entries
        Every entry of every jurisdiction, unverified and superseded ones too.
    codes
        Codes that were verified in a source; one that was not verified is left out, as an unseen number would be.
    """

    drug_id: str
    inn: str
    brands: tuple[str, ...]
    drug_class: str
    route: str
    modality: str
    mechanism: LabelEntry | None
    entries: tuple[LabelEntry, ...]
    codes: tuple[DrugCode, ...] = ()

    def current(self, table: str, jurisdiction: Jurisdiction) -> tuple[LabelEntry, ...]:
        """Return the entries of a table that may be shown for a jurisdiction.

        Superseded and unverified entries and foreign labels are left out. The UK falls back to the EU
        entry on a subject where no UK entry speaks of it; the US never falls back.

        Parameters
        ----------
        table
            One of ``ENTRY_TABLES``.
        jurisdiction
            Whose label.
        """
        usable = [
            entry
            for entry in self.entries
            if entry.table == table and entry.status == "current" and entry.trust.may_be_shown
        ]
        own = tuple(entry for entry in usable if entry.jurisdiction == jurisdiction)
        if jurisdiction is not Jurisdiction.UK:
            return own
        spoken_of = {entry.subject for entry in own}
        return own + tuple(
            entry for entry in usable if entry.jurisdiction == Jurisdiction.EU and entry.subject not in spoken_of
        )


def _cells(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _as_text(value)) for name, value in entry.items() if value not in ("", None))


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_as_text(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_as_text(item)}" for name, item in value.items())
    return str(value)


def _entry(file: str, table: str, raw: Mapping[str, Any]) -> LabelEntry:
    row = text_of(file, f"[[{table}]]", raw, "id", required=True)
    jurisdiction = text_of(file, row, raw, "jurisdiction", required=True)
    if jurisdiction not in (*Jurisdiction, "ANY") and not jurisdiction.startswith("OTHER-"):
        raise _wrong(file, row, "jurisdiction", jurisdiction, f"{', '.join(Jurisdiction)}, or OTHER- with a country")
    seen = text_of(file, row, raw, "seen", required=True)
    if seen not in _SEEN:
        raise _wrong(file, row, "seen", seen, ", ".join(_SEEN))
    for key, is_right, allowed in _TYPED:
        if key in raw and not is_right(raw[key]):
            raise _wrong(file, row, key, raw[key], allowed)
    if table == "dosing" and not _is_count(raw.get("days", 1 if "course" not in raw else None)):
        raise _wrong(file, row, "days", raw.get("days", "(empty)"), "a course needs its number of days")
    return LabelEntry(
        id=row,
        table=table,
        jurisdiction=jurisdiction,
        status=text_of(file, row, raw, "status") or "current",
        text=_statement(raw),
        trust=_SEEN[seen],
        source=SourceRef(
            text_of(file, row, raw, "source_id", required=True), text_of(file, row, raw, "locator", required=True)
        ),
        fields=MappingProxyType(dict(raw)),
        row=RawRow(file, row, 0, _cells(raw)),
    )


def _wrong(file: str, row: str, column: str, found: object, allowed: str) -> EvidenceError:
    return EvidenceError(
        "the value is not one that this key may have",
        file=file,
        row=row,
        column=column,
        found=str(found)[:60],
        allowed=allowed,
        mend="mend the entry, or restore the file from the release",
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6


def _is_share(value: object) -> bool:
    return _is_number(value) and value <= 100


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 366


def _is_days(value: object) -> bool:
    return _is_count(value) or (isinstance(value, list) and all(_is_count(day) for day in value))


def _is_duration(value: object) -> bool:
    return isinstance(value, str) and (not value or _DURATION.fullmatch(value) is not None)


def _is_interval(value: object) -> bool:
    return _is_duration(value) and (not value or any(digit in str(value) for digit in "123456789"))


def _are_durations(value: object) -> bool:
    return isinstance(value, list) and all(item and _is_duration(item) for item in value)


# The keys that a schedule or a share is computed from, and what each may hold.
_TYPED: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    *((key, _is_share, "a number from 0 to 100") for key in ("pct", "comparator_pct")),
    *((key, _is_number, "a number from 0 up") for key in ("per_week",)),
    ("course", _is_count, "1, 2, 3, ..."),
    ("days", _is_days, "a number of days, or a list of days"),
    *(
        (key, _is_duration, "an ISO 8601 duration such as P1M, P48M, P14D or PT2H, or empty")
        for key in ("until_offset", "interval_from_previous", "interval_from_previous_min")
    ),
    ("every", _is_interval, "an ISO 8601 duration of more than nothing, such as P1M or P14D, or empty"),
    ("at", _are_durations, "a list of ISO 8601 durations"),
    *(
        (key, functools.partial(operator.contains, anchors), ", ".join(anchors))
        for key, anchors in (
            ("start_anchor", ("", "first-dose", "course-day-1", "course-end", "each-infusion")),
            ("until_anchor", ("", "first-dose", "last-dose")),
        )
    ),
)


def _statement(raw: Mapping[str, Any]) -> str:
    return str(raw.get("text") or raw.get("term") or raw.get("trigger") or raw.get("measure") or raw["id"])


def read_label(file: str, document: Mapping[str, Any]) -> Label:
    """Return a label from its parsed file.

    Raises
    ------
    EvidenceError
        If the file has no identity, or an entry lacks its id, jurisdiction, source, locator or ``seen``.
    """
    identity = document.get("identity")
    if not isinstance(identity, dict) or not identity.get("drug_id"):
        raise EvidenceError(
            "the label has no [identity] with a drug_id",
            file=file,
            column="drug_id",
            found="(empty)",
            allowed='drug_id = "..."',
            mend="restore the file from the release",
        )
    drug_id = text_of(file, "[identity]", identity, "drug_id", required=True)
    mechanism = document.get("mechanism")
    rows = [_entry(file, table, raw) for table in ENTRY_TABLES for raw in entries(file, document, table)]
    return Label(
        drug_id=drug_id,
        inn=text_of(file, "[identity]", identity, "inn"),
        brands=texts_of(file, "[identity]", identity, "brands"),
        drug_class=text_of(file, "[identity]", identity, "drug_class"),
        route=text_of(file, "[identity]", identity, "route"),
        modality=text_of(file, "[identity]", identity, "modality"),
        mechanism=_mechanism(file, drug_id, mechanism) if mechanism else None,
        entries=tuple(rows),
        codes=_codes(identity),
    )


def _codes(identity: Mapping[str, Any]) -> tuple[DrugCode, ...]:
    found = []
    for system, key in (("ATC", "atc"), ("RxNorm", "rxnorm")):
        for raw in identity.get(key) or ():
            if isinstance(raw, dict) and raw.get("code") and raw.get("code_verified") is True:
                status, display = str(raw.get("status", "")), str(raw.get("display", ""))
                found.append(DrugCode(system, str(raw["code"]), display, status))
    return tuple(sorted(found, key=lambda code: (code.system, code.status != "current grouping", code.code)))


def _mechanism(file: str, drug_id: str, raw: object) -> LabelEntry:
    if not isinstance(raw, dict):
        raise _wrong(file, "[mechanism]", "mechanism", raw, "a table [mechanism]")
    plain = text_of(file, "[mechanism]", raw, "plain", required=True)
    return _entry(file, "mechanism", {"id": f"{drug_id}-mechanism", "jurisdiction": "ANY", **raw, "text": plain})
