"""How much of what was planted in a synthetic panel was found again, and how often an alarm had no event."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.panel.extras import needs
from equipoise.panel.layout import Panel, open_panel, schema

MISSED = "missed-months"


@dataclass(frozen=True, slots=True)
class Judged:
    """Planted events and alarms.

    Attributes
    ----------
    found, planted
        People in whom an event was found, and in whom it was planted and over by the day, by event.
    alarmed, without_event
        For each analyte in which an event can be planted: people in whom nothing was planted in it, and how many of
        them have an alarm in it all the same.
    """

    found: Mapping[str, int]
    planted: Mapping[str, int]
    alarmed: Mapping[str, int]
    without_event: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the counts in words."""
        said = []
        for event, planted in self.planted.items():
            share = f"{100 * self.found[event] / planted:.1f}%" if planted else "none planted"
            said.append(f"{event}: {self.found[event]:,} of {planted:,} ({share})")
        for analyte, people in self.without_event.items():
            share = f"{100 * self.alarmed[analyte] / people:.1f}%" if people else "nobody"
            said.append(
                f"false alarms, {analyte}: {self.alarmed[analyte]:,} of {people:,} people without an event ({share})"
            )
        return said


def judge(folder: Path, output: Path, on: datetime.date) -> Judged | None:
    """Hold the findings of a synthetic panel against what was planted in it.

    An event in results is found when its first and its last result each raise an alert; missed months are found when a
    test of the first and one of the last month missed is overdue.

    Parameters
    ----------
    folder, output
        The panel, and the Parquet or CSV file of its findings.
    on
        The day of the evaluation; events that were not over by then are left out.

    Returns
    -------
    Judged or None
        ``None`` where the panel has no truth beside it, as real ones have none.
    """
    panel = open_panel(folder)
    if not panel.has("truth"):
        return None
    pq, pc = needs("pyarrow.parquet"), needs("pyarrow.compute")
    truth = pq.read_table(panel.files("truth")).cast(schema("truth"))
    truth = truth.filter(pc.less_equal(truth["last_on"], needs("pyarrow").scalar(on)))
    findings = _findings(output)
    events = sorted(set(pc.unique(truth["event"]).to_pylist()))
    planted, found = {}, {}
    for event in events:
        of_event = truth.filter(pc.equal(truth["event"], event))
        planted[event] = of_event.num_rows
        found[event] = int(_is_found(of_event, findings, event).sum())
    alarmed, without = _false_alarms(panel, truth, findings)
    return Judged(found=found, planted=planted, alarmed=alarmed, without_event=without)


def _false_alarms(panel: Panel, truth: Any, findings: Any) -> tuple[dict[str, int], dict[str, int]]:
    pq, pc = needs("pyarrow.parquet"), needs("pyarrow.compute")
    analytes = sorted({name for name in pc.unique(truth["analyte"]).to_pylist() if name})
    alarmed, without = dict.fromkeys(analytes, 0), dict.fromkeys(analytes, 0)
    alerts = findings.filter(pc.equal(findings["finding"], "alert"))
    alerts_in = {
        analyte: np.unique(alerts.filter(pc.equal(alerts["subject"], analyte))["person_id"].to_numpy())
        for analyte in analytes
    }
    for file in panel.files("results"):
        measured = pq.read_table(file, columns=["person_id", "analyte"])
        for analyte in analytes:
            have = np.unique(measured.filter(pc.equal(measured["analyte"], analyte))["person_id"].to_numpy())
            with_event = truth.filter(pc.equal(truth["analyte"], analyte))["person_id"].to_numpy()
            people = np.setdiff1d(have, with_event)
            without[analyte] += len(people)
            alarmed[analyte] += int(np.isin(people, alerts_in[analyte]).sum())
    return alarmed, without


def _findings(output: Path) -> Any:
    columns = ["person_id", "finding", "subject", "day"]
    if output.suffix == ".csv":
        csv = needs("pyarrow.csv")
        return csv.read_csv(output, convert_options=csv.ConvertOptions(include_columns=columns))
    return needs("pyarrow.parquet").read_table(output, columns=columns)


def _is_found(truth: Any, findings: Any, event: str) -> Any:
    """For each planted event, whether a finding of its sort lies on its first and on its last day."""
    pc = needs("pyarrow.compute")
    kind = "overdue" if event == MISSED else "alert"
    of_kind = findings.filter(pc.equal(findings["finding"], kind))
    if event != MISSED:
        of_kind = of_kind.filter(pc.is_in(of_kind["subject"], pc.unique(truth["analyte"])))
    found = _keys(of_kind["person_id"], of_kind["day"])
    ends = [np.isin(_keys(truth["person_id"], truth[name]), found) for name in ("first_on", "last_on")]
    return ends[0] & ends[1]


def _keys(people: Any, days: Any) -> Any:
    numbers = days.cast("int32").to_numpy().astype(np.int64)
    return people.to_numpy().astype(np.int64) * 100_000 + numbers
