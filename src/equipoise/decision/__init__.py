"""Which option fits what matters to a person: criteria, values, and acceptability over all plausible worlds.

>>> from equipoise.decision import read_values, weigh, explain
"""

from __future__ import annotations

from equipoise.decision.acceptability import Acceptability, acceptability
from equipoise.decision.changes import Flip, SmallestChange, smallest_change, smallest_step
from equipoise.decision.constraints import Region, region
from equipoise.decision.contradictions import Contradiction, settle
from equipoise.decision.criteria import CRITERIA, Criterion, criterion, partial_values
from equipoise.decision.explanation import Explanation, ReasonFor, Stays, explain
from equipoise.decision.values import Limit, TradeOff, TradeOffAnswer, Values
from equipoise.decision.values_form import read_values, values_form, write_values
from equipoise.decision.weighing import LeftOut, Removed, Weighing, weigh
from equipoise.decision.weights import Weights, exact_weights, sample_weights
from equipoise.decision.words import comes_first, share_word

__all__ = [
    "CRITERIA",
    "Acceptability",
    "Contradiction",
    "Criterion",
    "Explanation",
    "Flip",
    "LeftOut",
    "Limit",
    "ReasonFor",
    "Region",
    "Removed",
    "SmallestChange",
    "Stays",
    "TradeOff",
    "TradeOffAnswer",
    "Values",
    "Weighing",
    "Weights",
    "acceptability",
    "comes_first",
    "criterion",
    "exact_weights",
    "explain",
    "partial_values",
    "read_values",
    "region",
    "sample_weights",
    "settle",
    "share_word",
    "smallest_change",
    "smallest_step",
    "values_form",
    "weigh",
    "write_values",
]
