"""Tasks kept ready: a visit in one row, in the order in which a morning reads them; all of them are worked out anew."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID, DAY = sa.String(32), sa.Date()


def upgrade() -> None:
    """Make the table anew, and empty what else was worked out: it is no entry."""
    op.drop_table("open_tasks")
    op.create_table(
        "open_tasks",
        sa.Column("clinic_id", ID, sa.ForeignKey("clinics.id"), primary_key=True),
        sa.Column("window_start", DAY, primary_key=True),
        sa.Column("person_id", ID, primary_key=True),
        sa.Column("first_task", sa.String(300), primary_key=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("due", DAY, nullable=False),
        sa.Column("window_end", DAY, nullable=False),
        sa.Column("listed_to", DAY, nullable=False),
        sa.Column("last_done", DAY, nullable=True),
        sa.Column("snoozed_until", DAY, nullable=True),
        sa.Column("tasks", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("open_tasks_by_person", "open_tasks", ["clinic_id", "person_id"])
    op.execute("DELETE FROM open_alerts")
    op.execute("DELETE FROM standings")


def downgrade() -> None:
    """Refuse: a book is never taken back."""
    raise NotImplementedError("a book is never taken back; restore a backup instead")
