"""Checks of the pages as a browser gets them, without a browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from equipoise.presentation.html import STYLE
from equipoise.presentation.selfscore.bench import Bench
from equipoise.presentation.selfscore.finding import CheckFinding, check, every
from equipoise.presentation.selfscore.reading_pages import Element, PageText

_FIELDS = ("input", "select", "textarea")
_CONTACT = re.compile(r"(^|[._-])(name|mail|email|phone|tel|street|address|postcode|city)($|[._-])")


def _none(bench: Bench, what: str, wrong: Iterable[str]) -> CheckFinding:
    return every(f"{what} on pages", list(wrong), len(bench.pages))


def _elements(bench: Bench, *names: str) -> list[tuple[PageText, Element]]:
    return [(page, one) for page in bench.pages for one in page.all(*names)]


@check
def every_option_described(bench: Bench) -> CheckFinding:
    """The page of options names every option of the evidence."""
    text = bench.page("/options").text.lower()
    options = bench.evidence.options
    missing = [o.name for o in options if o.name.lower() not in text or o.detail.lower() not in text]
    return every("options on /options with how they are taken", missing, len(options))


@check
def pages_dated(bench: Bench) -> CheckFinding:
    """Every page carries the date of the evidence."""
    date = bench.evidence.release.date
    return _none(bench, "date of the evidence", (p.address for p in bench.pages if date not in p.text))


@check
def update_policy(bench: Bench) -> CheckFinding:
    """The policy and the day of the next review are stated."""
    release, text = bench.evidence.release, bench.page("/about").text
    holds = bool(release.update_policy) and release.update_policy in text and release.review_by in text
    return CheckFinding(holds, f"/about: to be looked at again by {release.review_by}" if holds else "not on /about")


@check
def funding_named(bench: Bench) -> CheckFinding:
    """Who pays is said."""
    holds = "Funding:" in bench.page("/about").text and bool(bench.evidence.release.funding)
    return CheckFinding(holds, f"/about: funding {bench.evidence.release.funding}" if holds else "not on /about")


@check
def credentials_given(bench: Bench) -> CheckFinding:
    """The developers' training or office is given, not their name alone."""
    holds = bool(
        re.search(r"\b(credentials?|qualifications?|neurologist by|trained as)\b", bench.page("/about").text, re.I)
    )
    return CheckFinding(holds, "/about gives them" if holds else "/about names the developers, not their credentials")


@check
def evidence_selection_explained(bench: Bench) -> CheckFinding:
    """How evidence was chosen and put together is told."""
    holds = "How the evidence was chosen" in bench.page("/about").text
    return CheckFinding(holds, "/about tells it" if holds else "/about does not tell it")


@check
def status_stated(bench: Bench) -> CheckFinding:
    """Intended use and status as a device are stated."""
    holds = "not a medical device" in bench.page("/about").text
    return CheckFinding(holds, "/about: not a medical device, what it is for" if holds else "not on /about")


@check
def no_one_in_x(bench: Bench) -> CheckFinding:
    """No page says one in so many."""
    found = (
        (p.address, re.search(r"\b(1|one) in \d+\b(?! (months|years|weeks))", p.text))
        for p in bench.pages
        if p.address != "/claims"
    )
    return _none(bench, "no 'one in so many'", (f"{address} ({hit[0]})" for address, hit in found if hit))


@check
def no_cookie_no_script(bench: Bench) -> CheckFinding:
    """No page sets a cookie, and the policy allows nothing from elsewhere."""
    wrong = [
        address
        for address, answer in bench.answers.items()
        if "set-cookie" in answer.headers
        or "default-src 'none'" not in answer.headers.get("content-security-policy", "")
        or re.search(r"https?://", answer.headers.get("content-security-policy", ""))
    ]
    return _none(bench, "no cookie, nothing from elsewhere", wrong)


@check
def pictures_have_names(bench: Bench) -> CheckFinding:
    """Every picture has a role and a name, or is marked as decoration."""
    pictures = [e for page in (*bench.pages, bench.one_file) for e in page.all("svg", "img")]
    wrong = [
        e.name
        for e in pictures
        if not (
            {"aria-label", "aria-labelledby", "alt"} & set(e.attributes) or e.attributes.get("aria-hidden") == "true"
        )
    ]
    return every("pictures have names", wrong, len(pictures))


@check
def tables_have_headers(bench: Bench) -> CheckFinding:
    """Every header of a table says what it heads."""
    headers = [(page, e) for page in (*bench.pages, bench.one_file) for e in page.all("th")]
    return every("headers have a scope", [p.address for p, e in headers if "scope" not in e.attributes], len(headers))


@check
def headings_in_order(bench: Bench) -> CheckFinding:
    """One first heading, and no level left out."""
    wrong = []
    for page in bench.pages:
        levels = [int(e.name[1]) for e in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
        jumps = any(b > a + 1 for a, b in itertools.pairwise(levels))
        if levels.count(1) != 1 or levels[0] != 1 or jumps:
            wrong.append(page.address)
    return _none(bench, "headings in order", wrong)


@check
def no_sound_or_video(bench: Bench) -> CheckFinding:
    """There is neither."""
    return _none(
        bench, "no sound, no video", (p.address for p, _ in _elements(bench, "audio", "video", "iframe", "object"))
    )


@check
def no_orientation_lock(bench: Bench) -> CheckFinding:
    """The style never asks which way a screen is held."""
    holds = "orientation" not in STYLE.read_text(encoding="utf-8")
    return CheckFinding(holds, "the style does not ask" if holds else "the style asks for an orientation")


@check
def no_pictures_of_text(bench: Bench) -> CheckFinding:
    """No raster picture is used."""
    return _none(bench, "no raster pictures", (p.address for p, _ in _elements(bench, "img", "picture", "canvas")))


@check
def no_script(bench: Bench) -> CheckFinding:
    """No page runs a script, so nothing happens that the browser itself does not do."""
    wrong = [p.address for p, e in _elements(bench, "script")]
    wrong += [p.address for p in bench.pages for e in p.elements if any(name.startswith("on") for name in e.attributes)]
    return _none(bench, "no script", wrong)


@check
def no_access_keys(bench: Bench) -> CheckFinding:
    """No shortcut of a single key, and no script to make one."""
    wrong = [p.address for p in bench.pages for e in p.elements if "accesskey" in e.attributes]
    first = no_script(bench)
    return _none(bench, "no access keys", wrong) if first.holds else first


@check
def no_time_limit(bench: Bench) -> CheckFinding:
    """No page reloads or leaves by itself."""
    wrong = [p.address for p, e in _elements(bench, "meta") if e.attributes.get("http-equiv", "").lower() == "refresh"]
    first = no_script(bench)
    return _none(bench, "no time limit", wrong) if first.holds else first


@check
def nothing_moves(bench: Bench) -> CheckFinding:
    """The style holds no animation, and no element moves."""
    style = re.search(r"@keyframes|animation(-name)?:\s*(?!none)", STYLE.read_text(encoding="utf-8"))
    wrong = [p.address for p, _ in _elements(bench, "marquee", "blink", "animate")]
    return CheckFinding(False, "the style animates") if style else _none(bench, "nothing moves", wrong)


@check
def skip_link(bench: Bench) -> CheckFinding:
    """The first link skips to the content, which is there."""
    wrong = []
    for page in bench.pages:
        links = [e for e in page.all("a") if "href" in e.attributes]
        target = links[0].attributes["href"] if links else ""
        ids = {e.attributes.get("id") for e in page.elements}
        if not target.startswith("#") or target[1:] not in ids:
            wrong.append(page.address)
    return _none(bench, "a link that skips", wrong)


@check
def titles(bench: Bench) -> CheckFinding:
    """Every page has a title of its own."""
    # A screen for somebody has the title of the same screen for nobody: it has the same address.
    came = [page for page in bench.pages if page.address in bench.answers]
    found = [next((e.text for e in page.all("title") if "svg" not in e.parents), "") for page in came]
    return _none(
        bench, "titles of their own", (title or "(none)" for title in found if not title or found.count(title) > 1)
    )


@check
def no_positive_tabindex(bench: Bench) -> CheckFinding:
    """Focus follows the order of the page."""
    wrong = [
        p.address
        for p in bench.pages
        for e in p.elements
        if e.attributes.get("tabindex", "0").lstrip("+") not in ("0", "-1")
    ]
    return _none(bench, "no order of focus but the page's", wrong)


@check
def links_have_text(bench: Bench) -> CheckFinding:
    """No link is empty or says 'here'."""
    links = _elements(bench, "a")
    wrong = [
        p.address for p, e in links if (e.text or e.attributes.get("aria-label", "")).strip().lower() in ("", "here")
    ]
    return every("links say where they lead", wrong, len(links))


@check
def no_dragging(bench: Bench) -> CheckFinding:
    """No slider and nothing to drag."""
    wrong = [p.address for p, e in _elements(bench, "input") if e.attributes.get("type") == "range"]
    wrong += [p.address for p in bench.pages for e in p.elements if "draggable" in e.attributes]
    return _none(bench, "nothing to drag", wrong)


@check
def language_of_page(bench: Bench) -> CheckFinding:
    """Every page says its language."""
    return _none(
        bench, "language said", (p.address for p, e in _elements(bench, "html") if not e.attributes.get("lang"))
    )


@check
def same_navigation(bench: Bench) -> CheckFinding:
    """Links that several pages of a kind share stand in the same order; the way has a header of its own kind."""
    kinds: dict[bool, list[tuple[str, tuple[str, ...]]]] = {}
    for page in bench.pages:
        is_way = any("way" in e.attributes.get("class", "").split() for e in page.all("body"))
        # Links within a page ("#...") are its own contents; the language is a part of the address.
        links = (e.attributes.get("href", "") for e in page.all("a") if "header" in e.parents)
        led = tuple(dict.fromkeys(re.sub(r"^/(en|de|es)/", "/", link) for link in links if link.startswith("/")))
        kinds.setdefault(is_way, []).append((page.address, led))
    wrong = [
        address
        for pages in kinds.values()
        for (_, first), (address, second) in itertools.pairwise(pages)
        if not set(first) & set(second) or [x for x in first if x in second] != [x for x in second if x in first]
    ]
    return _none(bench, "the same navigation", wrong)


@check
def fields_have_labels(bench: Bench) -> CheckFinding:
    """Every field has a label, in a page with fields."""
    wrong, count = [], 0
    for page in bench.pages:
        labelled = {e.attributes.get("for") for e in page.all("label")}
        for field in page.all(*_FIELDS):
            if field.attributes.get("type") in ("hidden", "submit"):
                continue
            count += 1
            named = {"aria-label", "aria-labelledby"} & set(field.attributes) or "label" in field.parents
            if not named and field.attributes.get("id") not in labelled:
                wrong.append(f"{page.address} ({field.attributes.get('name', '')})")
    return every("fields have labels", wrong, count)


@check
def no_contact_fields(bench: Bench) -> CheckFinding:
    """No field asks for what a browser keeps of its user, a name or an address, so that there is no purpose to name."""
    fields = _elements(bench, *_FIELDS)
    wrong = [
        f"{p.address} ({e.attributes.get('name', '')})"
        for p, e in fields
        if e.attributes.get("type") in ("email", "tel", "url") or _CONTACT.search(e.attributes.get("name", ""))
    ]
    return every("fields that ask nothing a browser keeps of its user", wrong, len(fields))


@check
def label_in_name(bench: Bench) -> CheckFinding:
    """Where a link or a button has a name of its own besides its text, the name holds the text."""
    named = [(p, e) for p, e in _elements(bench, "a", "button", "summary") if e.attributes.get("aria-label") and e.text]
    wrong = [p.address for p, e in named if e.text.lower() not in e.attributes["aria-label"].lower()]
    return _none(bench, "no name without its visible text", wrong)


@check
def no_sign_in(bench: Bench) -> CheckFinding:
    """There is no password to remember."""
    wrong = [p.address for p, e in _elements(bench, "input") if e.attributes.get("type") == "password"]
    return _none(bench, "no sign-in", wrong)
