"""How long the server takes for the comparison page: first time, kept, and made anew each time.

Run: python benchmarks/bench_web.py [REPEATS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from fastapi import FastAPI

from equipoise.consultation import consult
from equipoise.evidence import load_evidence
from equipoise.interfaces.web import create_app
from equipoise.presentation.html import environment, render_comparison

FIRST, SECOND = "alemtuzumab", "interferon-beta-1a"
ADDRESS = f"/compare?first={FIRST}&second={SECOND}&jurisdiction=EU"
PROMISED_MS = 30.0


def elapsed_ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def naive() -> str:
    """What a server without any memory would do: compile the templates, build the document, render it."""
    environment.cache_clear()
    return render_comparison(consult(FIRST, SECOND, jurisdiction="EU", evidence=load_evidence()))


async def ask(app: FastAPI) -> int:
    """Send one request straight to the application, without a network, and return the status."""
    path, _, query = ADDRESS.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1")],
    }
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


async def requests_ms(repeats: int) -> tuple[float, list[float]]:
    app = create_app()
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        status = await ask(app)
        times.append(1000 * (time.perf_counter() - start))
        assert status == 200
    return times[0], times[1:]


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    load_evidence()
    elapsed_ms(naive)  # imports and caches of the libraries are not what is compared
    without_memory = statistics.median(elapsed_ms(naive) for _ in range(max(3, repeats // 6)))
    environment.cache_clear()
    cold, warm = asyncio.run(requests_ms(repeats))
    kept, worst = statistics.median(warm), max(warm)
    print(f"comparison page of {FIRST} and {SECOND}, server time in ms")
    print(f"  made anew each time (median) {without_memory:8.1f}   1.00")
    print(f"  first request                {cold:8.1f}   {cold / without_memory:.2f}")
    print(f"  every other request (median) {kept:8.1f}   {kept / without_memory:.4f}")
    print(f"  every other request (worst)  {worst:8.1f}   {worst / without_memory:.4f}")
    print(f"promised: under {PROMISED_MS:.0f} ms once a page is kept; found {kept:.1f} ms")


if __name__ == "__main__":
    main()
