"""What a form of the clinic sends: read within bounds, from this server's own pages only."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Message

from equipoise.interfaces.clinic_web.sessions import new_token

LARGEST_FORM = 200_000
LARGEST_UPLOAD = 50_000_000
"""Bytes: half a million results. A larger file is for the command line, which shows how far it is."""
LONGEST_ANSWER = 400
MOST_FIELDS = 200
URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
TOKEN = "form_token"  # noqa: S105 - the name of a field


class UnfitSubmission(Exception):
    """What was sent cannot be read; it holds nothing of what was sent.

    Parameters
    ----------
    status, title, message
        HTTP status, and what to say.
    """

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(title)
        self.status, self.title, self.message = status, title, message


@dataclass
class Submission:
    """Fields and perhaps one file.

    Attributes
    ----------
    fields
        The first value of each field.
    file, file_name
        Where the file was laid down, and what it was called; ``None`` without a file.
    """

    fields: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    file_name: str = ""

    @property
    def token(self) -> str:
        """What proves that the form was made here."""
        return self.fields.get(TOKEN, "")


async def submitted(request: Request, folder: Path) -> Submission:
    """Read a form.

    Parameters
    ----------
    request
        The request.
    folder
        Where a file is laid down; readable by nobody else.

    Raises
    ------
    UnfitSubmission
        If it comes from another site, is too large, or is no form.
    """
    if comes_from_elsewhere(request.headers):
        raise UnfitSubmission(403, "This did not come from this page", "Another site asked your browser to send this.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == URL_ENCODED:
            pairs = parse_qsl((await _body(request)).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
            found = Submission()
            for name, value in pairs:
                found.fields.setdefault(name, value if name in _LONG else value[:LONGEST_ANSWER])
            return found
        if kind == MULTIPART:
            return await _multipart(request, folder)
    except ValueError:
        raise UnfitSubmission(
            400, "This cannot be read", "The form was damaged on its way. Nothing was saved."
        ) from None
    raise UnfitSubmission(415, "This was not sent by a form", "Only the forms of these pages can be read here.")


_LONG = frozenset(["kept"])


def comes_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another origin made it send this."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != headers.get("host", "")


async def _body(request: Request) -> bytes:
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > LARGEST_FORM:
            raise UnfitSubmission(413, "This is too much", "A form of these pages is much smaller. Nothing was saved.")
    return bytes(held)


async def _multipart(request: Request, folder: Path) -> Submission:
    """Read a form with a file, which goes to disk as it comes."""
    size, tail = 0, b""

    async def bounded() -> Message:
        nonlocal size, tail
        message = await request.receive()
        body = message.get("body", b"")
        size, tail = size + len(body), (tail + body)[-8:]
        if size > LARGEST_UPLOAD:
            raise UnfitSubmission(413, "This file is too large for the page", _TOO_LARGE)
        return message

    try:
        sent = await Request(request.scope, bounded).form(max_files=1, max_fields=MOST_FIELDS, max_part_size=100_000)
    except HTTPException:
        raise ValueError("no form") from None
    try:
        if not tail.rstrip().endswith(b"--"):
            raise ValueError("a part without its end")  # the parser would take what came so far for everything
        found = Submission()
        for name, value in sent.multi_items():
            if isinstance(value, str):
                found.fields.setdefault(name, value[:LONGEST_ANSWER])
            elif value.filename and found.file is None:
                found.file_name = _file_name(value.filename)
                found.file = folder / new_token()
                await run_in_threadpool(_lay_down, value.file, found.file)
    finally:
        await sent.close()
    return found


_TOO_LARGE = (
    f"At most {LARGEST_UPLOAD // 1_000_000} megabytes can be read here. Nothing was saved.\n"
    "A larger file goes in on the command line, which shows how far it is."
)


def _file_name(sent: str) -> str:
    # Without folders, and without what no file's name can hold: a file is laid down under the end of it.
    printable = "".join(sign for sign in sent if sign.isprintable())
    return Path(printable.replace("\\", "/")).name[:200]


def _lay_down(source: BinaryIO, target: Path) -> None:
    with target.open("xb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(source, file)
