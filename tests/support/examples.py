"""The people in `examples/` and what matters to each of them."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PORTRAITS = {
    "frequent-relapses": "fears-disability",
    "mild-long-safety": "long-safety-record",
    "contraindicated": "fears-disability",
    "torn": "torn",
    "i-dont-know": "everything-matters-most",
}
"""Each example of a person with the values that go with it."""
