"""What would the answer be, had the analysis been another? One contrast, every change, one table.

Each row changes one thing of the base analysis: a trial or a treatment left out, the other model, another
estimator of the between-study variance, or a prior on tau in its place. Where the base is a posterior, a trial or a
treatment is left out of that, and other priors take the place of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeVar, get_args

from equipoise.synthesis.arms import as_ratio
from equipoise.synthesis.bayes import NetworkPosterior, posterior
from equipoise.synthesis.fitting import NetworkFit, fit
from equipoise.synthesis.heterogeneity import Tau2Method
from equipoise.synthesis.inference import Inference
from equipoise.synthesis.network import Network
from equipoise.synthesis.pooling import Model
from equipoise.synthesis.priors import TauPrior
from equipoise.synthesis.sensitivity import LeftOut, leave_one_treatment_out, leave_one_trial_out
from equipoise.synthesis.usual_priors import default_prior, usual_priors
from equipoise.vocabulary.errors import EquipoiseError, NetworkError, RequestError, UnknownTermError

FitT = TypeVar("FitT")
Change = Literal["base", "without-trial", "without-treatment", "model", "tau2-method", "prior"]


@dataclass(frozen=True)
class WhatIf:
    """One contrast under one change of the analysis.

    Attributes
    ----------
    kind
        What sort of change; ``base`` for the analysis that the others are compared with.
    changed
        The change in words.
    estimate, low, high
        Effect with its confidence interval, analysis scale (natural log for ratios); under a prior the posterior
        median with its credible interval. None where the contrast cannot be estimated.
    tau2
        Between-study variance; under a prior the square of the posterior median of tau. None where there is none.
    shift
        Estimate minus that of the base, analysis scale.
    turns
        Whether the interval holds no difference where that of the base does not, or the other way round.
    reason
        Why there is no estimate; empty otherwise.
    sentence
        The row in words, on the ratio scale where there is one.
    """

    kind: Change
    changed: str
    estimate: float | None
    low: float | None
    high: float | None
    tau2: float | None
    shift: float | None
    turns: bool
    reason: str
    sentence: str


@dataclass(frozen=True)
class _Answer:
    """One contrast before it is compared with the base."""

    kind: Change
    changed: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    tau2: float | None = None
    reason: str = ""

    @property
    def includes_null(self) -> bool | None:
        """Whether the interval holds no difference; None without an interval."""
        return None if self.low is None or self.high is None else self.low <= 0.0 <= self.high


def what_if(
    network: Network,
    treatment: str,
    reference: str,
    *,
    model: Model = "random",
    tau2_method: Tau2Method = "reml",
    inference: Inference = "normal",
    priors: Sequence[TauPrior] | None = None,
    level: float = 0.95,
) -> tuple[WhatIf, ...]:
    """Answer one contrast under every change of the analysis.

    Parameters
    ----------
    network
        The trials.
    treatment, reference
        The contrast: treatment versus reference.
    model, tau2_method, inference, level
        The base analysis, as for ``fit``.
    priors
        Priors on tau to put in the place of its estimate. None for ``usual_priors``; empty for none.

    Returns
    -------
    tuple of WhatIf
        The base first, then each trial left out, each treatment, the other model, the other estimators of tau2 (not
        where the base is the common-effect model) and the priors. Where leaving out breaks the network, the piece
        that holds both treatments is analysed; where none does, the row says so and has no estimate.

    Raises
    ------
    NetworkError
        If the network is in pieces to begin with.
    RequestError
        If the contrast is of a treatment with itself.
    UnknownTermError, ShapeError
        As ``fit``.
    """
    _require_contrast(network, treatment, reference)
    base_fit = partial(fit, model=model, tau2_method=tau2_method, inference=inference, level=level)
    answer = partial(_fitted, treatment=treatment, reference=reference)
    base = answer("base", "", base_fit(network))
    answers = [base, *_left_out(network, base_fit, answer, treatment, reference)]
    other: Model = "common" if model == "random" else "random"
    swapped = fit(network, model=other, tau2_method=tau2_method, inference=inference, level=level)
    answers.append(answer("model", f"with the {other}-effect{'s' * (other == 'random')} model", swapped))
    for method in _other_methods(model, tau2_method):
        fitted = fit(network, model=model, tau2_method=method, inference=inference, level=level)
        answers.append(answer("tau2-method", f"with tau2 by {_METHOD_NAMES[method]}", fitted))
    for prior in usual_priors(network) if priors is None else priors:
        answers.append(_under_prior(network, prior, treatment, reference, level))
    return _table(answers, network, treatment, reference)


def what_if_bayes(
    network: Network,
    treatment: str,
    reference: str,
    *,
    prior: TauPrior | None = None,
    priors: Sequence[TauPrior] | None = None,
    level: float = 0.95,
) -> tuple[WhatIf, ...]:
    """Answer one contrast under every change of a posterior.

    Parameters
    ----------
    network
        The trials.
    treatment, reference
        The contrast: treatment versus reference.
    prior
        On tau, in the base analysis; ``default_prior`` where none is given.
    priors
        Priors on tau to put in its place. None for ``usual_priors`` other than the base; empty for none.
    level
        Level of the credible intervals.

    Returns
    -------
    tuple of WhatIf
        The base first, then each trial left out, each treatment, and the priors. Estimates are posterior medians,
        tau2 the square of the posterior median of tau. Pieces as for ``what_if``.

    Raises
    ------
    NetworkError
        If the network is in pieces to begin with.
    RequestError
        If the contrast is of a treatment with itself.
    UnknownTermError, ShapeError, NotEstimableError
        As ``posterior``.
    """
    _require_contrast(network, treatment, reference)
    used = prior or default_prior(network)
    answer = partial(_of_posterior, treatment=treatment, reference=reference)
    base_fit = partial(posterior, prior=used, level=level)
    answers = [answer("base", "", base_fit(network)), *_left_out(network, base_fit, answer, treatment, reference)]
    usual = [one for one in usual_priors(network) if one.name != used.name]
    for other in usual if priors is None else priors:
        answers.append(_under_prior(network, other, treatment, reference, level))
    return _table(answers, network, treatment, reference)


def _require_contrast(network: Network, treatment: str, reference: str) -> None:
    for name in (treatment, reference):
        if name not in network.treatments:
            raise UnknownTermError("treatment", name, network.treatments)
    if treatment == reference:
        raise RequestError(f"'{treatment}' was asked for against itself.\n  Try: name two different treatments.")


def _table(answers: list[_Answer], network: Network, treatment: str, reference: str) -> tuple[WhatIf, ...]:
    """Every answer held against the first."""
    name = f"{treatment} versus {reference}"
    return tuple(_compared(each, answers[0], name, is_ratio=network.measure.is_ratio) for each in answers)


_METHOD_NAMES: dict[Tau2Method, str] = {"dl": "DerSimonian-Laird", "pm": "Paule-Mandel", "reml": "REML", "ml": "ML"}


def _other_methods(model: Model, tau2_method: Tau2Method) -> list[Tau2Method]:
    return [] if model == "common" else [method for method in get_args(Tau2Method) if method != tau2_method]


def _fitted(kind: Change, changed: str, fitted: NetworkFit, treatment: str, reference: str) -> _Answer:
    contrast = fitted.contrast(treatment, reference)
    return _Answer(kind, changed, contrast.estimate, contrast.ci_low, contrast.ci_high, fitted.tau2)


def _left_out(
    network: Network,
    base_fit: Callable[[Network], FitT],
    answer_of: Callable[[Change, str, FitT], _Answer],
    treatment: str,
    reference: str,
) -> list[_Answer]:
    def fitter(rest: Network) -> FitT:
        return base_fit(_piece_with(rest, treatment, reference))

    def answer(kind: Change, changed: str, left: LeftOut[FitT]) -> _Answer:
        return _Answer(kind, changed, reason=left.reason) if left.fit is None else answer_of(kind, changed, left.fit)

    trials = leave_one_trial_out(network, fitter)
    treatments = leave_one_treatment_out(network, fitter)
    found = [answer("without-trial", f"without trial {left.name}", left) for left in trials]
    return found + [
        answer("without-treatment", f"without the trials of {left.name}", left)
        for left in treatments
        if left.name not in (treatment, reference)
    ]


def _piece_with(rest: Network, treatment: str, reference: str) -> Network:
    """The piece of the network that holds both treatments."""
    for piece in rest.split():
        if {treatment, reference} <= set(piece.treatments):
            return piece
    raise NetworkError(f"no trials join {treatment} and {reference} any more")


def _under_prior(network: Network, prior: TauPrior, treatment: str, reference: str, level: float) -> _Answer:
    changed = f"under the prior {prior.name}"
    try:
        return _of_posterior("prior", changed, posterior(network, prior, level=level), treatment, reference)
    except EquipoiseError as error:
        return _Answer("prior", changed, reason=str(error))


def _of_posterior(kind: Change, changed: str, found: NetworkPosterior, treatment: str, reference: str) -> _Answer:
    contrast, tau2 = found.contrast(treatment, reference), found.tau.quantile(0.5) ** 2
    return _Answer(kind, changed, contrast.median, contrast.cri_low, contrast.cri_high, tau2)


def _compared(answer: _Answer, base: _Answer, name: str, *, is_ratio: bool) -> WhatIf:
    turns = answer.includes_null is not None and answer.includes_null != base.includes_null
    shift = None if answer.estimate is None or base.estimate is None else answer.estimate - base.estimate
    row = WhatIf(
        kind=answer.kind,
        changed=answer.changed or "as analysed",
        estimate=answer.estimate,
        low=answer.low,
        high=answer.high,
        tau2=answer.tau2,
        shift=shift,
        turns=turns,
        reason=answer.reason,
        sentence="",
    )
    return replace(row, sentence=_sentence(row, base, name, is_ratio=is_ratio))


def _sentence(row: WhatIf, base: _Answer, name: str, *, is_ratio: bool) -> str:
    opening = row.changed[0].upper() + row.changed[1:]
    if row.estimate is None or row.low is None or row.high is None or base.estimate is None:
        return f"{opening}: {name} cannot be estimated: {row.reason.splitlines()[0].rstrip('.')}."

    def shown(value: float) -> str:
        return f"{as_ratio(value) if is_ratio else value:.2f}"

    said = f"{opening}: {name} {shown(row.estimate)} ({shown(row.low)} to {shown(row.high)})"
    if row.kind != "base":
        said += f" instead of {shown(base.estimate)}"
    if row.turns:
        said += "; the interval now " + ("includes" if row.low <= 0 <= row.high else "excludes") + " no difference"
    return said + "."
