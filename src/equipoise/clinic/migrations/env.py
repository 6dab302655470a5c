"""What Alembic runs; the connection comes from :mod:`equipoise.clinic.schema`."""

from __future__ import annotations

from alembic import context

from equipoise.clinic.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
