"""Checks of the way: its steps, its words in every language, and that its options are treated alike."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping

from equipoise.decision import CRITERIA
from equipoise.presentation.path import SCREENS, STEPS
from equipoise.presentation.selfscore.bench import UNKNOWN, Bench
from equipoise.presentation.selfscore.finding import CheckFinding, check, every
from equipoise.presentation.selfscore.own_words import outside_the_catalogue, own_text, sentences
from equipoise.presentation.selfscore.readability import SCALES
from equipoise.presentation.selfscore.reading_pages import PageText, read_page
from equipoise.vocabulary.terms import OutcomeGroup
from equipoise.wording import LANGUAGES, Wording, catalogue, wording

HARDEST_GRADE = 8.0
PSEUDO = "en-XA"
PERSUASION: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(you should|we recommend|the best|safest|superior|excellent|breakthrough|powerful|gold standard|miracle|"
        r"you must|better choice|right choice)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(sie sollten|wir empfehlen|am besten|d(?:ie|as|er) beste[nrsm]?|sicherste[nrsm]?|"
        r"(?:ist|sind) überlegen|hervorragend\w*|durchbruch|goldstandard|wunder\w*|die (?:richtige|bessere) wahl)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(usted debe(?:ría)?|debería usted|recomendamos|(?:el|la|lo) mejor|(?:el|la) más segur[oa]|superior a|"
        r"excelente|avance decisivo|potente|milagro\w*|la elección correcta|la mejor opción)\b",
        re.IGNORECASE,
    ),
}
_BENEFITS = (OutcomeGroup.RELAPSES, OutcomeGroup.DISABILITY, OutcomeGroup.MRI)
_HARMS = (OutcomeGroup.COMMON_HARM, OutcomeGroup.SERIOUS_HARM)
_CLINICIAN = "clinician"


def reading_table(bench: Bench) -> dict[str, dict[str, float]]:
    """Return the school year of each page that is written for people with MS, by language.

    A screen counts with all details, for somebody with answers and for somebody without any.
    """
    found: dict[str, dict[str, float]] = {}
    for one in LANGUAGES:
        for name, said in _read(bench, one.tag).items():
            if said:
                found.setdefault(name, {})[one.tag] = SCALES[one.tag].grade(said)
    return found


def _read(bench: Bench, tag: str) -> dict[str, list[str]]:
    if bench.fetch is None:
        return {}
    names = _names(bench, wording(tag))
    sources = {"the first page": [_first_page(bench, tag)]}
    for name, body in bench.way(tag).items():
        if name != _CLINICIAN:
            sources[name] = [body, bench.way(tag, UNKNOWN, None)[name]]
    sources["the printed sheet, front"] = [bench.sheets[tag].partition('<section class="side clinician"')[0]]
    if tag == "en":
        sources["/about"] = [bench.page("/about").source]
    return {
        name: list(dict.fromkeys(part for body in bodies for part in sentences(body, tag, names)))
        for name, bodies in sources.items()
    }


def _first_page(bench: Bench, tag: str) -> str:
    return bench.answers["/" if tag == "en" else f"/{tag}/"].body


def _names(bench: Bench, words: Wording) -> list[str]:
    keys = (f"treatment.{option.id}.name" for option in bench.evidence.options)
    own = [words(key) for key in keys if words.has(key)]
    return ["Equipoise", *own, *(option.name for option in bench.evidence.options)]


@check
def reading_grade(bench: Bench) -> CheckFinding:
    """What is written for people with MS stands at or below the eighth grade, on each page and in each language."""
    grades = {f"{name} ({tag})": n for name, row in reading_table(bench).items() for tag, n in row.items()}
    if not grades:
        return CheckFinding(False, "there was nothing to read")
    worst = max(grades, key=lambda name: grades[name])
    return CheckFinding(
        grades[worst] <= HARDEST_GRADE, f"{len(grades)} pages read; the hardest at {grades[worst]:.1f}: {worst}"
    )


@check
def readability_reported(bench: Bench) -> CheckFinding:
    """Readability is computed for each language, and printed with its scale: here."""
    table = reading_table(bench)
    whole = [name for name, row in table.items() if len(row) == len(LANGUAGES)]
    return CheckFinding(
        len(whole) >= len(SCREENS), f"{len(whole)} pages in {len(LANGUAGES)} languages, each by its scale"
    )


@check
def condition_described(bench: Bench) -> CheckFinding:
    """The first screen of the way says what relapsing-remitting MS does, in every language."""
    said = {tag: wording(tag)("path.start.condition") for tag in SCALES}
    wrong = [tag for tag, text in said.items() if len(text) < 200 or text not in bench.screen("start", tag).text]
    return every("languages in which the start says what MS does", wrong, len(said) if bench.fetch else 0)


@check
def decision_stated(bench: Bench) -> CheckFinding:
    """The first screen of the way names the decision, both treatments and no drug, in every language."""
    wrong = []
    for tag in SCALES:
        words = wording(tag)
        named = [words(f"treatment.{option.treatment.id}.name") for option in bench.sitting().options]
        said = words("path.start.decision", first=named[0], second=named[1])
        wrong += [tag] if said not in bench.screen("start", tag).text else []
    return every("languages in which the start names the decision", wrong, len(SCALES) if bench.fetch else 0)


@check
def step_by_step(bench: Bench) -> CheckFinding:
    """Every screen says which step of how many it is, the steps come in order, and each leads on or is the last."""
    wrong, last = [], 0
    for one in SCREENS if bench.fetch else ():
        page, step = bench.screen(one.id), STEPS.index(one.step) + 1
        leads_on = any(e.attributes.get("value") == "next" for e in page.all("button"))
        if f"Step {step} of {len(STEPS)}" not in page.text or step not in (last, last + 1):
            wrong.append(one.id)
        elif leads_on == (one is SCREENS[-1]):
            wrong.append(f"{one.id} (leads on: {leads_on})")
        last = step
    return every(f"screens of {len(STEPS)} numbered steps", wrong, len(SCREENS) if bench.fetch else 0)


@check
def more_than_one_way(bench: Bench) -> CheckFinding:
    """Besides the way on and back, every screen leads to each of the steps."""
    firsts = {next(one.id for one in SCREENS if one.step == step) for step in STEPS}
    wrong = []
    for one in SCREENS if bench.fetch else ():
        buttons = bench.screen(one.id).all("button")
        led = {e.attributes.get("value", "") for e in buttons if e.attributes.get("name") == "go"}
        wrong += [one.id] if firsts - led else []
    return every("screens that lead to all steps", wrong, len(SCREENS) if bench.fetch else 0)


@check
def help_in_one_place(bench: Bench) -> CheckFinding:
    """The last two folds of every screen are all steps, and help with saving and forgetting."""
    expected = [wording("en")("path.all-steps"), wording("en")("path.help.title")]
    wrong = [
        one.id
        for one in (SCREENS if bench.fetch else ())
        if [e.text for e in bench.screen(one.id).all("summary")][-2:] != expected
    ]
    return every("screens whose help stands in the same place", wrong, len(SCREENS) if bench.fetch else 0)


def _shown(page: PageText) -> set[str]:
    return {e.attributes["data-id"] for e in page.elements if e.attributes.get("data-id")}


def _options_with(bench: Bench, groups: tuple[OutcomeGroup, ...], what: str) -> CheckFinding:
    shown = _shown(bench.screen("outcomes")) | _shown(bench.screen("more-outcomes"))
    outcomes = [o for o in bench.shown_outcomes if o.outcome.group in groups and o.estimate.id in shown]
    options = bench.sitting().options
    wrong = [one.treatment.name for one in options if not any(o.option.id == one.treatment.id for o in outcomes)]
    return every(f"options of the decision with {what} on the screens", wrong, len(options))


@check
def benefits_of_each_option(bench: Bench) -> CheckFinding:
    """Each option of the decision shows what it does for relapses, disability or scans."""
    return _options_with(bench, _BENEFITS, "benefits")


@check
def harms_of_each_option(bench: Bench) -> CheckFinding:
    """Each option of the decision shows its harms."""
    return _options_with(bench, _HARMS, "harms")


@check
def living_with_it(bench: Bench) -> CheckFinding:
    """Body, mind and life with others are told on the screen about living with it, with equal parts for each option."""
    page, words = bench.screen("life"), wording("en")
    text = page.text.lower()
    parts = {
        "body": all(option.plan_rows for option in bench.sitting().options)
        and words("life.daily.title").lower() in text,
        "mind": all(words(f"life.{key}.title").lower() in text for key in ("feel", "quality")),
        "life with others": bool(re.search(r"\b(work|family|travel|friends)\b", text)),
    }
    missing = [name for name, is_there in parts.items() if not is_there]
    return CheckFinding(not missing, f"nothing on: {', '.join(missing)}" if missing else "daily life, mind, others")


@check
def values_asked(bench: Bench) -> CheckFinding:
    """A person is asked about everything that options are compared on, and the answer counts."""
    ticks = {
        e.attributes.get("value") for e in bench.screen("matters").all("input") if e.attributes["name"] == "matters"
    }
    fit = bench.view().fit
    wrong = [one.id for one in CRITERIA if one.id not in ticks]
    weighed = fit is not None and bool(fit.levels)
    return every("criteria that are asked about and weighed", wrong, len(CRITERIA) if weighed else 0)


@check
def nothing_asked_twice(bench: Bench) -> CheckFinding:
    """What somebody has answered on one screen stands on no other one to be filled in again."""
    seen: dict[tuple[str, str], str] = {}
    wrong, count = [], 0
    for one in SCREENS if bench.fetch else ():
        fields = {
            (e.attributes["name"], e.attributes.get("value", "") if e.attributes.get("type") == "checkbox" else "")
            for e in bench.screen(one.id).all("input", "select", "textarea")
            if e.attributes.get("type") != "hidden" and e.attributes.get("name")
        }
        count += len(fields)
        again = ((name, value) for name, value in fields if (name, value) in seen and name in bench.answered)
        wrong += [f"{name} on {seen[name, value]} and {one.id}" for name, value in again]
        seen |= dict.fromkeys(fields, one.id)
    return every("fields of the way that are asked once", wrong, count)


@check
def no_persuasion(bench: Bench) -> CheckFinding:
    """No page, no screen and no sheet holds a word that pushes, in any language."""
    # The titles of other people's papers are theirs, and /claims quotes an article in order to judge it.
    titles_of = [source.title.rstrip(".") for source in bench.evidence.sources.values() if source.title]
    texts = {(p.address, "en"): p.text for p in bench.pages if p.address != "/claims"}
    for tag in SCALES if bench.fetch else ():
        bodies = {**bench.way(tag), "first page": _first_page(bench, tag), "sheet": bench.sheets[tag]}
        texts |= {(name, tag): own_text(body, tag) for name, body in bodies.items()}
    found = ((key, PERSUASION[key[1]].search(_without(text, titles_of))) for key, text in texts.items())
    return every("no persuasive words", [f"{name} ({hit[0]})" for (name, _), hit in found if hit], len(texts))


def _without(text: str, titles_of: list[str]) -> str:
    for title in titles_of:
        text = text.replace(title, "")
    return text


@check
def options_alike_on_screens(bench: Bench) -> CheckFinding:
    """Naming the options the other way round draws the same components on every screen."""
    here, there = bench.way("en"), bench.way("en", swapped=True)
    wrong = [name for name in here if _components(here[name]) != _components(there[name])]
    return every("screens alike whichever option is named first", wrong, len(here))


@functools.cache
def _components(body: str) -> Counter[str]:
    page = read_page("", body)
    return Counter(
        f"{e.name}.{e.attributes.get('class', '')}"
        for e in page.all("article", "table", "tr", "th", "td", "h2", "h3", "svg", "li")
    )


@check
def languages_complete(bench: Bench) -> CheckFinding:
    """Every language has every text, with the same places to fill in, and the first page leads to all of them."""
    english, wrong = catalogue("en"), []
    for one in LANGUAGES:
        other = catalogue(one.tag)
        wrong += [
            f"{one.tag}: {key}" for key in english if key not in other or other.places(key) != english.places(key)
        ]
    linked = {e.attributes.get("hreflang") for e in bench.page("/").all("a", "link")}
    wrong += [f"no link to {one.tag}" for one in LANGUAGES if one.tag not in linked]
    return every("texts in every language", wrong, len(english) * len(LANGUAGES))


@check
def no_english_left(bench: Bench) -> CheckFinding:
    """In the pseudo-language every text of every screen has come from the catalogue, or says that it is English."""
    screens = bench.way(PSEUDO)
    wrong = [f"{name} ({found[0][:40]})" for name, body in screens.items() if (found := outside_the_catalogue(body))]
    return every("screens without a text that stays English", wrong, len(screens))


@check
def parts_say_their_language(bench: Bench) -> CheckFinding:
    """A screen says its language, and the languages that it offers are each named in their own."""
    wrong = []
    for tag in SCALES if bench.fetch else ():
        for name in bench.way(tag):
            page = bench.screen(name, tag)
            is_said = [e.attributes.get("lang") for e in page.all("html")] == [tag]
            offered = {e.attributes.get("lang") for e in page.all("button", "a")} - {None}
            wrong += [f"{name} ({tag})"] if not is_said or not {one.tag for one in LANGUAGES} <= offered else []
    return every("screens that say their language and those they offer", wrong, len(SCALES) * len(bench.way("en")))
