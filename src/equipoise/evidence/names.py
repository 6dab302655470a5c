"""What the evidence calls things, so that a face can call them so in its own language.

The evidence is where English names are written. The other languages have theirs in the catalogue, and so that nothing
is missed English stands there too; a test holds it to the evidence.
"""

from __future__ import annotations

from equipoise.evidence.labels import LabelEntry
from equipoise.vocabulary.terms import Outcome, Treatment
from equipoise.wording import Term, term, wording


def treatment_name(treatment: Treatment) -> Term:
    """Return what to call a treatment."""
    return term(f"treatment.{treatment.id}.name", treatment.name)


def outcome_name(outcome: Outcome) -> Term:
    """Return what to call an outcome."""
    return term(f"outcome.{outcome.id}.name", outcome.name)


def label_text(entry: LabelEntry) -> Term:
    """Return what a label says, short.

    Where the row holds only the id of a condition with its hyphens taken out, it is said in English from the catalogue,
    as in every other language: nobody reads "mi angina stroke tia hf 6 months".
    """
    key = f"label.{entry.id}.text"
    return term(key, wording()(key) if is_bare_id(entry) else entry.text)


def is_bare_id(entry: LabelEntry) -> bool:
    """Whether the text of a label entry is no more than the id of its condition."""
    return bool(entry.text) and entry.text == str(entry.fields.get("condition", "")).replace("-", " ")
