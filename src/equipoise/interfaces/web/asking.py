"""Ask the web application for a page within the process: no server, no network, the same bytes."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from equipoise.interfaces.web.app import create_app


@dataclass(frozen=True, slots=True)
class Answered:
    """What a browser would get."""

    status: int
    headers: dict[str, str]
    body: str


@functools.cache
def _app() -> FastAPI:
    return create_app()


def page(address: str) -> Answered:
    """Return what the application answers to a GET.

    Parameters
    ----------
    address
        Path and query, as in an address bar.
    """
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(_app()(scope, receive, send))
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answered(start["status"], headers, body.decode())
