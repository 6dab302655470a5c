"""Trials as counts of events, and which of their effects a likelihood can determine.

With an effect for each study, the likelihood of counts has a finite maximum exactly when the treatments
cannot be put in two groups such that, in every trial, the people of one group never had an event while
somebody of the other group went without. Drawn as a graph, with an arrow from each arm that has a person
without an event to each arm of the same trial that has an event, this is strong connectedness; it is the
condition of ford-1957 for paired comparisons, with a trial as a comparison of its arms.

References: ford-1957 (existence of the maximum), albert-1984 (separation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.synthesis.arms import as_measure, check_counts, look_alikes
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Network, Trial
from equipoise.vocabulary.errors import NetworkError, NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure

COUNTED_MEASURES = {Measure.ODDS_RATIO: "n", Measure.RATE_RATIO: "person_time"}


@dataclass(frozen=True)
class CountedTrial:
    """Counts of one trial.

    Attributes
    ----------
    study
        Name of the trial.
    treatments
        One name per arm, in alphabetical order. Length k.
    events, exposure
        Events, and people or person-time. Shape (k,).
    """

    study: str
    treatments: tuple[str, ...]
    events: Array
    exposure: Array

    def only(self, treatments: Iterable[str]) -> CountedTrial:
        """Return the trial with these arms alone."""
        wanted = set(treatments)
        kept = [i for i, name in enumerate(self.treatments) if name in wanted]
        return CountedTrial(self.study, tuple(self.treatments[i] for i in kept), self.events[kept], self.exposure[kept])


@dataclass(frozen=True)
class Counted:
    """Trials of counts on one outcome.

    Attributes
    ----------
    trials
        The trials that take part.
    measure
        ``odds-ratio`` (exposure in people) or ``rate-ratio`` (exposure in person-time).
    notes
        What was merged or left out, and why.
    """

    trials: tuple[CountedTrial, ...]
    measure: Measure
    notes: tuple[str, ...] = ()

    @property
    def treatments(self) -> tuple[str, ...]:
        """Every treatment in alphabetical order. Length T."""
        return tuple(sorted({name for trial in self.trials for name in trial.treatments}))

    @property
    def n_arms(self) -> int:
        """Arms of all trials."""
        return sum(len(trial.treatments) for trial in self.trials)

    def only(self, treatments: Iterable[str]) -> Counted:
        """Keep these treatments, and of the trials those that still compare something."""
        wanted = set(treatments)
        cut = (trial.only(wanted) for trial in self.trials)
        return replace(self, trials=tuple(t for t in cut if len(t.treatments) > 1 and not self._is_silent(t)))

    def graph(self) -> Network:
        """The network of the trials, its numbers left out."""
        return Network(
            tuple(
                Trial(t.study, t.treatments, np.zeros(len(t.treatments) - 1), np.eye(len(t.treatments) - 1))
                for t in self.trials
            ),
            self.measure,
        )

    def split(self) -> tuple[Counted, ...]:
        """One set of trials per piece of the network, the largest first."""
        return tuple(
            replace(self, trials=tuple(trial for trial in self.trials if trial.treatments[0] in piece))
            for piece in self.graph().pieces()
        )

    def rows(self) -> tuple[list[str], list[str], Array, Array]:
        """Study, treatment, events and exposure, one entry per arm."""
        return (
            [trial.study for trial in self.trials for _ in trial.treatments],
            [name for trial in self.trials for name in trial.treatments],
            np.concatenate([trial.events for trial in self.trials]),
            np.concatenate([trial.exposure for trial in self.trials]),
        )

    def informative(self) -> Counted:
        """Leave out, with a note, the trials whose likelihood says nothing about an effect."""
        silent = [trial for trial in self.trials if self._is_silent(trial)]
        trials = tuple(trial for trial in self.trials if not self._is_silent(trial))
        notes = [_silence(trial, self.measure) for trial in silent]
        found = replace(self, trials=trials, notes=(*self.notes, *notes))
        gone = [name for name in self.treatments if name not in found.treatments]
        if gone:
            found = replace(found, notes=(*found.notes, f"In no other trial, and so left out: {', '.join(gone)}."))
        return found

    def strong_components(self) -> tuple[tuple[str, ...], ...]:
        """Group the treatments whose effects on each other are finite at the maximum, the largest group first."""
        names = self.treatments
        reach: NDArray[np.bool_] = np.eye(len(names), dtype=bool)
        for trial in self.trials:
            rows = [names.index(name) for name in trial.treatments]
            spared = np.array([True] * len(rows)) if self._is_rate else trial.events < trial.exposure
            reach[np.ix_(rows, rows)] |= spared[:, None] & (trial.events > 0)
        for k in range(len(names)):
            reach |= reach[:, k : k + 1] & reach[k : k + 1]
        both = reach & reach.T
        groups = {tuple(names[j] for j in np.flatnonzero(row)) for row in both}
        return tuple(sorted(groups, key=lambda group: (-len(group), group)))

    @property
    def _is_rate(self) -> bool:
        return self.measure is Measure.RATE_RATIO

    def _is_silent(self, trial: CountedTrial) -> bool:
        every = not self._is_rate and bool((trial.events == trial.exposure).all())
        return every or bool((trial.events == 0).all())


def counted_trials(
    measure: Measure | str,
    study: Sequence[str],
    treatment: Sequence[str],
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    merge: Mapping[str, str] | None = None,
) -> Counted:
    """Gather rows of arms into trials.

    Parameters
    ----------
    measure
        ``odds-ratio`` or ``rate-ratio``.
    study, treatment
        Trial and treatment of each arm, in any order. Length = arms.
    events, exposure
        Events of each arm, and its people (odds ratio) or person-time (rate ratio). Shape (arms,).
    merge
        Treatments to be counted as one, old name to new name; their counts are added.

    Raises
    ------
    NotEstimableError
        If the measure has no likelihood of counts, a count is impossible, or no trial has two arms.
    ShapeError
        If the columns differ in length or are empty.
    NetworkError
        If an arm stands twice in one trial and no merging was asked for.
    """
    measure = as_measure(measure)
    if measure not in COUNTED_MEASURES:
        raise NotEstimableError(
            f"there is no likelihood of counts for a {measure.value}.\n"
            f"  Known here: {', '.join(known.value for known in COUNTED_MEASURES)}; "
            "use inverse variance for the others."
        )
    e, people = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float)
    if len({len(study), len(treatment), e.size, people.size}) != 1 or not len(study):
        raise ShapeError(
            "the columns of the arms differ in length, or are empty.\n  Needed: one value per arm in each."
        )
    check_counts(e, people, [str(name) for name in study], at_most_people=measure is Measure.ODDS_RATIO)
    merge = dict(merge or {})
    present = set(map(str, treatment))
    notes = [f"'{old}' is counted as '{new}', as asked." for old, new in merge.items() if old in present]
    notes += look_alikes((merge.get(arm, arm) for arm in map(str, treatment)), "treatments")
    notes += look_alikes(map(str, study), "trials")
    arms: dict[str, dict[str, Array]] = {}
    for name, arm, counts in zip(map(str, study), map(str, treatment), np.stack([e, people], axis=1), strict=True):
        _add_arm(arms.setdefault(name, {}), name, merge.get(arm, arm), counts, set(merge.values()))
    trials = []
    for name, found in sorted(arms.items()):
        if len(found) < 2:
            notes.append(f"Left out, because one arm compares nothing: {name}.")
            continue
        treatments = tuple(sorted(found))
        both = np.array([found[arm] for arm in treatments])
        trials.append(CountedTrial(name, treatments, both[:, 0], both[:, 1]))
    if not trials:
        raise NotEstimableError("no trial has two arms.\n" + "\n".join(f"  {note}" for note in notes))
    return Counted(tuple(trials), measure, tuple(notes))


def _add_arm(arms: dict[str, Array], study: str, arm: str, counts: Array, merged: set[str]) -> None:
    if arm in arms and arm not in merged:
        raise NetworkError(
            f"trial '{study}' has two arms called '{arm}'.\n  Try: name the arms apart and merge them explicitly."
        )
    arms[arm] = arms[arm] + counts if arm in arms else counts


def _silence(trial: CountedTrial, measure: Measure) -> str:
    what = "no events" if (trial.events == 0).all() else "nothing but events"
    return (
        f"Takes no part, because all its arms had {what}, where the likelihood with a study effect is the same "
        f"for every {measure.value.replace('-', ' ')}: {trial.study}."
    )
