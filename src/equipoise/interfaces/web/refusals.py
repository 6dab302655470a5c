"""From an error to a page that says what was found and what would work."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import Request

from equipoise.presentation.html import Refusal
from equipoise.vocabulary.errors import EquipoiseError, EvidenceError, RequestError, UnknownTermError

_TITLES = {
    "treatment option": "This treatment is not known here",
    "jurisdiction": "This place is not known here",
    "estimate or fact": "Nothing here has this name",
    "network outcome": "There is no network for this outcome",
    "language": "There is no page in this language",
    "screen": "There is no such page",
}


def refusal_of(request: Request, error: EquipoiseError) -> Refusal:
    """Return what to say about an error.

    Parameters
    ----------
    request
        What was asked for; the nearest names become addresses that work.
    error
        What was wrong with it.
    """
    if isinstance(error, UnknownTermError) and not error.found.strip() and request.url.path.startswith("/compare"):
        return Refusal(
            422, "Something is still to be chosen", f"No {error.what} is named. Choose it in the form below."
        )
    if isinstance(error, UnknownTermError):
        is_address = request.url.path.startswith("/trace/") or error.what in ("language", "screen")
        return Refusal(
            404 if is_address else 422,
            _TITLES.get(error.what, f"This {error.what} is not known here"),
            _sentence(str(error)),
            _suggestions(request, error),
        )
    if isinstance(error, RequestError):
        return Refusal(422, "These two cannot be compared as asked", _sentence(str(error)))
    status = 500 if isinstance(error, EvidenceError) else 422
    return Refusal(status, "This cannot be shown", _sentence(str(error)))


def unknown_page(request: Request, status: int) -> Refusal:
    """Return what to say about an address without a page."""
    if status == 404:
        message = f"There is no page at '{request.url.path}'.\nThe menu above leads to every page there is."
        return Refusal(404, "There is no such page", message)
    return Refusal(status, "This cannot be done here", f"The address '{request.url.path}' cannot be used in this way.")


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


def _suggestions(request: Request, error: UnknownTermError) -> tuple[tuple[str, str], ...]:
    nearest = error.nearest or (error.allowed if len(error.allowed) <= 5 else ())
    if request.url.path.startswith("/trace/"):
        return tuple((f"/trace/{quote(name, safe='')}", name) for name in nearest)
    asked = dict(request.query_params)
    wrong = [name for name in ("first", "second", "jurisdiction") if asked.get(name, "") == error.found]
    if not wrong:
        return ()
    return tuple((f"{request.url.path}?{urlencode(asked | {wrong[0]: name})}", name) for name in nearest)
