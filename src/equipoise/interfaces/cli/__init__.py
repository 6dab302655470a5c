"""The command line."""

from equipoise.interfaces.cli import synthesise
from equipoise.interfaces.cli.app import app, run

__all__ = ["app", "run", "synthesise"]
