"""Every picture of a network, as a person looks at it, and what holds for all of them."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from tests.support.network_pictures import MARKS, PICTURES, SVG, TABLES, assert_inside, parsed, whole_page


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_role_title_and_description(name: str) -> None:
    for svg in parsed(PICTURES[name][0]).iter(f"{SVG}svg"):
        assert (svg.get("role") == "group") == any(True for _ in svg.iter(f"{SVG}a"))
        title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert title.text
        assert description is not None
        assert description.text
        assert (svg.get("aria-labelledby"), svg.get("aria-describedby")) == (title.get("id"), description.get("id"))


@pytest.mark.parametrize("name", PICTURES)
def test_every_text_says_what_it_is(name: str) -> None:
    for text in parsed(PICTURES[name][0]).iter(f"{SVG}text"):
        assert len(MARKS & set(text.attrib)) == 1, ET.tostring(text)
        assert "data-unsourced" not in text.attrib


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_scrolls_can_be_reached_and_has_a_name(name: str) -> None:
    for wrap in parsed(TABLES[name]).findall("div"):
        assert (wrap.get("tabindex"), wrap.get("role")) == ("0", "region")
        assert wrap.get("aria-label") == "".join(wrap.findall("table/caption/span")[0].itertext())


@pytest.mark.parametrize("name", PICTURES)
def test_numbers_are_marked_in_the_table(name: str) -> None:
    table = parsed(PICTURES[name][1])
    assert table.find("caption") is not None
    for head in (*table.iter("th"), *table.iter("caption")):
        assert len(MARKS & set(head.attrib)) == 1
    assert {head.get("scope") for head in table.iter("th")} == {"col", "row"}
    for cell in table.iter("td"):
        assert cell.text == "\N{EN DASH}" or [len(MARKS & set(inner.attrib)) for inner in cell] == [1]


@pytest.mark.parametrize("name", PICTURES)
def test_what_the_picture_shows_the_table_has(name: str) -> None:
    picture, data = PICTURES[name]
    shown = set(re.findall(r'<text[^>]* data-id="([^"]+)"', picture))
    assert shown <= set(re.findall(r'data-id="([^"]+)"', data))


@pytest.mark.parametrize("name", PICTURES)
def test_every_mark_lies_inside_the_drawing(name: str) -> None:
    for svg in parsed(PICTURES[name][0]).iter(f"{SVG}svg"):
        assert_inside(svg)


@pytest.mark.parametrize("name", PICTURES)
def test_text_is_never_below_twelve_pixels(name: str) -> None:
    for svg in parsed(PICTURES[name][0]).iter(f"{SVG}svg"):
        available = 640 if svg.get("class") == "picture-wide" else 320 - 2 * 16 - 2 * 16 - 2
        scale = available / float(svg.get("viewBox", "").split()[2])
        sizes = [float(text.get("font-size", "0")) for text in svg.iter(f"{SVG}text")]
        assert min(sizes) * scale >= 12


def test_ids_are_unique_on_the_page() -> None:
    page = whole_page()
    counts = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert {name for name, count in counts.items() if count > 1} == set()
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(counts)


def test_no_head_of_a_table_is_empty() -> None:
    for _, data in PICTURES.values():
        assert all("".join(head.itertext()).strip() for head in parsed(data).iter("th"))


def test_nothing_is_loaded_and_nothing_runs() -> None:
    page = whole_page()
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "style=" not in page
    assert not re.search(r"url\((?!#)", page)
