"""Rank acceptability as a bar: in what share of plausible worlds an option fits first, second, or later."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    SOFT,
    STRONG,
    SURFACE,
    checked_identifier,
    element,
    frame,
    join,
)

_WIDTH: Final = 300.0
_HEIGHT: Final = 22.0
WORLDS: Final = 100


@dataclass(frozen=True, slots=True)
class AcceptabilityBar:
    """Ranks of one option over all plausible worlds.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    label
        Name of the option.
    shares
        Share of the worlds in which it takes each rank, the first rank first; they add up to 1.

    Raises
    ------
    ValueError
        If there is no share, one is negative, or they do not add up to 1.
    """

    id: str
    label: str
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.shares or min(self.shares) < 0 or not math.isclose(math.fsum(self.shares), 1, abs_tol=1e-6):
            raise ValueError(f"{self.label!r}: shares of ranks are not negative and add up to 1, found {self.shares}.")

    @property
    def counts(self) -> tuple[int, ...]:
        """Worlds of a hundred in which it takes each rank; they add up to a hundred."""
        return whole_counts(self.shares, WORLDS)

    @property
    def segments(self) -> tuple[float, float, float]:
        """Share first, second, and later."""
        first, second, *later = (*self.shares, 0.0)
        return first, second, math.fsum(later)


def whole_counts(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Round shares to whole counts that add up to `total`, by largest remainders.

    Parameters
    ----------
    shares
        Not negative, adding up to 1.
    total
        What the counts add up to.
    """
    whole = math.fsum(shares)
    exact = [share / whole * total for share in shares]
    counts = [math.floor(value + 1e-9) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for position in by_remainder[: total - sum(counts)]:
        counts[position] += 1
    return tuple(counts)


def worlds_text(share: float, count: int) -> str:
    """Worlds of a hundred in words; rounding never says none, or all, where that is not so."""
    if count == 0 and share > 0:
        return f"fewer than 1 of {WORLDS}"
    return f"more than {WORLDS - 1} of {WORLDS}" if count == WORLDS and share < 1 else f"{count} of {WORLDS}"


def acceptability_bar(bar: AcceptabilityBar, description: str = "") -> Markup:
    """Draw one bar of full width: first rank full, second hatched, later ranks empty; no text.

    Parameters
    ----------
    bar
        What to draw.
    description
        The same in words, in the language of the page; in English by default.
    """
    body = [_hatch(bar.id)]
    x = 1.0
    paints: tuple[dict[str, object], ...] = (
        {"fill": STRONG},
        {"fill": f"url(#{bar.id}-hatch)", "stroke": STRONG},
        {"fill": SURFACE, "stroke": SOFT},
    )
    for name, share, paint in zip(("first", "second", "later"), bar.segments, paints, strict=True):
        width = share * (_WIDTH - 2)
        if width > 0:
            body.append(element("rect", x=x, y=1.0, width=width, height=_HEIGHT - 2, class_=f"rank-{name}", **paint))
        x += width
    body.append(_edge())
    said = description or _in_english(bar)
    return frame(bar.id, _WIDTH, _HEIGHT, bar.label, said, body, class_="acceptability-bar")


def _in_english(bar: AcceptabilityBar) -> str:
    ranks = [
        f"{worlds_text(share, count)} plausible worlds on place {rank}"
        for rank, (share, count) in enumerate(zip(bar.shares, bar.counts, strict=True), 1)
    ]
    return "; ".join(ranks) + "."


def rank_key(identifier: str, name: str) -> Markup:
    """Draw a piece of the key: ``first``, ``second`` or ``later``."""
    fills = {"first": STRONG, "second": f"url(#{identifier}-hatch)", "later": SURFACE}
    stroke = SOFT if name == "later" else STRONG
    rect = element("rect", x=1.0, y=1.0, width=26.0, height=18.0, fill=fills[name], stroke=stroke)
    body = [_hatch(identifier), rect] if name == "second" else [rect]
    return element(
        "svg",
        join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 28 20",
        class_="key-icon",
        aria_hidden="true",
        focusable="false",
    )


def _edge() -> Markup:
    return element("rect", x=0.5, y=0.5, width=_WIDTH - 1, height=_HEIGHT - 1, fill="none", stroke=INK)


def _hatch(identifier: str) -> Markup:
    stripe = element("rect", width=2.0, height=6, fill=STRONG)
    pattern = element(
        "pattern",
        stripe,
        id=f"{identifier}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern)
