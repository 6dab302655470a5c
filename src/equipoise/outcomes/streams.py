"""Random numbers by name: what is drawn depends on the seed and on what is drawn, never on what was drawn before.

Uniform numbers are a random permutation of one point in each of S equal slices of 0 to 1 (a Latin hypercube, one
margin a name), so that every margin is even and averages settle faster than with independent points.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass

import numpy as np

from equipoise.outcomes.draws import Array
from equipoise.synthesis.distributions import normal_quantiles

# Arrays kept: some forty names for a person, at 32 kB each for 4,000 draws.
_KEPT = 512
LARGEST_KEPT = 20_000
"""Draws of more than this many points are made anew each time, so that a million of them do not fill the memory."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Named draws of one size.

    Attributes
    ----------
    seed
        Recorded with the result.
    n
        Number of draws S.
    """

    seed: int
    n: int

    def uniform(self, name: str) -> Array:
        """Return numbers between 0 and 1, neither included. Shape (S,), read-only."""
        make = _uniform if self.n <= LARGEST_KEPT else _uniform.__wrapped__
        return make(self.seed, self.n, name)

    def normal(self, name: str) -> Array:
        """Return standard normal numbers. Shape (S,), read-only."""
        make = _normal if self.n <= LARGEST_KEPT else _normal.__wrapped__
        return make(self.seed, self.n, name)

    def generator(self, name: str) -> np.random.Generator:
        """Return a generator that belongs to a name, for what has no simple quantile function."""
        return _generator(self.seed, name)


def _generator(seed: int, name: str) -> np.random.Generator:
    words = hashlib.sha256(name.encode()).digest()[:16]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, int.from_bytes(words, "big")])))


@functools.lru_cache(maxsize=_KEPT)
def _uniform(seed: int, n: int, name: str) -> Array:
    generator = _generator(seed, name)
    points = (generator.permutation(n) + np.clip(generator.random(n), 1e-9, 1 - 1e-9)) / n
    points.setflags(write=False)
    return points


@functools.lru_cache(maxsize=_KEPT)
def _normal(seed: int, n: int, name: str) -> Array:
    points: Array = normal_quantiles(Streams(seed, n).uniform(name))
    points.setflags(write=False)
    return points
