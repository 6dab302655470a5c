"""Names have one source: the English catalogue calls treatments, outcomes and labels what the evidence calls them."""

from __future__ import annotations

import pytest

from equipoise.evidence import Evidence, label_text, load_evidence, outcome_name, treatment_name
from equipoise.evidence.names import is_bare_id
from equipoise.vocabulary.terms import OutcomeGroup
from equipoise.wording import Term, catalogue, term

ENGLISH = catalogue("en")
NO_TREATMENT = "treatment.none.name"


@pytest.fixture(scope="module")
def names() -> dict[str, Term]:
    """Everything that the evidence names, by the key of its name."""
    evidence: Evidence = load_evidence()
    entries = {entry.id: entry for option in evidence.options for entry in evidence.label(option).entries}
    found = (
        *(treatment_name(one) for one in evidence.treatments.values()),
        *(term(f"treatment.{one.id}.detail", one.detail) for one in evidence.options),
        *(outcome_name(one) for one in evidence.outcomes.values() if one.group is not OutcomeGroup.ENGINE_ONLY),
        *(label_text(one) for one in entries.values()),
    )
    return {one.key: one for one in found}


def test_every_treatment_and_outcome_has_a_name_in_the_catalogue(names: dict[str, Term]) -> None:
    assert [key for key in names if not key.startswith("label.") and key not in ENGLISH] == []


def test_the_catalogue_names_nothing_otherwise_than_the_evidence(names: dict[str, Term]) -> None:
    named = {key for key in ENGLISH if key.startswith(("treatment.", "outcome.", "label."))} - {NO_TREATMENT}
    assert {key: ENGLISH[key] for key in named} == {key: str(names[key]) for key in named if key in names}


def test_no_label_is_quoted_as_the_id_of_a_condition() -> None:
    """A row may hold nothing but an id without its hyphens; whoever reads English is told in words as well."""
    evidence = load_evidence()
    bare = [one for one in evidence.label_entries.values() if is_bare_id(one)]
    assert len(bare) > 40
    for entry in bare:
        text = str(label_text(entry))
        assert text != entry.text or text.isupper(), entry.id
        assert text[0].isupper(), entry.id
