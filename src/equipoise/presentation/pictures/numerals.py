"""Numbers as people read them: true minus signs, no negative zero, whole percentages that do not lie at the ends."""

import math
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"


def decimal(value: float, decimals: int, *, is_ratio: bool = False) -> str:
    """Format `value`; a ratio that would round to zero is said to be smaller than the smallest that can be shown."""
    smallest = 10.0**-decimals
    if is_ratio and 0 < value < smallest / 2:
        return f"<{smallest:.{decimals}f}"
    text = f"{value:.{decimals}f}"
    return (text.removeprefix("-") if not float(text) else text).replace("-", MINUS)


def grouped(count: int, thousands: str) -> str:
    """Format a count with its thousands apart."""
    return f"{count:,}".replace(",", thousands)


def percent(share: float) -> str:
    """Whole percentage of a share from 0 to 1; only a share of nothing is 0%, only a share of all is 100%."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1 - 1e-9:
        return ">99%"
    return f"{math.floor(100 * share + 0.5)}%"


def p_value(p: float) -> str:
    """Format a p value, never as zero."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.0995 else f"p = {p:.2f}"
