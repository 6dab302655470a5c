"""Five thousand people, made from a seed: every field known or unknown, inside and outside the evidence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from equipoise.person import CourseOfDisease, EarlierTreatment, Person, PregnancyPlan, Sex, Smoking, Walking
from equipoise.person.model import EDSS_BANDS

CASES = 5000
SEED = 5000
DRUGS = ("interferon-beta-1a", "glatiramer-acetate", "dimethyl-fumarate", "fingolimod", "natalizumab")
CONDITIONS = ("stroke-ever", "hiv", "other-autoimmune-disease")


def people(count: int = CASES) -> Iterator[Person]:
    """Yield the people, the same every time."""
    rng = np.random.default_rng(SEED)
    for _ in range(count):
        yield _person(rng)


def _person(rng: np.random.Generator) -> Person:
    def known(share: float) -> bool:
        return bool(rng.random() < share)

    age = int(rng.integers(14, 75)) if known(0.1) else int(rng.integers(18, 56))
    onset = float(min(rng.exponential(6.0), age - 8))
    first_year = int(rng.poisson(0.8))
    both_years = first_year + int(rng.poisson(0.6))
    if first_year:
        months = float(rng.uniform(0, 12))
    elif both_years:
        months = float(rng.uniform(12, 24))
    else:
        months = float(rng.uniform(24, 120))
    walking = Walking(rng.choice([w.value for w in Walking], p=[0.15, 0.55, 0.15, 0.1, 0.05]))
    low, high = EDSS_BANDS[walking]
    edss = float(rng.choice(np.arange(low, high + 0.25, 0.5)))
    how_much = rng.choice([0.0, 0.5, 0.9, 1.0], p=[0.02, 0.28, 0.4, 0.3])
    drawn = {
        "age": age,
        "sex": Sex(rng.choice(["woman", "man"], p=[0.7, 0.3])),
        "course": CourseOfDisease(
            rng.choice(["relapsing-remitting", "secondary-progressive", "primary-progressive"], p=[0.94, 0.04, 0.02])
        ),
        "years_since_onset": round(onset, 1),
        "relapses_12_months": first_year,
        "relapses_24_months": both_years,
        "months_since_relapse": round(months, 1),
        "walking": walking,
        "edss": edss,
        "enhancing_lesions": bool(rng.random() < 0.4),
        "earlier_treatments": _earlier(rng),
        "pregnancy": PregnancyPlan(
            rng.choice(["none", "later", "within-a-year", "pregnant", "breastfeeding"], p=[0.7, 0.15, 0.1, 0.03, 0.02])
        ),
        "conditions": frozenset(name for name in CONDITIONS if rng.random() < 0.05),
        "smoking": Smoking(rng.choice(["never", "former", "current"])),
    }
    # Drawn first and forgotten after, so that adding a field does not change everybody who comes later.
    kept = {name: value for name, value in drawn.items() if known(float(how_much))}
    if kept.get("sex") is Sex.MAN:
        kept.pop("pregnancy", None)
    if months > 12 * round(onset, 1):
        kept.pop("months_since_relapse", None)  # a relapse before the first symptoms is none
    return Person(**kept)  # type: ignore[arg-type]


def _earlier(rng: np.random.Generator) -> tuple[EarlierTreatment, ...]:
    count = int(rng.choice([0, 1, 2], p=[0.45, 0.4, 0.15]))
    names = rng.choice(DRUGS, size=count, replace=False)
    return tuple(
        EarlierTreatment(str(name), relapsed=bool(rng.random() < 0.5), not_tolerated=bool(rng.random() < 0.3))
        for name in names
    )
