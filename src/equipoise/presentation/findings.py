"""What 'evidence check' found."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.evidence import Evidence
from equipoise.presentation import wire
from equipoise.vocabulary.errors import EvidenceError


def as_text(evidence: Evidence | None, problems: Sequence[EvidenceError]) -> str:
    """Return every fault, or what was checked, for people."""
    lines = [str(problem) for problem in problems]
    if problems:
        lines.append(f"{len(problems)} fault{'s' if len(problems) > 1 else ''} found.")
    elif evidence is not None:
        lines.append(f"Evidence {evidence.release.version} is sound: {_sizes(evidence)}.")
    return "\n".join(lines) + "\n"


def as_json(evidence: Evidence | None, problems: Sequence[EvidenceError]) -> str:
    """Return every fault for programs."""
    return wire.as_json(
        {
            "evidence": None if evidence is None else wire.release(evidence.release),
            "sound": not problems,
            "problems": [
                {
                    "problem": p.problem,
                    "file": p.file,
                    "row": p.row,
                    "column": p.column,
                    "found": p.found,
                    "allowed": p.allowed,
                    "mend": p.mend,
                }
                for p in problems
            ],
        }
    )


def _sizes(evidence: Evidence) -> str:
    sizes = {
        "sources": len(evidence.sources),
        "trials": len(evidence.trials),
        "arms": len(evidence.arms),
        "results": len(evidence.arm_results),
        "comparisons": len(evidence.contrasts),
        "labels": len(evidence.labels),
        "label entries": len(evidence.label_entries),
        "claims": len(evidence.claims),
    }
    return ", ".join(f"{size:,} {name}" for name, size in sizes.items())
