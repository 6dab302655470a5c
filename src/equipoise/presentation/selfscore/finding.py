"""What a check says, and the shelf on which checks stand by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise.presentation.selfscore.bench import Bench


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Whether a check holds, and what was seen, in a sentence."""

    holds: bool
    said: str


Check = Callable[["Bench"], CheckFinding]
CHECKS: dict[str, Check] = {}
"""Every check that runs with the command, by name."""


def check(function: Check) -> Check:
    """Put a check on the shelf under its own name."""
    CHECKS[function.__name__] = function
    return function


def every(what: str, faults: list[str], count: int) -> CheckFinding:
    """Return that all of some things are right, or the first of those that are not."""
    if not count:
        return CheckFinding(False, f"there was nothing to look at: {what}")
    if faults:
        return CheckFinding(False, f"{what}: {len(faults)} of {count} are not, such as {faults[0]}")
    return CheckFinding(True, f"{what}: {count} looked at, all are")
