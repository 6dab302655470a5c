"""Small trials beside large ones: the funnel and its test together, as a report shows them.

References: chaimani-2012, chaimani-2013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.synthesis.network import Network
from equipoise.synthesis.small_study import EggerTest, FunnelPoint, comparison_adjusted_funnel, egger_test
from equipoise.vocabulary.errors import NotEstimableError


@dataclass(frozen=True)
class SmallStudies:
    """A funnel with its test, under one expectation.

    Attributes
    ----------
    favoured_first
        The treatments, the one that small trials are expected to favour most first.
    points
        Of the comparison-adjusted funnel.
    test
        The random-effects test; None where the trials cannot show a slope.
    reason
        Why there is no test; empty otherwise.
    """

    favoured_first: tuple[str, ...]
    points: tuple[FunnelPoint, ...]
    test: EggerTest | None
    reason: str


def small_studies(network: Network, favoured_first: Sequence[str]) -> SmallStudies:
    """Funnel and test in one call; where the test cannot be done the reason stands in its place.

    Parameters
    ----------
    network, favoured_first
        As for ``comparison_adjusted_funnel``.

    Raises
    ------
    RequestError, UnknownTermError
        As ``comparison_adjusted_funnel``.
    """
    points = comparison_adjusted_funnel(network, favoured_first)
    try:
        return SmallStudies(tuple(favoured_first), points, egger_test(network, favoured_first), "")
    except NotEstimableError as error:
        return SmallStudies(tuple(favoured_first), points, None, str(error).partition("\n")[0])
