"""A network meta-analysis for people: what was found, what was done, and what a reader of a paper asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.synthesis.methods import methods
from equipoise.presentation.terminal import captured, print_blocks
from equipoise.synthesis.arms import as_ratio

Document = Mapping[str, Any]

# Items of PRISMA-NMA (hutton-2015) that a program can answer from the analysis alone; the others need its authors.
PRISMA_ITEMS = (
    ("S1", "Geometry of the network", "treatments, trials and designs are listed"),
    ("13", "Summary measures", "the measure and its scale are named"),
    ("14", "Planned methods of analysis", "the methods paragraph names model, estimator and multi-arm handling"),
    (
        "S2",
        "Assessment of inconsistency",
        "between-designs Q, design-by-treatment interaction and node-splits are given",
    ),
    ("S4", "Summary of network geometry", "designs with their own heterogeneity are listed"),
    ("21", "Synthesis of results", "every contrast with its interval, and the prediction interval where it is defined"),
    ("S5", "Exploration of inconsistency", "direct and indirect evidence stand side by side"),
)


def sections(document: Document) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Yield the report of one analysis, section by section; pictures follow the section that they belong to.

    Parameters
    ----------
    document
        The machine form, see :mod:`equipoise.presentation.synthesis.wire`.
    """
    treatments = document["treatments"]
    title = Heading(1, f"Network meta-analysis: {document['measure'].replace('-', ' ')}")
    yield (
        "network",
        (title, Paragraph(f"{document['studies']} trials, {len(treatments)} treatments: {', '.join(treatments)}.")),
    )
    yield (
        "reference",
        (Heading(2, f"Each treatment versus {document['reference']}"), _against_reference(document)),
    )
    spread = tuple(_baseline_spread(document.get("baseline_spread")))
    yield "heterogeneity", (*_heterogeneity(document), *spread)
    yield "consistency", tuple(_consistency(document))
    if document.get("small_studies"):
        yield "small-studies", tuple(_small_studies(document["small_studies"]))
    yield "ranking", tuple(_ranking(document))
    yield "contrasts", (Heading(2, "Every contrast"), _league(document))
    if document.get("what_if"):
        yield "what-if", tuple(_what_if(document))
    if document["notes"]:
        yield "notes", (Heading(2, "Notes"), Items(tuple(document["notes"])))
    yield "methods", (Heading(2, "Methods, ready for a paper"), Paragraph(methods(document)))
    yield (
        "checklist",
        (
            Heading(2, "PRISMA-NMA"),
            Paragraph("Items that this report answers; the others need the authors of the review.", is_note=True),
            Table(("item", "topic", "answered by"), PRISMA_ITEMS),
        ),
    )


def as_text(documents: Sequence[Document]) -> str:
    """Return the report for a terminal."""
    return captured(lambda console: print_blocks(_blocks(documents), console))


def _blocks(documents: Sequence[Document]) -> list[Block]:
    return [block for one in documents for _, blocks in sections(one) for block in blocks]


def _against_reference(document: Document) -> Table:
    rows = [e for e in document["estimates"] if e["reference"] == document["reference"]]
    important = document.get("important")
    asked = (_important_head(document, important),) if important else ()
    return Table(
        ("treatment", _measure(document), "interval", "prediction interval", *asked),
        tuple(
            (
                e["treatment"],
                _shown(document, _point(e)),
                _between(document, e, "c"),
                _between(document, e, "p"),
                *((_important_cell(e),) if asked else ()),
            )
            for e in rows
        ),
    )


def _important_head(document: Document, important: Mapping[str, Any]) -> str:
    what = "probability of" if document["method"] == "bayes" else "interval, against"
    return f"{what} {important['side'].replace('-', ' ')} {important['size']:g}"


def _important_cell(row: Mapping[str, Any]) -> str:
    if "probability_important" in row:
        return f"{row['probability_important']:.3f}"
    words = {"beyond": "all of it matters", "short": "none of it matters", "both": "undecided"}
    return words[row["interval_important"]]


def _league(document: Document) -> Table:
    return Table(
        ("comparison", _measure(document), "interval"),
        tuple(
            (f"{e['treatment']} versus {e['reference']}", _shown(document, _point(e)), _between(document, e, "c"))
            for e in document["estimates"]
            if e["treatment"] < e["reference"]
        ),
    )


def _heterogeneity(document: Document) -> Iterator[Block]:
    yield Heading(2, "How much the trials differ")
    if document["method"] == "bayes":
        tau = document["tau"]
        if tau is None:
            yield Paragraph("One true effect per contrast was assumed: tau is zero.")
            return
        limits = f"{tau['cri_low']:.3f} to {tau['cri_high']:.3f}"
        yield Paragraph(f"tau: median {tau['median']:.3f}, {document['level']:.0%} credible interval {limits}.")
        return
    q = document["q"]
    i2 = "not defined" if document["i2"] is None else f"{document['i2']:.1%}"
    tau2 = "not estimable" if document["tau2"] is None else f"{document['tau2']:.4f}"
    yield Paragraph(
        f"tau squared {tau2}; Q {q['statistic']:.2f} on {q['df']} degrees of freedom{_p(q['p'])}; I squared {i2}."
    )


def _baseline_spread(spread: Mapping[str, float] | None) -> Iterator[Block]:
    if spread is not None:
        yield Paragraph(
            f"sigma_m, how much baselines differ between trials: mean {spread['mean']:.3f}, "
            f"standard deviation {spread['sd']:.3f}."
        )


def _consistency(document: Document) -> Iterator[Block]:
    if document["method"] == "bayes":
        return
    found = document["consistency"]
    yield Heading(2, "Do direct and indirect evidence agree?")
    interaction = found["design_by_treatment"]
    yield Paragraph(
        f"Between designs: Q {found['q_between']:.2f} on {found['df']} degrees of freedom{_p(found['p'])}. "
        f"Design-by-treatment interaction: {interaction['statistic']:.2f} on {interaction['df']}{_p(interaction['p'])}."
    )
    both = [s for s in document["node_split"] if s["difference"] is not None]
    if both:
        yield Table(
            ("comparison", "direct", "indirect", "network", "p of the difference"),
            tuple(
                (
                    f"{s['treatment']} versus {s['reference']}",
                    *(_shown(document, s[part]) for part in ("direct", "indirect", "network")),
                    f"{s['p']:.3f}",
                )
                for s in both
            ),
        )
    else:
        yield Paragraph("No comparison has both direct and indirect evidence, so there is nothing to compare.")


def _small_studies(found: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, "Do small trials find more than large ones?")
    order = ", ".join(found["favoured_first"])
    yield Paragraph(
        f"Expected to be favoured by small trials, most first: {order}. This is an assumption.", is_note=True
    )
    if found["reason"]:
        yield Paragraph(f"No test: {found['reason']}")
        return
    yield Paragraph(
        f"Effects change by {found['slope']:.2f} per unit of standard error (standard error {found['slope_se']:.2f}"
        f"{_p(found['p'])})."
    )
    if found["notes"]:
        yield Items(tuple(found["notes"]))


def _ranking(document: Document) -> Iterator[Block]:
    if document.get("p_scores"):
        yield Heading(2, "Ranking")
        yield Paragraph(
            "P-scores are a mean certainty of being better than another treatment, not a size of effect.", is_note=True
        )
        ordered = sorted(document["p_scores"].items(), key=lambda item: -item[1])
        yield Table(("treatment", "P-score"), tuple((name, f"{score:.3f}") for name, score in ordered))
    if document.get("sucra"):
        yield Heading(2, "Ranking")
        ordered = sorted(document["sucra"].items(), key=lambda item: -item[1])
        ranks = document["ranks"]
        yield Table(
            ("treatment", "SUCRA", "median rank", "interval of the rank"),
            tuple(
                (name, f"{score:.3f}", str(ranks[name][0]), f"{ranks[name][1]} to {ranks[name][2]}")
                for name, score in ordered
            ),
        )


def _what_if(document: Document) -> Iterator[Block]:
    rows = document["what_if"]
    yield Heading(2, f"What if: {rows[0]['treatment']} versus {rows[0]['reference']}")
    yield Paragraph("Each row changes one thing of the analysis; the first is the analysis itself.", is_note=True)
    yield Table(
        ("change", _measure(document), "interval", "tau squared", "no difference"),
        tuple(
            (
                row["changed"],
                _shown(document, row["estimate"]),
                "none" if row["ci_low"] is None else _between(document, row, "c"),
                "none" if row["tau2"] is None else f"{row['tau2']:.4f}",
                row["reason"] or _turn(row),
            )
            for row in rows
        ),
    )


def _turn(row: Mapping[str, Any]) -> str:
    if row["kind"] == "base":
        return ""
    if not row["turns"]:
        return "as before"
    return "now in the interval" if row["ci_low"] <= 0 <= row["ci_high"] else "now outside the interval"


def _point(row: Mapping[str, Any]) -> float:
    return float(row["estimate"] if "estimate" in row else row["median"])


def _between(document: Document, row: Mapping[str, Any], kind: str) -> str:
    names = {"c": ("ci_low", "ci_high") if "ci_low" in row else ("cri_low", "cri_high"), "p": ("pi_low", "pi_high")}[
        kind
    ]
    low, high = row[names[0]], row[names[1]]
    return "not defined" if low is None else f"{_shown(document, low)} to {_shown(document, high)}"


def _shown(document: Document, value: float | None) -> str:
    if value is None:
        return "none"
    return f"{as_ratio(value):.3f}" if document["scale"] == "log" else f"{value:.3f}"


def _measure(document: Document) -> str:
    return str(document["measure"]).replace("-", " ")


def _p(value: float | None) -> str:
    return "" if value is None else f", p = {value:.3g}"
