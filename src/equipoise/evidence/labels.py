"""Drug labels as data: one file a drug, every entry with its jurisdiction, source and locator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from equipoise.evidence.records import RawRow
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
# no other, so that a single UK contraindication does not hide the European ones.
_SUBJECT = {
    "contraindication": "condition",
    "warning": "kind",
    "baseline_test": "test_id",
    "monitoring": "test_id",
    "adverse_reaction": "term",
    "pregnancy": "kind",
    "practical": "kind",
    "premedication": "kind",
}

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
        """What the entry speaks of within its table; entries of tables without subjects share one."""
        key = _SUBJECT.get(self.table)
        return str(self.fields.get(key, self.id)) if key else self.table


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
    """

    drug_id: str
    inn: str
    brands: tuple[str, ...]
    drug_class: str
    route: str
    modality: str
    mechanism: LabelEntry | None
    entries: tuple[LabelEntry, ...]

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
    row_id = str(raw.get("id", ""))
    for column in ("id", "jurisdiction", "source_id", "locator", "seen"):
        if not raw.get(column):
            raise EvidenceError(
                "a required key is missing",
                file=file,
                row=row_id or f"[[{table}]]",
                column=column,
                allowed="a value",
                mend="add the key to the entry",
            )
    if raw["seen"] not in _SEEN:
        raise EvidenceError(
            "this term is not known",
            file=file,
            row=row_id,
            column="seen",
            found=str(raw["seen"]),
            allowed=", ".join(_SEEN),
            mend="use one of them",
        )
    return LabelEntry(
        id=row_id,
        table=table,
        jurisdiction=str(raw["jurisdiction"]),
        status=str(raw.get("status", "current")),
        text=_statement(raw),
        trust=_SEEN[raw["seen"]],
        source=SourceRef(str(raw["source_id"]), str(raw["locator"])),
        fields=MappingProxyType(dict(raw)),
        row=RawRow(file, row_id, 0, _cells(raw)),
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
            "the label has no [identity] with a drug_id", file=file, mend="restore the file from the release"
        )
    mechanism = document.get("mechanism")
    entries = [_entry(file, table, raw) for table in ENTRY_TABLES for raw in document.get(table, [])]
    return Label(
        drug_id=identity["drug_id"],
        inn=identity.get("inn", ""),
        brands=tuple(identity.get("brands", ())),
        drug_class=identity.get("drug_class", ""),
        route=identity.get("route", ""),
        modality=identity.get("modality", ""),
        mechanism=_mechanism(file, identity["drug_id"], mechanism) if mechanism else None,
        entries=tuple(entries),
    )


def _mechanism(file: str, drug_id: str, raw: Mapping[str, Any]) -> LabelEntry:
    return _entry(
        file, "mechanism", {"id": f"{drug_id}-mechanism", "jurisdiction": "ANY", **raw, "text": raw.get("plain", "")}
    )
