"""Priors as words of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from equipoise.vocabulary.errors import RequestError, UnknownTermError

if TYPE_CHECKING:
    from equipoise.synthesis.priors import TauPrior

PRIORS = (
    "half-normal:SCALE, half-cauchy:SCALE, uniform:UPPER, log-normal:MEAN,SD, log-t:LOCATION,SCALE, or one learnt from "
    "many meta-analyses, turner:OUTCOME:COMPARISON (odds ratios) or rhodes:OUTCOME:COMPARISON (standardised mean "
    "differences)"
)
_LEARNT_FOR = {"turner": "odds-ratio", "rhodes": "standardised-mean-difference"}


def tau_prior(words: str, measure: str) -> TauPrior | None:
    """Return the prior on tau that these words name; none for no words.

    Parameters
    ----------
    words
        See ``PRIORS``.
    measure
        What is analysed; a prior learnt from another measure is refused.

    Raises
    ------
    RequestError
        If there is no such prior, or it was learnt from another measure.
    """
    if not words:
        return None
    name, _, rest = words.partition(":")
    return _learnt(name, rest, measure) if name in _LEARNT_FOR else _with_numbers(words)


def baseline_prior(words: str) -> TauPrior | None:
    """Return the prior on the standard deviation of random baselines that these words name; none for no words.

    Raises
    ------
    RequestError
        If there is no such prior, or it was learnt for tau.
    """
    if not words:
        return None
    if words.partition(":")[0] in _LEARNT_FOR:
        raise RequestError(
            f"'{words}' was learnt from how effects vary between trials, not baselines.\n"
            "  Try: --baseline-prior half-normal:2"
        )
    return _with_numbers(words)


def _learnt(name: str, rest: str, measure: str) -> TauPrior:
    from equipoise.synthesis.informed_priors import allowed_words, rhodes_2015, turner_2015

    if measure != _LEARNT_FOR[name]:
        raise RequestError(
            f"the {name} priors were learnt from meta-analyses of {_LEARNT_FOR[name]}s, not of a {measure}.\n"
            "  Try: a prior with numbers, such as --prior half-normal:0.5"
        )
    outcome, _, comparison = rest.partition(":")
    try:
        return (turner_2015 if name == "turner" else rhodes_2015)(outcome, comparison)
    except UnknownTermError as error:
        raise RequestError(f"{error}\n  allowed: {name}:OUTCOME:COMPARISON\n{allowed_words(name)}") from None


def _with_numbers(words: str) -> TauPrior:
    from equipoise.synthesis import priors

    makers: dict[str, tuple[Any, int]] = {
        "half-normal": (priors.half_normal, 1),
        "half-cauchy": (priors.half_cauchy, 1),
        "uniform": (priors.uniform, 1),
        "log-normal": (priors.log_normal_tau2, 2),
        "log-t": (priors.log_t_tau2, 2),
    }
    name, _, numbers = words.partition(":")
    make, count = makers.get(name, (None, 0))
    try:
        values = [float(number) for number in numbers.split(",")]
    except ValueError:
        values = []
    if make is None or len(values) != count:
        raise RequestError(f"'{words}' is no prior that is known.\n  allowed: {PRIORS}")
    prior: TauPrior = make(*values)
    return prior
