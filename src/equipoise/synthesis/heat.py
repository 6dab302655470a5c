r"""Net heat: which direct evidence each network estimate leans on, and which design brings inconsistency in.

Trials are first pooled within their design; the pooled direct estimates :math:`\theta` with precision W (block
diagonal) are then fitted consistently, :math:`X\beta = H\theta`. The between-designs Q is
:math:`r'Wr` with :math:`r = \theta - H\theta`, and row e holds the part :math:`r_e (Wr)_e` of it. A design is let
go by giving it effects of its own; what that takes from the part of each row is its column of the heat.

References: krahn-2013.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.consistency import designs
from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.gls import Array, heterogeneity_structure
from equipoise.synthesis.network import Trial, design_matrix
from equipoise.vocabulary.errors import NotEstimableError

# A singular value this small beside the largest is a column that brings nothing.
_NO_COLUMN = 1e-9


@dataclass(frozen=True)
class NetHeat:
    """Hat shares and changes in Q of every comparison within its design.

    Attributes
    ----------
    designs
        Design of each row; designs in alphabetical order, one with k treatments has k - 1 rows. Length K.
    comparisons
        Treatment and reference of each row; the reference is the first treatment of the design. Length K.
    hat
        Share of the direct estimate of the column in the network estimate of the row; may be negative.
        Shape (K, K).
    inconsistency
        Part of each row in the between-designs Q; their sum is that Q. Shape (K,).
    change
        What the part of the row loses when the design of the column is let go. Above zero they disagree; below
        zero the column supports the row. Columns of one design are equal. Shape (K, K).
    can_be_detached
        Whether letting the design of the row go changes anything. Length K.
    tau2
        Between-study variance that was used.
    """

    designs: tuple[tuple[str, ...], ...]
    comparisons: tuple[tuple[str, str], ...]
    hat: Array
    inconsistency: Array
    change: Array
    can_be_detached: tuple[bool, ...]
    tau2: float

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each row; that of a design with several comparisons is added to them."""
        return tuple(
            f"{treatment} versus {reference}" + (f" ({', '.join(design)})" if len(design) > 2 else "")
            for design, (treatment, reference) in zip(self.designs, self.comparisons, strict=True)
        )


def net_heat(fitted: NetworkFit) -> NetHeat:
    """Compute the data of a net heat plot.

    Parameters
    ----------
    fitted
        A fitted network. Its between-study variance is used in every part; fit the common-effect model for the
        plot that netmeta draws by default.

    Raises
    ------
    NotEstimableError
        If all trials have the same design, which leaves nothing to compare.

    Notes
    -----
    A column of the change sums to the between-designs Q less what is left of it when that design is let go
    (``decompose_q(...).detached``, at tau2 = 0). The hat matrix is idempotent; its trace is the number of basic
    parameters. Reversing a comparison turns the sign of its row and column of the hat and changes no heat.

    References
    ----------
    krahn-2013
    """
    tau2 = fitted.tau2 or 0.0
    groups = designs(fitted.network)
    if len(groups) < 2:
        raise NotEstimableError("all trials have the same design, so there is no inconsistency between designs.")
    estimates, precision, x = _pooled_designs(groups, fitted.network.parameters, tau2)
    of_row = tuple(design for design in groups for _ in design[1:])
    half = np.asarray(np.linalg.cholesky(precision).T, dtype=float)
    whitened_y, whitened_x = half @ estimates, half @ x
    hat = x @ np.linalg.solve(x.T @ precision @ x, x.T @ precision)
    parts = _parts(whitened_y, whitened_x, half)
    change: Array = np.zeros(hat.shape)
    free = np.zeros(len(of_row), dtype=bool)
    for design in groups:
        rows = np.array([row == design for row in of_row])
        extended = np.hstack([whitened_x, half[:, rows]])
        brings_something = np.linalg.matrix_rank(extended, _NO_COLUMN * np.linalg.norm(extended, 2)) > x.shape[1]
        if brings_something and len(of_row) > x.shape[1]:
            change[:, rows] = (parts - _parts(whitened_y, extended, half))[:, None]
            free[rows] = True
    return NetHeat(
        designs=of_row,
        comparisons=tuple((name, design[0]) for design in groups for name in design[1:]),
        hat=hat,
        inconsistency=parts,
        change=change,
        can_be_detached=tuple(free.tolist()),
        tau2=tau2,
    )


def _pooled_designs(
    groups: dict[tuple[str, ...], tuple[Trial, ...]], parameters: tuple[str, ...], tau2: float
) -> tuple[Array, Array, Array]:
    """Direct estimates of each design against its first treatment, their precision, and the consistency design."""
    n_rows = sum(len(design) - 1 for design in groups)
    estimates, precision, x = np.zeros(n_rows), np.zeros((n_rows, n_rows)), np.zeros((n_rows, len(parameters)))
    start = 0
    for design, trials in groups.items():
        part = slice(start, start + len(design) - 1)
        information, score = np.zeros((len(design) - 1,) * 2), np.zeros(len(design) - 1)
        for trial in trials:
            own = design_matrix(trial, design[1:])
            weight = np.linalg.inv(trial.covariance + tau2 * heterogeneity_structure(trial.n_contrasts))
            information += own.T @ weight @ own
            score += own.T @ weight @ trial.estimates
        estimates[part] = np.linalg.solve(information, score)
        precision[part, part] = information
        for row, name in enumerate(design[1:], start=start):
            x[row] = [float(parameter == name) - float(parameter == design[0]) for parameter in parameters]
        start = part.stop
    return estimates, precision, x


def _parts(whitened_y: Array, whitened_x: Array, half: Array) -> Array:
    """Part of each row in the residual sum of squares, ``r (W r)``."""
    residual = whitened_y - whitened_x @ np.linalg.lstsq(whitened_x, whitened_y, rcond=_NO_COLUMN)[0]
    parts: Array = np.linalg.solve(half, residual) * (half.T @ residual)
    return parts
