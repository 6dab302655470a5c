"""Equipoise: shared decision-making between treatments for relapsing-remitting multiple sclerosis.

It informs, it never orders. Every number carries its source.

>>> import equipoise
>>> sitting = equipoise.consult("alemtuzumab", "interferon-beta-1a", jurisdiction="EU")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.consultation import check_claims, consult, trace
    from equipoise.evidence import load_evidence

__version__ = "0.1.0"
__all__ = ["check_claims", "consult", "load_evidence", "trace"]

_HOME = {
    "check_claims": "equipoise.consultation",
    "consult": "equipoise.consultation",
    "load_evidence": "equipoise.evidence",
    "trace": "equipoise.consultation",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``equipoise --help`` need not wait for numpy."""
    if name in _HOME:
        import importlib

        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'equipoise' has no attribute '{name}'")
