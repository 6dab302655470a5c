"""What must agree within the evidence: ids, counts, percentages, intervals, pseudo-arms.

Reading proves that each cell is what its column promises; these checks prove that the rows fit together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from equipoise.evidence.natural_history_checks import NATURAL_HISTORY_CHECKS
from equipoise.evidence.reading import Tables
from equipoise.evidence.records import Arm, ArmKind, ArmResult, Contrast, RawRow, ResultKind, Trial, TrialKind
from equipoise.evidence.tables import RESTORE, Problems
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.estimate import Trust


def check_agreement(tables: Tables, problems: Problems) -> None:
    """Add a fault for everything in the tables that does not fit together.

    Parameters
    ----------
    tables
        Every table.
    problems
        Collects the faults.
    """
    for check in _CHECKS:
        for error in check(tables):
            problems.add(error)


def _fault(row: RawRow, column: str, problem: str, found: object, allowed: str, mend: str = RESTORE) -> EvidenceError:
    place = f"{row.row_id} (line {row.line})" if row.line else row.row_id
    return EvidenceError(
        problem, file=row.table, row=place, column=column, found=str(found), allowed=allowed, mend=mend
    )


def _resolves(row: RawRow, column: str, name: str, table: Mapping[str, object], of: str) -> Iterator[EvidenceError]:
    if name not in table:
        yield _fault(
            row,
            column,
            f"no {of} has this id",
            name,
            f"an id that stands in {of}",
            f"name an existing row, or add it to {of}",
        )


def _ids(tables: Tables) -> Iterator[EvidenceError]:
    for trial in tables.trials.values():
        yield from _resolves(trial.row, "source_id", trial.source_id, tables.sources, "sources.csv")
        for member in trial.members:
            yield from _resolves(trial.row, "members", member, tables.trials, "trials.csv")
    for arm in tables.arms.values():
        yield from _resolves(arm.row, "source_id", arm.source.source_id, tables.sources, "sources.csv")
        yield from _resolves(arm.row, "trial_id", arm.trial_id, tables.trials, "trials.csv")
        yield from _resolves(arm.row, "treatment_id", arm.treatment_id, tables.treatments, "treatments.toml")
        for member in arm.members:
            yield from _resolves(arm.row, "members", member, tables.arms, "arms.csv")
    for result in tables.arm_results.values():
        yield from _row_ids(tables, result, ("arm_id",))
    for contrast in tables.contrasts.values():
        yield from _row_ids(tables, contrast, ("arm_id", "reference_arm_id"))


def _row_ids(tables: Tables, row: ArmResult | Contrast, arm_columns: tuple[str, ...]) -> Iterator[EvidenceError]:
    yield from _resolves(row.row, "source_id", row.source.source_id, tables.sources, "sources.csv")
    yield from _resolves(row.row, "trial_id", row.trial_id, tables.trials, "trials.csv")
    yield from _resolves(row.row, "outcome_id", row.outcome_id, tables.outcomes, "outcomes.toml")
    for column in arm_columns:
        arm_id = getattr(row, column)
        yield from _resolves(row.row, column, arm_id, tables.arms, "arms.csv")
        arm = tables.arms.get(arm_id)
        if arm is not None and arm.trial_id != row.trial_id:
            yield _fault(row.row, column, "the arm belongs to another trial", arm_id, f"an arm of {row.trial_id}")


def _label_sources(tables: Tables) -> Iterator[EvidenceError]:
    seen: set[str] = set()
    for label in tables.labels.values():
        for entry in (*label.entries, *((label.mechanism,) if label.mechanism else ())):
            yield from _resolves(entry.row, "source_id", entry.source.source_id, tables.sources, "sources.csv")
            if entry.id in seen:
                yield _fault(entry.row, "id", "this id stands twice", entry.id, "each id once")
            seen.add(entry.id)
    for treatment in tables.treatments.values():
        if treatment.drug_id and treatment.drug_id not in tables.labels:
            yield EvidenceError(
                "no label has this id",
                file="treatments.toml",
                row=treatment.id,
                column="drug_id",
                found=treatment.drug_id,
                allowed="the drug_id of a label file",
                mend="add the label",
            )
        for member in treatment.members:
            if member not in tables.treatments:
                yield EvidenceError(
                    "no treatment has this id",
                    file="treatments.toml",
                    row=treatment.id,
                    column="members",
                    found=member,
                    allowed="the id of a treatment",
                    mend="name an existing treatment",
                )


def _options(tables: Tables) -> Iterator[EvidenceError]:
    taken: dict[str, str] = {}
    for treatment in tables.treatments.values():
        for name in (treatment.option, *treatment.aliases) if treatment.option else ():
            if taken.setdefault(name, treatment.id) != treatment.id:
                yield EvidenceError(
                    "this name means two options",
                    file="treatments.toml",
                    row=treatment.id,
                    column="option" if name == treatment.option else "aliases",
                    found=name,
                    allowed=f"a name that {taken[name]} does not have",
                    mend="give one of them another name",
                )
        if treatment.option and not treatment.drug_id:
            yield EvidenceError(
                "an option needs a label",
                file="treatments.toml",
                row=treatment.id,
                column="drug_id",
                found="(empty)",
                allowed="the drug_id of a label file",
                mend="add the label, or make it no option",
            )


def _other_sources(tables: Tables) -> Iterator[EvidenceError]:
    for file, row, source_id in tables.cited_elsewhere:
        if source_id not in tables.sources:
            yield EvidenceError(
                "no source has this id",
                file=file,
                row=row,
                column="source_id",
                found=source_id or "(empty)",
                allowed="an id that stands in sources.csv",
                mend=RESTORE,
            )


def _counts(tables: Tables) -> Iterator[EvidenceError]:
    for result in tables.arm_results.values():
        people = result.kind is ResultKind.PROPORTION or (
            result.kind is ResultKind.COUNT and result.unit in ("participants", "patients")
        )
        if people and result.events is not None and result.n is not None and result.events > result.n:
            yield _fault(
                result.row,
                "events",
                "more people with the event than people",
                result.events,
                f"0 to {result.n} (column n)",
            )
        if result.timepoint_months is not None and result.timepoint_months < 0:
            yield _fault(
                result.row, "timepoint_months", "a horizon before the start", result.timepoint_months, "0 or more"
            )
        if result.n == 0:
            yield _fault(result.row, "n", "a group of nobody", 0, "1 or more, or empty for 'not reported'")
        if (
            result.kind in (ResultKind.PROPORTION, ResultKind.KAPLAN_MEIER)
            and result.value is not None
            and not 0 <= result.value <= 100
        ):
            yield _fault(result.row, "value", "a share of people outside 0 to 100 percent", result.value, "0 to 100")
        if result.kind is ResultKind.RATE and result.value is not None and result.value < 0:
            yield _fault(result.row, "value", "a negative rate", result.value, "0 or more")
        if result.value is None and result.events is None:
            yield _fault(result.row, "value", "the row holds no number", "(empty)", "a value or a count of events")


def _percentages(tables: Tables) -> Iterator[EvidenceError]:
    for result in tables.arm_results.values():
        if result.kind is not ResultKind.PROPORTION or result.events is None or not result.n or result.value is None:
            continue
        if ("arm-results.csv", result.id, "value") in tables.corrections.discrepancies:
            continue
        printed = dict(result.row.cells)["value"]
        decimals = len(printed.partition(".")[2])
        computed = 100 * result.events / result.n
        if abs(computed - result.value) > 0.5 * 10**-decimals + 1e-9:
            yield _fault(
                result.row,
                "value",
                f"the percentage does not agree with {result.events} of {result.n}",
                printed,
                f"{computed:.{decimals + 1}f} within rounding",
                "mend the cell, or record a discrepancy of the source in corrections.toml",
            )


def _rows(tables: Tables) -> Iterator[ArmResult | Contrast]:
    yield from tables.arm_results.values()
    yield from tables.contrasts.values()


def _intervals(tables: Tables) -> Iterator[EvidenceError]:
    for row in _rows(tables):
        column = "value" if isinstance(row, ArmResult) else "estimate"
        point = row.value if isinstance(row, ArmResult) else row.estimate
        if (row.ci_low is None) != (row.ci_high is None):
            yield _fault(
                row.row,
                "ci_high" if row.ci_high is None else "ci_low",
                "an interval with one limit",
                "(empty)",
                "both limits, or neither",
            )
        elif row.ci_low is not None and row.ci_high is not None:
            if point is None:
                yield _fault(
                    row.row, column, "an interval without its estimate", "(empty)", "a number between the limits"
                )
            elif row.ci_low >= row.ci_high:
                yield _fault(
                    row.row,
                    "ci_low",
                    "the limits are not in order",
                    row.ci_low,
                    f"less than {row.ci_high:g} (column ci_high)",
                )
            elif isinstance(row, Contrast) and row.measure is not None and row.measure.is_ratio and row.ci_low <= 0:
                yield _fault(row.row, "ci_low", "a limit of a ratio must be above zero", row.ci_low, "more than 0")
            elif not row.ci_low <= point <= row.ci_high:
                yield _fault(
                    row.row,
                    column,
                    "the estimate lies outside its interval",
                    point,
                    f"{row.ci_low:g} to {row.ci_high:g}",
                )


def _contrasts(tables: Tables) -> Iterator[EvidenceError]:
    for row in tables.contrasts.values():
        if row.estimate is not None and row.measure is None:
            yield _fault(row.row, "measure", "an estimate needs a measure", "(empty)", "rate-ratio, hazard-ratio, ...")
        if row.measure is not None and not row.measure.is_comparison:
            yield _fault(row.row, "measure", "this measure compares nothing", row.measure, "a ratio or a difference")
        if row.measure is not None and row.measure.is_ratio and row.estimate is not None and row.estimate <= 0:
            yield _fault(row.row, "estimate", "a ratio must be above zero", row.estimate, "more than 0")
        if row.arm_id == row.reference_arm_id:
            yield _fault(
                row.row, "reference_arm_id", "an arm is compared with itself", row.arm_id, "another arm of the trial"
            )
        if row.estimate is None and not row.p_value and not row.note:
            yield _fault(row.row, "estimate", "the row says nothing", "(empty)", "an estimate, a p value or a note")


def _pseudo(tables: Tables) -> Iterator[EvidenceError]:
    for trial in tables.trials.values():
        if trial.kind is TrialKind.POOLED_TRIALS and not trial.members:
            yield _fault(
                trial.row,
                "members",
                "a pooled pseudo-trial must name its trials",
                "(empty)",
                "trial ids separated by spaces",
            )
    for arm in tables.arms.values():
        yield from _pseudo_arm(arm, tables.trials.get(arm.trial_id), tables)


def _pseudo_arm(arm: Arm, trial: Trial | None, tables: Tables) -> Iterator[EvidenceError]:
    treatment = tables.treatments.get(arm.treatment_id)
    if treatment is not None and treatment.members and arm.kind is ArmKind.RANDOMISED:
        yield _fault(arm.row, "kind", "an arm of merged doses is no randomised arm", arm.kind, "merged-doses")
    if trial is not None and trial.kind is TrialKind.POOLED_TRIALS and arm.kind is ArmKind.RANDOMISED:
        yield _fault(
            arm.row,
            "kind",
            "an arm of a pooled pseudo-trial is no randomised arm",
            arm.kind,
            "pooled-trials, merged-doses or subgroup",
        )
    if trial is not None and trial.kind is not TrialKind.RANDOMISED and arm.kind is ArmKind.RANDOMISED:
        yield _fault(
            arm.row,
            "kind",
            f"an arm of a study that is {trial.kind} cannot be randomised",
            arm.kind,
            "the kind of the study",
        )


def _unverified(tables: Tables) -> Iterator[EvidenceError]:
    for row in _rows(tables):
        if row.source.source_id == "expert" and row.trust is not Trust.UNVERIFIED:
            yield _fault(row.row, "trust", "a row from memory must be marked so", row.trust, "unverified")


def _claims(tables: Tables) -> Iterator[EvidenceError]:
    numbers = [claim.number for claim in tables.claims.values()]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield EvidenceError(
            "the claims are not numbered 1, 2, 3, ...",
            file="claims.toml",
            column="number",
            found=str(sorted(numbers)),
            allowed="each number once, without a gap",
            mend="number them in order",
        )


_CHECKS: tuple[Callable[[Tables], Iterator[EvidenceError]], ...] = (
    _ids,
    _label_sources,
    _options,
    _other_sources,
    _counts,
    _percentages,
    _intervals,
    _contrasts,
    _pseudo,
    _unverified,
    _claims,
    *NATURAL_HISTORY_CHECKS,
)
