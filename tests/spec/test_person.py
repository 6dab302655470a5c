"""What a description of a person promises: what is understood, what is refused, and what is worth a word."""

from __future__ import annotations

import datetime
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from equipoise.evidence import load_evidence
from equipoise.forms import FormError
from equipoise.person import (
    OTHER_DRUG,
    EarlierTreatment,
    Person,
    PracticalLife,
    Sex,
    Walking,
    fingerprint,
    form,
    known_facts,
    normalised,
    notices,
    person_schema,
    read_person,
    unknown_fields,
    write_person,
)
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.person.model import EDSS_BANDS
from equipoise.wording import wording

TODAY = datetime.date(2026, 11, 22)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "persons"


def refused(**said: Any) -> dict[str, str]:
    """Field to sentence of each fault."""
    with pytest.raises(FormError) as error:
        read_person(said, today=TODAY)
    return {fault.field: fault.problem for fault in error.value.faults}


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"age": -1}, "age", "this is outside what is possible"),
        ({"age": 121}, "age", "this is outside what is possible"),
        ({"age": 30, "years_since_onset": 31}, "years_since_onset",
         "the first symptoms 31 years ago do not fit an age of 30"),
        ({"years_since_onset": 2, "months_since_relapse": 37}, "months_since_relapse",
         "a last relapse 37 months ago lies before the first symptoms, 2 years ago"),
        ({"relapses_12_months": 3, "relapses_24_months": 1}, "relapses_24_months",
         "one relapse in 24 months cannot be fewer than 3 relapses in 12 months, which are part of them"),
        ({"relapses_12_months": 1, "months_since_relapse": 13}, "months_since_relapse",
         "one relapse in 12 months, but the last relapse began 13 months ago"),
        ({"relapses_24_months": 2, "months_since_relapse": 25}, "months_since_relapse",
         "2 relapses in 24 months, but the last relapse began 25 months ago"),
        ({"relapses_24_months": 0, "months_since_relapse": 5}, "relapses_24_months",
         "no relapse in 24 months, but the last relapse began 5 months ago"),
        ({"relapses_12_months": 0, "relapses_24_months": 0, "months_since_relapse": 5}, "relapses_24_months",
         "no relapse in 24 months, but the last relapse began 5 months ago"),
        ({"relapses_12_months": 0, "months_since_relapse": 5}, "relapses_12_months",
         "no relapse in 12 months, but the last relapse began 5 months ago"),
        ({"sex": "man", "pregnancy": "pregnant"}, "pregnancy", "'pregnant' does not fit 'man'"),
        ({"sex": "man", "pregnancy": "breastfeeding"}, "pregnancy", "'breastfeeding' does not fit 'man'"),
        ({"edss": 0.5}, "edss", "this is no step of the scale"),
        ({"edss": 2.2}, "edss", "this is no step of the scale"),
        ({"edss": 10.5}, "edss", "this is outside what is possible"),
        ({"edss": 2, "walking": "with-aid"}, "edss",
         "an EDSS of 2 does not fit walking 'with-aid', which stands for 6.0 to 6.5"),
        ({"edss": 7, "walking": "no-signs"}, "edss",
         "an EDSS of 7 does not fit walking 'no-signs', which stands for 0"),
        ({"conditions": ["hiv"], "not_conditions": ["hiv"]}, "not_conditions", "hiv: both present and absent"),
        ({"conditions": ["hiv"], "unknown_conditions": ["hiv"]}, "unknown_conditions",
         "hiv: both present and not known"),
        ({"not_conditions": ["hiv"], "unknown_conditions": ["hiv"]}, "unknown_conditions",
         "hiv: both absent and not known"),
        ({"medicines": ["leflunomide"], "unknown_medicines": ["leflunomide"]}, "unknown_medicines",
         "leflunomide: both taken and not known"),
        ({"earlier_treatments": [{"drug": "avonexx"}]}, "earlier_treatments[1].drug", "this word is not known here"),
        ({"earlier_treatments": [{}]}, "earlier_treatments[1].drug", "this cannot be left open"),
        ({"earlier_treatments": [{"drug": "rebif", "stopped": datetime.date(2026, 11, 23)}]},
         "earlier_treatments[1].stopped", "the last dose on 2026-11-23 lies in the future"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_clear_sentence(said: dict[str, Any], field: str, sentence: str) -> None:
    assert refused(**said) == {field: sentence}


def test_single_faults_and_contradictions_are_told_together_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('age = 20\nyears_since_onset = 25\nsx = "man"\nsmoking = "often"\n', encoding="utf-8")
    with pytest.raises(FormError) as error:
        read_person(file)
    assert str(error.value) == (
        "3 things need mending; nothing was changed.\n"
        f"{file}, line 2, years_since_onset: the first symptoms 25 years ago do not fit an age of 20.\n"
        "  do:      mend 'age' or 'years_since_onset'\n"
        f"{file}, line 3, sx: nothing here is called so.\n"
        "  do:      did you mean sex?\n"
        f"{file}, line 4, smoking: this word is not known here.\n"
        "  found:   'often'\n"
        "  allowed: one of never, former, current"
    )


def test_an_unknown_drug_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(FormError, match=r"did you mean interferon-beta-1a-im"):
        read_person({"earlier_treatments": [{"drug": "avonexx"}]})


@pytest.mark.parametrize(
    "said",
    [
        {"age": 0},
        {"age": 9, "years_since_onset": 9},
        {"relapses_12_months": 1, "months_since_relapse": 12},
        {"relapses_24_months": 1, "months_since_relapse": 24},
        {"relapses_12_months": 0, "relapses_24_months": 1, "months_since_relapse": 12},
        {"years_since_onset": 0, "months_since_relapse": 11},
        {"sex": "man", "pregnancy": "within-a-year"},
        {"edss": 0, "walking": "no-signs"},
        {"edss": 4.0, "walking": "no-limit"},
        {"earlier_treatments": [{"drug": "rebif", "stopped": TODAY}]},
        {"conditions": [], "not_conditions": ["hiv"]},
    ],
)
def test_what_can_be_is_accepted(said: dict[str, Any]) -> None:
    read_person(said, today=TODAY)


def test_brands_and_aliases_are_understood() -> None:
    person = read_person({"earlier_treatments": [{"drug": name} for name in ("Copaxone", "REBIF", "Avonex", "other")]})
    assert person.earlier_treatments == tuple(
        EarlierTreatment(drug)
        for drug in ("glatiramer-acetate", "interferon-beta-1a", "interferon-beta-1a-im", OTHER_DRUG)
    )
    evidence = load_evidence()
    for option in evidence.options:
        for name in (option.option, option.id, *option.aliases):
            read = read_person({"earlier_treatments": [{"drug": name}]}).earlier_treatments
            assert read == (EarlierTreatment(evidence.option(name).option),)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (Person(age=17), "The age is below 18."),
        (Person(relapses_12_months=1, relapses_24_months=1), "not when the last one began."),
        (Person(relapses_12_months=0), "but not those of the last 24. This makes the ranges wider."),
        (Person(edss=4.0, walking=Walking.NO_LIMIT), "stand for 1.0 to 3.5. The measured one is used."),
        (Person(earlier_treatments=(EarlierTreatment(OTHER_DRUG),)), "not one of those compared here"),
        (Person(), "Other conditions are not known."),
        (Person(conditions=frozenset(), unknown_conditions=frozenset({"hiv"})), "1 of 55 conditions"),
        (Person(medicines=frozenset(), unknown_medicines=frozenset({"leflunomide"})), "1 of 10 medicines"),
    ],
)  # fmt: skip
def test_what_is_accepted_but_worth_a_word_is_said(person: Person, words: str) -> None:
    assert any(words in notice for notice in notices(person)), notices(person)


def test_nothing_is_said_about_a_person_of_whom_all_is_known() -> None:
    assert notices(read_person(EXAMPLES / "frequent-relapses.toml")) == ()


def test_one_condition_may_be_unknown_by_itself() -> None:
    person = read_person({"conditions": ["stroke-ever"], "unknown_conditions": ["hiv"], "medicines": ["leflunomide"]})
    assert [person.has(name) for name in ("stroke-ever", "hiv", "angina-ever")] == [True, None, False]
    assert [person.takes(name) for name in ("leflunomide", "anticoagulant")] == [True, False]
    assert Person(not_conditions=frozenset({"hiv"})).has("hiv") is False
    assert Person().has("hiv") is Person().takes("leflunomide") is None


def test_the_normal_form_and_the_fingerprint_do_not_depend_on_how_it_was_said() -> None:
    one = read_person({"conditions": ["hiv", "angina-ever"], "age": 30.0, "practical": {"fridge": True}})
    two = read_person(
        {"practical": {"fridge": True}, "age": 30, "conditions": ["angina-ever", "HIV", "hiv"], "edss": "unknown"}
    )
    assert normalised(one) == normalised(two)
    assert fingerprint(one) == fingerprint(two) != fingerprint(Person(age=30))
    assert normalised(Person(conditions=frozenset(CONDITIONS)))["conditions"] == sorted(CONDITIONS)
    assert list(normalised(one)) == list(normalised(Person()))
    assert normalised(Person())["practical"] == dict.fromkeys(
        ("infusion_centre", "monthly_blood_tests", "self_injection", "fridge")
    )
    # The hash is an identity in stored cases: it must not drift unnoticed.
    assert fingerprint(Person()) == "65936aa43cdb1733"


def test_unknown_fields_are_named_in_plain_words() -> None:
    assert unknown_fields(read_person(EXAMPLES / "frequent-relapses.toml")) == ()
    assert len(unknown_fields(Person())) == 20
    assert "EDSS" not in unknown_fields(Person(walking=Walking.WITH_AID))
    assert "walking" not in unknown_fields(Person(edss=3.0))
    assert "whether there is a fridge" in unknown_fields(Person(practical=PracticalLife(self_injection=True)))


def test_known_facts_are_said_in_the_words_of_the_form() -> None:
    said = dict(known_facts(read_person(EXAMPLES / "frequent-relapses.toml"), form()))
    assert said["earlier drugs against MS"] == "glatiramer acetate, with a relapse, tolerated, last dose on 2025-01-15"
    assert said["walking"] == "some signs, but you walk as far as you want (EDSS 1.0 to 3.5)"
    assert said["other conditions"] == "none of those asked about"
    assert said["active spots on the last MRI"] == "yes"


def test_known_facts_can_be_said_in_another_language() -> None:
    german = wording("de")
    facts = known_facts(read_person(EXAMPLES / "frequent-relapses.toml"), form())
    said = {german.say(name): german.say(value) for name, value in facts}
    drugs = "Glatirameracetat, mit einem Schub, vertragen, letzte Dosis am 15. Januar 2025"
    assert said["frühere Medikamente gegen MS"] == drugs
    assert said["Gehen"].endswith("(EDSS 1,0 bis 3,5)")
    assert said["andere Erkrankungen"] == "nichts von dem, wonach gefragt wurde"


def test_the_form_shows_which_edss_each_word_for_walking_stands_for() -> None:
    labels = {word.id: word.label for word in form()["walking"].words}
    for walking, (low, high) in EDSS_BANDS.items():
        assert f"{low:g}" in labels[walking]
        assert f"{high:g}" in labels[walking]
    # Neighbouring bands meet at the next half-step of the scale, with no step between them.
    steps = form()["edss"].among
    ends = [EDSS_BANDS[walking] for walking in Walking]
    assert [steps.index(low) - steps.index(high) for (_, high), (low, _) in pairwise(ends)] == [1, 1, 1, 1]


# ---- the examples


def test_every_example_is_a_story_that_reads() -> None:
    names = {"frequent-relapses", "mild-long-safety", "contraindicated", "torn", "i-dont-know"}
    assert {file.stem for file in EXAMPLES.glob("*.toml")} == names
    valid = jsonschema.Draft202012Validator(person_schema()).is_valid
    for file in EXAMPLES.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert "# Invented: no real person." in text.splitlines()[:4]
        person = read_person(file, today=TODAY)
        assert read_person(tomllib.loads(write_person(person)), today=TODAY) == person
        assert valid(normalised(person)), file


def test_the_examples_are_who_they_say_they_are() -> None:
    people = {file.stem: read_person(file) for file in EXAMPLES.glob("*.toml")}
    frequent, mild, other = (people[name] for name in ("frequent-relapses", "mild-long-safety", "contraindicated"))
    assert frequent.relapses_12_months == 2
    assert frequent.enhancing_lesions
    assert frequent.earlier_treatments
    assert frequent.conditions == frozenset()
    assert frequent.practical.monthly_blood_tests
    assert mild.earlier_treatments == ()
    assert mild.practical.monthly_blood_tests is False
    assert mild.sex is Sex.MAN
    assert other.conditions == frozenset({"stroke-ever", "other-autoimmune-disease"})
    assert unknown_fields(people["torn"]) == ()
    assert people["i-dont-know"] == Person()


# ---- every label can be decided

# What decides each condition of the labels' contraindications; words after "field:" are fields of a person.
DECIDED_BY = {
    "active-cancer": "cancer-now basal-cell-skin-cancer-now",
    "active-chronic-infection": "hepatitis-b-active hepatitis-other-active tuberculosis-active "
    "chronic-infection-other-active",
    "active-hepatitis-b": "hepatitis-b-active",
    "active-infection": "infection-now infection-now-serious",
    "active-tuberculosis-or-hepatitis": "tuberculosis-active hepatitis-b-active hepatitis-other-active",
    "antiplatelet-or-anticoagulant-therapy": "bleeding-disorder antiplatelet anticoagulant",
    "bleeding-disorder": "bleeding-disorder",
    "bone-marrow-or-blood-count-problem": "blood-count-problem",
    "breastfeeding-days-plus-10": "field:pregnancy",
    "cancer": "cancer-now basal-cell-skin-cancer-now",
    "cancer-except-basal-cell-carcinoma": "cancer-now",
    "cardiac-events-6-months-av-block-sleep-apnea": "heart-event-or-stroke-last-6-months tia-last-6-months "
    "heart-block-without-pacemaker sleep-apnoea-severe-untreated",
    "certain-arrhythmias": "irregular-heartbeat-serious heart-block-without-pacemaker",
    "certain-arrhythmias-or-long-qt": "irregular-heartbeat-serious heart-block-without-pacemaker long-qt",
    "certain-arrhythmias-unpaced": "irregular-heartbeat-serious heart-block-without-pacemaker",
    "class-ia-iii-antiarrhythmics": "heart-rhythm-class-ia-or-iii",
    "combination-with-immunosuppressants-or-other-dmt": "immunosuppressant another-ms-drug-now",
    "current-infection": "infection-now infection-now-serious",
    "current-leflunomide": "leflunomide",
    "current-malignancy": "cancer-now basal-cell-skin-cancer-now",
    "current-severe-depression": "severe-depression-now",
    "current-severe-depression-or-suicidal-ideation": "severe-depression-now suicidal-thoughts-now",
    "current-suicidal-ideation": "severe-depression-now suicidal-thoughts-now",
    "cyp2c9-3-3": "cyp2c9-3-3",
    "dialysis": "dialysis",
    "drug-induced-coagulopathy": "bleeding-disorder anticoagulant antiplatelet",
    "high-grade-av-block-unpaced": "heart-block-without-pacemaker",
    "history-cervicocephalic-arterial-dissection": "artery-dissection-ever",
    "history-mi-or-angina": "heart-attack-ever angina-ever",
    "history-pml-or-cryptococcal-meningitis": "pml-ever cryptococcal-meningitis-ever",
    "history-stroke": "stroke-ever",
    "hiv-infection": "hiv",
    "hypersensitivity": "field:drug",
    "hypersensitivity-alemtuzumab-or-excipients": "allergy-to:alemtuzumab",
    "hypersensitivity-fumarates": "allergy-to:fumarates",
    "hypersensitivity-glatiramer-mannitol": "allergy-to:glatiramer-acetate allergy-to:mannitol",
    "hypersensitivity-including-peanut-soya": "allergy-to:siponimod allergy-to:peanut-or-soya",
    "hypersensitivity-interferon-beta": "allergy-to:interferon-beta",
    "hypersensitivity-interferon-beta-albumin": "allergy-to:interferon-beta allergy-to:human-albumin",
    "hypersensitivity-interferon-beta-albumin-mannitol": "allergy-to:interferon-beta allergy-to:human-albumin "
    "allergy-to:mannitol",
    "immunocompromised": "immune-deficiency immune-deficiency-severe",
    "immunodeficiency": "immune-deficiency immune-deficiency-severe",
    "immunodeficient-state": "immune-deficiency immune-deficiency-severe",
    "life-threatening-infusion-reaction": "life-threatening-reaction-to:ocrelizumab",
    "mao-inhibitor-within-14-days": "mao-inhibitor-last-14-days",
    "mi-angina-stroke-hf-6-months": "heart-event-or-stroke-last-6-months",
    "mi-angina-stroke-tia-hf-6-months": "heart-event-or-stroke-last-6-months tia-last-6-months",
    "moderate-or-severe-hepatic-impairment": "liver-disease-moderate liver-disease-severe",
    "moderate-or-severe-renal-impairment": "kidney-disease-moderate-or-severe",
    "other-autoimmune-disease": "other-autoimmune-disease",
    "pml": "pml-ever",
    "pml-ever": "pml-ever",
    "pregnancy-or-breastfeeding": "field:pregnancy",
    "pregnancy-or-no-contraception": "field:pregnancy no-effective-contraception",
    "serious-infection": "infection-now-serious",
    "severe-active-infection": "infection-now-serious",
    "severe-active-or-chronic-infection": "infection-now-serious hepatitis-b-active hepatitis-other-active "
    "tuberculosis-active chronic-infection-other-active",
    "severe-hepatic-impairment": "liver-disease-severe",
    "severe-hypoproteinaemia": "low-blood-protein-severe",
    "severe-immunodeficiency": "immune-deficiency-severe",
    "severe-infection": "infection-now-serious",
    "severe-liver-disease": "liver-disease-severe",
    "start-during-pregnancy": "field:pregnancy",
    "suspected-or-confirmed-pml": "pml-ever pml-suspected-now",
    "taking-dimethyl-fumarate": "dimethyl-fumarate-now",
    "uncontrolled-hypertension": "uncontrolled-high-blood-pressure",
    "weakened-immune-system-or-myelosuppressive-drugs": "immune-deficiency immune-deficiency-severe immunosuppressant "
    "bone-marrow-suppressing",
}  # fmt: skip


def test_every_contraindication_of_every_label_can_be_decided_from_what_a_person_can_state() -> None:
    labels = Path(__file__).resolve().parents[2] / "src" / "equipoise" / "evidence" / "data" / "labels"
    asked = set()
    allergens = set()
    for file in labels.glob("*.toml"):
        for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("contraindication", []):
            asked.add(entry["condition"])
            if entry["condition"] == "hypersensitivity":
                allergens.add("fumarates" if file.stem == "dimethyl-fumarate" else file.stem)
    assert asked == set(DECIDED_BY)
    assert {f"allergy-to:{drug}" for drug in allergens} <= set(CONDITIONS)
    stated = {name for names in DECIDED_BY.values() for name in names.split() if not name.startswith("field:")}
    assert stated <= {*CONDITIONS, *MEDICINES}
    # Nothing is asked that no label turns on. A live vaccine turns on the interactions of the labels.
    unused = {*CONDITIONS, *MEDICINES} - stated - {f"allergy-to:{drug}" for drug in allergens}
    assert unused == {"live-vaccine-last-6-weeks"}
