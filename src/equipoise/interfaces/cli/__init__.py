"""The command line."""

from equipoise.interfaces.cli import (
    clinic,
    clinic_exchange,
    clinic_record,
    compare,
    eligibility,
    evidence,
    handout,
    network,
    panel,
    person,
    plan,
    research,
    selfscore,
    synthesise,
    values,
)
from equipoise.interfaces.cli.app import app, run

__all__ = [
    "app",
    "clinic",
    "clinic_exchange",
    "clinic_record",
    "compare",
    "eligibility",
    "evidence",
    "handout",
    "network",
    "panel",
    "person",
    "plan",
    "research",
    "run",
    "selfscore",
    "synthesise",
    "values",
]
