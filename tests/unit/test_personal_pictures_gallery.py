"""One page with every kind of personal view: what a person looks at, and what the journeys open."""

from __future__ import annotations

import re
from collections import Counter

from markupsafe import Markup

from equipoise.presentation.html import STYLE
from tests.support.personal_samples import SAMPLES
from tests.support.personal_section import personal_section


def page(name: str) -> str:
    """A sample as a page of its own that needs nothing else."""
    section = personal_section(SAMPLES[name](), "#{id}")
    style = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own style sheet
    return Markup(
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        '<style>{}</style></head><body><main class="page" id="main"><h1>{}</h1>{}</main></body></html>'
    ).format(name, style, name.capitalize(), section)


def test_nothing_is_loaded_and_nothing_moves() -> None:
    for name in SAMPLES:
        markup = page(name)
        assert "<script" not in markup
        assert "<animate" not in markup
        assert "http" not in markup.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"url\((?!#)", markup)


def test_every_picture_has_a_title_a_description_and_its_data_as_a_table() -> None:
    for name in SAMPLES:
        markup = page(name)
        pictures = re.findall(r'<svg [^>]*role="(img|group)"[^>]*aria-labelledby', markup)
        assert len(pictures) == markup.count("<title id=") == markup.count("<desc id=")
        assert len(re.findall("<figure", markup)) == markup.count("</figure>")
        for figure in markup.split("<figure")[1:]:
            assert "picture-data" in figure.split("</figure>")[0]


def test_ids_that_pictures_point_to_exist_once() -> None:
    for name in SAMPLES:
        markup = page(name)
        ids = Counter(re.findall(r'\sid="([^"]+)"', markup))
        assert max(ids.values()) == 1
        assert set(re.findall(r"url\(#([^)]+)\)", markup)) <= set(ids)
        assert set(re.findall(r'<use href="#([^"]+)"', markup)) <= set(ids)
