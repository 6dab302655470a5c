"""The project scores itself on standards for decision aids, by checks that run when it is asked."""

from equipoise.presentation.selfscore.report import Report, selfscore

__all__ = ["Report", "selfscore"]
