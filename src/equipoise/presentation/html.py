"""Pages as HTML: one environment, one function a page. Nothing here computes a number."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from equipoise.consultation import CheckedClaim, Consultation, Trace
from equipoise.consultation.network_document import NetworkAnswer
from equipoise.consultation.network_rows import PLANS
from equipoise.evidence import Evidence, Release
from equipoise.presentation import plain_words
from equipoise.presentation.comparison_view import FIRST_HARMS, ComparisonView
from equipoise.presentation.form_view import field_id
from equipoise.presentation.frequencies import natural_frequency
from equipoise.presentation.network_figures import NetworkFigures
from equipoise.presentation.personal_page import PersonalPage
from equipoise.presentation.provenance_list import provenance_list
from equipoise.vocabulary.terms import Jurisdiction, Treatment
from equipoise.wording import LANGUAGES, Wording

STYLE = Path(__file__).parent / "static" / "style.css"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What a browser may do with our pages, whichever face serves them: load nothing from elsewhere, send nothing there."""
TRACE_PAGE = "/trace/{id}"
TRACE_ANCHOR = "#trace-{id}"

_OWN_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SHOWN_ID = re.compile(r'data-id="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands in the form: options and jurisdiction, as chosen or as typed in the address."""

    first: str = "alemtuzumab"
    second: str = "interferon-beta-1a"
    jurisdiction: str = Jurisdiction.EU.value


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page cannot be shown.

    Attributes
    ----------
    status, title
        HTTP status, and what is wrong in a few words.
    message
        The error's own words: what was found, what is allowed, what to do.
    suggestions
        Addresses that would work, each with its words.
    """

    status: int
    title: str
    message: str
    suggestions: tuple[tuple[str, str], ...] = ()


@functools.cache
def environment() -> Environment:
    """Return the templates, compiled once; an undefined name is an error."""
    made = Environment(
        loader=PackageLoader("equipoise.presentation", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "blinding": plain_words.blinding,
        "upper_first": plain_words.upper_first,
        "lower_first": plain_words.lower_first,
        "where": plain_words.where,
        "in_trial": plain_words.in_trial,
        "span": plain_words.span,
        "shown": plain_words.shown,
        "certainty_word": plain_words.certainty_word,
        "certainty_meaning": plain_words.certainty_meaning,
        "kind_word": plain_words.kind_word,
        "trust_word": plain_words.trust_word,
        "measure_word": plain_words.measure_word,
        "verdict_word": plain_words.verdict_word,
        "verdict_class": plain_words.verdict_class,
        "spelled": plain_words.spelled,
        "frequency": natural_frequency,
        "day": datetime.date.fromisoformat,
    }
    made.globals |= {
        "limits": plain_words.limits,
        "jurisdictions": tuple(Jurisdiction),
        "first_harms": FIRST_HARMS,
        "field_id": field_id,
    }
    return made


def rendered(template: str, release: Release, *, trace_url: str = TRACE_PAGE, **context: Any) -> str:
    """Return a template filled in; ``link`` leads from an id to where its number comes from."""

    def link(identifier: str) -> str:
        return trace_url.replace("{id}", quote(identifier, safe=""))

    return environment().get_template(template).render(release=release, link=link, **context)


def render_comparison(consultation: Consultation) -> str:
    """Return the comparison as a page of the web face."""
    context = _comparison_context(consultation, TRACE_PAGE)
    return rendered("comparison.html", consultation.release, layout="layout.html", **context)


def _comparison_context(consultation: Consultation, trace_url: str) -> dict[str, Any]:
    view = ComparisonView(consultation, trace_url)
    personal = PersonalPage(consultation.personal, trace_url) if consultation.personal is not None else None
    return {"view": view, "names": view.names, "sitting": consultation, "personal": personal}


def render_standalone(consultation: Consultation) -> str:
    """Return the comparison as one file that needs nothing else: styles inside, sources as an appendix."""
    context = _comparison_context(consultation, TRACE_ANCHOR)
    context |= {"layout": "standalone.html", "style": Markup(STYLE.read_text(encoding="utf-8"))}  # noqa: S704 - our own style sheet
    empty = {"traced": (), "listed": None}
    body = rendered("comparison.html", consultation.release, trace_url=TRACE_ANCHOR, **empty, **context)
    items = consultation.items
    shown = [items[identifier] for identifier in dict.fromkeys(_SHOWN_ID.findall(body))]
    # The numbers of a person rest on the same networks: as trees they would print the same rows for each of them.
    once = {"traced": (), "listed": provenance_list(shown)}
    sources: dict[str, Any] = {"traced": shown, "listed": None} if consultation.personal is None else once
    return rendered("comparison.html", consultation.release, trace_url=TRACE_ANCHOR, **sources, **context)


def render_home(evidence: Evidence, words: Wording, choice: Choice | None = None) -> str:
    """Return the first page, in a language: what this is, and where to begin."""
    return rendered(
        "home.html",
        evidence.release,
        w=words,
        languages=LANGUAGES,
        options=evidence.options,
        choice=choice or Choice(),
    )


def render_refused(refusal: Refusal, evidence: Evidence, words: Wording, back: str = "") -> str:
    """Return a page of the way that says what is wrong, in a language.

    Parameters
    ----------
    refusal
        What to say.
    evidence, words
        The release, and the language.
    back
        Screen to go on with; empty for none.
    """
    return rendered("path/refused.html", evidence.release, refusal=refusal, w=words, back=back)


def render_words(evidence: Evidence, words: Wording, back: str) -> str:
    """Return the words that may be new to a person, with what they mean, in a language and in its alphabet.

    Parameters
    ----------
    evidence, words
        The release, and the language.
    back
        Screen of the way to go back to.
    """
    ids = [key.split(".")[1] for key in words.texts if key.startswith("words.") and key.endswith(".meaning")]
    entries = [(one, words(f"words.{one}.name"), words(f"words.{one}.meaning")) for one in ids]
    entries.sort(key=lambda entry: entry[1].casefold())
    return rendered("path/words.html", evidence.release, w=words, entries=entries, back=back)


def policy_of_own_style(page: str) -> str:
    """Return the content security policy of a page that brings its style, so that it can be kept: exactly that style.

    Parameters
    ----------
    page
        HTML with one ``<style>``.
    """
    style = _OWN_STYLE.search(page)
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() if style else ""
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"


def render_trace(found: Trace, release: Release) -> str:
    """Return where one number or statement comes from."""
    return rendered("trace.html", release, item=found.item, sources=found.sources)


def render_claims(claims: Iterable[CheckedClaim], release: Release) -> str:
    """Return what ordinary patient articles say, and what the sources say to it."""
    return rendered("claims.html", release, claims=tuple(claims))


def render_sources(evidence: Evidence) -> str:
    """Return every source of the release."""
    return rendered("sources.html", evidence.release, sources=tuple(evidence.sources.values()))


def render_network(answer: NetworkAnswer, evidence: Evidence) -> str:
    """Return what all trials on one outcome say together."""
    figures = NetworkFigures(answer, evidence, TRACE_PAGE)
    outcomes = tuple(evidence.outcomes[outcome_id] for outcome_id in PLANS)
    return rendered(
        "network.html",
        answer.release,
        answer=answer,
        figures=figures,
        three_ways=figures.three_ways(),
        outcomes=outcomes,
    )


def render_options(evidence: Evidence) -> str:
    """Return every treatment that can be compared."""
    options: tuple[Treatment, ...] = evidence.options
    return rendered("options.html", evidence.release, options=options)


def render_about(evidence: Evidence, program_version: str) -> str:
    """Return what this is and is not, who made it, from what, and when it is looked at again."""
    counts = {"sources": len(evidence.sources), "rows": len(evidence.arm_results) + len(evidence.contrasts)}
    return rendered("about.html", evidence.release, program_version=program_version, counts=counts)


def render_error(refusal: Refusal, evidence: Evidence, choice: Choice | None = None) -> str:
    """Return a page that says what is wrong and what to do; the form keeps what was chosen."""
    return rendered("error.html", evidence.release, refusal=refusal, options=evidence.options, choice=choice)
