"""The evidence as one immutable object: load it, look things up, cite them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from equipoise.evidence.checks import check_agreement
from equipoise.evidence.claims import Claim
from equipoise.evidence.corrections import Correction
from equipoise.evidence.labels import Label, LabelEntry
from equipoise.evidence.natural_history import NaturalHistoryRate, PrognosticModel, Transition
from equipoise.evidence.reading import FILES, Tables, read_tables
from equipoise.evidence.records import Arm, ArmResult, Contrast, RawRow, Source, Trial
from equipoise.evidence.tables import Problems, read_files
from equipoise.vocabulary.errors import EvidenceError, RequestError, UnknownTermError
from equipoise.vocabulary.provenance import SourceRef, SourceRow
from equipoise.vocabulary.terms import Outcome, Treatment

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Release:
    """Which evidence an answer came from.

    Attributes
    ----------
    date, sha256
        Day of the last change, and the hash of every file with its name.
    review_by, update_policy, funding
        When it is looked at again at the latest, how, and who pays.
    """

    date: str
    sha256: str
    review_by: str
    update_policy: str
    funding: str

    @property
    def version(self) -> str:
        """Date and the first twelve characters of the hash."""
        return f"{self.date}+{self.sha256[:12]}"


@dataclass(frozen=True)
class Evidence:
    """Every table of one release. Built by :func:`load_evidence`; nothing in it can be changed.

    Attributes
    ----------
    release
        Version, date and hash.
    treatments, outcomes, sources, trials, arms, arm_results, contrasts, labels, claims
        The tables, each by id, in the order of the file.
    prognostic_models, transitions, natural_history_rates
        What was published about the course of the disease, by id.
    corrections
        Cells that were corrected, each with its reason, in the order of the file.
    """

    release: Release
    treatments: Mapping[str, Treatment]
    outcomes: Mapping[str, Outcome]
    sources: Mapping[str, Source]
    trials: Mapping[str, Trial]
    arms: Mapping[str, Arm]
    arm_results: Mapping[str, ArmResult]
    contrasts: Mapping[str, Contrast]
    labels: Mapping[str, Label]
    claims: Mapping[str, Claim]
    prognostic_models: Mapping[str, PrognosticModel]
    transitions: Mapping[str, Transition]
    natural_history_rates: Mapping[str, NaturalHistoryRate]
    corrections: tuple[Correction, ...] = ()

    def option(self, name: str) -> Treatment:
        """Return the treatment that a name stands for.

        Parameters
        ----------
        name
            Option, alias, brand or treatment id; case and spaces do not matter.

        Raises
        ------
        UnknownTermError
            If no option is called so; the message names the nearest.
        """
        wanted = _plain(name)
        for treatment in self.options:
            if wanted in (treatment.option, treatment.id, *treatment.aliases):
                return treatment
        known = [term for treatment in self.options for term in (treatment.option, *treatment.aliases)]
        raise UnknownTermError("treatment option", name, known)

    @property
    def options(self) -> tuple[Treatment, ...]:
        """Every treatment that a person may compare."""
        return tuple(treatment for treatment in self.treatments.values() if treatment.option)

    def trial(self, name: str) -> Trial:
        """Return a trial by id or name; case, spaces and what stands in brackets do not matter.

        Raises
        ------
        UnknownTermError
            If there is no such trial; the message names the nearest.
        """
        wanted = _plain(name)
        for trial in self.trials.values():
            if wanted in (trial.id, _plain(trial.name), _plain(trial.short_name)):
                return trial
        raise UnknownTermError("trial", name, self.trials)

    def source(self, name: str) -> Source:
        """Return a source by id.

        Raises
        ------
        UnknownTermError
            If there is no such source; the message names the nearest.
        """
        if name not in self.sources:
            raise UnknownTermError("source", name, self.sources)
        return self.sources[name]

    def label(self, treatment: Treatment) -> Label:
        """Return the label of a treatment's drug.

        Raises
        ------
        RequestError
            If there is no label for it.
        """
        if treatment.drug_id not in self.labels:
            raise RequestError(f"there is no label file for {treatment.name}.")
        return self.labels[treatment.drug_id]

    @functools.cached_property
    def label_entries(self) -> Mapping[str, LabelEntry]:
        """Every label entry of every drug, by id."""
        entries: dict[str, LabelEntry] = {}
        for label in self.labels.values():
            entries |= {entry.id: entry for entry in (*label.entries, *((label.mechanism,) if label.mechanism else ()))}
        return entries

    @functools.cached_property
    def results_by_arm_outcome(self) -> Mapping[tuple[str, str], tuple[ArmResult, ...]]:
        """Arm results by arm and outcome; rows that may not be shown are left out."""
        groups: dict[tuple[str, str], list[ArmResult]] = {}
        for result in self.arm_results.values():
            if result.trust.may_be_shown:
                groups.setdefault((result.arm_id, result.outcome_id), []).append(result)
        return {key: tuple(results) for key, results in groups.items()}

    def contrasts_on(self, outcome_id: str) -> tuple[Contrast, ...]:
        """Return the contrasts on an outcome that may be shown."""
        return tuple(c for c in self.contrasts.values() if c.outcome_id == outcome_id and c.trust.may_be_shown)

    def arms_of(self, treatments: Iterable[str]) -> tuple[Arm, ...]:
        """Return the arms given any of these treatments."""
        wanted = set(treatments)
        return tuple(arm for arm in self.arms.values() if arm.treatment_id in wanted)

    def whole(self, trial: Trial) -> SourceRef:
        """Return the source of a trial's description."""
        return SourceRef(trial.source_id, "description of the trial")

    def cite(self, row: RawRow, source: SourceRef, *used: str) -> SourceRow:
        """Return a row as a leaf of a provenance tree.

        Parameters
        ----------
        row, source
            The row, and the source and locator it names.
        used
            The cells that the number depends on.
        """
        return SourceRow(
            row.table, row.row_id, source, self.sources[source.source_id].citation, row.cells, used, row.corrections
        )


def _plain(name: str) -> str:
    return "-".join(name.strip().lower().replace("_", " ").split())


def digest(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of every file with its name, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(contents):
        total.update(name.encode() + b"\0" + hashlib.sha256(contents[name]).digest())
    return total.hexdigest()


def examine(directory: Path = DATA) -> tuple[Evidence | None, tuple[EvidenceError, ...]]:
    """Read a folder of evidence and return it with every fault found in it.

    Parameters
    ----------
    directory
        The folder; the package's own by default.

    Returns
    -------
    evidence
        ``None`` when a file cannot be read at all.
    problems
        Every fault, in the order of the files; empty when the evidence is sound.
    """
    try:
        contents = read_files(directory, FILES)
    except EvidenceError as error:
        return None, (error,)
    return examine_files(contents)


def examine_files(contents: Mapping[str, bytes]) -> tuple[Evidence | None, tuple[EvidenceError, ...]]:
    """Read evidence that is already in memory and return it with every fault found in it.

    Parameters
    ----------
    contents
        The bytes of every file by its name, as in the folder: ``"arms.csv"``, ``"labels/alemtuzumab.toml"``.

    Returns
    -------
    evidence
        ``None`` when a file cannot be read at all.
    problems
        Every fault, in the order of the files; empty when the evidence is sound.
    """
    missing = [name for name in FILES if name not in contents]
    if missing:
        return None, tuple(
            EvidenceError(
                "the file is missing",
                file=name,
                found="no such file",
                allowed="every file of the release",
                mend="restore the file from the release",
            )
            for name in missing
        )
    problems = Problems()
    tables = read_tables(contents, problems)
    if tables is None:
        return None, tuple(problems.found)
    evidence = _assemble(tables, digest(contents))
    check_agreement(tables, problems)
    return evidence, tuple(problems.found)


def _assemble(tables: Tables, sha256: str) -> Evidence:
    release = Release(sha256=sha256, **tables.release)
    return Evidence(
        release=release,
        treatments=tables.treatments,
        outcomes=tables.outcomes,
        sources=tables.sources,
        trials=tables.trials,
        arms=tables.arms,
        arm_results=tables.arm_results,
        contrasts=tables.contrasts,
        labels=tables.labels,
        claims=tables.claims,
        prognostic_models=tables.prognostic_models,
        transitions=tables.transitions,
        natural_history_rates=tables.natural_history_rates,
        corrections=tuple(one for of_row in tables.corrections.corrections.values() for one in of_row),
    )


def load_evidence(directory: Path | None = None) -> Evidence:
    """Return the evidence, checked; a broken copy is refused.

    Parameters
    ----------
    directory
        A folder laid out like the package's own ``evidence/data``; by default that folder itself, which is
        read once and kept.

    Raises
    ------
    EvidenceError
        If anything in it is wrong. The message is the first fault with its file, row and column, and says
        how many more there are.
    """
    return _packaged() if directory is None else _load(directory)


@functools.cache
def _packaged() -> Evidence:
    return _load(DATA)


def _load(directory: Path) -> Evidence:
    evidence, problems = examine(directory)
    if problems or evidence is None:
        raise _refusal(problems)
    return evidence


def _refusal(problems: tuple[EvidenceError, ...]) -> EvidenceError:
    first, more = problems[0], len(problems) - 1
    if not more:
        return first
    mend = f"{first.mend}; {more} more found: 'equipoise evidence check' lists them"
    return EvidenceError(
        first.problem,
        file=first.file,
        row=first.row,
        column=first.column,
        found=first.found,
        allowed=first.allowed,
        mend=mend,
    )
