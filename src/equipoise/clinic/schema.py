"""Bring a book's tables to what this version needs, and refuse one that is newer."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from equipoise.clinic.engine import reading, where, writing
from equipoise.clinic.errors import BookMissingError, NewerBookError


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Return the revision that this version writes."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision_of(engine: Engine) -> str:
    """Return the revision of a book, empty where there is none."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine) -> None:
    """Run the steps that are missing, in one transaction; a book that is up to date is left alone."""
    with writing(engine) as connection:
        command.upgrade(_config(connection), "head")


def check(engine: Engine) -> None:
    """Make sure that a book is there and is of this version; an older one is brought up to date.

    Raises
    ------
    BookMissingError
        If there is no book.
    NewerBookError
        If a newer Equipoise has written it.
    """
    found = revision_of(engine)
    if not found:
        raise BookMissingError(
            f"there is no clinic's book in {where(engine)}.\n"
            "  do:      start one with 'equipoise clinic init', or name the right one with '--database'"
        )
    if found == newest():
        return
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found not in known:
        raise NewerBookError(
            f"{where(engine)} was written by a newer Equipoise (its version: {found}).\n"
            f"  allowed: up to {newest()}\n  do:      update Equipoise; the book was left as it is"
        )
    upgrade(engine)
