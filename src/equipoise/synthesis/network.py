"""Trials and the network they form: the data model of every synthesis.

A trial compares its arms with its first arm; a network is trials that share treatments. A pairwise
meta-analysis is the network with two treatments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.synthesis.gls import Array, Rows, independent_rows
from equipoise.vocabulary.errors import NetworkError, NotEstimableError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure

# Smallest over largest eigenvalue of a covariance below which rounding error decides the result.
_SINGULAR = 1e-15


@dataclass(frozen=True)
class Trial:
    """What one trial says: every other arm against its first arm.

    Attributes
    ----------
    study
        Name of the trial.
    treatments
        One name per arm, the baseline arm first. Length k >= 2.
    estimates
        Effect of each further arm against the baseline arm, analysis scale. Shape (k - 1,).
    covariance
        Sampling covariance of the estimates. The off-diagonal elements are the variance of the
        shared baseline arm. Shape (k - 1, k - 1).
    """

    study: str
    treatments: tuple[str, ...]
    estimates: Array
    covariance: Array

    def __post_init__(self) -> None:
        n_contrasts = len(self.treatments) - 1
        if n_contrasts < 1 or self.estimates.shape != (n_contrasts,):
            raise ShapeError(
                f"trial '{self.study}' has {len(self.treatments)} arms and {self.estimates.size} estimates.\n"
                "  Needed: one estimate for each arm after the first, and at least two arms."
            )
        if self.covariance.shape != (n_contrasts, n_contrasts):
            raise ShapeError(
                f"trial '{self.study}' has {n_contrasts} estimates and a covariance of shape {self.covariance.shape}.\n"
                f"  Needed: shape ({n_contrasts}, {n_contrasts})."
            )
        if len(set(self.treatments)) != len(self.treatments):
            raise NetworkError(
                f"trial '{self.study}' has the same treatment in two arms: {', '.join(self.treatments)}.\n"
                "  Try: give the arms different names, or merge them before the synthesis."
            )
        if not (np.isfinite(self.estimates).all() and np.isfinite(self.covariance).all()):
            raise NotEstimableError(f"trial '{self.study}' has an estimate or variance that is missing or infinite.")
        spread = np.linalg.eigvalsh(self.covariance)
        if abs(spread[0]) < _SINGULAR * spread[-1]:
            raise NotEstimableError(
                f"trial '{self.study}' has arms whose variances differ by more than 15 digits, which no computation "
                "holds.\n  Try: look for a slip of the pen in its numbers."
            )
        if spread[0] <= 0:
            raise NotEstimableError(
                f"trial '{self.study}' has a covariance that no data could have: not all its variances are positive."
            )

    @property
    def n_contrasts(self) -> int:
        """Number of independent contrasts, one fewer than arms."""
        return len(self.treatments) - 1

    @property
    def design(self) -> tuple[str, ...]:
        """The set of treatments compared, in alphabetical order."""
        return tuple(sorted(self.treatments))


@dataclass(frozen=True)
class Network:
    """Trials on one outcome, on one scale.

    Attributes
    ----------
    trials
        The trials, each with at least two arms. Length S.
    measure
        What the estimates measure; ratios stand on the natural log scale.
    reference
        Treatment against which the basic parameters are written. It changes no contrast.
    notes
        What was corrected, merged or dropped on the way here, in plain sentences.
    """

    trials: tuple[Trial, ...]
    measure: Measure
    reference: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.trials:
            raise ShapeError("a network needs at least one trial; there is none.")
        names = [trial.study for trial in self.trials]
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise NetworkError(f"two trials have the same name: {', '.join(twice)}.\n  Try: name every trial once.")
        if not self.reference:
            object.__setattr__(self, "reference", self.treatments[0])
        if self.reference not in self.treatments:
            raise UnknownTermError("treatment", self.reference, self.treatments)

    @property
    def treatments(self) -> tuple[str, ...]:
        """Every treatment in alphabetical order. Length T."""
        return tuple(sorted({name for trial in self.trials for name in trial.treatments}))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Treatments whose effect against the reference is a coefficient. Length T - 1."""
        return tuple(name for name in self.treatments if name != self.reference)

    def with_reference(self, reference: str) -> Network:
        """Write the same network against another treatment; no contrast changes."""
        return replace(self, reference=reference)

    def pieces(self) -> tuple[tuple[str, ...], ...]:
        """List the sets of treatments that trials join, the largest first."""
        piece_of = {name: {name} for name in self.treatments}
        for trial in self.trials:
            joined = set().union(*(piece_of[name] for name in trial.treatments))
            for name in joined:
                piece_of[name] = joined
        pieces = {tuple(sorted(piece)) for piece in piece_of.values()}
        return tuple(sorted(pieces, key=lambda piece: (-len(piece), piece)))

    def require_connected(self) -> None:
        """Refuse a network in pieces.

        Raises
        ------
        NetworkError
            Naming the treatments of each piece.
        """
        pieces = self.pieces()
        if len(pieces) == 1:
            return
        listed = "\n".join(f"  piece {i}: {', '.join(piece)}" for i, piece in enumerate(pieces, start=1))
        raise NetworkError(
            f"the network is in {len(pieces)} pieces.\n{listed}\n"
            f"  No trial links them, so {', '.join(pieces[-1])} cannot be compared with the others.\n"
            "  Try: analyse each piece by itself (--by-piece; Network.split in Python), or drop "
            f"{', '.join(pieces[-1])}."
        )

    def split(self) -> tuple[Network, ...]:
        """One connected network per piece, each with the reference kept where it can be."""
        return tuple(self._piece(piece) for piece in self.pieces())

    def _piece(self, piece: Sequence[str]) -> Network:
        trials = tuple(trial for trial in self.trials if trial.treatments[0] in piece)
        return replace(self, trials=trials, reference=self.reference if self.reference in piece else "")

    def without(self, studies: Iterable[str]) -> Network:
        """Leave these trials out, and with them the treatments seen nowhere else."""
        leaving = set(studies)
        unknown = leaving - {trial.study for trial in self.trials}
        if unknown:
            raise UnknownTermError("trial", sorted(unknown)[0], (trial.study for trial in self.trials))
        trials = tuple(trial for trial in self.trials if trial.study not in leaving)
        staying = {name for trial in trials for name in trial.treatments}
        return replace(self, trials=trials, reference=self.reference if self.reference in staying else "")


def design_matrix(trial: Trial, parameters: Sequence[str]) -> Array:
    """Rows of the design matrix for one trial: +1 for the arm, -1 for its baseline. Shape (k - 1, P)."""
    column = {name: j for j, name in enumerate(parameters)}
    design = np.zeros((trial.n_contrasts, len(parameters)))
    baseline = trial.treatments[0]
    for i, treatment in enumerate(trial.treatments[1:]):
        if treatment in column:
            design[i, column[treatment]] = 1.0
        if baseline in column:
            design[i, column[baseline]] = -1.0
    return design


def consistency_rows(network: Network) -> Rows:
    """Rotated rows of the consistency model: one coefficient per treatment other than the reference."""
    network.require_connected()
    parameters = network.parameters
    return independent_rows((t.estimates, design_matrix(t, parameters), t.covariance) for t in network.trials)
