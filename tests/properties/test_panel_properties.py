"""The dataframe rules and the scalar rules say the same about everyone."""

from __future__ import annotations

import datetime
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from equipoise.evidence import load_evidence
from equipoise.panel.evaluate import evaluate_panel
from equipoise.panel.timetable import timetable
from tests.support.panel_people import DRUGS, ON, by_the_panel, by_the_scalar_rules, people, write_panel

EVIDENCE = load_evidence()
TASK_IDS: dict[tuple[str, str], list[str]] = {}
for moment in timetable(EVIDENCE, [(drug, place) for drug in DRUGS for place in ("US", "EU", "UK")], 80):
    course = ".c1" if moment.from_course else ""
    TASK_IDS.setdefault((moment.drug_id, moment.jurisdiction), []).append(f"{moment.entry_id}{course}.{moment.moment}")


# A panel is made from a seed: an engine is quick with many people and slow to start, so that each example is many
# people, and a person who differs is named instead of shrunk.
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example(seed=2790, back=1461)  # one count within the windows of two courses three days apart
@example(seed=3693442237, back=0)  # two courses that ask for a test on the same day
@given(seed=st.integers(0, 2**32), back=st.sampled_from([0, 0, 1, 29, 365, 1461]))
def test_panel_and_scalar_rules_agree_on_everyone(seed: int, back: int) -> None:
    on = ON - datetime.timedelta(days=back)
    everyone = people(seed, 150, TASK_IDS)
    with tempfile.TemporaryDirectory() as made:
        folder = write_panel(Path(made) / "panel", everyone)
        output = Path(made) / "findings.parquet"
        done = evaluate_panel(folder, on, output, EVIDENCE)
        found = by_the_panel(output)
    refused = 0
    for number, one in enumerate(everyone, 1):
        expected = by_the_scalar_rules(one, EVIDENCE, on)
        refused += expected is None
        assert found.get(number, Counter()) == (expected or Counter()), (number, one)
    assert done.refused_plans == refused
