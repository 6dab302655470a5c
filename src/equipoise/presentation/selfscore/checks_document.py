"""Checks of the document: numbers, sources, intervals, options."""

from __future__ import annotations

from collections import Counter

from equipoise.consultation import trace
from equipoise.decision.words import TIE_HIGH, TIE_LOW
from equipoise.outcomes.draws import PERSONAL
from equipoise.presentation.personal_effects import PersonalEffects, complement, event, frequency, is_share
from equipoise.presentation.personal_words import NO_TREATMENT, option_name
from equipoise.presentation.selfscore.bench import BARRED, EVERYTHING, LIMITED, OUTSIDE, UNKNOWN, WEIGHED, Bench
from equipoise.presentation.selfscore.finding import CheckFinding, check, every
from equipoise.presentation.selfscore.reading_pages import PageText
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.estimate import CertaintyLevel
from equipoise.vocabulary.terms import OutcomeGroup


@check
def even_handed(bench: Bench) -> CheckFinding:
    """Naming the options the other way round mirrors every number, and both stand in the same tables."""
    mine, other = (
        {(o.option.id, o.outcome.id, o.horizon_months): (o.affected, o.low, o.high) for o in view.outcomes}
        for view in (bench.view(), bench.view(swapped=True))
    )
    parts, other_parts = _components(bench.one_file), _components(bench.other_file)
    if mine != other or not mine:
        return CheckFinding(False, "naming the options the other way round changes numbers")
    if parts != other_parts:
        changed = next(iter((parts - other_parts) + (other_parts - parts)))
        return CheckFinding(False, f"naming the options the other way round changes what is drawn, such as {changed}")
    return CheckFinding(True, f"{len(mine)} numbers and every component the same whichever option is named first")


def _components(page: PageText) -> Counter[str]:
    return Counter(
        f"{e.name}.{e.attributes.get('class', '')}" for e in page.all("table", "tr", "th", "td", "h2", "h3", "svg")
    )


@check
def no_orphans(bench: Bench) -> CheckFinding:
    """Every number and statement has a source with its place, and the evidence a version and a date."""
    items = bench.sitting().items
    wrong = [
        name
        for name, item in items.items()
        if not item.sources or not all(r.source_id and r.locator for r in item.sources)
    ]
    return every("numbers and statements with source and place", wrong, len(items))


@check
def every_shown_number_resolves(bench: Bench) -> CheckFinding:
    """Every id that the file shows leads to its way."""
    ids = [e.attributes["data-id"] for e in bench.one_file.elements if e.attributes.get("data-id")]
    items, wrong = bench.sitting().items, []
    for name in dict.fromkeys(ids):
        if name in items:
            continue
        try:
            trace(name, evidence=bench.evidence)
        except EquipoiseError:
            wrong.append(name)
    return every("shown ids that resolve", wrong, len(set(ids)))


@check
def uncertainty_with_every_number(bench: Bench) -> CheckFinding:
    """Every probability has an interval and one of four levels of certainty."""
    outcomes = bench.view().outcomes
    wrong = [
        o.estimate.id
        for o in outcomes
        if not o.low <= o.affected <= o.high or o.estimate.certainty.level is CertaintyLevel.NOT_RATED
    ]
    return every("probabilities with interval and certainty", wrong, len(outcomes))


@check
def certainty_with_reasons(bench: Bench) -> CheckFinding:
    """Every level below high says why."""
    rated = [o.estimate for o in bench.view().outcomes if o.estimate.certainty.level is not CertaintyLevel.HIGH]
    return every("levels with reasons", [e.id for e in rated if not e.certainty.reasons], len(rated))


@check
def no_treatment_shown(bench: Bench) -> CheckFinding:
    """No treatment stands beside the options, with numbers."""
    found = [o for o in bench.view().outcomes if o.option.id == NO_TREATMENT]
    return CheckFinding(bool(found), f"{len(found)} numbers for no treatment, from people on a placebo in trials")


@check
def options_in_one_table(bench: Bench) -> CheckFinding:
    """One table holds every option in a column of its own."""
    names = [option_name(option) for option in bench.view().options]
    tables = [t.text.lower() for t in bench.one_file.all("table")]
    holds = any(all(name in text for name in names) for text in tables)
    return CheckFinding(holds, f"{', '.join(names)} in one table" if holds else "no table holds all options")


@check
def probabilities_of_each_option(bench: Bench) -> CheckFinding:
    """Each option has probabilities."""
    sizes = {o.name: sum(one.option.id == o.id for one in bench.view().outcomes) for o in bench.view().options}
    said = ", ".join(f"{name} {n}" for name, n in sizes.items())
    return every(f"options with probabilities ({said})", [name for name, n in sizes.items() if not n], len(sizes))


@check
def group_named(bench: Bench) -> CheckFinding:
    """Every probability says to whom it applies."""
    outcomes = bench.view().outcomes
    wrong = [o.estimate.id for o in outcomes if not o.estimate.population]
    return every("probabilities with their group", wrong, len(outcomes))


@check
def natural_frequencies(bench: Bench) -> CheckFinding:
    """Probabilities are people of 100, 1,000 or 10,000."""
    found = [o for o in bench.view().outcomes if is_share(o)]
    wrong = [o.estimate.id for o in found if o.denominator not in (100, 1_000, 10_000)]
    return every("probabilities as people of a round number", wrong, len(found))


@check
def one_horizon(bench: Bench) -> CheckFinding:
    """One table holds one length of time."""
    tables = PersonalEffects(bench.view()).tables
    wrong = [
        t
        for t in tables
        if any(c and c.horizon_months != t.horizon_months for r in (*t.rows, *t.more) for c in r.cells)
    ]
    return every("tables of one length of time", [str(t.horizon_months) for t in wrong], len(tables))


@check
def one_denominator(bench: Bench) -> CheckFinding:
    """One table holds one denominator."""
    tables = PersonalEffects(bench.view()).tables
    wrong = [
        t for t in tables if any(c and c.denominator != t.denominator for r in (*t.rows, *t.more) for c in r.cells)
    ]
    return every("tables of one denominator", [str(t.denominator) for t in wrong], len(tables))


@check
def both_frames(bench: Bench) -> CheckFinding:
    """Affected and unaffected people make up the denominator, and both have words."""
    shares = [o for o in bench.view().outcomes if is_share(o)]
    wrong = []
    for one in shares:
        counted = frequency(one)
        if counted.affected + counted.unaffected != counted.denominator or not event(one) or not complement(one):
            wrong.append(one.estimate.id)
    return every("probabilities told both ways", wrong, len(shares))


@check
def more_than_one_view(bench: Bench) -> CheckFinding:
    """Pictures, tables and words of the same numbers stand in the file."""
    page = bench.one_file
    seen = {"pictures": len(page.all("svg")), "tables": len(page.all("table")), "paragraphs": len(page.all("p"))}
    return CheckFinding(all(seen.values()), ", ".join(f"{count} {name}" for name, count in seen.items()))


@check
def course_harms_and_quality_of_life(bench: Bench) -> CheckFinding:
    """Course of the illness, side effects and quality of life all have numbers."""
    groups = {section.outcome.group for section in bench.sitting().sections}
    wanted = {OutcomeGroup.RELAPSES, OutcomeGroup.DISABILITY, OutcomeGroup.COMMON_HARM, OutcomeGroup.QUALITY_OF_LIFE}
    missing = sorted(group.value for group in wanted - groups)
    return CheckFinding(not missing, f"without numbers: {', '.join(missing)}" if missing else "all have numbers")


@check
def unknown_widens(bench: Bench) -> CheckFinding:
    """Knowing nothing of a person never gives a narrower range than knowing."""
    known, unknown = (
        {(o.option.id, o.outcome.id, o.horizon_months): o.high - o.low for o in view.outcomes if o.basis == PERSONAL}
        for view in (bench.view(), bench.view(UNKNOWN, None))
    )
    shared = known.keys() & unknown.keys()
    wrong = [" ".join(map(str, key)) for key in sorted(shared) if unknown[key] < known[key]]
    return every("ranges that are no narrower when nothing is known", wrong, len(shared))


@check
def outside_declines(bench: Bench) -> CheckFinding:
    """Outside the evidence there is a reason and no personal number."""
    view = bench.view(OUTSIDE, None)
    holds = bool(view.declined) and not any(o.basis == PERSONAL for o in view.outcomes)
    return CheckFinding(holds, f"primary progressive MS: {len(view.declined)} reasons, no personal number")


@check
def contraindicated_never_ranked(bench: Bench) -> CheckFinding:
    """An option that the label rules out has no rank and stays visible."""
    view = bench.view(BARRED, WEIGHED)
    fit = view.fit
    barred = [one.option.id for one in fit.unranked if one.because == "contraindicated"] if fit else []
    holds = fit is not None and bool(barred) and not set(barred) & {one.option.id for one in fit.options}
    return CheckFinding(holds, f"not ranked and still shown: {', '.join(barred) or 'none'}")


@check
def exclusions_cite_labels(bench: Bench) -> CheckFinding:
    """Every exclusion names its place in a label."""
    fit = bench.view(BARRED, WEIGHED).fit
    barred = [one for one in fit.unranked if one.because == "contraindicated"] if fit else []
    return every("exclusions with a source", [o.option.id for o in barred if not o.source_ids], len(barred))


@check
def everything_matters_is_noticed(bench: Bench) -> CheckFinding:
    """Where all matters alike, that is noticed."""
    fit = bench.view(values=EVERYTHING).fit
    return CheckFinding(fit is not None and bool(fit.remarks), fit.remarks[0] if fit and fit.remarks else "it is not")


@check
def limits_override(bench: Bench) -> CheckFinding:
    """An option beyond a limit has no rank, whatever else speaks for it."""
    fit = bench.view(values=LIMITED).fit
    out = [one.option.id for one in fit.unranked if one.because == "limit"] if fit else []
    return CheckFinding(bool(out), f"beyond a limit of one injection a year: {', '.join(out) or 'none'}")


@check
def fit_explained(bench: Bench) -> CheckFinding:
    """Shares of plausible worlds come with reasons and with what would change them."""
    fit = bench.view().fit
    holds = fit is not None and bool(fit.reasons) and bool(fit.what_would_change or fit.what_stays)
    return CheckFinding(holds, f"{len(fit.reasons)} reasons, {len(fit.what_would_change)} changes" if fit else "no fit")


@check
def tie_is_called_a_tie(bench: Bench) -> CheckFinding:
    """Options within the borders of a tie are called one, and others are not."""
    fit = bench.view().fit
    if fit is None or len(fit.options) < 2:
        return CheckFinding(False, "nothing was ranked")
    shares = [one.rank_acceptability[0] for one in fit.options[:2]]
    close = all(TIE_LOW <= share <= TIE_HIGH for share in shares)
    said = (
        f"first in {' and '.join(f'{100 * share:.0f}' for share in shares)} of 100 worlds, tie said: {bool(fit.ties)}"
    )
    return CheckFinding(close == bool(fit.ties), said)
