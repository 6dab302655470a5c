"""Exact maximum likelihood of counts against a general optimiser and against the samplers with the same model.

The model has fixed study effects and one true effect per contrast. ``glmm_UM_FS`` of metafor (nielweise2008) has
fixed study effects too but random treatment effects, and is not this model; the fixed model of gemtc is, with
priors so wide (15 times the largest contrast) that they move the answer by less than its own error.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from equipoise.synthesis.counted import Counted, counted_trials
from equipoise.synthesis.likelihood_consistency import decompose_deviance
from equipoise.synthesis.maximum_likelihood import fit_likelihood
from equipoise.vocabulary.measures import Measure
from tests.golden.network_reference import columns, document

NIELWEISE = Path(__file__).parent / "reference" / "pairwise" / "nielweise2008" / "input.csv"
# BFGS stops at a gradient of 1e-9 in 26 to 30 parameters; its own inverse Hessian is not used. Worst seen: 4e-9.
ATOL_ESTIMATE = 1e-7
RTOL_SE = 1e-6
# Posterior means of skewed posteriors lie a little off the maximum. Worst seen: 0.04 posterior sd (synth-rates).
MEAN_IN_SD = 0.06
RTOL_SD = 0.03


def smoking() -> Counted:
    arms = columns("hasselblad1998", "input-arms")
    return counted_trials(
        "odds-ratio", arms["study"], arms["treatment"], np.array(arms["events"], float), np.array(arms["n"], float)
    )


def rates() -> Counted:
    arms = columns("synth-rates", "input-arms")
    return counted_trials(
        "rate-ratio", arms["study"], arms["treatment"], np.array(arms["events"], float), np.array(arms["time"], float)
    )


def catheters() -> Counted:
    with NIELWEISE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    events = [float(row[x]) for row in rows for x in ("x1i", "x2i")]
    days = [float(row[t]) for row in rows for t in ("t1i", "t2i")]
    study = [row["row"] for row in rows for _ in range(2)]
    return counted_trials("rate-ratio", study, ["coated", "standard"] * len(rows), events, days)


CASES = {"hasselblad1998": smoking, "synth-rates": rates, "nielweise2008": catheters}


def by_optimiser(data: Counted) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Effects against the first treatment and their standard errors, every study effect a parameter."""
    studies = [trial.study for trial in data.trials]
    study, treatment, events, exposure = data.rows()
    x = np.array(
        [
            [float(s == name) for name in studies] + [float(t == name) for name in data.treatments[1:]]
            for s, t in zip(study, treatment, strict=True)
        ]
    )

    def mean_and_weight(b: np.ndarray[Any, Any]) -> tuple[Any, Any]:
        if data.measure is Measure.RATE_RATIO:
            rate = exposure * np.exp(x @ b)
            return rate, rate
        p = 1 / (1 + np.exp(-(x @ b)))
        return exposure * p, exposure * p * (1 - p)

    def minus_log_likelihood(b: np.ndarray[Any, Any]) -> float:
        eta = x @ b
        lost = np.exp(eta) if data.measure is Measure.RATE_RATIO else np.logaddexp(0, eta)
        return float(exposure @ lost - events @ eta)

    start = np.r_[np.full(len(studies), math.log(events.sum() / exposure.sum())), np.zeros(len(data.treatments) - 1)]
    found = minimize(
        minus_log_likelihood,
        start,
        jac=lambda b: x.T @ (mean_and_weight(b)[0] - events),
        hess=lambda b: (x.T * mean_and_weight(b)[1]) @ x,
        method="trust-exact",
        options={"gtol": 1e-9, "maxiter": 2000},
    )
    information = (x.T * mean_and_weight(found.x)[1]) @ x
    n = len(studies)
    return found.x[n:], np.sqrt(np.diag(np.linalg.inv(information)))[n:]


@pytest.mark.parametrize("data", CASES)
def test_estimates_and_errors_agree_with_a_general_optimiser(data: str) -> None:
    counted = CASES[data]()
    fitted = fit_likelihood(counted)
    effects, errors = by_optimiser(counted)
    np.testing.assert_allclose(fitted.effects[1:, 0], effects, atol=ATOL_ESTIMATE)
    np.testing.assert_allclose(fitted.se[1:, 0], errors, rtol=RTOL_SE)


@pytest.mark.parametrize("data", ["hasselblad1998", "synth-rates"])
def test_fixed_effect_posterior_of_gemtc_has_the_same_centre_and_width(data: str) -> None:
    fitted = fit_likelihood(CASES[data]())
    rows = [r for r in document(data, "gemtc")["fixed"]["posterior"] if r["parameter"].startswith("d.")]
    for row in rows:
        _, reference, treatment = row["parameter"].split(".")
        contrast = fitted.contrast(treatment, reference)
        assert abs(contrast.estimate - row["Mean"]) < MEAN_IN_SD * row["SD"]
        assert contrast.se == pytest.approx(row["SD"], rel=RTOL_SD)
    assert len(rows) == len(fitted.treatments) - 1


@pytest.mark.parametrize("data", ["hasselblad1998", "synth-rates"])
def test_residual_deviance_agrees_with_gemtc(data: str) -> None:
    """Posterior mean deviance less the number of parameters, as in a normal posterior."""
    counted = CASES[data]()
    n_parameters = len(counted.trials) + len(counted.treatments) - 1
    expected = document(data, "gemtc")["fixed"]["Dbar"] - n_parameters
    assert decompose_deviance(counted).total.statistic == pytest.approx(expected, abs=1.0)


def test_one_table_by_hand() -> None:
    """A single trial is saturated: the crude odds ratio with Woolf's standard error."""
    counted = counted_trials("odds-ratio", ["s", "s"], ["a", "b"], [10, 20], [50, 60])
    contrast = fit_likelihood(counted).contrast("b", "a")
    assert contrast.estimate == pytest.approx(math.log((20 / 40) / (10 / 40)), rel=1e-12)
    assert contrast.se == pytest.approx(math.sqrt(1 / 20 + 1 / 40 + 1 / 10 + 1 / 40), rel=1e-12)
