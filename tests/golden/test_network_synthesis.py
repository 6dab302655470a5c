"""Network results agree with netmeta 3.3-1 and metafor 3.8-1 on four data sets."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.synthesis import decompose_q, fit, mantel_haenszel, p_scores, split_contrast
from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.heterogeneity import Tau2Method
from equipoise.synthesis.splitting import SplitMethod
from tests.golden.network_reference import DATASETS, columns, document, network, number, table

# The same arithmetic in another order. Worst observed: 1.3e-11, a contrast that is nearly zero (synth-rates).
RTOL_NETMETA = 1e-9
# tau2 against the root of the profile score, found to more digits. Worst observed: 2e-15.
RTOL_TAU2_ROOT = 1e-10
# rma.mv stops its search for tau2 early, at 1e-6 relative. Worst observed: 4.2e-7 (hasselblad1998, REML, se).
RTOL_RMA_MV = 1e-6
# rma.mv ends at 4e-11 where the answer is zero (franchini2012).
ATOL_TAU2_ZERO = 1e-9

SOURCES = ("arms", "contrasts")
ESTIMATE_FIELDS = {
    "estimate": "TE",
    "se": "seTE",
    "ci_low": "lower",
    "ci_high": "upper",
    "pi_low": "pi_lower",
    "pi_high": "pi_upper",
    "p": "pval",
}
SPLIT_FIELDS = {
    "n_trials": "k",
    "share_direct": "prop_direct",
    "network": "nma_TE",
    "network_se": "nma_seTE",
    "direct": "direct_TE",
    "direct_se": "direct_seTE",
    "indirect": "indirect_TE",
    "indirect_se": "indirect_seTE",
    "difference": "diff",
    "difference_se": "diff_seTE",
    "p": "p",
}


def agree(ours: Any, theirs: float | None, *, rtol: float = RTOL_NETMETA, atol: float = 1e-12) -> None:
    assert ours == (None if theirs is None else pytest.approx(theirs, rel=rtol, abs=atol))


def fit_like_netmeta(data: str, method: str, model: str) -> NetworkFit:
    """With netmeta's own tau2 for REML and ML, which it estimates from independent variances."""
    tau2 = None if method == "DL" else document(data, "netmeta")[method]["tau2"]
    return fit(network(data), model=model, tau2=tau2)  # type: ignore[arg-type]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("data", DATASETS)
def test_all_contrasts_agree_with_netmeta(data: str, source: str) -> None:
    fits = {model: fit(network(data, source), model=model) for model in ("common", "random")}
    rows = [row for row in table(data, "estimates") if row["method_tau"] == "DL"]
    assert len(rows) == len(fits["common"].treatments) * (len(fits["common"].treatments) - 1)
    for row in rows:
        contrast = fits[row["model"]].contrast(row["treat1"], row["treat2"])
        for ours, theirs in ESTIMATE_FIELDS.items():
            agree(getattr(contrast, ours), number(row[theirs]))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("data", DATASETS)
def test_heterogeneity_agrees_with_netmeta(data: str, source: str) -> None:
    expected = document(data, "netmeta")["DL"]
    fitted = fit(network(data, source))
    agree(fitted.tau2, expected["tau2"])
    agree(fitted.q, expected["Q"])
    agree(fitted.q_p, expected["pval_Q"])
    agree(fitted.i2, 100 * expected["I2"])
    assert (fitted.q_df, len(fitted.network.trials)) == (expected["df_Q"], expected["k"])


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("data", DATASETS)
def test_likelihood_estimates_agree_with_rma_mv(data: str, source: str, method: Tau2Method) -> None:
    expected = document(data, "metafor-rma-mv")
    fitted = fit(network(data, source), tau2_method=method)
    agree(fitted.tau2, expected[f"{method.upper()}_own_profile_tau2"], rtol=RTOL_TAU2_ROOT)
    agree(fitted.tau2, expected[method.upper()]["tau2"], rtol=5e-6, atol=ATOL_TAU2_ZERO)
    for row in expected[method.upper()]["estimates"]:
        contrast = fitted.contrast(row["treatment"], expected["reference"])
        agree(contrast.estimate, row["TE"], rtol=RTOL_RMA_MV)
        agree(contrast.se, row["seTE"], rtol=RTOL_RMA_MV)


@pytest.mark.parametrize("data", DATASETS)
def test_q_decomposition_agrees_with_netmeta(data: str) -> None:
    expected = document(data, "netmeta")["DL"]["decomp_design"]
    found = decompose_q(network(data))
    for part, row in zip((found.total, found.within, found.between), expected["Q_decomp"], strict=True):
        agree(part.statistic, row["Q"])
        assert part.df == row["df"]
        agree(part.p, row["pval"])
    for rows, parts in ((expected["Q_het_design"], found.by_design), (expected["Q_inc_detach"], found.detached)):
        assert len(rows) == len(parts)
        for row in rows:
            part = parts[tuple(sorted(row["design"].split(":")))]
            agree(part.statistic, row["Q"], atol=1e-9)
            assert part.df == row["df"]
    (interaction,) = expected["Q_inc_random"]
    agree(found.design_by_treatment.statistic, interaction["Q"])
    assert found.tau2_within is not None
    agree(found.tau2_within**0.5, interaction["tau.within"])


@pytest.mark.parametrize("data", DATASETS)
def test_node_splits_agree_with_netmeta(data: str) -> None:
    methods: dict[str, SplitMethod] = {"Back-calculation": "back-calculation", "SIDDE": "exclusion"}
    for row in table(data, "netsplit"):
        fitted = fit_like_netmeta(data, row["method_tau"], row["model"])
        split = split_contrast(fitted, *row["comparison"].split(":"), method=methods[row["split"]])
        for ours, theirs in SPLIT_FIELDS.items():
            agree(getattr(split, ours), number(row[theirs]))


@pytest.mark.parametrize("data", DATASETS)
def test_p_scores_agree_with_netmeta(data: str) -> None:
    smaller = document(data, "netmeta")["small_values"] == "desirable"
    for row in table(data, "ranking"):
        if number(row["p_score"]) is not None:
            fitted = fit_like_netmeta(data, row["method_tau"], row["model"])
            agree(p_scores(fitted, smaller_is_better=smaller)[row["treatment"]], number(row["p_score"]))


def test_mantel_haenszel_agrees_with_netmeta() -> None:
    arms = columns("hasselblad1998", "input-arms")
    fitted = mantel_haenszel(
        arms["study"], arms["treatment"], [float(x) for x in arms["events"]], [float(x) for x in arms["n"]]
    )
    for row in table("hasselblad1998", "estimates"):
        if row["method_tau"] == "MH":
            contrast = fitted.contrast(row["treat1"], row["treat2"])
            for ours, theirs in ESTIMATE_FIELDS.items():
                agree(getattr(contrast, ours), number(row[theirs]))
    expected = document("hasselblad1998", "netmeta")["MH"]
    agree(fitted.q, expected["Q_inconsistency"])
    agree(fitted.q_p, expected["pval_Q_inconsistency"])
    assert fitted.q_df == expected["df_Q_inconsistency"]
    assert any("grp_counseling versus no_contact" in note for note in fitted.notes)


def test_the_grid_of_network_cases_is_complete() -> None:
    for data in DATASETS:
        methods = {row["method_tau"] for row in table(data, "estimates")}
        assert {"DL", "REML", "ML"} <= methods <= {"DL", "REML", "ML", "MH", "NCH"}
        assert {row["split"] for row in table(data, "netsplit")} <= {"Back-calculation", "SIDDE"}
