"""The vocabulary of tests: what a test is called, what it measures, in which unit, and where each code comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.vocabulary.errors import UnknownTermError


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing that a laboratory gives a number for.

    Attributes
    ----------
    id, name
        Stable id, and what it is called.
    unit
        The unit that comparisons are made in, as UCUM writes it.
    loinc
        Its LOINC code; empty where none was seen.
    highest
        No value above this, in ``unit``, is taken: it stands for a wrong unit or a slip. It is a guard of this software
        against typing errors, far beyond what is measured in people, and no limit of any label.
    may_be_zero
        Whether a value of 0 is possible.
    molar_mass
        Grams per mole of what a result in mass must be divided by to become an amount of substance; ``None`` where
        results do not come in both.
    code_verified
        Whether the code was checked against a code server. None was.
    """

    id: str
    name: str
    unit: str
    loinc: str
    highest: float
    may_be_zero: bool = True
    molar_mass: float | None = None
    code_verified: bool = False


@dataclass(frozen=True, slots=True)
class MonitoringTest:
    """A test as labels ask for it.

    Attributes
    ----------
    id, name
        ``test_id`` of the label files, and what it is called.
    analytes
        Ids of what it measures, as far as results of it are numbers. A result of the first shows that it was done.
    loinc
        LOINC codes; empty where none was seen.
    specimen
        ``blood``, ``urine`` or empty for an examination.
    code_verified
        Whether the codes were checked against a code server. None was.
    """

    id: str
    name: str
    analytes: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    specimen: str = ""
    code_verified: bool = False


# Molar mass of creatinine, 113.12 g/mol: PubChem (pubchem.ncbi.nlm.nih.gov/compound/creatinine), as the R package
# physiology 1.2.1 cites it in creatinine_mgdl_to_uM. One mg/dL is then 88.40 umol/L, the factor laboratories print.
CREATININE_MOLAR_MASS = 113.12
# One mg/dL of bilirubin is 17.1035776 umol/L in the R package clinPK 0.13.0 (its test_convert_bilirubin_units.R).
BILIRUBIN_MOLAR_MASS = 10_000 / 17.1035776

_ANALYTES = (
    Analyte("platelet-count", "Platelets", "10*9/L", "777-3", 10_000),
    Analyte("lymphocytes", "Absolute lymphocytes", "10*9/L", "731-0", 2_000),
    Analyte("neutrophils", "Absolute neutrophils", "10*9/L", "", 2_000),
    Analyte("leucocytes", "White cells", "10*9/L", "", 2_000),
    Analyte("haemoglobin", "Haemoglobin", "g/L", "", 400, may_be_zero=False),
    Analyte("cd4-count", "CD4+ lymphocytes", "/uL", "24467-3", 100_000),
    Analyte("creatinine", "Serum creatinine", "umol/L", "2160-0", 10_000, False, CREATININE_MOLAR_MASS),
    Analyte("tsh", "Thyroid-stimulating hormone", "m[IU]/L", "3016-3", 10_000),
    Analyte("alt", "ALT", "U/L", "1742-6", 100_000),
    Analyte("ast", "AST", "U/L", "1920-8", 100_000),
    Analyte("bilirubin", "Total bilirubin", "umol/L", "1975-2", 5_000, True, BILIRUBIN_MOLAR_MASS),
    Analyte("aptt", "aPTT", "s", "14979-9", 1_000, may_be_zero=False),
    Analyte("igg", "IgG", "g/L", "2465-3", 500),
    Analyte("igm", "IgM", "g/L", "2472-9", 500),
    Analyte(
        "urine-pcr", "Urine protein to creatinine ratio", "mg/mmol", "2890-2", 100_000, True, CREATININE_MOLAR_MASS
    ),
    Analyte("urine-red-cells", "Red cells in urine", "/uL", "", 10_000_000),
    Analyte("urine-white-cells", "White cells in urine", "/uL", "", 10_000_000),
    Analyte("heart-rate", "Heart rate", "/min", "", 400),
)
ANALYTES: Mapping[str, Analyte] = {analyte.id: analyte for analyte in _ANALYTES}

_TESTS = (
    MonitoringTest(
        "cbc-diff",
        "Blood count with differential and platelets",
        ("platelet-count", "lymphocytes", "neutrophils", "leucocytes", "haemoglobin"),
        ("57021-8",),
        "blood",
    ),
    MonitoringTest("platelet-count", "Platelets", ("platelet-count",), ("777-3",), "blood"),
    MonitoringTest("creatinine", "Serum creatinine", ("creatinine",), ("2160-0",), "blood"),
    MonitoringTest(
        "urinalysis-microscopy",
        "Urinalysis with cell counts",
        ("urine-red-cells", "urine-white-cells"),
        ("24356-8",),
        "urine",
    ),
    MonitoringTest("urine-pcr", "Urine protein to creatinine ratio", ("urine-pcr",), ("2890-2",), "urine"),
    MonitoringTest("tsh", "Thyroid-stimulating hormone", ("tsh",), ("3016-3",), "blood"),
    MonitoringTest("alt", "ALT", ("alt",), ("1742-6",), "blood"),
    MonitoringTest(
        "alt-ast-bili",
        "ALT, AST, total bilirubin",
        ("alt", "ast", "bilirubin"),
        ("1742-6", "1920-8", "1975-2"),
        "blood",
    ),
    MonitoringTest("lymphocytes", "Absolute lymphocytes", ("lymphocytes",), ("731-0",), "blood"),
    MonitoringTest("cd4-count", "CD4+ lymphocytes", ("cd4-count",), ("24467-3",), "blood"),
    MonitoringTest("aptt", "aPTT", ("aptt",), ("14979-9",), "blood"),
    MonitoringTest("immunoglobulins", "IgG and IgM", ("igg", "igm"), ("2465-3", "2472-9"), "blood"),
    MonitoringTest("hbv", "HBsAg and anti-HBc", (), ("5196-1", "13952-7"), "blood"),
    MonitoringTest("ecg", "ECG", (), ("11524-6",)),
    MonitoringTest("heart-rate", "Heart rate", ("heart-rate",)),
    MonitoringTest("skin-exam", "Skin examination"),
    MonitoringTest("hpv-screen", "Cervical HPV screening"),
    MonitoringTest("cervical-screen", "Cervical screening"),
    MonitoringTest("vzv-status", "Chickenpox: history, vaccination or antibodies"),
    MonitoringTest("tb-screen", "Tuberculosis screening"),
    MonitoringTest("hiv-status", "HIV status"),
    MonitoringTest("hbv-hcv", "Hepatitis B and C screening"),
    MonitoringTest("jcv-antibody", "JC virus antibodies", (), (), "blood"),
    MonitoringTest("mri", "MRI"),
    MonitoringTest("mri-baseline", "MRI before treatment"),
    MonitoringTest("eye-exam", "Eye examination"),
    MonitoringTest("cyp2c9-genotype", "CYP2C9 genotype", (), (), "blood"),
    MonitoringTest("immunisations", "Vaccinations"),
    MonitoringTest("pregnancy-test", "Pregnancy test"),
    MonitoringTest("vital-signs", "Vital signs"),
    MonitoringTest("blood-pressure", "Blood pressure"),
    MonitoringTest("post-infusion-observation", "Watching after the infusion"),
    MonitoringTest("first-dose-observation", "Watching after the first dose"),
    MonitoringTest("symptom-self-check", "Check yourself for symptoms"),
    MonitoringTest("listeria-advice", "Advice on food that can carry Listeria"),
    MonitoringTest("history", "Earlier illnesses"),
    MonitoringTest("rems-baseline-labs", "Blood and urine tests for the REMS form"),
    MonitoringTest("blood-tests-eligibility", "Blood tests before starting"),
)
TESTS: Mapping[str, MonitoringTest] = {test.id: test for test in _TESTS}

# What to call a test towards the person who has it: no abbreviation, and nothing on a shared calendar that a stranger
# could read an illness from.
PLAIN_NAMES: Mapping[str, str] = {
    "cbc-diff": "blood count",
    "platelet-count": "blood test (platelets)",
    "creatinine": "blood test (kidneys)",
    "urinalysis-microscopy": "urine test",
    "urine-pcr": "urine test (protein)",
    "tsh": "blood test (thyroid)",
    "alt": "blood test (liver)",
    "alt-ast-bili": "blood test (liver)",
    "lymphocytes": "blood test (white cells)",
    "cd4-count": "blood test (CD4 cells)",
    "aptt": "blood test (clotting)",
    "immunoglobulins": "blood test (antibodies)",
    "skin-exam": "skin check",
    "ecg": "heart tracing (ECG)",
    "vzv-status": "check for infections",
    "immunisations": "last day for vaccines",
    "hiv-status": "check for infections",
    "tb-screen": "check for infections",
    "hbv": "check for infections",
    "hbv-hcv": "check for infections",
    "infusion": "infusion in hospital",
    "dose": "day of treatment",
    "corticosteroid": "medicine before the infusion",
    "post-infusion-observation": "stay to be watched after the infusion",
    "symptom-self-check": "check yourself for signs",
    "listeria-advice": "advice on food",
    "rems-baseline-labs": "tests for the safety programme",
}


def analyte(name: str) -> Analyte:
    """Return an analyte by id.

    Raises
    ------
    UnknownTermError
        If there is none of that id; the message names the nearest.
    """
    if name not in ANALYTES:
        raise UnknownTermError("test with a number", name, ANALYTES)
    return ANALYTES[name]


def name_of_test(test_id: str) -> str:
    """Return what a test is called; an id that the vocabulary does not hold, in words of its own."""
    return TESTS[test_id].name if test_id in TESTS else test_id.replace("-", " ").capitalize()


def plain_name(test_id: str) -> str:
    """Return what a test is called towards the person who has it, in lower case where it is no name."""
    if test_id in PLAIN_NAMES:
        return PLAIN_NAMES[test_id]
    name = name_of_test(test_id)
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
