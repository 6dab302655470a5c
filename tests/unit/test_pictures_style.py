"""The style sheet: contrast in every scheme, and that it asks nobody for anything."""

import re
from pathlib import Path

import pytest

import equipoise.presentation
from equipoise.presentation.pictures import drawing

CSS = (Path(equipoise.presentation.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")

TEXT = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "accent-tint"),
    ("ink", "warning-tint"),
    ("ink", "picture-tint"),
    ("ink-soft", "paper"),
    ("ink-soft", "surface"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "accent-tint"),
    ("accent", "warning-tint"),
    ("accent-ink", "accent"),
]
SHAPES = [
    ("picture-strong", "surface"),
    ("picture-strong", "picture-tint"),
    ("picture-soft", "surface"),
    ("control", "surface"),
    ("control", "paper"),
    ("focus", "surface"),
    ("focus", "paper"),
    ("warning-rule", "warning-tint"),
]


def palettes() -> dict[str, dict[str, str]]:
    """Hexadecimal custom properties of the light, dark and print schemes."""

    def colours(block: str) -> dict[str, str]:
        return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6});", block))

    light = colours(CSS.split("@media")[0])
    dark = colours(CSS.split("(prefers-color-scheme: dark)")[1].split("/* Ground */")[0])
    paper = colours(CSS.split("@media print")[1])
    return {"light": light, "dark": light | dark, "print": light | paper}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_has_contrast(scheme: str, front: str, back: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[front], palette[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_and_controls_have_contrast(scheme: str, front: str, back: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[front], palette[back]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_affected_and_unaffected_icons_differ_in_grey(scheme: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette["picture-strong"], palette["picture-soft"]) >= 2


def test_paper_has_no_colour() -> None:
    paper = CSS.split("@media print")[1]
    for colour in re.findall(r"#[0-9a-f]{3,6}\b", paper):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        assert digits[:2] == digits[2:4] == digits[4:]


def test_every_colour_of_a_picture_is_in_the_sheet_with_the_same_fallback() -> None:
    light = palettes()["light"]
    for paint in (getattr(drawing, name) for name in ("INK", "INK_SOFT", "STRONG", "SOFT", "TINT", "RULE", "SURFACE")):
        name, fallback = re.fullmatch(r"var\(--([a-z-]+), (#[0-9a-f]{6})\)", paint).groups()  # type: ignore[union-attr]
        assert light[name] == fallback


def test_nothing_is_fetched() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "@font-face" not in CSS


def test_the_sheet_serves_every_way_of_seeing() -> None:
    for query in (
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "forced-colors",
        "@media print",
        ":focus-visible",
    ):
        assert query in CSS


def test_braces_balance() -> None:
    depth = 0
    for character in CSS:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
