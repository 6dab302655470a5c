"""Priors on tau learnt from many meta-analyses, as they were printed.

Kinds of outcome and of comparison are names in the tables; nothing else is known of them here. The values were
read in the transcription of the tables in the R package bayesmeta (``R/bayesmeta.R``), not in the papers
themselves. A cell that breaks the additive pattern of its table there, and so may be misprinted, is left out:
location -3.85 for mental health outcomes of non-pharmacological comparisons (Rhodes 2015), where the pattern of
the other rows gives -2.85.

References: turner-2015 (Table IV), rhodes-2015 (Table 3).
"""

from __future__ import annotations

from equipoise.synthesis.priors import TauPrior, log_normal_tau2, log_t_tau2
from equipoise.vocabulary.errors import UnknownTermError

_TURNER_COMPARISONS = (
    "pharmacological-placebo",
    "pharmacological-pharmacological",
    "non-pharmacological-placebo",
    "non-pharmacological-pharmacological",
    "non-pharmacological-non-pharmacological",
)
# Per outcome: mean and standard deviation of log tau^2 for each comparison, in the order above (turner-2015, Table IV).
_TURNER: dict[str, tuple[tuple[float, float], ...]] = {
    "all-cause-mortality": ((-3.95, 1.34), (-4.18, 1.41), (-4.17, 1.55), (-2.92, 1.02), (-3.50, 1.26)),
    "obstetric": ((-3.52, 1.74), (-3.75, 1.79), (-3.74, 1.91), (-2.49, 1.50), (-3.08, 1.68)),
    "cause-specific-mortality-or-major-morbidity": (
        (-3.71, 1.74),
        (-3.95, 1.79),
        (-3.93, 1.91),
        (-2.68, 1.51),
        (-3.27, 1.68),
    ),
    "resource-use-or-process": ((-2.34, 1.74), (-2.58, 1.79), (-2.56, 1.91), (-1.31, 1.50), (-1.90, 1.68)),
    "surgical-or-device-success": ((-2.14, 1.74), (-2.37, 1.79), (-2.36, 1.91), (-1.11, 1.50), (-1.69, 1.68)),
    "withdrawal": ((-2.99, 1.74), (-3.23, 1.79), (-3.21, 1.91), (-1.96, 1.51), (-2.55, 1.68)),
    "internal-structure": ((-2.71, 1.74), (-2.94, 1.79), (-2.93, 1.92), (-1.67, 1.51), (-2.26, 1.68)),
    "general-physical-health": ((-2.29, 1.53), (-2.53, 1.58), (-2.51, 1.72), (-1.26, 1.25), (-1.85, 1.46)),
    "adverse-events": ((-1.87, 1.52), (-2.10, 1.58), (-2.10, 1.71), (-0.84, 1.24), (-1.43, 1.45)),
    "infection-or-new-disease": ((-2.49, 1.52), (-2.73, 1.58), (-2.71, 1.71), (-1.46, 1.24), (-2.05, 1.45)),
    "signs-or-symptoms": ((-2.06, 1.51), (-2.29, 1.58), (-2.28, 1.71), (-1.03, 1.24), (-1.61, 1.45)),
    "pain": ((-1.83, 1.52), (-2.06, 1.58), (-2.05, 1.71), (-0.80, 1.25), (-1.38, 1.45)),
    "quality-of-life": ((-2.54, 1.54), (-2.78, 1.60), (-2.77, 1.73), (-1.51, 1.27), (-2.10, 1.47)),
    "mental-health": ((-2.12, 1.53), (-2.35, 1.60), (-2.34, 1.72), (-1.09, 1.27), (-1.67, 1.47)),
    "biological-marker": ((-1.77, 1.52), (-2.00, 1.58), (-1.99, 1.71), (-0.74, 1.24), (-1.33, 1.45)),
    "various-subjective": ((-2.70, 1.52), (-2.93, 1.58), (-2.92, 1.71), (-1.67, 1.25), (-2.26, 1.45)),
}

_RHODES_COMPARISONS = ("pharmacological-placebo", "pharmacological-pharmacological", "non-pharmacological")
# Per outcome: location and scale of log tau^2 for each comparison, in the order above (rhodes-2015, Table 3).
_RHODES: dict[str, tuple[tuple[float, float] | None, ...]] = {
    "obstetric": ((-4.13, 2.34), (-4.40, 2.31), (-3.99, 2.11)),
    "resource-use-or-process": ((-2.55, 2.73), (-2.83, 2.70), (-2.41, 2.57)),
    "structure-related": ((-2.43, 2.50), (-2.70, 2.46), (-2.29, 2.32)),
    "general-physical-health": ((-3.16, 2.50), (-3.44, 2.44), (-3.02, 2.27)),
    "signs-or-symptoms": ((-3.00, 2.50), (-3.27, 2.47), (-2.86, 2.33)),
    "mental-health": ((-2.99, 2.16), (-3.27, 2.14), None),
    "biological-marker": ((-3.41, 2.83), (-3.68, 2.78), (-3.27, 2.66)),
    "various-subjective": ((-2.76, 2.58), (-3.03, 2.59), (-2.62, 2.41)),
}


def allowed_words(source: str) -> str:
    """The kinds of outcome and of comparison that a source knows, in two lines.

    Parameters
    ----------
    source
        ``turner`` or ``rhodes``.
    """
    outcomes, comparisons = (_TURNER, _TURNER_COMPARISONS) if source == "turner" else (_RHODES, _RHODES_COMPARISONS)
    return f"  OUTCOME: {', '.join(outcomes)}\n  COMPARISON: {', '.join(comparisons)}"


def turner_2015(outcome: str, comparison: str) -> TauPrior:
    """Prior on tau of log odds ratios, from 14,886 meta-analyses of binary outcomes.

    Parameters
    ----------
    outcome, comparison
        Kinds of outcome and of comparison; a wrong name is answered with the nearest.

    Raises
    ------
    UnknownTermError
        If there is no such kind.

    References
    ----------
    turner-2015
    """
    if outcome not in _TURNER:
        raise UnknownTermError("kind of outcome", outcome, _TURNER)
    if comparison not in _TURNER_COMPARISONS:
        raise UnknownTermError("kind of comparison", comparison, _TURNER_COMPARISONS)
    mean, sd = _TURNER[outcome][_TURNER_COMPARISONS.index(comparison)]
    return log_normal_tau2(mean, sd, source=f"turner-2015, Table IV: {outcome}, {comparison}")


def rhodes_2015(outcome: str, comparison: str) -> TauPrior:
    """Prior on tau of standardised mean differences, from 6,492 meta-analyses of continuous outcomes.

    Parameters
    ----------
    outcome, comparison
        Kinds of outcome and of comparison; a wrong name is answered with the nearest. Medical areas other than
        cancer and respiratory disease, which have tables of their own.

    Raises
    ------
    UnknownTermError
        If there is no such kind, or its cell was left out as doubtful.

    References
    ----------
    rhodes-2015
    """
    if outcome not in _RHODES:
        raise UnknownTermError("kind of outcome", outcome, _RHODES)
    known = {name: cell for name, cell in zip(_RHODES_COMPARISONS, _RHODES[outcome], strict=True) if cell is not None}
    if comparison not in known:
        raise UnknownTermError("kind of comparison", comparison, known)
    location, scale = known[comparison]
    return log_t_tau2(location, scale, source=f"rhodes-2015, Table 3: {outcome}, {comparison}")
