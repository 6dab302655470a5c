"""A browser without script for the way, in the same process: it keeps its cookie and sends the forms it was given."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from fastapi import FastAPI

from equipoise.interfaces.web import create_app

with warnings.catch_warnings():
    # starlette would rather have another client than the one that is locked here
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Fields = Mapping[str, str | Sequence[str]]


class Walker:
    """Somebody on the way.

    Parameters
    ----------
    app
        The application; a new one by default.
    language
        The language of the pages.
    """

    def __init__(self, app: FastAPI | None = None, language: str = "en") -> None:
        self.http = TestClient(app or create_app(), base_url="http://127.0.0.1")
        self.language = language
        self.page: Any = None

    def open(self, screen: str) -> Any:
        """Open a screen by its address."""
        self.page = self.http.get(f"/{self.language}/path/{screen}")
        return self.page

    def send(self, screen: str, fields: Fields | None = None, go: str = "next", **headers: str) -> Any:
        """Send a screen as its own form would, from the page that is open."""
        if self.page is None or not self.hidden("kept"):
            self.open(screen)
        data = {"token": self.hidden("token"), "kept": self.hidden("kept"), "go": go, **(fields or {})}
        self.page = self.http.post(f"/{self.language}/path/{screen}", data=data, headers=headers)
        return self.page

    def hidden(self, name: str) -> str:
        """Return what a hidden field of the open page holds."""
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.page.text if self.page else "")
        return unescape(found[1]) if found else ""

    @property
    def at(self) -> str:
        """The screen that is open."""
        return str(self.page.url.path).rpartition("/")[2]
