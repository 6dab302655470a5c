"""From an id to where its number comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.consultation import label_facts as labels
from equipoise.consultation.arm_estimates import PREFIX as ARM
from equipoise.consultation.arm_estimates import arm_estimate
from equipoise.consultation.head_to_head import INVERSE_PREFIX, inverse, outcome_section, pairs
from equipoise.consultation.network_answer import network_estimate
from equipoise.consultation.network_estimates import PREFIX as NETWORK
from equipoise.consultation.personal import LONG_RUN
from equipoise.consultation.personal import PREFIX as PERSONAL
from equipoise.consultation.syntheses import PREFIX as SYNTHESIS
from equipoise.consultation.trial_estimates import (
    FINDING_PREFIX,
    FROM_COUNTS,
    contrast_estimate,
    counted_comparison,
    finding,
)
from equipoise.consultation.trial_estimates import PREFIX as TRIAL
from equipoise.evidence import ArmResult, Evidence, Source, load_evidence
from equipoise.safety.schedule import plan_treatment
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.vocabulary.estimate import Estimate, Fact
from equipoise.vocabulary.provenance import Provenance
from equipoise.vocabulary.terms import Jurisdiction, OutcomeGroup

if TYPE_CHECKING:
    from equipoise.person import Person


@dataclass(frozen=True, slots=True)
class Trace:
    """What an id stands for, with its sources.

    Attributes
    ----------
    id
        As asked for.
    item
        The estimate or the sourced statement.
    provenance
        Its tree.
    sources
        Every source at the leaves, each once.
    """

    id: str
    item: Estimate | Fact
    provenance: Provenance
    sources: tuple[Source, ...]


def trace(identifier: str, *, evidence: Evidence | None = None, person: Person | None = None) -> Trace:
    """Return where a number or a statement comes from.

    Parameters
    ----------
    identifier
        Id of an estimate or fact, as every face prints it.
    evidence
        The release; the packaged one by default.
    person
        Whom the number was made for, where it was made for somebody: such a number is not kept anywhere and is
        made again.

    Raises
    ------
    UnknownTermError
        If nothing has this id; the message names the nearest.
    RequestError
        If the number was made for a person, and none or another is given.
    """
    evidence = evidence or load_evidence()
    found = identifier.strip()
    item = _personal(found, evidence, person) if found.startswith(PERSONAL) else resolve(found, evidence)
    if item is None:
        raise UnknownTermError("estimate or fact", identifier, _known(evidence))
    return trace_of(item, evidence, identifier)


def trace_of(item: Estimate | Fact, evidence: Evidence, identifier: str = "") -> Trace:
    """Return where a number or a statement at hand comes from.

    Parameters
    ----------
    item
        The estimate or the sourced statement.
    evidence
        The release that it was made from.
    identifier
        As it was asked for; its own id by default.
    """
    ids = dict.fromkeys(ref.source_id for ref in item.sources)
    sources = tuple(evidence.sources[source_id] for source_id in ids)
    return Trace(identifier or item.id, item, item.provenance, sources)


def _personal(identifier: str, evidence: Evidence, person: Person | None) -> Estimate | None:
    from equipoise.consultation.for_me import personal_estimate

    return personal_estimate(identifier, evidence, person)


def resolve(identifier: str, evidence: Evidence) -> Estimate | Fact | None:
    """Return the estimate or fact of an id, or ``None`` if nothing may be shown under it."""
    if identifier.startswith(INVERSE_PREFIX):
        inner = resolve(identifier.removeprefix(INVERSE_PREFIX), evidence)
        return inverse(evidence, inner) if isinstance(inner, Estimate) and inner.measure.is_comparison else None
    for prefix, find in _RESOLVERS.items():
        if identifier.startswith(prefix):
            return find(identifier, evidence)
    return None


def _arm(identifier: str, evidence: Evidence) -> Estimate | None:
    row = evidence.arm_results.get(identifier.removeprefix(ARM))
    return arm_estimate(evidence, row) if row is not None and row.trust.may_be_shown else None


def _trial(identifier: str, evidence: Evidence) -> Estimate | None:
    inner = identifier.removeprefix(TRIAL)
    contrast = evidence.contrasts.get(inner)
    if contrast is not None:
        shown = contrast.estimate is not None and contrast.trust.may_be_shown
        return contrast_estimate(evidence, contrast) if shown else None
    return _counted(inner, evidence)


def _counted(inner: str, evidence: Evidence) -> Estimate | None:
    first, separator, rest = inner.partition(".vs.")
    parts = rest.split(".")
    if not separator or len(parts) != 4:
        return None
    reference, outcome, months, measure = parts
    rows = [_row(evidence, arm, outcome, months) for arm in (first, reference)]
    known = {m.value: m for m in FROM_COUNTS}
    if rows[0] is None or rows[1] is None or measure not in known:
        return None
    return counted_comparison(evidence, rows[0], rows[1], known[measure])


def _row(evidence: Evidence, arm: str, outcome: str, months: str) -> ArmResult | None:
    row = evidence.arm_results.get(f"{arm}.{outcome}.{months}.proportion")
    return row if row is not None and row.trust.may_be_shown else None


def _finding(identifier: str, evidence: Evidence) -> Fact | None:
    contrast = evidence.contrasts.get(identifier.removeprefix(FINDING_PREFIX))
    return finding(evidence, contrast) if contrast is not None and contrast.estimate is None else None


def _synthesis(identifier: str, evidence: Evidence) -> Estimate | None:
    first, _, rest = identifier.removeprefix(SYNTHESIS).partition(".vs.")
    treatment = evidence.treatments.get(first)
    # by prefix, because an id of a treatment may hold a point: fingolimod-0.5
    reference = next((t for t in evidence.options if rest.startswith(f"{t.id}.")), None)
    if treatment is None or reference is None:
        return None
    outcome = evidence.outcomes.get(rest.removeprefix(f"{reference.id}.").partition(".")[0])
    if outcome is None or outcome.group is OutcomeGroup.ENGINE_ONLY:
        return None
    options = treatment, reference
    section = outcome_section(evidence, options, pairs(evidence, *options), outcome)
    numbers = (number for synthesis in section.syntheses for number in synthesis.estimates) if section else ()
    return next((number for number in numbers if number.id == identifier), None)


def _label(identifier: str, evidence: Evidence) -> Fact | None:
    entry = evidence.label_entries.get(identifier.removeprefix(labels.FACT_PREFIX))
    return labels.entry_fact(evidence, entry) if entry is not None and entry.trust.may_be_shown else None


def _label_percent(identifier: str, evidence: Evidence) -> Estimate | None:
    entry = evidence.label_entries.get(identifier.removeprefix(labels.PERCENT_PREFIX))
    if entry is None or not entry.trust.may_be_shown or "pct" not in entry.fields:
        return None
    treatment = next((t for t in evidence.options if entry in evidence.label(t).entries), None)
    return labels.label_percent(evidence, treatment, entry) if treatment is not None else None


def _schedule(identifier: str, evidence: Evidence) -> Estimate | None:
    name, _, rest = identifier.removeprefix(labels.SCHEDULE_PREFIX).partition(".")
    treatment = next((t for t in evidence.options if t.option == name), None)
    place = next((j for j in Jurisdiction if j == rest.partition(".")[0]), None)
    if treatment is None or place is None:
        return None
    rows = labels.plan_rows(evidence, treatment, place, plan_treatment(evidence.label(treatment), place))
    numbers = (*(number for row in rows for number in row.per_year), labels.after_last_dose(evidence, treatment, place))
    return next((number for number in numbers if number is not None and number.id == identifier), None)


def _trial_fact(identifier: str, evidence: Evidence) -> Fact | None:
    trial = evidence.trials.get(identifier.removeprefix(labels.TRIAL_FACT_PREFIX).rpartition(".")[0])
    facts = labels.trial_facts(evidence, trial) if trial is not None else ()
    return next((fact for fact in facts if fact.id == identifier), None)


def _long_run(identifier: str, evidence: Evidence) -> Estimate | None:
    from equipoise.consultation.long_run import long_run_estimate

    return long_run_estimate(identifier, evidence)


_RESOLVERS: dict[str, Callable[[str, Evidence], Estimate | Fact | None]] = {
    ARM: _arm,
    TRIAL: _trial,
    FINDING_PREFIX: _finding,
    SYNTHESIS: _synthesis,
    NETWORK: network_estimate,
    LONG_RUN: _long_run,
    labels.FACT_PREFIX: _label,
    labels.PERCENT_PREFIX: _label_percent,
    labels.SCHEDULE_PREFIX: _schedule,
    labels.TRIAL_FACT_PREFIX: _trial_fact,
}


def _known(evidence: Evidence) -> list[str]:
    return [
        *(ARM + row.id for row in evidence.arm_results.values() if row.trust.may_be_shown),
        *(TRIAL + row.id for row in evidence.contrasts.values() if row.trust.may_be_shown and row.estimate is not None),
        *(labels.FACT_PREFIX + entry for entry in evidence.label_entries),
    ]
