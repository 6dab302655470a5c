"""What a page may send: from this machine's own page only, in a form's own encoding, and of a form's own size.

What another site makes a browser send is refused by the headers with which browsers say where a request comes from. The
token of a sitting is looked at after that, by the pages that have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from equipoise.presentation.html import Refusal
from equipoise.wording import Wording

LARGEST_FILE = 200_000
"""Bytes; a file of answers has a few thousand."""
LARGEST_BODY = 600_000
"""Bytes: a file, the fields and what a page carries. Below the size from which an upload would be laid down on disk."""
MOST_FIELDS = 2_000

URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class UnfitSubmission(Exception):
    """What was sent cannot be read as answers; it holds what to say about that and nothing of what was sent.

    Parameters
    ----------
    status
        HTTP status.
    reason
        What is wrong: the catalogue has a title and a text for each, ``refused.<reason>``.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    def refusal(self, words: Wording) -> Refusal:
        """Return what to say, in a language."""
        limit = LARGEST_BODY // 1000
        return Refusal(
            self.status,
            words(f"refused.{self.reason}.title"),
            words(f"refused.{self.reason}.text", kilobytes=limit),
        )


async def submitted(request: Request) -> FormData:
    """Return the fields and files of a form.

    Raises
    ------
    UnfitSubmission
        If it comes from another site, is too large, or is no form.
    """
    _same_origin(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {URL_ENCODED, MULTIPART}:
        raise UnfitSubmission(415, "no-form")
    body = await _body(request)
    try:
        if kind == URL_ENCODED:
            return FormData([*parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)])
        if not body.rstrip().endswith(b"--"):
            raise ValueError("a part without its end")  # the parser would take what came so far for everything
        again = Request(request.scope, _given(body))
        form = await again.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FILE)
        for name, held in form.multi_items():
            # An encoding of the sender's choice can make halves of characters, which no page can show again.
            f"{name}{held if isinstance(held, str) else held.filename}".encode()
        return form
    except (ValueError, HTTPException):
        raise UnfitSubmission(400, "unreadable") from None


def _same_origin(request: Request) -> None:
    if not comes_from_elsewhere(request.headers):
        return
    raise UnfitSubmission(403, "elsewhere")


def comes_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another origin made it send this.

    ``Sec-Fetch-Site`` decides where it is sent. ``Origin`` alone is read where it is not; there ``null`` passes,
    because older browsers write it for the page's own form too, under the page's own ``no-referrer``.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin", "null")
    if origin == "null":
        return False
    try:
        return urlsplit(origin).netloc != headers.get("host", "")
    except ValueError:
        return True


async def _body(request: Request) -> bytes:
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > LARGEST_BODY:
            raise UnfitSubmission(413, "too-much")
    return bytes(held)


def _given(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
