"""The hash chain of the audit log: every link holds the one before, so that no link can be changed alone."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

START = "0" * 64
"""What the first link names as the one before it."""
_OUTSIDE = frozenset(["salt"])
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
"""Made once: an import asks it twice a row."""


def entry_hash(kind: str, row: Mapping[str, Any]) -> str:
    """Return the salted hash of an entry.

    Parameters
    ----------
    kind
        The kind of entry.
    row
        Its columns, ``salt`` among them. The random salt stands with the entry and never in the log: without the
        entry nobody can try values until one fits.
    """
    content = {
        name: value if type(value) is str else _plain(value) for name, value in row.items() if name not in _OUTSIDE
    }
    text = _CANONICAL.encode([row["salt"], kind, content])
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    # 90 and 90.0 are one value: engines do not agree on which of them they give back
    return float(value).hex() if isinstance(value, float) else value


def link_hash(link: Mapping[str, Any]) -> str:
    """Return the hash of a link over everything else in it.

    Parameters
    ----------
    link
        The columns ``clinic_id``, ``sequence``, ``recorded_at``, ``recorded_by``, ``kind``, ``entry_id``,
        ``entry_hash`` and ``previous``.
    """
    names = ("previous", "clinic_id", "sequence", "recorded_at", "recorded_by", "kind", "entry_id", "entry_hash")
    text = _CANONICAL.encode([link[name] for name in names])
    return hashlib.sha256(text.encode()).hexdigest()
