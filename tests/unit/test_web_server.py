"""Starting the web page: where it listens, what it says, and what it refuses."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from equipoise.interfaces.web.server import _listen, serve
from equipoise.vocabulary.errors import RequestError

START = "from equipoise.interfaces.web import serve; serve(host='{host}', port=0)"


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "example.org", "::", "127.0.0.2", ""])  # noqa: S104 - refused
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(RequestError, match="this machine only"):
        serve(host=host)


def test_a_port_in_use_is_named_with_the_way_out(taken: int) -> None:
    with pytest.raises(RequestError) as refused:
        serve(port=taken)
    assert f"port {taken}" in str(refused.value)
    assert "--port" in str(refused.value)


def test_a_port_that_is_no_port_is_refused() -> None:
    with pytest.raises(RequestError, match="70000"):
        serve(port=70000)


def test_a_small_page_waits_for_no_acknowledgement() -> None:
    # asyncio turns Nagle's delay off only for connections whose socket says that it is TCP
    with _listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    ("host", "begins"),
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        pytest.param("::1", "http://[::1]:", marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")),
    ],
)
def test_the_address_is_printed_when_it_answers_and_stopping_is_quiet(host: str, begins: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START.format(host=host)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            address = line.split()[3]
            assert line == f"Equipoise is at {address} - Ctrl-C stops it\n"
            assert address.startswith(begins)
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
                assert answer.status == 200
        finally:
            server.send_signal(2)
            rest, errors = server.communicate(timeout=20)
    assert (rest, errors) == ("", "")
    assert server.returncode == 0
