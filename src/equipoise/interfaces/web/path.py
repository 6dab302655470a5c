"""Routes of the way: a screen is shown by its address, and sent to it. Nothing of a person stands in an address."""

from __future__ import annotations

import datetime
import functools
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from equipoise.evidence import Evidence
from equipoise.interfaces.web.sittings import COOKIE, Sitting, Sittings, Typed
from equipoise.interfaces.web.submissions import UnfitSubmission, submitted
from equipoise.presentation.html import Refusal, render_home, render_refused, render_words
from equipoise.presentation.path import FIELD_LIMITS, PathPage, PathState, Screen, render_path, screen
from equipoise.presentation.path.screens import is_screen
from equipoise.presentation.path.state import USUAL_LENGTH, unpacked
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.wording import Wording, wording

PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store"}

OWN_FIELDS = frozenset(("token", "kept", "go", "screen"))
"""Fields of the form itself, not of a person."""


class Path:
    """The way over the evidence of one release.

    Parameters
    ----------
    evidence
        The release.
    sittings
        What is remembered between two screens.
    """

    def __init__(self, evidence: Evidence, sittings: Sittings) -> None:
        self.evidence = evidence
        self.sittings = sittings

    def state(self, sitting: Sitting | None) -> PathState:
        """Return what is known in a sitting, or what is known of nobody."""
        if sitting is None:
            return PathState({}, self.evidence, today())
        return PathState(
            sitting.typed,
            self.evidence,
            today(),
            lambda asked: sitting.answer(
                (asked.choice, asked.person, asked.values, asked.years, asked.on), asked.worked_out
            ),
        )

    def sitting(self, request: Request) -> Sitting | None:
        """Return the sitting of a browser."""
        return self.sittings.find(request.cookies.get(COOKIE, ""))

    def is_over(self, request: Request) -> bool:
        """Whether a browser holds the ticket of a sitting that is over: what is said of nobody must not pass for it."""
        return COOKIE in request.cookies and self.sitting(request) is None

    def page(self, sitting: Sitting | None, asked: Screen, words: Wording, notice: str = "") -> PathPage:
        """Return a screen of a sitting, before any fault of it is told."""
        token = sitting.token if sitting is not None else ""
        return PathPage(self.state(sitting), asked, words, token, notice=notice)


def add_path(app: FastAPI, path: Path) -> None:
    """Add the way to an application.

    Parameters
    ----------
    app
        The application.
    path
        The way.
    """
    app.state.path = path
    evidence = path.evidence

    @functools.cache
    def rendered_home(tag: str) -> str:
        return render_home(evidence, wording(tag))

    @app.get("/{language}/", response_class=HTMLResponse)
    def home(language: str) -> str:
        return rendered_home(wording(language).language.tag)

    @app.get("/{language}/words", response_class=HTMLResponse)
    def words_explained(language: str, screen_id: Annotated[str, Query(alias="from", max_length=40)] = "start") -> str:
        return render_words(evidence, wording(language), screen(screen_id).id)

    @app.get("/{language}/path/{name}", response_class=HTMLResponse)
    def shown(request: Request, language: str, name: str) -> Response:
        notice = "path.notice.over" if path.is_over(request) else ""
        return answer(path.page(path.sitting(request), screen(name), wording(language), notice))

    @app.post("/{language}/path/{name}", response_class=HTMLResponse)
    async def sent(request: Request, language: str, name: str) -> Response:
        words, asked = wording(language), screen(name)
        return await from_form(request, evidence, words, lambda form: _sent(path, request, words, asked, form))

    @app.post("/{language}/forget", response_class=HTMLResponse)
    async def forgotten(request: Request, language: str) -> Response:
        words = wording(language)

        def forget(form: FormData) -> Response:
            path.sittings.forget(request.cookies.get(COOKIE, ""))
            gone = RedirectResponse(f"/{words.language.tag}/", status_code=303, headers=PRIVATE)
            gone.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
            return gone

        return await from_form(request, evidence, words, forget)


@dataclass(frozen=True, slots=True)
class Received:
    """What came from a page of the way.

    Attributes
    ----------
    sitting, state
        The sitting, and everything that is known in it now.
    going
        Where the page wants to go.
    was_over
        Whether the sitting had been forgotten, and was taken up from what the page carried.
    before
        What was typed until then.
    """

    sitting: Sitting
    state: PathState
    going: str
    was_over: bool
    before: Typed


def receive(path: Path, request: Request, asked: Screen, form: FormData) -> Received | None:
    """Take what a page of the way sent into its sitting; ``None`` where no page of that sitting sent it.

    Parameters
    ----------
    path, request
        The way, and the request with the ticket of the sitting.
    asked
        The screen whose fields were sent.
    form
        What was sent. A page of a forgotten sitting begins a new one with all that it carried.
    """
    typed = typed_fields(form)
    sitting = path.sitting(request)
    if sitting is not None and not _is_token(sitting, _first(typed, "token")):
        return None
    was_over = sitting is None and bool(_first(typed, "token"))
    if sitting is None:
        sitting = path.sittings.start(unpacked(_first(typed, "kept")))
    sent = {name: held for name, held in typed.items() if name not in OWN_FIELDS}
    with sitting.changing:
        before, state = sitting.typed, path.state(sitting).with_answers(asked, sent)
        sitting.typed = dict(state.typed)
    return Received(sitting, state, _first(typed, "go"), was_over, before)


def _is_token(sitting: Sitting, sent: str) -> bool:
    # As bytes: texts with other letters than English ones cannot be compared in constant time.
    return hmac.compare_digest(sitting.token.encode(), sent.encode(errors="replace"))


def not_ours(path: Path, request: Request, words: Wording, asked: Screen) -> Response:
    """Return a screen that says that what was sent was not read: no page of this sitting sent it."""
    return answer(path.page(path.sitting(request), asked, words, "path.notice.not-ours"), 403)


def over(words: Wording) -> Response:
    """Lead from what can be taken along of a sitting that is over to the first screen, which says so."""
    return RedirectResponse(f"/{words.language.tag}/path/start", status_code=303, headers=PRIVATE)


def _sent(path: Path, request: Request, words: Wording, asked: Screen, form: FormData) -> Response:
    sent = receive(path, request, asked, form)
    if sent is None:
        return not_ours(path, request, words, asked)
    sitting, faults = sent.sitting, sent.state.faults_on(asked)
    page = PathPage(sent.state, asked, words, sitting.token, faults)
    if faults and sent.going != "back":
        return keeping(answer(page, 422), sitting)
    if sent.was_over:
        return keeping(
            answer(PathPage(sent.state, asked, words, sitting.token, notice="path.notice.taken-up")), sitting
        )
    return keeping(RedirectResponse(page.address(_next(page, sent.going)), status_code=303, headers=PRIVATE), sitting)


def _next(page: PathPage, going: str) -> str:
    if going == "back" and page.before is not None:
        return page.before.id
    if going == "stay":
        return page.screen.id
    if is_screen(going):
        return going
    return page.after.id if page.after is not None else page.screen.id


async def from_form(
    request: Request, evidence: Evidence, words: Wording, act: Callable[[FormData], Response]
) -> Response:
    """Read what was sent and act on it in a thread, so that other pages still answer.

    Parameters
    ----------
    request
        What was sent.
    evidence, words
        The release and the language, for the page of a refusal.
    act
        What to do with it.
    """
    try:
        form = await submitted(request)
    except UnfitSubmission as unfit:
        return refused(unfit.refusal(words), evidence, words)
    try:
        return await run_in_threadpool(act, form)
    finally:
        await form.close()


def refused(refusal: Refusal, evidence: Evidence, words: Wording, back: str = "") -> Response:
    """Return a page of the way that says what is wrong, in the language of the way."""
    page = render_refused(refusal, evidence, words, back)
    return HTMLResponse(page, refusal.status, headers=dict(PRIVATE))


def refused_here(request: Request, evidence: Evidence, status: int) -> Response | None:
    """Return what to say about an address of the way that cannot be shown; ``None`` for an address of another part.

    Parameters
    ----------
    request
        What was asked for.
    evidence
        The release.
    status
        404 for no such page, 400 or 405 for a page that cannot be used so, 422 for treatments that cannot be compared,
        500 for a fault of the program.
    """
    tag = request.url.path.split("/")[1]
    try:
        words = wording(tag)
    except UnknownTermError:
        return None
    reason = {404: "no-page", 422: "not-compared", 500: "broken"}.get(status, "not-here")
    refusal = Refusal(status, words(f"refused.{reason}.title"), words(f"refused.{reason}.text"))
    return refused(refusal, evidence, words, "" if status == 422 else "about-you")


def typed_fields(form: FormData) -> dict[str, tuple[str, ...]]:
    """Return every field that holds text, each value no longer than its field may be."""
    found: dict[str, list[str]] = {}
    for name, held in form.multi_items():
        if isinstance(held, str):
            # A browser counts a new line as one character, and sends two.
            text = held.replace("\r\n", "\n")[: FIELD_LIMITS.get(name, USUAL_LENGTH)]
            found.setdefault(name, []).append(text)
    return {name: tuple(texts) for name, texts in found.items()}


def answer(page: PathPage, status: int = 200) -> Response:
    """Return a screen as an answer that no browser keeps."""
    return HTMLResponse(render_path(page), status, headers=dict(PRIVATE))


def keeping(response: Response, sitting: Sitting) -> Response:
    """Give a browser the ticket of its sitting."""
    response.set_cookie(COOKIE, sitting.ticket, path="/", httponly=True, samesite="strict")
    return response


def _first(typed: Mapping[str, tuple[str, ...]], name: str) -> str:
    """Return what stands in a field that holds one text; empty for nothing."""
    return next(iter(typed.get(name, ())), "")


def now() -> datetime.datetime:
    """Return this moment, where this machine stands."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone()


def today() -> datetime.date:
    """Return the day of this machine."""
    return now().date()
