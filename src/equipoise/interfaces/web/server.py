"""Start the web page on this machine."""

from __future__ import annotations

import asyncio
import socket
import sys
import webbrowser
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from equipoise.interfaces.web.app import create_app
from equipoise.vocabulary.errors import RequestError

LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
"""Names of this machine, with the address of each: those to which the pages answer."""
FIRST_QUESTION = ("alemtuzumab", "interferon-beta-1a", "EU")


def serve(host: str = "127.0.0.1", port: int = 8000, open_browser: bool = False) -> None:
    """Serve the pages until Ctrl-C.

    Parameters
    ----------
    host
        A name of this machine, see ``LOOPBACK``. Nothing else is accepted: the pages are for the person at it.
    port
        Port to listen on; 0 takes any free one.
    open_browser
        Whether to open the page in the person's browser.

    Raises
    ------
    RequestError
        If the host is no name of this machine, or the port is in use or may not be used.
    """

    def ready() -> FastAPI:
        app = create_app()
        app.state.pages.comparison(*FIRST_QUESTION)  # the page that most people open is ready when they do
        return app

    serve_app(ready, "Equipoise", host=host, port=port, open_browser=open_browser)


def serve_app(
    make: Callable[[], FastAPI], name: str, *, host: str = "127.0.0.1", port: int, open_browser: bool = False
) -> None:
    """Serve any application of this machine until Ctrl-C.

    Parameters
    ----------
    make
        Makes it, once the port is known to be free.
    name
        What its address is printed after.
    host, port, open_browser
        As for :func:`serve`.

    Raises
    ------
    RequestError
        As :func:`serve` does.
    """
    listener = _listen(_loopback(host), port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    try:
        config = uvicorn.Config(make(), log_level="warning", access_log=False, server_header=False)
        asyncio.run(_run(uvicorn.Server(config), listener, f"{name} is at {address}", address, open_browser))
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def _loopback(host: str) -> str:
    if host not in LOOPBACK:
        raise RequestError(
            f"the web page listens on this machine only, not on '{host}'.\n"
            f"  allowed: {', '.join(LOOPBACK)}\n"
            "  do:      leave the host out"
        )
    return LOOPBACK[host]


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, connections answer without Nagle's delay; asyncio leaves it on where the protocol is not named, and
    # the second packet of every small page waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise RequestError(
            f"port {port} cannot be used on {host}: {getattr(error, 'strerror', None) or error}. Another program may "
            f"hold it, perhaps this page started earlier. Stop that one, or choose another port with --port, for "
            f"example --port {port + 1 if 0 < port < 65535 else 8001}."
        ) from None
    return listener


async def _run(server: uvicorn.Server, listener: socket.socket, words: str, address: str, open_browser: bool) -> None:
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if server.started:
        sys.stdout.write(f"{words} - Ctrl-C stops it\n")
        sys.stdout.flush()
        if open_browser:
            webbrowser.open(address)
    await serving
