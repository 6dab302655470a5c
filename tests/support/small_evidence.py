"""A release of evidence small enough to read: two drugs, two trials. All numbers and trials in it are invented."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from equipoise.evidence import Evidence, examine_files
from equipoise.vocabulary.errors import EvidenceError

SMALL: Mapping[str, str] = {
    "release.toml": """
date = "2024-05-01"
review_by = "2024-11-01"
update_policy = "Whenever a trial is reported."
funding = "None."
""",
    "corrections.toml": """
[[correction]]
table = "arm-results.csv"
row = "alder-b.any-relapse.24m.proportion"
column = "events"
found = "54"
corrected = "45"
reason = "Digits transposed: Table 2 and the text agree on the other order."
decided_on = "2024-05-01"

[[discrepancy]]
table = "arm-results.csv"
row = "alder-b.headache.24m.proportion"
column = "value"
reason = "The source prints 21 percent for 20 of 100."
decided_on = "2024-05-01"
""",
    "sources.csv": """\
source_id,kind,title,first_author,organisation,year,revision,journal,doi,pmid,pmcid,nct,url
alder-2020,trial,The Alder trial,Alder A,,2020,,Journal of Examples,10.0000/alder,,,,https://example.org/alder
birch-2021,trial,The Birch trial,Birch B,,2021,,Journal of Examples,,,,,https://example.org/birch
drug-a-label,label,Drug A label,,Example Agency,2022,,,,,,,https://example.org/a
drug-b-label,label,Drug B label,,Example Agency,2022,,,,,,,https://example.org/b
""",
    "treatments.toml": """
[[treatment]]
id = "drug-a-12"
option = "drug-a"
name = "drug A"
detail = "by infusion"
drug_id = "drug-a"
aliases = ["brand-a"]

[[treatment]]
id = "drug-b-44"
option = "drug-b"
name = "drug B"
detail = "by injection"
drug_id = "drug-b"

[[treatment]]
id = "drug-a-24"
name = "drug A, high dose"

[[treatment]]
id = "drug-a-both"
name = "drug A, both doses together"
members = ["drug-a-12", "drug-a-24"]
""",
    "outcomes.toml": """
[[outcome]]
id = "any-relapse"
group = "relapses"
direction = "lower-is-better"
name = "at least one relapse"
event = "had at least one relapse"
complement = "had no relapse"
definition = "At least one relapse during the stated time."

[[outcome]]
id = "annualised-relapse-rate"
group = "relapses"
direction = "lower-is-better"
name = "annualised relapse rate"
definition = "Relapses per person per year."

[[outcome]]
id = "headache"
group = "common-harm"
direction = "lower-is-better"
name = "headache"
event = "had headache"
complement = "had none"
definition = "Headache of any severity."
""",
    "trials.csv": """\
trial_id,kind,members,name,nct,phase,design,blinding,duration_months,population,diagnosis,n_randomised,key_inclusion,\
risk_of_bias_note,source_id,age_min,age_max,edss_min,edss_max,onset_within_years,relapses_12m_min,relapses_24m_min
alder,randomised,,ALDER,,3,two arms,double-blind,24,treatment-naive,RRMS,200,Adults,,alder-2020,,,,,,,
birch,randomised,,BIRCH,,3,two arms,open-label,24,treatment-naive,RRMS,200,Adults,,birch-2021,,,,,,,
both-pooled,pooled-trials,alder birch,ALDER + BIRCH,,3,pooled,mixed,24,treatment-naive,RRMS,,,,alder-2020,,,,,,,
""",
    "arms.csv": """\
trial_id,arm_id,kind,members,treatment_id,dose,route,schedule,n_randomised,n_analysed,age_mean,female_pct,edss_mean,\
disease_duration_years_mean,relapses_prior_year_mean,gd_lesion_pct,source_id,locator
alder,alder-a,randomised,,drug-a-12,12 mg,IV,,100,100,33,65,2,2,1.7,40,alder-2020,Table 1
alder,alder-b,randomised,,drug-b-44,44 ug,SC,,100,100,33,65,2,2,1.7,40,alder-2020,Table 1
alder,alder-a-both,merged-doses,alder-a,drug-a-both,,IV,,150,150,33,65,2,2,1.7,40,alder-2020,Table 1
birch,birch-a,randomised,,drug-a-12,12 mg,IV,,100,100,33,65,2,2,1.7,40,birch-2021,Table 1
birch,birch-b,randomised,,drug-b-44,44 ug,SC,,100,100,33,65,2,2,1.7,40,birch-2021,Table 1
both-pooled,pooled-a,pooled-trials,alder-a birch-a,drug-a-12,12 mg,IV,,,200,,,,,,,alder-2020,text
""",
    "arm-results.csv": """\
id,trial_id,arm_id,outcome_id,timepoint_months,kind,events,n,person_years,value,se,ci_low,ci_high,unit,definition,\
trust,source_id,locator,conflict,note
alder-a.any-relapse.24m.proportion,alder,alder-a,any-relapse,24,proportion,25,100,,25,,,,%,,printed,alder-2020,Table 2,,
alder-b.any-relapse.24m.proportion,alder,alder-b,any-relapse,24,proportion,54,100,,45,,,,%,,printed,alder-2020,Table 2,,
birch-a.any-relapse.24m.proportion,birch,birch-a,any-relapse,24,proportion,30,100,,30,,,,%,,printed,birch-2021,Table 2,,
birch-b.any-relapse.24m.proportion,birch,birch-b,any-relapse,24,proportion,40,100,,40,,,,%,,printed,birch-2021,Table 2,,
alder-a.rate.24m,alder,alder-a,annualised-relapse-rate,24,rate,,100,,0.20,,0.15,0.26,/year,,printed,alder-2020,Table 2,,
alder-b.rate.24m,alder,alder-b,annualised-relapse-rate,24,rate,,100,,0.40,,0.32,0.50,/year,,printed,alder-2020,Table 2,,
alder-a.headache.24m.proportion,alder,alder-a,headache,24,proportion,30,100,,30,,,,%,,printed,alder-2020,Table 3,,
alder-b.headache.24m.proportion,alder,alder-b,headache,24,proportion,20,100,,21,,,,%,,printed,alder-2020,Table 3,,
alder-a.headache.12m.proportion,alder,alder-a,headache,12,proportion,,100,,22,,,,%,,unverified,alder-2020,from memory,,
""",
    "contrasts.csv": """\
id,trial_id,arm_id,reference_arm_id,outcome_id,timepoint_months,measure,estimate,ci_low,ci_high,p_value,trust,source_id,\
locator,conflict,note
alder-a.vs.alder-b.rate,alder,alder-a,alder-b,annualised-relapse-rate,24,rate-ratio,0.50,0.38,0.66,,printed,alder-2020,\
Table 2,,
birch-a.vs.birch-b.rate,birch,birch-a,birch-b,annualised-relapse-rate,24,rate-ratio,0.62,0.45,0.85,,printed,birch-2021,\
Table 2,,
alder-a.vs.alder-b.headache.finding,alder,alder-a,alder-b,headache,24,,,,,0.1,printed,alder-2020,Table 3,,p only
""",
    "claims.toml": """
[[claim]]
id = "claim-01"
number = 1
claim = "Drug A halves relapses."
verdict = "needs-qualifying"
reason = "In one trial of two, and against drug B."
evidence = ["trial.alder-a.vs.alder-b.rate", "trial.birch-a.vs.birch-b.rate"]
""",
    "guidance.toml": """
[[statement]]
id = "st-1"
jurisdiction = "UK"
text = "Offer either."
source_id = "birch-2021"
locator = "text"
seen = "primary"
""",
    "labels/drug-a.toml": """
[identity]
drug_id = "drug-a"
inn = "drug A"
brands = ["Brand A"]
route = "intravenous infusion"

[mechanism]
plain = "It clears some cells for a while."
source_id = "drug-a-label"
locator = "12.1"
seen = "primary"

[[indication]]
id = "drug-a-ind-01"
jurisdiction = "EU"
text = "Adults with active disease."
source_id = "drug-a-label"
locator = "4.1"
seen = "primary"

[[dosing]]
id = "drug-a-dos-01"
jurisdiction = "EU"
text = "12 mg a day for 5 days"
course = 1
days = 5
route = "IV"
source_id = "drug-a-label"
locator = "4.2"
seen = "primary"

[[dosing]]
id = "drug-a-dos-02"
jurisdiction = "EU"
text = "12 mg a day for 3 days, a year later"
course = 2
days = 3
route = "IV"
interval_from_previous = "P12M"
source_id = "drug-a-label"
locator = "4.2"
seen = "primary"

[[monitoring]]
id = "drug-a-mon-01"
jurisdiction = "EU"
test_id = "cbc-diff"
text = "Blood count every month until 48 months after the last dose"
start_anchor = "first-dose"
every = "P1M"
until_anchor = "last-dose"
until_offset = "P48M"
source_id = "drug-a-label"
locator = "4.4"
seen = "primary"

[[adverse_reaction]]
id = "drug-a-adr-01"
jurisdiction = "EU"
term = "rash"
pct = 50
comparator = "drug-b"
comparator_pct = 6
source_id = "drug-a-label"
locator = "4.8"
seen = "primary"
""",
    "labels/drug-b.toml": """
[identity]
drug_id = "drug-b"
inn = "drug B"

[[dosing]]
id = "drug-b-dos-01"
jurisdiction = "EU"
text = "44 micrograms three times a week"
per_week = 3
route = "SC"
source_id = "drug-b-label"
locator = "4.2"
seen = "primary"

[[monitoring]]
id = "drug-b-mon-01"
jurisdiction = "EU"
test_id = "cbc-diff"
text = "Blood count at months 1, 3 and 6, then periodically"
start_anchor = "first-dose"
at = ["P1M", "P3M", "P6M"]
every = ""
interval_text = "periodically after month 6"
source_id = "drug-b-label"
locator = "4.4"
seen = "primary"
""",
    "preferences.csv": "topic,value,source_id,locator\nrelapses,0.4,birch-2021,Table 4\n",
    "natural-history/edss-mortality.csv": "state,value,source_id,locator\n3,1.4,birch-2021,Table 5\n",
    "natural-history/edss-transition-coarse.csv": """\
model_id,source_id,cycle_years,population,from_state,to_state,probability,ci_low,ci_high,status,locator,note
two-state,birch-2021,1,invented,mild,severe,0.1,0.05,0.2,reported,Table 5,
two-state,birch-2021,1,invented,mild,mild,0.9,,,derived-remainder,1 minus the rest,
two-state,birch-2021,1,invented,severe,severe,1,,,reported,Table 5,
""",
    "natural-history/edss-utilities.csv": "state,value,source_id,locator\n3,0.6,birch-2021,Table 5\n",
    "natural-history/rates-and-modifiers.csv": """\
source_id,topic,population,quantity,value,ci_low,ci_high,unit,locator,note
birch-2021,decline,invented,change per five years,-0.17,,,proportion,Table 5,
""",
    "natural-history/prognostic-models.toml": '[[model]]\nid = "m-1"\nsource_id = "birch-2021"\nlocator = "text"\n',
}


def files(**changed: str | bytes) -> dict[str, bytes]:
    """Return the small release, some of its files replaced: ``files(arms_csv="...")`` replaces ``arms.csv``."""
    contents = {name: text.encode() for name, text in SMALL.items()}
    for key, content in changed.items():
        name = next(name for name in SMALL if name.replace("/", "_").replace("-", "_").replace(".", "_") == key)
        contents[name] = content if isinstance(content, bytes) else content.encode()
    return contents


def swapped(file: str, old: str, new: str) -> dict[str, bytes]:
    """Return the small release with one passage of one file replaced; the passage must stand there exactly once."""
    assert SMALL[file].count(old) == 1, f"{old!r} stands {SMALL[file].count(old)} times in {file}"
    contents = files()
    contents[file] = SMALL[file].replace(old, new).encode()
    return contents


def sound(contents: Mapping[str, bytes]) -> Evidence:
    """Return the evidence of files that must be sound."""
    evidence, problems = examine_files(contents)
    assert not problems, "\n".join(map(str, problems))
    assert evidence is not None
    return evidence


def faults(contents: Mapping[str, bytes]) -> tuple[EvidenceError, ...]:
    """Return every fault of files that must have one."""
    _, problems = examine_files(contents)
    assert problems, "nothing was found to be wrong"
    return problems


def write(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write files into a folder and return it."""
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
