"""What depends on the evidence alone is computed once for each release that is held."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Hashable
from typing import Any, Concatenate, ParamSpec, TypeVar

from equipoise.evidence import Evidence

P = ParamSpec("P")
R = TypeVar("R")

# Results kept for one function and one release.
_KEPT = 512


def once_per_evidence(function: Callable[Concatenate[Evidence, P], R]) -> Callable[Concatenate[Evidence, P], R]:
    """Keep the results of a function of the evidence and hashable arguments, for as long as the evidence lives.

    As ``kept_per_evidence``, with room for all that one person asks.
    """
    return kept_per_evidence(_KEPT)(function)


def kept_per_evidence(
    most: int,
) -> Callable[[Callable[Concatenate[Evidence, P], R]], Callable[Concatenate[Evidence, P], R]]:
    """Return a decorator that keeps so many results of a function for each release, the oldest goes first.

    A release is known by its identity: two objects with the same hash of files may still differ, where a test
    replaced a row.
    """

    def keeping(function: Callable[Concatenate[Evidence, P], R]) -> Callable[Concatenate[Evidence, P], R]:
        kept: dict[int, tuple[weakref.ref[Evidence], dict[Hashable, Any]]] = {}

        @functools.wraps(function)
        def cached(evidence: Evidence, /, *args: P.args, **kwargs: P.kwargs) -> R:
            name = id(evidence)
            held, results = kept.get(name, (None, {}))
            if held is None or held() is not evidence:

                def forget(_: weakref.ref[Evidence]) -> None:
                    kept.pop(name, None)

                results = {}
                kept[name] = (weakref.ref(evidence, forget), results)
            key = (args, tuple(sorted(kwargs.items())))
            if key not in results:
                if len(results) >= most:
                    results.pop(next(iter(results)))
                results[key] = function(evidence, *args, **kwargs)
            found: R = results[key]
            return found

        return cached

    return keeping
