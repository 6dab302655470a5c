"""The book: clinics, users, entries, audit log, and what is worked out from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID, HASH, DAY, TEXT = sa.String(32), sa.String(64), sa.Date(), sa.Text()
PER_PERSON = ("courses", "tests_done", "contacts", "acknowledgements", "snoozes")
APPEND_ONLY = ("clinics", "audit", "users", "people", "results", "unmatched", *PER_PERSON)


def upgrade() -> None:
    """Make every table, index and guard."""
    op.create_table(
        "clinics",
        _need("id", ID, primary_key=True),
        _need("name", sa.String(200), unique=True),
        _need("founded_at", sa.String(32)),
    )
    _users_and_people()
    _what_was_given_and_found()
    _what_was_done()
    _audit()
    _worked_out()
    for table in PER_PERSON:
        op.create_index(f"{table}_by_person", table, ["clinic_id", "person_id"])
    _guard()


def downgrade() -> None:
    """Refuse: entries are never deleted."""
    raise NotImplementedError("a book is never taken back; restore a backup instead")


def _need(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _may(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _clinic(**more: Any) -> sa.Column[Any]:
    return sa.Column("clinic_id", ID, sa.ForeignKey("clinics.id"), nullable=False, **more)


def _entries(table: str, *columns: sa.Column[Any], is_about_person: bool = True) -> None:
    op.create_table(
        table,
        *([_need("person_id", ID)] if is_about_person else []),
        *columns,
        _need("id", ID, primary_key=True),
        _clinic(),
        _need("sequence", sa.BigInteger()),
        _may("corrects", ID),
        _need("withdrawn", sa.Integer()),
        _need("recorded_at", sa.String(32)),
        _need("recorded_by", sa.String(100)),
        _need("salt", ID),
        sa.UniqueConstraint("clinic_id", "sequence", name=f"{table}_place"),
        sa.UniqueConstraint("corrects", name=f"{table}_corrected_once"),
    )


def _users_and_people() -> None:
    name, role, secret = _need("name", sa.String(100)), _need("role", sa.String(20)), sa.String(200)
    _entries("users", name, role, _need("password_hash", secret), is_about_person=False)
    label, name, place = _need("label", sa.String(100)), _need("name", sa.String(200)), sa.String(2)
    _entries("people", label, name, _need("jurisdiction", place), _need("conditions", TEXT))
    op.create_index("people_by_label", "people", ["clinic_id", "label"])
    op.create_index("people_by_person", "people", ["clinic_id", "person_id"])


def _what_was_given_and_found() -> None:
    drug, event = _need("drug", sa.String(100)), _need("event", sa.String(20))
    _entries("courses", drug, event, _need("on_day", DAY), _may("last_day", DAY))
    _entries(
        "results",
        _need("analyte", sa.String(100)),
        _need("taken_on", DAY),
        _need("comparator", sa.String(2)),
        _need("value", sa.Float(53)),
        _need("unit", sa.String(50)),
        _may("reference_low", sa.Float(53)),
        _may("reference_high", sa.Float(53)),
        _need("laboratory", sa.String(200)),
        _need("report_id", sa.String(200)),
        _need("content_hash", HASH),
    )
    op.create_index("results_by_person", "results", ["clinic_id", "person_id", "taken_on"])
    op.create_index("results_by_content", "results", ["clinic_id", "content_hash"])
    op.create_index("results_by_report", "results", ["clinic_id", "report_id"])
    _entries(
        "unmatched",
        _need("file", sa.String(300)),
        _need("line", sa.Integer()),
        _need("reason", TEXT),
        _need("document", TEXT),
        _need("content_hash", HASH),
        is_about_person=False,
    )
    op.create_index("unmatched_by_content", "unmatched", ["clinic_id", "content_hash"])


def _what_was_done() -> None:
    _entries("tests_done", _need("task_id", sa.String(300)), _need("on_day", DAY))
    how, reached = _need("how", sa.String(50)), _need("reached", sa.Integer())
    _entries("contacts", _need("on_day", DAY), how, reached, _need("note", TEXT))
    _entries("acknowledgements", _need("alert_id", sa.String(300)), _need("note", TEXT))
    _entries("snoozes", _need("subject_id", sa.String(300)), _need("until_day", DAY), _need("reason", TEXT))


def _audit() -> None:
    op.create_table(
        "audit",
        _clinic(primary_key=True),
        _need("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        _need("recorded_at", sa.String(32)),
        _need("recorded_by", sa.String(100)),
        _need("kind", sa.String(30)),
        _need("entry_id", ID),
        _need("entry_hash", HASH),
        _need("previous", HASH),
        _need("hash", HASH),
    )


def _worked_out() -> None:
    op.create_table(
        "standings",
        _clinic(primary_key=True),
        _need("person_id", ID, primary_key=True),
        _need("label", sa.String(100)),
        _need("release", sa.String(100)),
        _need("has_plan", sa.Integer()),
        _need("entries_to", DAY),
        _need("worked_out_on", DAY),
        _may("last_heard", DAY),
    )
    op.create_table(
        "open_tasks",
        _clinic(primary_key=True),
        _need("person_id", ID, primary_key=True),
        _need("task_id", sa.String(300), primary_key=True),
        _need("test_id", sa.String(100)),
        _need("series", sa.String(200)),
        _need("level", sa.String(20)),
        _need("boxed", sa.Integer()),
        _need("missed", sa.Integer()),
        _need("due", DAY),
        _need("window_start", DAY),
        _need("window_end", DAY),
        _need("listed_to", DAY),
        _may("last_done", DAY),
        _may("snoozed_until", DAY),
        _need("source", sa.String(300)),
    )
    op.create_index("open_tasks_by_start", "open_tasks", ["clinic_id", "window_start"])
    op.create_table(
        "open_alerts",
        _clinic(primary_key=True),
        _need("person_id", ID, primary_key=True),
        _need("alert_id", sa.String(300), primary_key=True),
        _need("on_day", DAY),
        _need("urgency", sa.String(20)),
        _may("snoozed_until", DAY),
        _need("document", TEXT),
    )


def _guard() -> None:
    """Let the database itself refuse to change or delete an entry."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION equipoise_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION equipoise_append_only()"
        )
