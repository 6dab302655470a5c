"""Equipoise: shared decision-making between treatments for relapsing-remitting multiple sclerosis.

It informs, it never orders. Every number carries its source.
"""

__version__ = "0.1.0"
