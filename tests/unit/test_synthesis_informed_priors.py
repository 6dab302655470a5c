"""Informed priors: each printed parameter is in its place, and the doubtful one is not."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.synthesis import informed_priors
from equipoise.synthesis.informed_priors import rhodes_2015, turner_2015
from equipoise.synthesis.integration import integrate
from equipoise.vocabulary.errors import UnknownTermError


def test_named_cells_are_as_printed() -> None:
    """Corners of the two tables."""
    assert turner_2015("all-cause-mortality", "pharmacological-placebo").name == "tau^2 ~ log-normal(-3.95, 1.34^2)"
    last = turner_2015("various-subjective", "non-pharmacological-non-pharmacological")
    assert last.name == "tau^2 ~ log-normal(-2.26, 1.45^2)"
    assert last.source.startswith("turner-2015, Table IV")
    assert rhodes_2015("obstetric", "pharmacological-placebo").name == "tau^2 ~ log-t(-4.13, 2.34^2, 5)"
    assert rhodes_2015("various-subjective", "non-pharmacological").name == "tau^2 ~ log-t(-2.62, 2.41^2, 5)"


@pytest.mark.parametrize("table", [informed_priors._TURNER, informed_priors._RHODES])
def test_locations_add_up_as_the_papers_model_them(table: dict[str, tuple[tuple[float, float] | None, ...]]) -> None:
    """Outcome and comparison act additively on the location: a misprint of more than 0.03 would show."""
    first = np.array([[cell[0] if cell else np.nan for cell in row] for row in table.values()])
    shift = first - first[:, :1]
    assert np.nanmax(np.abs(shift - np.nanmedian(shift, axis=0))) < 0.03


@pytest.mark.parametrize(
    "prior", [turner_2015("pain", "pharmacological-placebo"), rhodes_2015("obstetric", "non-pharmacological")]
)
def test_densities_are_proper(prior: object) -> None:
    from equipoise.synthesis.priors import TauPrior

    assert isinstance(prior, TauPrior)
    narrow = integrate(lambda tau: -0.5 * (tau / 50) ** 2, prior, scale=prior.scale)
    assert narrow.log_evidence == pytest.approx(0.0, abs=0.01)


def test_what_is_unknown_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownTermError, match="all-cause-mortality"):
        turner_2015("all-cause-mortalty", "pharmacological-placebo")
    with pytest.raises(UnknownTermError, match="kind of comparison"):
        turner_2015("pain", "placebo")
    with pytest.raises(UnknownTermError, match="kind of outcome"):
        rhodes_2015("withdrawal", "non-pharmacological")
    with pytest.raises(UnknownTermError, match="kind of comparison"):
        rhodes_2015("mental-health", "non-pharmacological")
