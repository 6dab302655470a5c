"""The web face: pages rendered on this machine, for this machine, that load nothing from elsewhere."""

from equipoise.interfaces.web.app import create_app
from equipoise.interfaces.web.server import serve, serve_app

__all__ = ["create_app", "serve", "serve_app"]
