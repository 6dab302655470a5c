"""Icon arrays: one person per icon, the same people in the same places for every option."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    HEADING_SIZE,
    NARROW_WIDTH,
    SOFT,
    STRONG,
    TEXT_SIZE,
    TRACE_URL,
    cell_number,
    checked_identifier,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    safe,
    table,
    trace_link,
    wrapped,
)

DENOMINATORS: Final = (10, 100, 1000)
_GAP: Final = 10.0
_KEY_WIDTH: Final = 44.0
_PERSON: Final = "M0-12a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9zM-7.5 12.5v-7a7.5 7 0 0 1 15 0v7z"
_SQUARE: Final = "M-2.7-2.7h5.4v5.4h-5.4z"
_BOXED_DOT: Final = "M-2.7-2.7h5.4v5.4h-5.4zM-1.1-1.1v2.2h2.2v-2.2z"
_DOT: Final = "M0-1.7a1.7 1.7 0 1 1 0 3.4a1.7 1.7 0 1 1 0-3.4z"


@dataclass(frozen=True, slots=True)
class IconWords:
    """Words inside the picture, so that each language has its own."""

    count: str = "{count} of {denominator} {words}"
    under_one: str = "fewer than 1 of {denominator} {words}"
    over_all_but_one: str = "more than {count} of {denominator} {words}"
    interval: str = "Likely range: {low} to {high} of {denominator}"
    no_interval: str = "No range was reported."
    option: str = "Option"
    range: str = "Likely range"
    thousands: str = ","


@dataclass(frozen=True, slots=True)
class IconGroup:
    """People under one option.

    Parameters
    ----------
    label
        Name of the option.
    value
        How many of the denominator had the event; rounded half up to whole people for the drawing.
    low, high
        Interval limits on the same scale. Both or neither.
    estimate_id
        Estimate that the numbers come from.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class IconCounts:
    """How many icons are drawn in each of the four styles, in drawing order.

    Parameters
    ----------
    certain
        Affected, also at the low limit of the interval.
    uncertain
        Affected by the estimate, not at the low limit.
    possible
        Not affected by the estimate, but at the high limit.
    unaffected
        Not affected, even at the high limit.
    """

    certain: int
    uncertain: int
    possible: int
    unaffected: int

    @property
    def affected(self) -> int:
        """Main count: people with the event."""
        return self.certain + self.uncertain

    @property
    def not_affected(self) -> int:
        """People without the event."""
        return self.possible + self.unaffected


@dataclass(frozen=True, slots=True)
class IconArrays:
    """One icon array per option, on one denominator.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        What is counted, in whom, by when.
    groups
        Options, in the order in which they are drawn.
    event, no_event
        What follows "22 of 100" for people with and without the event: "had a relapse", "did not".
    denominator
        10, 100 or 1000.
    interval_name
        What the range is; appears in the description and the table.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there are no groups, the denominator is not one of `DENOMINATORS`, a value lies outside it, or an interval
        is half given or out of order.
    """

    id: str
    title: str
    groups: tuple[IconGroup, ...]
    event: str
    no_event: str
    denominator: int = 100
    interval_name: str = "95% confidence interval"
    trace_url: str | None = TRACE_URL
    words: IconWords = IconWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if self.denominator not in DENOMINATORS:
            raise ValueError(f"denominator {self.denominator}: icon arrays are drawn of 10, 100 or 1000 people.")
        if not self.groups:
            raise ValueError("icon arrays need at least one group.")
        for group in self.groups:
            _check(group, self.denominator)


def _check(group: IconGroup, denominator: int) -> None:
    if (group.low is None) != (group.high is None):
        raise ValueError(f"{group.label!r}: give both limits of the interval or neither.")
    low = group.value if group.low is None else group.low
    high = group.value if group.high is None else group.high
    if not 0 <= low <= group.value <= high <= denominator:
        raise ValueError(
            f"{group.label!r}: expected 0 <= low <= value <= high <= {denominator}, found {low}, {group.value}, {high}."
        )


def _whole(value: float) -> int:
    return math.floor(value + 0.5)


def icon_counts(group: IconGroup, denominator: int) -> IconCounts:
    """Count the icons of each style; they always add up to the denominator.

    Parameters
    ----------
    group
        People under one option.
    denominator
        Number of icons.
    """
    affected = _whole(group.value)
    low = affected if group.low is None else _whole(group.low)
    high = affected if group.high is None else _whole(group.high)
    return IconCounts(low, affected - low, high - affected, denominator - high)


def affected_text(group: IconGroup, arrays: IconArrays) -> str:
    """Sentence with the event, such as "22 of 100 had a relapse"."""
    count = icon_counts(group, arrays.denominator).affected
    template = arrays.words.count if count or not group.value else arrays.words.under_one
    return _counted(template, count, group.value == arrays.denominator, arrays, arrays.event)


def not_affected_text(group: IconGroup, arrays: IconArrays) -> str:
    """Sentence without the event, such as "78 of 100 did not"."""
    count = icon_counts(group, arrays.denominator).not_affected
    template = arrays.words.count if count or group.value == arrays.denominator else arrays.words.under_one
    return _counted(template, count, not group.value, arrays, arrays.no_event)


def _counted(template: str, count: int, is_exactly_all: bool, arrays: IconArrays, words: str) -> str:
    if count == arrays.denominator and not is_exactly_all:
        template, count = arrays.words.over_all_but_one, count - 1
    return template.format(count=_grouped(count, arrays), denominator=_grouped(arrays.denominator, arrays), words=words)


def interval_text(group: IconGroup, arrays: IconArrays) -> str:
    """Sentence with the range, or that there is none."""
    if group.low is None or group.high is None:
        return arrays.words.no_interval
    low, high, denominator = (
        _grouped(count, arrays) for count in (_whole(group.low), _whole(group.high), arrays.denominator)
    )
    return arrays.words.interval.format(low=low, high=high, denominator=denominator)


def _grouped(count: int, arrays: IconArrays) -> str:
    return f"{count:,}".replace(",", arrays.words.thousands)


def icon_arrays(arrays: IconArrays) -> Markup:
    """Draw the options side by side; on a phone they stack.

    Parameters
    ----------
    arrays
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="icon-arrays">`` with one ``<svg>`` per option, all of the same size and look.
    """
    heading = max(len(_heading(group)) for group in arrays.groups)
    keys = [_key_lines(group, arrays) for group in arrays.groups]
    key_rows = tuple(max(len(lines[row]) for lines in keys) for row in range(3))
    pictures = [_option(arrays, position, heading, key_rows) for position in range(len(arrays.groups))]
    return element("div", *pictures, class_=f"picture icon-arrays icon-arrays-{arrays.denominator}")


def icon_arrays_table(arrays: IconArrays) -> Markup:
    """Give the same numbers as an HTML table."""
    words = arrays.words

    def cell(text: str, group: IconGroup) -> Markup:
        return cell_number(text, arrays.trace_url, group.estimate_id)

    rows = [
        (
            safe(group.label),
            cell(affected_text(group, arrays), group),
            cell(not_affected_text(group, arrays), group),
            safe(words.no_interval) if group.low is None else cell(interval_text(group, arrays), group),
        )
        for group in arrays.groups
    ]
    head = (words.option, arrays.event, arrays.no_event, f"{words.range} ({arrays.interval_name})")
    return table(arrays.title, head, rows)


def _heading(group: IconGroup) -> tuple[str, ...]:
    return wrapped(group.label, NARROW_WIDTH, HEADING_SIZE, bold=True)


def _key_lines(group: IconGroup, arrays: IconArrays) -> tuple[tuple[str, ...], ...]:
    sentences = affected_text(group, arrays), not_affected_text(group, arrays), interval_text(group, arrays)
    return tuple(wrapped(text, NARROW_WIDTH - _KEY_WIDTH, bold=row == 0) for row, text in enumerate(sentences))


def _option(arrays: IconArrays, position: int, heading: int, key_rows: tuple[int, ...]) -> Markup:
    group, identifier = arrays.groups[position], f"{arrays.id}-{position + 1}"
    counts = icon_counts(group, arrays.denominator)
    top = height_of(heading, HEADING_SIZE) + _GAP
    places = list(_places(arrays.denominator, top))
    bottom = max(y for _, y in places) + (8.0 if arrays.denominator == 1000 else 18.0)
    key, end = _key(arrays, group, identifier, bottom + _GAP, key_rows)
    body = [
        _definitions(identifier),
        label(0.0, HEADING_SIZE, _heading(group), size=HEADING_SIZE, bold=True),
        *_icons(identifier, counts, places, arrays.denominator == 1000),
        key,
    ]
    return frame(
        identifier,
        NARROW_WIDTH,
        end,
        f"{arrays.title}: {group.label}",
        _description(group, arrays),
        body,
        class_="icon-array",
    )


def _description(group: IconGroup, arrays: IconArrays) -> str:
    sentences = [f"{affected_text(group, arrays)}; {not_affected_text(group, arrays)}.", interval_text(group, arrays)]
    if group.low is not None:
        sentences[1] += f" ({arrays.interval_name})."
    return " ".join(sentences)


def _places(denominator: int, top: float) -> Iterator[tuple[float, float]]:
    """Centre of every icon, from the top left corner: tens in rows, or 10 blocks of 100 (20 by 5) in two columns."""
    if denominator < 1000:
        yield from ((15.0 + 30 * (i % 10), top + 15 + 31 * (i // 10)) for i in range(denominator))
        return
    pitch = 7.2
    for block in range(10):
        left, upper = 4.0 + 152.0 * (block % 2), top + 4 + (5 * pitch + 8) * (block // 2)
        yield from ((left + pitch * (i % 20), upper + pitch * (i // 20)) for i in range(100))


def _definitions(identifier: str) -> Markup:
    hatch = element(
        "pattern",
        element("rect", width=2.2, height=4, fill=STRONG),
        id=f"{identifier}-hatch",
        width=4,
        height=4,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    shapes = {"person": _PERSON, "square": _SQUARE, "boxed": _BOXED_DOT, "dot": _DOT}
    return element("defs", hatch, *(element("path", id=f"{identifier}-{name}", d=d) for name, d in shapes.items()))


def _styles(identifier: str, is_small: bool) -> dict[str, dict[str, object]]:
    """Shape and paint of the four styles; fill, hatching and outline differ, so that grey print keeps them."""
    hollow: dict[str, object] = {"fill": "none", "stroke": STRONG, "stroke-width": 1.3 if is_small else 1.8}
    if is_small:
        return {
            "certain": {"shape": "square", "fill": STRONG},
            "uncertain": {"shape": "boxed", **hollow, "stroke-width": 1.1},
            "possible": {"shape": "square", **hollow, "stroke-width": 1.1},
            "unaffected": {"shape": "dot", "fill": SOFT},
        }
    return {
        "certain": {"shape": "person", "fill": STRONG, "stroke": STRONG, "stroke-width": 1.4},
        "uncertain": {"shape": "person", **hollow, "fill": f"url(#{identifier}-hatch)"},
        "possible": {"shape": "person", **hollow},
        "unaffected": {"shape": "person", "fill": SOFT, "stroke": SOFT, "stroke-width": 1.0},
    }


def _icons(identifier: str, counts: IconCounts, places: list[tuple[float, float]], is_small: bool) -> Iterator[Markup]:
    start = 0
    for name, paint in _styles(identifier, is_small).items():
        size: int = getattr(counts, name)
        yield _drawn(identifier, name, paint, places[start : start + size])
        start += size


def _drawn(identifier: str, name: str, paint: dict[str, object], places: list[tuple[float, float]]) -> Markup:
    shape = f"{identifier}-{paint['shape']}"
    uses = "".join(f'<use href="#{shape}" x="{coordinate(x)}" y="{coordinate(y)}"/>' for x, y in places)
    rest = {key: value for key, value in paint.items() if key != "shape"}
    return element("g", Markup(uses), class_=f"icons icons-{name}", **rest)  # noqa: S704 - numbers and a checked id


def _key(
    arrays: IconArrays, group: IconGroup, identifier: str, top: float, key_rows: tuple[int, ...]
) -> tuple[Markup, float]:
    """Sentences under the icons, each beside the icons that it speaks of."""
    has_interval = group.low is not None
    samples = (("certain",), ("unaffected",), ("uncertain", "possible") if has_interval else ())
    icons: list[Markup] = []
    numbers: list[Markup] = []
    words: list[Markup] = []
    y = top
    for row, lines in enumerate(_key_lines(group, arrays)):
        icons += _samples(identifier, samples[row], y + TEXT_SIZE * 0.7, arrays.denominator == 1000)
        baseline = y + TEXT_SIZE
        if row < 2 or has_interval:
            numbers.append(number(_KEY_WIDTH, baseline, lines, group.estimate_id, bold=row == 0))
        else:
            words.append(label(_KEY_WIDTH, baseline, lines))
        y += height_of(key_rows[row]) + _GAP
    return join([*icons, trace_link(arrays.trace_url, group.estimate_id, *numbers), *words]), y


def _samples(identifier: str, names: tuple[str, ...], y: float, is_small: bool) -> Iterator[Markup]:
    styles, scale = _styles(identifier, is_small), 1.8 if is_small else 0.8
    for position, name in enumerate(names):
        paint = dict(styles[name])
        use = element("use", href=f"#{identifier}-{paint.pop('shape')}")
        place = f"translate({coordinate(9.0 + 20 * position)} {coordinate(y)}) scale({scale})"
        yield element("g", use, transform=place, class_="key", **paint)
