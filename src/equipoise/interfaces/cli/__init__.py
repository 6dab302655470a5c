"""The command line."""

from equipoise.interfaces.cli import network, person, synthesise
from equipoise.interfaces.cli.app import app, run

__all__ = ["app", "network", "person", "run", "synthesise"]
