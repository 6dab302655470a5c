"""One page with every picture and its corners: what a person looks at, and what the tests below read."""

import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from markupsafe import Markup

import equipoise.presentation
from equipoise.presentation.pictures import (
    Band,
    Event,
    ForestPlot,
    ForestRow,
    IconArrays,
    IconGroup,
    Lane,
    PooledRow,
    Timeline,
    forest_plot,
    forest_table,
    icon_arrays,
    icon_arrays_table,
    timeline_chart,
    timeline_table,
)

STYLE = Path(equipoise.presentation.__file__).parent / "static" / "style.css"
SVG = "{http://www.w3.org/2000/svg}"

RELAPSE_FREE = IconArrays(
    "relapse-free",
    "People without a relapse in the first 24 months (CARE-MS I)",
    (
        IconGroup("alemtuzumab", 77.6, 72.9, 81.6, "care-ms-i.relapse-free.alemtuzumab"),
        IconGroup("interferon beta-1a", 58.7, 51.1, 65.5, "care-ms-i.relapse-free.interferon"),
    ),
    "stayed free of relapses",
    "had at least one relapse",
)
CORNERS = IconArrays(
    "corners",
    "Corners of counting",
    (
        IconGroup("nobody", 0, 0, 3.6, "e.nobody"),
        IconGroup("fewer than one, and no interval was given for it anywhere", 0.3, None, None, "e.few"),
        IconGroup("everybody", 100, 96.4, 100, "e.all"),
        IconGroup("nearly everybody <script>&amp;", 99.7, 99.5, 99.9, None),
    ),
    "had an infusion reaction of any kind, counted once per person",
    "had none",
)
RARE = IconArrays(
    "rare",
    "People with a rare blood disorder within 60 months",
    (
        IconGroup("alemtuzumab", 22, 14, 31, "e.itp.alemtuzumab"),
        IconGroup("interferon beta-1a", 0.4, 0, 3, "e.itp.interferon"),
    ),
    "had the disorder",
    "did not",
    denominator=1000,
)
TEN = IconArrays(
    "ten", "Ten people", (IconGroup("one option", 4, 2, 7, "e.ten"),), "did", "did not", 10, trace_url=None
)

DISABILITY = ForestPlot(
    "disability",
    "Disability worsening confirmed at 6 months: alemtuzumab versus interferon beta-1a",
    "Hazard ratio (95% interval)",
    (
        ForestRow("CAMMS223", 0.29, 0.16, 0.54, None, 334, "both doses", "camms223.cdw6"),
        ForestRow("CARE-MS I", 0.70, 0.40, 1.23, 32, 563, "", "care-ms-i.cdw6"),
        ForestRow("CARE-MS II", 0.58, 0.38, 0.87, 61, 628, "", "care-ms-ii.cdw6"),
    ),
    "favours alemtuzumab",
    "favours interferon beta-1a",
    (PooledRow("Random effects", 0.52, 0.33, 0.81, 0.11, 2.6, "CARE-MS I and II", "pooled.cdw6"),),
)
FOREST_CORNERS = ForestPlot(
    "forest-corners",
    "Intervals that leave the axis, and none at all",
    "Rate ratio",
    (
        ForestRow(
            "A trial with a really long name that goes on", 0.08, 0.001, 40, 1, 1234567, "a note as well", "e.wide"
        ),
        ForestRow("No interval", 0.5, None, None, None, None, "", "e.point"),
        ForestRow("Narrow", 1.02, 1.01, 1.03, 9, 20, "", None),
    ),
    "favours a",
    "favours a treatment whose name is as long as this one is",
    (
        PooledRow("Common effect", 0.9, 0.85, 1.0, None, None, "", "e.common"),
        PooledRow("Random effects", 0.9, 0.01, 33, 0.0001, 900, "", "e.random"),
    ),
)
DIFFERENCES = ForestPlot(
    "differences",
    "Change in EDSS at 24 months",
    "Mean difference",
    (
        ForestRow("CARE-MS II", -0.41, -0.61, -0.22, 1, 628, "", "e.edss-ii"),
        ForestRow("CARE-MS I", 0.0, -0.2, 0.2, 1, 563, "", "e.edss-i"),
    ),
    "less disability",
    "more disability",
    scale="linear",
)

ALEMTUZUMAB = Lane(
    "alemtuzumab",
    (
        Event("Infusions in hospital", (0, 12), "8 days in all", "square", ("5 days", "3 days"), "label.infusions", -1),
        Event("Blood and urine tests", tuple(range(61)), "every month", estimate_id="label.blood"),
        Event("Thyroid tests", tuple(range(0, 61, 3)), "every 3 months", "triangle", estimate_id="label.thyroid"),
        Event("Skin check", tuple(range(0, 61, 12)), "once a year", "diamond", estimate_id="label.skin"),
    ),
    (Band("Tests must go on after the last course", 12, 60, "for 48 months", "hatched", "label.duty"),),
)
INTERFERON = Lane(
    "interferon beta-1a",
    (
        Event(
            "Blood tests",
            (0, 1, 3, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60),
            "at 1, 3, 6 months, then regularly",
            estimate_id="l.b",
        ),
        Event("Thyroid tests", (0,), "at the start", "triangle", estimate_id="label.interferon-thyroid"),
    ),
    (Band("Injections at home", 0, math.inf, "3 a week, 156 a year", "solid", "label.injections", -1),),
)
YEARS = Timeline("years", "Five years with each treatment", (ALEMTUZUMAB, INTERFERON), 5)
LONG = Timeline(
    "long",
    "Twelve years",
    (
        Lane(
            "an option",
            (Event("Nothing yet", (), ""), Event("Late", (200.0,), "once", "circle", estimate_id="e.late")),
            (),
        ),
    ),
    12,
)

ICONS = (RELAPSE_FREE, CORNERS, RARE, TEN)
FORESTS = (DISABILITY, FOREST_CORNERS, DIFFERENCES)
TIMELINES = (YEARS, LONG)
PICTURES: dict[str, tuple[Markup, Markup]] = {
    **{picture.id: (icon_arrays(picture), icon_arrays_table(picture)) for picture in ICONS},
    **{picture.id: (forest_plot(picture), forest_table(picture)) for picture in FORESTS},
    **{picture.id: (timeline_chart(picture), timeline_table(picture)) for picture in TIMELINES},
}
TITLES = {picture.id: picture.title for picture in (*ICONS, *FORESTS, *TIMELINES)}


def figure(identifier: str) -> Markup:
    """Picture with its caption and its data, as a page shows it."""
    picture, data = PICTURES[identifier]
    return Markup(
        '<figure class="figure"><figcaption>{}</figcaption>{}<details><summary>The numbers as a table</summary>'
        '<div class="table-wrap" tabindex="0" role="region" aria-label="{}">{}</div></details></figure>'
    ).format(TITLES[identifier], picture, f"Table: {TITLES[identifier]}", data)


FURNITURE = Markup(
    """<p class="lead">Two treatments, the same questions, every number with its source.</p>
<div class="options"><section class="option"><h2>alemtuzumab</h2><p>Given as a drip in hospital.
<span class="badge badge-trial">trial</span> <span class="badge badge-label">label</span></p>
<p class="both-frames"><a class="number" href="#x" data-id="a">78 of 100</a> stayed free of relapses;
<a class="number" href="#x" data-id="a">22 of 100</a> did not.</p>
<p class="source">CARE-MS I, Table 2
<span class="certainty" data-level="moderate">moderate certainty</span></p></section>
<section class="option"><h2>interferon beta-1a</h2><p>Injected at home three times a week.
<span class="badge badge-arm">arm</span> <span class="badge">cohort</span></p>
<p class="both-frames"><a class="number" href="#x" data-id="b">59 of 100</a> stayed free of relapses;
<a class="number" href="#x" data-id="b">41 of 100</a> did not.</p>
<p class="source">CARE-MS I, Table 2</p></section></div>
<div class="note"><p>A note with <a href="#x">a link</a>.</p></div>
<div class="warning"><p>A warning.</p></div><div class="unknown"><p>Nobody knows this yet.</p></div>
<ul class="claims"><li class="card"><p class="verdict-supported">Supported</p><p>A claim.</p></li>
<li class="card"><p class="verdict-qualify">Needs qualifying</p></li>
<li class="card"><p class="verdict-wrong">Wrong as written</p></li></ul>
<form><label for="j">Country of the label</label>
<select id="j"><option>US</option></select> <button>Compare</button></form>"""
)


def page() -> str:
    """Whole gallery as one self-contained page."""
    figures = Markup("").join(Markup('<section class="card">{}</section>').format(figure(name)) for name in PICTURES)
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Pictures</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{STYLE.read_text(encoding="utf-8")}</style></head><body>
<a class="skip-link" href="#main">Skip to the content</a><nav class="nav" aria-label="Main"><ul>
<li><a href="#main" aria-current="page">Compare</a></li><li><a href="#x">Sources</a></li>
<li><a href="#x">Claims</a></li></ul></nav>
<main class="page" id="main"><h1 id="x">Alemtuzumab or interferon beta-1a?</h1>
{FURNITURE}{figures}</main></body></html>"""


def parsed(markup: str) -> ET.Element:
    """Parse our own markup as XML."""
    return ET.fromstring(markup)  # noqa: S314


def svgs(markup: str) -> list[ET.Element]:
    """Parse markup as XML and return its pictures."""
    return list(parsed(markup).iter(f"{SVG}svg"))


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_role_title_and_description(name: str) -> None:
    for svg in svgs(PICTURES[name][0]):
        assert svg.get("role") in {"img", "group"}
        title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert title.text
        assert description is not None
        assert description.text
        assert (svg.get("aria-labelledby"), svg.get("aria-describedby")) == (title.get("id"), description.get("id"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_an_image_unless_it_holds_links(name: str) -> None:
    for svg in svgs(PICTURES[name][0]):
        assert (svg.get("role") == "group") == any(True for _ in svg.iter(f"{SVG}a"))


@pytest.mark.parametrize("name", PICTURES)
def test_every_text_says_what_it_is(name: str) -> None:
    for svg in svgs(PICTURES[name][0]):
        for text in svg.iter(f"{SVG}text"):
            marks = {"data-id", "data-axis", "data-label", "data-unsourced"} & set(text.attrib)
            assert len(marks) == 1, ET.tostring(text)


def test_ids_are_unique_on_the_page() -> None:
    counts = Counter(re.findall(r'\sid="([^"]+)"', page()))
    assert {name for name, count in counts.items() if count > 1} == set()


@pytest.mark.parametrize("name", PICTURES)
def test_text_is_never_below_twelve_pixels_on_a_phone(name: str) -> None:
    available = 320 - 2 * 16 - 2 * 16 - 2  # page and card padding and border
    for svg in svgs(PICTURES[name][0]):
        if svg.get("class") == "picture-wide":
            available = 640
        scale = available / float(svg.get("viewBox", "").split()[2])
        assert min(float(text.get("font-size", "0")) for text in svg.iter(f"{SVG}text")) * scale >= 12
        available = 320 - 2 * 16 - 2 * 16 - 2


@pytest.mark.parametrize("name", PICTURES)
def test_picture_and_table_show_the_same_estimates(name: str) -> None:
    picture, data = PICTURES[name]
    shown = set(re.findall(r'<text[^>]* data-id="([^"]+)"', picture))
    assert shown == set(re.findall(r'data-id="([^"]+)"', data))


@pytest.mark.parametrize("name", PICTURES)
def test_table_has_caption_and_scoped_headers(name: str) -> None:
    data = parsed(PICTURES[name][1])
    assert data.tag == "table"
    assert data.findtext("caption") == TITLES[name]
    assert {header.get("scope") for header in data.iter("th")} == {"col", "row"}


def test_nothing_is_loaded_and_nothing_runs() -> None:
    markup = page()
    assert "<script" not in markup
    assert "http" not in markup.replace("http://www.w3.org/2000/svg", "")
    assert "@import" not in markup
    assert not re.search(r"url\((?!#)", markup)
