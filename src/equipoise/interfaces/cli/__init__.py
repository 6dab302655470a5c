"""The command line."""

from equipoise.interfaces.cli import network, synthesise
from equipoise.interfaces.cli.app import app, run

__all__ = ["app", "network", "run", "synthesise"]
