"""Parts of a network meta-analysis in the machine form that pictures are drawn of."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from equipoise.synthesis.arms import as_ratio
from equipoise.synthesis.asymmetry import SmallStudies
from equipoise.synthesis.bayes import NetworkPosterior
from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.heat import NetHeat
from equipoise.synthesis.integration import TauPosterior
from equipoise.synthesis.ranking import Rankogram
from equipoise.synthesis.tau_curves import tau_curves as curves_of
from equipoise.synthesis.what_if import WhatIf
from equipoise.vocabulary.errors import RequestError


def geometry(arms: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Return who was compared with whom, and the trials of more than two arms.

    Parameters
    ----------
    arms
        Treatments of each trial.
    """
    sets = [tuple(sorted(set(names))) for names in arms]
    pairs = Counter(pair for names in sets for pair in itertools.combinations(names, 2))
    return {
        "comparisons": [{"treatments": list(pair), "trials": n} for pair, n in sorted(pairs.items())],
        "multi_arm": [list(names) for names in sorted({names for names in sets if len(names) > 2})],
        "people": None,
    }


def with_people(document: dict[str, Any], people: Mapping[tuple[str, str], float] | None) -> dict[str, Any]:
    """Return an analysis with the people on each treatment in the trials that took part.

    Parameters
    ----------
    document
        The analysis in the machine form.
    people
        By trial and treatment; None where the data do not say.
    """
    if people is None:
        return document
    trials, found = set(document["study_names"]), dict.fromkeys(document["treatments"], 0.0)
    for (study, treatment), number in people.items():
        if study in trials and treatment in found:
            found[treatment] += number
    counts = {name: round(number) if math.isfinite(number) else None for name, number in found.items()}
    return document | {"geometry": document["geometry"] | {"people": counts}}


def geometry_of_rows(study: Sequence[str], treatment: Sequence[str], known: Sequence[str]) -> dict[str, Any]:
    """Return the geometry of arm rows, only of the treatments that took part."""
    arms: dict[str, list[str]] = {}
    for name, given in zip(study, treatment, strict=True):
        if given in known:
            arms.setdefault(name, []).append(given)
    return geometry(arms.values())


def ranks(found: Rankogram | None, level: float) -> dict[str, Any]:
    """Return rank probabilities, SUCRA and rank intervals; nothing is ranked without a direction.

    Parameters
    ----------
    found
        Rank probabilities.
    level
        Of the interval of the rank.
    """
    if found is None:
        return {"sucra": None, "ranks": None, "rank_probabilities": None}
    return {
        "sucra": dict(found.sucra),
        "ranks": {name: list(found.rank_interval(name, level)) for name in found.treatments},
        "rank_probabilities": dict(zip(found.treatments, found.probabilities.tolist(), strict=True)),
    }


def what_if(rows: Iterable[WhatIf], treatment: str, reference: str, *, is_ratio: bool) -> list[dict[str, Any]]:
    """Return one contrast under every change of the analysis, the analysis itself first.

    Parameters
    ----------
    rows
        See :func:`equipoise.synthesis.what_if.what_if`.
    treatment, reference
        The contrast.
    is_ratio
        Whether ratios are given beside their logarithms.
    """
    found = []
    for row in rows:
        document = {"treatment": treatment, "reference": reference} | asdict(row)
        document |= {"ci_low": document.pop("low"), "ci_high": document.pop("high"), "reason": row.reason or None}
        if is_ratio:
            values = {"ratio": row.estimate, "ratio_ci_low": row.low, "ratio_ci_high": row.high}
            document |= {name: None if value is None else as_ratio(value) for name, value in values.items()}
        found.append(document)
    return found


def with_important(document: dict[str, Any], found: NetworkPosterior | NetworkFit, size: float) -> dict[str, Any]:
    """Return an analysis with what it says of a smallest effect that matters, beside each contrast.

    A posterior gives the probability of an effect at least as large. A fit gives none, so it says where its
    confidence interval lies: ``beyond`` the size, ``short`` of it, or on ``both`` sides.

    Parameters
    ----------
    document
        The analysis in the machine form.
    found
        The posterior or the fit.
    size
        Smallest effect that matters, on the scale that people read (a ratio, not its logarithm). Below no difference
        effects at most as high count, above it those at least as high.

    Raises
    ------
    RequestError
        If the size is no difference, or no ratio where one is needed.
    """
    is_ratio = found.network.measure.is_ratio
    null = 1.0 if is_ratio else 0.0
    if not math.isfinite(size) or size == null or (is_ratio and size <= 0):
        needed = "a positive ratio other than 1" if is_ratio else "a difference other than 0"
        raise RequestError(f"{size:g} is no important effect.\n  Try: --important with {needed}")
    threshold = math.log(size) if is_ratio else size

    def said(treatment: str, reference: str) -> dict[str, Any]:
        if isinstance(found, NetworkFit):
            return {"interval_important": found.contrast(treatment, reference).against(threshold)}
        return {"probability_important": found.probability_important(treatment, reference, threshold)}

    return document | {
        "important": {"size": size, "side": "at-most" if size < null else "at-least"},
        "estimates": [row | said(row["treatment"], row["reference"]) for row in document["estimates"]],
    }


def heat(found: NetHeat | None) -> dict[str, Any] | None:
    """Return the data of a net heat plot; ``None`` where there are none."""
    if found is None:
        return None
    return {
        "comparisons": list(found.names),
        "designs": [list(design) for design in found.designs],
        "hat": found.hat.tolist(),
        "inconsistency": found.inconsistency.tolist(),
        "change": found.change.tolist(),
    }


def small_studies(found: SmallStudies) -> dict[str, Any]:
    """Return the comparison-adjusted funnel and the test of a slope on the standard error."""
    test = found.test
    return {
        "favoured_first": list(found.favoured_first),
        "funnel": [asdict(point) for point in found.points],
        "slope": None if test is None else test.slope,
        "slope_se": None if test is None else test.slope_se,
        "p": None if test is None else test.p,
        "reason": found.reason or None,
        "notes": [] if test is None else list(test.notes),
    }


def tau_curves(tau: TauPosterior) -> dict[str, Any]:
    """Return the densities of tau before and after the trials, each with its quantiles."""
    found = curves_of(tau)
    return {
        name: {"points": curve.points.tolist(), "quantiles": [curve.low, curve.median, curve.high]}
        for name, curve in (("prior", found.prior), ("posterior", found.posterior))
    }
