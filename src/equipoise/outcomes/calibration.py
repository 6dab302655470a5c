"""Whether a person set to a trial's own baseline is told that trial's own share free of relapses.

Run ``python -m equipoise.outcomes.calibration docs/explanation/outcomes-calibration.md`` to write the table anew.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from equipoise.evidence import Evidence, load_evidence
from equipoise.outcomes.baseline import Ground, baselines
from equipoise.outcomes.dispersion import dispersion_of
from equipoise.outcomes.level import level_of
from equipoise.outcomes.negative_binomial import share_without_event
from equipoise.outcomes.prognosis import swiss_model
from equipoise.outcomes.relapse_arms import RelapseFreeShare, RelapseRate, relapse_free_shares, relapse_rates
from equipoise.outcomes.setting import ANY, AnchorArms, Setting
from equipoise.outcomes.streams import Streams
from equipoise.person import EarlierTreatment, Person

SEED, DRAWS = 20_26, 4_000
_NOBODY = "an earlier drug"
_Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Calibrated:
    """One arm: what it printed, and what a person at its baseline is told.

    Attributes
    ----------
    arm_id, trial, months, printed, printed_low, printed_high
        The arm and its share free of relapses in percent, with its interval or one from its size.
    own
        Median and 95 percent interval in percent when the trial itself is the setting: level of that arm, without the
        step to a new setting.
    without
        The same from the other trials that gave the treatment, for a new setting; ``None`` where there are none.
    """

    arm_id: str
    trial: str
    months: float
    printed: float
    printed_low: float
    printed_high: float
    own: tuple[float, float, float]
    without: tuple[float, float, float] | None

    @property
    def is_within(self) -> bool:
        """Whether the printed share lies in the interval when the trial itself is the setting."""
        return self.own[1] <= self.printed <= self.own[2]

    @property
    def is_foreseen(self) -> bool | None:
        """Whether it lies in the interval from the other trials."""
        return None if self.without is None else self.without[1] <= self.printed <= self.without[2]


def participant(rate: RelapseRate) -> Person:
    """Return a person set to the reported baseline of an arm; what it does not report is unknown.

    Sex stays unknown: a person cannot be 65 percent a woman, and unknown is drawn with that chance.
    """
    arm, relapses = rate.arm, rate.arm.relapses_prior_year_mean
    history = {"treatment-naive": (), "experienced": (EarlierTreatment(_NOBODY, relapsed=True),)}
    return Person(
        age=None if arm.age_mean is None else round(arm.age_mean),
        years_since_onset=arm.disease_duration_years_mean,
        edss=None if arm.edss_mean is None else round(2 * arm.edss_mean) / 2,
        relapses_12_months=None if relapses is None else round(relapses),
        earlier_treatments=history.get(rate.trial.population),
    )


def calibration(evidence: Evidence) -> tuple[Calibrated, ...]:
    """Return the table: every randomised arm in relapsing MS with a relapse rate and a share free of relapses."""
    found = []
    for rate in relapse_rates(evidence):
        free = next(
            (f for f in relapse_free_shares(evidence, rate.arm.id) if f.result.timepoint_months == rate.months), None
        )
        if free is not None:
            found.append(_calibrated(evidence, rate, free))
    return tuple(found)


def _calibrated(evidence: Evidence, rate: RelapseRate, free: RelapseFreeShare) -> Calibrated:
    person, months = participant(rate), rate.months
    others = [
        other
        for other in relapse_rates(evidence)
        if other.arm.treatment_id == rate.arm.treatment_id and other.trial.id != rate.trial.id
    ]
    logit = np.log(free.share / (1 - free.share))
    low, high = (100 / (1 + np.exp(-(logit + side * _Z_95 * free.logit_se))) for side in (-1, 1))
    return Calibrated(
        arm_id=rate.arm.id,
        trial=rate.trial.short_name,
        months=months,
        printed=100 * free.share,
        printed_low=float(low),
        printed_high=float(high),
        own=_told(evidence, person, [rate], months, is_new=False),
        without=_told(evidence, person, others, months, is_new=True) if others else None,
    )


def _told(
    evidence: Evidence, person: Person, arms: list[RelapseRate], months: float, *, is_new: bool
) -> tuple[float, float, float]:
    """Median and limits of the share free of relapses that a person is told from some arms, in percent."""
    dispersion = dispersion_of(evidence)
    if dispersion is None:
        raise ValueError("no arm prints a rate and a share")
    k = dispersion.median
    rates, errors = [float(np.log(r.per_year)) for r in arms], [r.log_se(k) or 1.0 for r in arms]
    level = level_of(rates, errors, [ANY] * len(arms))
    if not is_new:
        # The arm itself is the setting: its own rate with its own standard error, and no spread to another.
        level = type(level)((ANY,), np.zeros(1), np.ones(1), np.array([[rates[0]]]), np.array([[errors[0]]]))
    anchor = arms[0].arm.treatment_id
    trials = tuple(dict.fromkeys(r.trial.id for r in arms))
    ground = Ground(
        evidence,
        Setting(anchor, ANY, is_head_to_head=False, trial_ids=trials, text="the trial itself"),
        AnchorArms(anchor, False, {ANY: tuple(arms)}, level, level),
        dispersion,
        swiss_model(evidence),
    )
    baseline = baselines(person, ground, Streams(SEED, DRAWS), method="swiss-relapse-model")[0]
    share = 100 * share_without_event(baseline.relapse_rate * months / 12, baseline.dispersion)
    low, middle, high = np.quantile(share, [0.025, 0.5, 0.975])
    return float(middle), float(low), float(high)


def as_page(table: tuple[Calibrated, ...]) -> str:
    """Return the page of the documentation."""
    foreseen = [row.is_foreseen for row in table if row.is_foreseen is not None]
    lines = [
        "# Are the trials' own shares given back?",
        "",
        "Written by `python -m equipoise.outcomes.calibration docs/explanation/outcomes-calibration.md`; a test",
        "runs it again and compares. Shares free of relapses in percent, medians with 95 percent intervals.",
        "",
        "For each arm a person is set to its reported baseline (age, EDSS, years since onset, relapses in the year",
        "before, earlier treatment; what is not reported is unknown). *Told* is what that person is told when the arm",
        "itself is the setting. *From the others* leaves the whole trial out and reads the person against the other",
        "trials of the same drug, as a new setting: the harder and more honest test. That every printed share lies in",
        "its interval says that the intervals are wide enough, and rather too wide than too narrow; they carry the",
        "spread between settings. Arms of one trial are alike, and the dispersion was estimated from these arms: the",
        "rows are not independent of each other.",
        "",
        f"Within the interval when the arm is the setting: {sum(row.is_within for row in table)} of {len(table)}.",
        f"Within the interval from the other trials: {sum(foreseen)} of {len(foreseen)}.",
        "",
        "| Arm | Trial | Months | Printed | Told | Within | From the others | Within |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in table:
        without = "no other trial" if row.without is None else _interval(row.without)
        lines.append(
            f"| {row.arm_id} | {row.trial} | {row.months:g} "
            f"| {_interval((row.printed, row.printed_low, row.printed_high))} | {_interval(row.own)} "
            f"| {_yes(row.is_within)} | {without} | {_yes(row.is_foreseen)} |"
        )
    return "\n".join(lines) + "\n"


def _interval(numbers: tuple[float, float, float]) -> str:
    return "{:.0f} ({:.0f} to {:.0f})".format(*numbers)


def _yes(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(as_page(calibration(load_evidence())), encoding="utf-8")
