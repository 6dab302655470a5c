"""What ``equipoise network`` prints for people: pieces, comparisons, one pair closely, ranks, what was left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from equipoise.consultation.network_certainty import SMALLEST_RATIO_THAT_MATTERS
from equipoise.consultation.network_document import ComparisonResult, DirectIndirect, NetworkAnswer, Piece, WithoutTrial
from equipoise.evidence import Evidence
from equipoise.presentation import terminal
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.vocabulary.estimate import Estimate, Interval
from equipoise.vocabulary.terms import Direction

PLOT_WIDTH = 25
PLOT_LOW, PLOT_HIGH = 0.2, 2.0
# A leave-one-out result that differs less than this from the whole is not a change worth a line.
NO_CHANGE = 0.005
# A trial that joins at least this many other treatments to the pair is named even if the pair does not change.
MANY_LOST = 5
UNVERIFIED = (
    "UNVERIFIED LAYER IN USE. Intervals are in every result below that nobody here has seen in a source. "
    "For sensitivity only; never for a patient."
)
RISK_RATIOS = "RISK RATIOS ARE READ AS HAZARD RATIOS in every result below. For sensitivity only."


def print_network(answer: NetworkAnswer, evidence: Evidence, console: Console, *, model: str = "random") -> None:
    """Print a network's answer.

    Parameters
    ----------
    answer
        The answer.
    evidence
        Where the names of treatments and trials are looked up.
    console
        Where to.
    model
        ``random`` or ``common``: which of the two the tables show.
    """
    terminal.print_blocks(network_outline(answer, evidence, model=model), console)
    console.print(Text(f"Evidence {answer.release.version}", "dim"))


def network_outline(answer: NetworkAnswer, evidence: Evidence, *, model: str) -> Iterator[Block]:
    """Yield a network's answer as headings, paragraphs and tables."""
    yield Heading(1, f"Network: {answer.outcome.name}")
    for warning, on in ((UNVERIFIED, answer.include_unverified), (RISK_RATIOS, answer.with_risk_ratios)):
        if on:
            yield Paragraph(warning)
    yield Paragraph(_opening(answer))
    if len(answer.pieces) > 1:
        yield Paragraph(_islands(answer, evidence))
    for number, piece in enumerate(answer.pieces, start=1):
        yield from _piece(piece, evidence, model, number if len(answer.pieces) > 1 else 0)
    yield from _pair(answer, evidence, model)
    yield from _left_out(answer)
    yield Paragraph(
        "Where a number comes from: equipoise trace ID, with an id of --format json. "
        "It informs; it recommends nothing.",
        is_note=True,
    )


def _opening(answer: NetworkAnswer) -> str:
    better = {
        Direction.LOWER_IS_BETTER: "Lower is better: a ratio below 1 favours the first of the two treatments.",
        Direction.HIGHER_IS_BETTER: "Higher is better: a ratio above 1 favours the first of the two treatments.",
        Direction.NEUTRAL: "Neither direction is better.",
    }[answer.outcome.direction]
    trials = sum(len(piece.trials) for piece in answer.pieces)
    treatments = sum(len(piece.treatments) for piece in answer.pieces)
    return (
        f"{answer.measure.value.replace('-', ' ').capitalize()}s of {treatments} treatments from {trials} randomised "
        f"trials in relapsing MS. {better} Nobody has compared most of these drugs with each other; what the network "
        "says of them rests on the trials' being alike, which cannot be proved."
    )


def _islands(answer: NetworkAnswer, evidence: Evidence) -> str:
    listed = "; ".join(
        f"piece {i}: {', '.join(_name(evidence, name) for name in piece.treatments)}"
        for i, piece in enumerate(answer.pieces, start=1)
    )
    return (
        f"The network is in {len(answer.pieces)} pieces that no trial joins: {listed}. Treatments of different pieces "
        "cannot be compared on this outcome, and nothing here compares them."
    )


def _piece(piece: Piece, evidence: Evidence, model: str, number: int) -> Iterator[Block]:
    reference = _name(evidence, piece.reference)
    yield Heading(2, f"Piece {number}: against {reference}" if number else f"Against {reference}")
    yield _forest(piece, evidence, model)
    if number <= 1:
        yield Paragraph(
            "The line is the 95 percent confidence interval on a log scale from "
            f"{PLOT_LOW:g} to {PLOT_HIGH:g}, o the estimate, | no difference. Predicted: where the effect in a new "
            f"trial is expected. Certainty is rated by rule; a ratio of {SMALLEST_RATIO_THAT_MATTERS:g} or "
            f"{1 / SMALLEST_RATIO_THAT_MATTERS:g} is taken as large enough to matter, which is our choice.",
            is_note=True,
        )
    yield Heading(3, "Do the trials agree?")
    tested = tuple(one.text for one in piece.statistics)
    yield Items(tested) if tested else Paragraph("This cannot be tested: every trial is needed to join this piece.")
    if tested and not any("between designs" in text for text in tested):
        yield Paragraph("No loop of different trials closes in this piece, so disagreement of designs has no test.")
    if piece.ranks:
        yield from _ranks(piece, evidence)
    yield _certainty(piece, evidence, model)
    yield _trials(piece, evidence)
    if piece.notes:
        yield Items(piece.notes)


def _forest(piece: Piece, evidence: Evidence, model: str) -> Table:
    rows = []
    for result in sorted(piece.results, key=lambda one: _shown(one, model).value):
        one, predicted = _shown(result, model), result.of(model, "prediction")
        rows.append(
            (
                _name(evidence, result.treatment),
                _ratio(one),
                _line(one),
                _limits(predicted.interval) if predicted else "",
                one.certainty.level.value.replace("-", " "),
            )
        )
    caption = f"Versus {_name(evidence, piece.reference)}, {_model_words(piece, model)}"
    return Table(("treatment", "ratio (95% interval)", "", "predicted", "certainty"), tuple(rows), caption=caption)


def _model_words(piece: Piece, model: str) -> str:
    if model == "random" and all(result.of("random") is None for result in piece.results):
        return "common effect (random effects cannot be estimated here)"
    return "random effects" if model == "random" else "common effect"


def _shown(result: ComparisonResult, model: str) -> Estimate:
    return result.of(model) or result.estimates[0]


def _line(estimate: Estimate) -> str:
    if estimate.interval is None:
        return ""
    cells = [" "] * PLOT_WIDTH
    low, high = _column(estimate.interval.low), _column(estimate.interval.high)
    for i in range(low, high + 1):
        cells[i] = "-"
    cells[_column(1.0)] = "|"
    cells[_column(estimate.value)] = "o"
    if estimate.interval.low < PLOT_LOW:
        cells[0] = "<"
    if estimate.interval.high > PLOT_HIGH:
        cells[-1] = ">"
    return "".join(cells)


def _column(ratio: float) -> int:
    share = (math.log(ratio) - math.log(PLOT_LOW)) / (math.log(PLOT_HIGH) - math.log(PLOT_LOW))
    return min(PLOT_WIDTH - 1, max(0, round(share * (PLOT_WIDTH - 1))))


def _ranks(piece: Piece, evidence: Evidence) -> Iterator[Block]:
    yield Heading(3, "Order, and how little of it is sure")
    rows = tuple(
        (
            _name(evidence, r.treatment),
            f"{r.median.value:g}",
            f"{r.median.interval.low:g} to {r.median.interval.high:g}" if r.median.interval else "",
            f"{r.p_score.value:.2f}",
            f"{r.sucra.value:.2f}",
        )
        for r in piece.ranks
    )
    yield Table(("treatment", "median rank", "95% interval of the rank", "P-score", "SUCRA"), rows)
    yield Paragraph(
        "Ranks are about this outcome alone: no harm, burden or wish is in them, and a rank says nothing of how "
        "large a difference is. Overlapping rank intervals mean that the order between the two is not known.",
        is_note=True,
    )


def _certainty(piece: Piece, evidence: Evidence, model: str) -> Table:
    rows = []
    for result in piece.results:
        rated = _shown(result, model).certainty
        doubts = [reason for reason in rated.reasons[1:] if "no concerns" not in reason] or list(rated.reasons[:1])
        rows.append((_name(evidence, result.treatment), rated.level.value.replace("-", " "), " ".join(doubts)))
    return Table(
        ("versus the reference", "certainty", "why not higher"), tuple(rows), caption="Certainty, with reasons"
    )


def _trials(piece: Piece, evidence: Evidence) -> Table:
    rows = tuple(
        (
            trial.trial.short_name,
            " v ".join(_name(evidence, name) for name in trial.data.treatments),
            "not stated" if trial.timepoint_months is None else f"{trial.timepoint_months:g}",
            "" if trial.n is None else f"{trial.n:,}",
            trial.how + ("" if trial.trust.may_be_shown else "; UNVERIFIED"),
        )
        for trial in piece.trials
    )
    return Table(("trial", "arms", "months", "people", "made of"), rows, caption="Trials in it")


def _pair(answer: NetworkAnswer, evidence: Evidence, model: str) -> Iterator[Block]:
    names = [_name(evidence, name) for name in (answer.treatment, answer.reference)]
    yield Heading(2, f"{names[0].capitalize()} versus {names[1]}: direct, indirect and network")
    if answer.alone:
        yield Table(
            ("each trial by itself", "compared", "ratio (95% interval)"),
            tuple(_alone_row(one, evidence) for one in answer.alone),
        )
    if answer.pair_note:
        yield Paragraph(answer.pair_note)
        return
    yield Table(
        ("model", "direct", "indirect", "network", "direct / indirect", "p"),
        tuple(_split_row(split) for split in answer.splits),
    )
    if notes := tuple(dict.fromkeys(f"Not estimable, because {split.note}." for split in answer.splits if split.note)):
        yield Items(notes)
    chosen = next((s for s in answer.splits if s.model == model), answer.splits[0])
    yield Heading(3, "Without each trial in turn")
    yield from _without(answer, evidence, chosen.network)


def _alone_row(one: Estimate, evidence: Evidence) -> tuple[str, ...]:
    compared = f"{_name(evidence, one.treatment)} v {_name(evidence, one.reference)}"
    number = _ratio(one) if one.interval else f"{one.value:.2f} (interval not reported)"
    return evidence.trials[one.trial_ids[0]].short_name, compared, number


def _split_row(split: DirectIndirect) -> tuple[str, ...]:
    sides = (split.direct, split.indirect, split.network, split.disagreement)
    cells = ["not estimable" if one is None else _ratio(one) for one in sides]
    return (
        f"{split.model} effect{'s' if split.model == 'random' else ''}",
        *cells,
        "" if split.p is None else f"{split.p:.3f}",
    )


def _without(answer: NetworkAnswer, evidence: Evidence, whole: Estimate) -> Iterator[Block]:
    rows, same = [], 0
    for one in answer.without:
        if one.estimate is not None and _change(one.estimate, whole) < NO_CHANGE and len(one.lost) < MANY_LOST:
            same += 1
            continue
        rows.append(
            (
                evidence.trials[one.trial_id].short_name,
                "not estimable" if one.estimate is None else _ratio(one.estimate),
                one.reason or _lost(one),
            )
        )
    if rows:
        yield Table(("without", "ratio (95% interval)", "note"), tuple(rows))
    if same:
        which = f"any one of the other {same} trials" if same > 1 else "the one other trial"
        yield Paragraph(f"Leaving out {which} changes nothing that is printed.", is_note=True)


def _lost(one: WithoutTrial) -> str:
    if not one.lost:
        return ""
    many = f"{len(one.lost)} other treatments are" if len(one.lost) > 1 else "one other treatment is"
    return f"{many} then joined to the pair by no trial"


def _change(one: Estimate, whole: Estimate) -> float:
    if one.interval is None or whole.interval is None:
        return math.inf
    pairs: Mapping[float, float] = {one.value: whole.value, one.interval.low: whole.interval.low}
    gaps = [abs(a - b) for a, b in pairs.items()] + [abs(one.interval.high - whole.interval.high)]
    return max(gaps)


def _left_out(answer: NetworkAnswer) -> Iterator[Block]:
    yield Heading(2, "What was left out, and why")
    rows = tuple((left.trial.short_name, left.reason) for left in answer.left_out_trials)
    yield Table(("trial", "why none of its rows is in"), rows)
    inside = len(answer.left_out_rows) - sum(
        row.trial_id in {left.trial.id for left in answer.left_out_trials} for row in answer.left_out_rows
    )
    yield Paragraph(
        f"{inside} further rows of trials that are in were not used; --format json lists each with its reason.",
        is_note=True,
    )


def _ratio(estimate: Estimate) -> str:
    return f"{estimate.value:.2f} {_limits(estimate.interval)}"


def _limits(interval: Interval | None) -> str:
    return "" if interval is None else f"({interval.low:.2f} to {interval.high:.2f})"


def _name(evidence: Evidence, treatment: str) -> str:
    return evidence.treatments[treatment].name
