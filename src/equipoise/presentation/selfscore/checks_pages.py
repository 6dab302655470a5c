"""Checks of the pages as a browser gets them, without a browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from equipoise.presentation.html import STYLE
from equipoise.presentation.selfscore.bench import Bench
from equipoise.presentation.selfscore.finding import CheckFinding, check, every
from equipoise.presentation.selfscore.reading_pages import Element, PageText, grade, prose

HARDEST_GRADE = 8.0
PERSUASION = re.compile(
    r"\b(you should|we recommend|the best|safest|superior|excellent|breakthrough|powerful|gold standard|miracle|"
    r"you must|better choice|right choice)\b",
    re.IGNORECASE,
)
_FIELDS = ("input", "select", "textarea")


def _none(bench: Bench, what: str, wrong: Iterable[str]) -> CheckFinding:
    return every(f"{what} on pages", list(wrong), len(bench.pages))


def _elements(bench: Bench, *names: str) -> list[tuple[PageText, Element]]:
    return [(page, one) for page in bench.pages for one in page.all(*names)]


@check
def condition_described(bench: Bench) -> CheckFinding:
    """A page says what MS is."""
    said = re.compile(r"\b(multiple sclerosis|MS)\b[^.]{0,40}\bis an?\b[^.]*\b(disease|illness|condition)\b", re.I)
    found = [page.address for page in bench.pages if said.search(page.text)]
    return CheckFinding(bool(found), f"said on {found[0]}" if found else "no page says what MS is")


@check
def decision_stated(bench: Bench) -> CheckFinding:
    """The first page and the sheet name the decision."""
    page = "Alemtuzumab or interferon beta-1a?" in bench.page("/").text
    return CheckFinding(page, "the first page asks the question by name" if page else "the first page does not ask it")


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
def step_by_step(bench: Bench) -> CheckFinding:
    """The path of the person is cut into numbered steps."""
    found = re.search(r"\bstep \d+ of \d+\b", bench.page("/en/path/start").text, re.IGNORECASE)
    return CheckFinding(bool(found), found[0] if found else "the first screen names no step of how many")


@check
def no_persuasion(bench: Bench) -> CheckFinding:
    """No page holds a word that pushes."""
    # The titles of other people's papers are theirs, and /claims quotes an article in order to judge it.
    titles_of = [source.title.rstrip(".") for source in bench.evidence.sources.values() if source.title]
    ours = {p.address: _without(p.text, titles_of) for p in bench.pages if p.address != "/claims"}
    found = ((address, PERSUASION.search(text)) for address, text in ours.items())
    return _none(bench, "no persuasive words", (f"{address} ({hit[0]})" for address, hit in found if hit))


def _without(text: str, titles_of: list[str]) -> str:
    for title in titles_of:
        text = text.replace(title, "")
    return text


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
def reading_grade(bench: Bench) -> CheckFinding:
    """The prose of each page stands at or below the eighth grade."""
    names = ["Equipoise", *(option.name for option in bench.evidence.options)]
    read = {a: prose(bench.page(a), names) for a in ("/", "/en/path/start", "/about")}
    grades = {address: grade(sentences) for address, sentences in read.items() if sentences}
    if not grades:
        return CheckFinding(False, "there was nothing to read")
    worst = max(grades, key=lambda address: grades[address])
    return CheckFinding(
        grades[worst] <= HARDEST_GRADE, f"Flesch-Kincaid grade {grades[worst]:.1f} on the hardest page, {worst}"
    )


@check
def readability_reported(bench: Bench) -> CheckFinding:
    """Readability is computed and printed with its scale: here."""
    return reading_grade(bench)


@check
def two_languages(bench: Bench) -> CheckFinding:
    """Pages stand in at least two languages."""
    found = {one.attributes.get("hreflang", "") for _, one in _elements(bench, "a", "link")} - {""}
    return CheckFinding(len(found) > 1, f"languages: {', '.join(sorted(found))}" if found else "English only")


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
    found = [next((e.text for e in page.all("title") if "svg" not in e.parents), "") for page in bench.pages]
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
    """The same links in the same order on every page."""
    # Links within a page ("#...") are its own contents.
    links = ([e.attributes.get("href", "") for e in page.all("a") if "header" in e.parents] for page in bench.pages)
    found = {tuple(link for link in page if link.startswith("/")) for page in links}
    return CheckFinding(
        len(found) == 1 and found != {()}, f"{len(found)} different navigations on {len(bench.pages)} pages"
    )


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
def no_sign_in(bench: Bench) -> CheckFinding:
    """There is no password to remember."""
    wrong = [p.address for p, e in _elements(bench, "input") if e.attributes.get("type") == "password"]
    return _none(bench, "no sign-in", wrong)
