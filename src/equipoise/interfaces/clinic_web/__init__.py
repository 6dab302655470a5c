"""The web face of the clinic's book: signed-in pages on this machine that load nothing from elsewhere."""

from equipoise.interfaces.clinic_web.app import create_app

__all__ = ["create_app"]
