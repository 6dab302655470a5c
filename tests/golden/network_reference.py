"""The network data sets and reference results that golden tests read."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

from equipoise.synthesis import Network, read_network
from equipoise.vocabulary.measures import Measure

REFERENCE = Path(__file__).parent / "reference" / "network"
DATASETS = {
    "senn2013": Measure.MEAN_DIFFERENCE,
    "hasselblad1998": Measure.ODDS_RATIO,
    "franchini2012": Measure.MEAN_DIFFERENCE,
    "synth-rates": Measure.RATE_RATIO,
}


@cache
def table(data: str, name: str) -> tuple[dict[str, str], ...]:
    with (REFERENCE / data / f"{name}.csv").open(newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def document(data: str, name: str) -> Any:
    return json.loads((REFERENCE / data / f"{name}.json").read_text())


def columns(data: str, name: str) -> dict[str, list[str]]:
    rows = table(data, name)
    return {column: [row[column] for row in rows] for column in rows[0]}


@cache
def network(data: str, source: str = "arms") -> Network:
    """The data set as a network, from its arms or from its contrasts."""
    reference = document(data, "netmeta")["reference"]
    if source == "arms":
        arms = columns(data, "input-arms")
        if "time" in arms:
            arms["person_time"] = arms.pop("time")
        return read_network(arms, DATASETS[data], reference=reference)
    found = columns(data, "input-contrasts")
    named = {"study": "studlab", "treatment": "treat1", "reference": "treat2", "estimate": "TE", "se": "seTE"}
    return read_network({ours: found[theirs] for ours, theirs in named.items()}, DATASETS[data], reference=reference)


def number(text: str) -> float | None:
    return None if text in ("", "NA") else float(text)
