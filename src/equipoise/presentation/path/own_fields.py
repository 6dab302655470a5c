"""Fields of a screen that stand for several fields of a form, and what they are spelled out to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.decision import CRITERIA, TradeOff, TradeOffAnswer
from equipoise.decision.offers import OFFERS
from equipoise.decision.values_form import LARGEST_AMOUNT, values_form
from equipoise.presentation.form_fields import entry_numbers

Typed = Mapping[str, tuple[str, ...]]
"""Field of a page to what stands in it."""

NOT_ACCEPTABLE = "not-acceptable"
"""One tick for one limit: ``injections:155`` says that more than 155 injections a year are not acceptable."""
_IS_LOWER_BETTER = {one.id: one.is_better == "lower" for one in CRITERIA}


def spelled_out(sent: Typed) -> dict[str, tuple[str, ...]]:
    """Return what a screen sent in the fields of the forms.

    Of two limits on one criterion the stricter one is kept: it says all that the other says. A limit that is not
    complete, or that names nothing known, stays as it was typed, for the form's own reader to find. A trade-off that
    was offered and left open says nothing, and is offered again. "As much as the one before" is kept of what still
    stands after another in the order.

    Parameters
    ----------
    sent
        Field to what stands in it.
    """
    ticked = [tuple(held.split(":", 1)) for held in sent.get(NOT_ACCEPTABLE, ()) if ":" in held]
    limits: list[Typed] = [entry for _, entry in entries(sent, "limit")]
    limits += [{"criterion": (criterion,), "level": (level,)} for criterion, level in ticked]
    trades = [entry for _, entry in entries(sent, "trade_off") if trade_off(entry) not in OFFERS]
    lists = ("limit[", "trade_off[")
    rest = {name: held for name, held in sent.items() if not name.startswith(lists) and name != NOT_ACCEPTABLE}
    rest |= _numbered("limit", _stricter(limits)) | _numbered("trade_off", trades)
    if "as_much_as_before" in rest:
        order = [name for name in rest.get("order", ()) if name]
        rest["as_much_as_before"] = tuple(name for name in rest["as_much_as_before"] if name in order[1:])
    return rest


def entries(typed: Typed, name: str) -> tuple[tuple[int, Typed], ...]:
    """Return the entries of a list that hold anything, each with its number and without the beginning of its fields.

    Parameters
    ----------
    typed
        Field to what stands in it.
    name
        ``"limit"`` or ``"trade_off"``.
    """
    return tuple((n, _entry(typed, f"{name}[{n}].")) for n in entry_numbers(values_form()[name], typed))


def limit_level(entry: Typed) -> tuple[str, float] | None:
    """Return the criterion and the level of an entry; ``None`` where it is not complete or cannot be read."""
    criterion, level = _first(entry, "criterion"), _amount(_first(entry, "level"))
    return None if level is None or criterion not in _IS_LOWER_BETTER else (criterion, level)


def trade_off(entry: Typed) -> TradeOff | None:
    """Return the trade-off of an entry; ``None`` where it is not complete or cannot be read."""
    gain, cost = _first(entry, "to_gain"), _first(entry, "would_accept")
    by, more = _amount(_first(entry, "by")), _amount(_first(entry, "more"))
    answer = _first(entry, "answer") or TradeOffAnswer.UNKNOWN.value
    if not by or not more or gain == cost or answer not in list(TradeOffAnswer):
        return None
    return TradeOff(gain, by, cost, more, TradeOffAnswer(answer)) if {gain, cost} <= set(_IS_LOWER_BETTER) else None


def tick_of(criterion: str, level: float) -> str:
    """Return the tick that stands for a limit."""
    return f"{criterion}:{level:.12g}"


def _numbered(name: str, found: Sequence[Typed]) -> dict[str, tuple[str, ...]]:
    return {f"{name}[{n}].{key}": held for n, entry in enumerate(found, start=1) for key, held in entry.items()}


def _entry(typed: Typed, start: str) -> Typed:
    return {name.removeprefix(start): held for name, held in typed.items() if name.startswith(start) and any(held)}


def _stricter(limits: Sequence[Typed]) -> list[Typed]:
    kept: dict[str, Typed] = {}
    for place, entry in enumerate(limits):
        found = limit_level(entry)
        if found is None:
            kept[str(place)] = entry
            continue
        criterion, level = found
        before = limit_level(kept[criterion]) if criterion in kept else None
        lower = _IS_LOWER_BETTER[criterion]
        if before is None or (level < before[1] if lower else level > before[1]):
            kept[criterion] = entry
    return list(kept.values())


def _amount(text: str) -> float | None:
    """Return a typed amount; ``None`` where it is none that the forms take."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if 0 <= found <= LARGEST_AMOUNT else None


def _first(entry: Typed, name: str) -> str:
    return next(iter(entry.get(name, ())), "").strip()
