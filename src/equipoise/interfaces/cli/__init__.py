"""The command line."""

from equipoise.interfaces.cli import eligibility, network, person, synthesise, values
from equipoise.interfaces.cli.app import app, run

__all__ = ["app", "eligibility", "network", "person", "run", "synthesise", "values"]
