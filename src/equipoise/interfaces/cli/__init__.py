"""The command line."""

from equipoise.interfaces.cli.app import app, run

__all__ = ["app", "run"]
