"""What ``equipoise synthesise`` was asked, what of it makes no sense, and the analyses that answer the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.vocabulary.errors import RequestError, UnknownTermError

if TYPE_CHECKING:
    from equipoise.synthesis.cells import Cells
    from equipoise.synthesis.counted import Counted
    from equipoise.synthesis.network import Network
    from equipoise.synthesis.priors import TauPrior


@dataclass(frozen=True)
class Request:
    """The words of the command, each option as it is documented."""

    file: Path
    measure: str
    model: Any
    tau2: Any
    method: str
    inference: Any
    reference: str
    smaller_is_better: bool | None
    prior: TauPrior | None
    likelihood: str
    baselines: Any
    baseline_prior: TauPrior | None
    important: float | None
    merge: dict[str, str]
    zero_cells: Any
    what_if: str
    by_piece: bool
    favoured_first: tuple[str, ...] = ()

    @cached_property
    def _table(self) -> Cells:
        """The file, read once: what comes through a pipe comes only once."""
        from equipoise.synthesis.cells import cells_of

        return cells_of(self.file)

    @property
    def is_of_arms(self) -> bool:
        """Whether the posterior is that of the counts of the arms."""
        return self.method == "bayes" and self.likelihood == "arm"

    def documents(self) -> list[dict[str, Any]]:
        """Return the analyses in the machine form, one, or one for each piece.

        Raises
        ------
        RequestError
            If options were given together that do not go together.
        EquipoiseError
            If the data cannot be read or analysed.
        """
        self._require_sense()
        found = self._analyses()
        from equipoise.presentation.synthesis.supplement import with_people
        from equipoise.synthesis.tables import read_people

        people = read_people(self._table, merge=self.merge)
        return [with_people(document, people) for document in found]

    def _analyses(self) -> list[dict[str, Any]]:
        if self.method == "mantel-haenszel":
            return self._mantel_haenszel()
        if self.method == "likelihood" or self.is_of_arms:
            counted = self._counted()
            if not self.by_piece:
                return [self._of_counts(counted, self.reference)]
            pieces = counted.split()
            return [self._of_counts(piece, self._reference_in(piece, pieces)) for piece in pieces]
        return self._of_contrasts()

    def _require_sense(self) -> None:
        if self.important is not None and self.is_of_arms:
            raise RequestError(
                "--important reads the posterior of normal contrasts; of the exact counts it is not offered.\n"
                "  Try: --method bayes --likelihood contrast"
            )
        if self.what_if and (self.method in ("mantel-haenszel", "likelihood") or self.is_of_arms):
            of = "the exact likelihood of the arms" if self.is_of_arms else self.method
            raise RequestError(
                f"--what-if swaps models, estimators and priors of normal contrasts; {of} has none of them to swap.\n"
                "  Try: --method inverse-variance, or --method bayes --likelihood contrast"
            )
        if self.favoured_first and (self.method in ("mantel-haenszel", "likelihood") or self.is_of_arms):
            raise RequestError(
                "--favoured-first needs an effect and a standard error of each trial, which exact counts do not have.\n"
                "  Try: --method inverse-variance, or --method bayes --likelihood contrast"
            )
        if self.inference != "normal" and self.method != "inverse-variance":
            raise RequestError(
                f"--inference {self.inference} rescales least squares by what trials disagree by; {self.method} does "
                "not rest on that.\n  Try: --method inverse-variance"
            )
        if self.method != "bayes" and (self.prior is not None or self.likelihood == "arm"):
            option = "--prior" if self.prior is not None else "--likelihood arm"
            raise RequestError(f"{option} belongs to a posterior; {self.method} has none.\n  Try: --method bayes")
        if self.method == "bayes" and self.model == "common" and (self.prior is not None or self.what_if):
            option = "--prior" if self.prior is not None else "--what-if"
            raise RequestError(
                f"{option} is about tau, which is zero where there is a common effect.\n  Try: --model random"
            )
        if (self.baselines == "random" or self.baseline_prior is not None) and not self.is_of_arms:
            raise RequestError(
                "only the exact likelihood of the arms has baselines; contrasts have lost them.\n"
                "  Try: --method bayes --likelihood arm"
            )
        if self.baselines == "random" and self.baseline_prior is None:
            raise RequestError(
                "random baselines need a prior on how much they differ between trials.\n"
                "  Try: --baseline-prior half-normal:2, which is wide for log odds and log rates"
            )
        if self.baseline_prior is not None and self.baselines != "random":
            raise RequestError("a prior on baselines goes with random ones only.\n  Try: --baselines random")
        if self.method == "mantel-haenszel" and self.measure != "odds-ratio":
            raise RequestError(
                f"Mantel-Haenszel is for odds ratios here, not for a {self.measure}.\n  Try: --measure odds-ratio"
            )
        if self.method == "mantel-haenszel" and self.merge:
            raise RequestError("Mantel-Haenszel does not merge treatments.\n  Try: rename them in the file itself.")

    def _mantel_haenszel(self) -> list[dict[str, Any]]:
        from equipoise.synthesis.tables import read_counted, read_counts

        if not self.by_piece:
            return [self._mantel_haenszel_of(read_counts(self._table), self.reference)]
        pieces = read_counted(self._table, self.measure).split()
        return [self._mantel_haenszel_of(piece.rows(), self._reference_in(piece, pieces)) for piece in pieces]

    def _mantel_haenszel_of(self, counts: Any, reference: str) -> dict[str, Any]:
        from equipoise.presentation.synthesis import supplement as synthesis_supplement
        from equipoise.synthesis.analysis import report_on
        from equipoise.synthesis.mantel_haenszel import mantel_haenszel, trials_in

        fitted = mantel_haenszel(*counts, reference=reference)
        document = self._frequentist(report_on(fitted, smaller_is_better=self.smaller_is_better))
        # The fit knows designs, into which the method pools trials first; a reader counts trials.
        studies = trials_in(fitted, *counts)
        shape = synthesis_supplement.geometry_of_rows(counts[0], counts[1], document["treatments"])
        return document | {"studies": len(studies), "study_names": studies, "geometry": shape}

    def _reference_in(self, piece: Counted, pieces: Sequence[Counted]) -> str:
        """The reference asked for in the piece that has it; in the others their own first treatment."""
        known = sorted(name for one in pieces for name in one.treatments)
        if self.reference and self.reference not in known:
            raise UnknownTermError("treatment", self.reference, known)
        return self.reference if self.reference in piece.treatments else ""

    def _counted(self) -> Counted:
        from equipoise.synthesis.counted import COUNTED_MEASURES
        from equipoise.synthesis.tables import read_counted

        if self.measure not in COUNTED_MEASURES:
            allowed = " or ".join(COUNTED_MEASURES)
            raise RequestError(
                f"there is no likelihood of counts for a {self.measure}.\n"
                f"  Try: --measure {allowed}, or --method inverse-variance"
            )
        return read_counted(self._table, self.measure, merge=self.merge)

    def _of_counts(self, piece: Counted, reference: str) -> dict[str, Any]:
        from equipoise.presentation.synthesis import wire as synthesis_wire
        from equipoise.synthesis.analysis import analyse_arms, analyse_likelihood

        better = self.smaller_is_better
        if not self.is_of_arms:
            return self._frequentist(analyse_likelihood(piece, reference=reference, smaller_is_better=better))
        found = analyse_arms(
            piece,
            model=self.model,
            prior=self.prior,
            reference=reference,
            smaller_is_better=better,
            baselines=self.baselines,
            baseline_prior=self.baseline_prior,
        )
        return synthesis_wire.arm_network_meta_analysis(found, smaller_is_better=better)

    def _of_contrasts(self) -> list[dict[str, Any]]:
        from equipoise.synthesis.tables import read_network

        network = read_network(
            self._table, self.measure, reference=self.reference, merge=self.merge, zero_cells=self.zero_cells
        )
        from equipoise.synthesis.small_study import comparison_adjusted_funnel

        if self.what_if and self.what_if not in network.treatments:
            raise UnknownTermError("treatment", self.what_if, network.treatments)
        if self.favoured_first:
            comparison_adjusted_funnel(network, self.favoured_first)  # refuses an order that is not complete
        pieces = network.split() if self.by_piece else (network,)
        of = self._bayes if self.method == "bayes" else self._inverse_variance
        return [of(piece) | self._small_studies(piece) for piece in pieces]

    def _small_studies(self, network: Network) -> dict[str, Any]:
        if not self.favoured_first:
            return {}
        from equipoise.presentation.synthesis import supplement as synthesis_supplement
        from equipoise.synthesis.asymmetry import small_studies

        order = [name for name in self.favoured_first if name in network.treatments]
        return {"small_studies": synthesis_supplement.small_studies(small_studies(network, order))}

    def _inverse_variance(self, network: Network) -> dict[str, Any]:
        from equipoise.synthesis.analysis import analyse
        from equipoise.synthesis.what_if import what_if

        document = self._frequentist(
            analyse(
                network,
                model=self.model,
                tau2_method=self.tau2,
                inference=self.inference,
                smaller_is_better=self.smaller_is_better,
            )
        )
        if self.what_if not in network.treatments:
            return document
        rows = what_if(
            network,
            self.what_if,
            network.reference,
            model=self.model,
            tau2_method=self.tau2,
            inference=self.inference,
        )
        return self._with_what_if(document, rows, network)

    def _bayes(self, network: Network) -> dict[str, Any]:
        from equipoise.presentation.synthesis import supplement as synthesis_supplement
        from equipoise.presentation.synthesis import wire as synthesis_wire
        from equipoise.synthesis.analysis import analyse_bayes
        from equipoise.synthesis.what_if import what_if_bayes

        found = analyse_bayes(network, model=self.model, prior=self.prior, smaller_is_better=self.smaller_is_better)
        document = synthesis_wire.bayesian_network_meta_analysis(found, smaller_is_better=self.smaller_is_better)
        if self.important is not None:
            document = synthesis_supplement.with_important(document, found.posterior, self.important)
        if self.what_if not in network.treatments:
            return document
        rows = what_if_bayes(network, self.what_if, network.reference, prior=self.prior)
        return self._with_what_if(document, rows, network)

    def _frequentist(self, analysis: Any) -> dict[str, Any]:
        from equipoise.presentation.synthesis import supplement as synthesis_supplement
        from equipoise.presentation.synthesis import wire as synthesis_wire

        document = synthesis_wire.network_meta_analysis(analysis, self.method, smaller_is_better=self.smaller_is_better)
        if self.important is None:
            return document
        return synthesis_supplement.with_important(document, analysis.fit, self.important)

    def _with_what_if(self, document: dict[str, Any], rows: Any, network: Network) -> dict[str, Any]:
        from equipoise.presentation.synthesis import supplement as synthesis_supplement

        is_ratio = network.measure.is_ratio
        shown = synthesis_supplement.what_if(rows, self.what_if, network.reference, is_ratio=is_ratio)
        return document | {"what_if": shown}
