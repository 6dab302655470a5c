"""Fields of a screen that stand for several fields of a form, and what they are spelled out to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.decision import CRITERIA
from equipoise.decision.values_form import LARGEST_AMOUNT, values_form
from equipoise.presentation.form_fields import entry_numbers

Typed = Mapping[str, tuple[str, ...]]

NOT_ACCEPTABLE = "not-acceptable"
"""One tick for one limit: ``injections:155`` says that more than 155 injections a year are not acceptable."""


def spelled_out(sent: Typed) -> dict[str, tuple[str, ...]]:
    """Return what a screen sent in the fields of the forms.

    Of two limits on one criterion the stricter one is kept: it says all that the other says. A limit that is not
    complete, or that names nothing known, stays as it was typed, for the form's own reader to find. "As much as the one
    before" is kept of what still stands after another in the order.

    Parameters
    ----------
    sent
        Field to what stands in it.
    """
    entries = _entries(sent)
    ticked = [tuple(held.split(":", 1)) for held in sent.get(NOT_ACCEPTABLE, ()) if ":" in held]
    entries += [{"criterion": (criterion,), "level": (level,)} for criterion, level in ticked]
    rest = {name: held for name, held in sent.items() if not name.startswith("limit[") and name != NOT_ACCEPTABLE}
    for number, entry in enumerate(_stricter(entries), start=1):
        rest |= {f"limit[{number}].{key}": held for key, held in entry.items()}
    if "as_much_as_before" in rest:
        order = [name for name in rest.get("order", ()) if name]
        rest["as_much_as_before"] = tuple(name for name in rest["as_much_as_before"] if name in order[1:])
    return rest


def limit_level(entry: Typed) -> tuple[str, float] | None:
    """Return the criterion and the level of an entry; ``None`` where it is not complete or cannot be read."""
    criterion, level = _first(entry, "criterion"), amount(_first(entry, "level"))
    return None if level is None or criterion not in _IS_LOWER_BETTER else (criterion, level)


def amount(text: str) -> float | None:
    """Return a typed amount; ``None`` where it is none that the forms take."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if 0 <= found <= LARGEST_AMOUNT else None


def tick_of(criterion: str, level: float) -> str:
    """Return the tick that stands for a limit."""
    return f"{criterion}:{level:.12g}"


def limit_entries(typed: Typed) -> tuple[tuple[int, Typed], ...]:
    """Return the limits that were typed, each with its number."""
    question = values_form()["limit"]
    return tuple((n, _entry(typed, f"limit[{n}].")) for n in entry_numbers(question, typed))


_IS_LOWER_BETTER = {one.id: one.is_better == "lower" for one in CRITERIA}


def _entries(sent: Typed) -> list[Typed]:
    return [entry for _, entry in limit_entries(sent)]


def _entry(typed: Typed, start: str) -> Typed:
    return {name.removeprefix(start): held for name, held in typed.items() if name.startswith(start) and any(held)}


def _stricter(entries: Sequence[Typed]) -> list[Typed]:
    kept: dict[str, Typed] = {}
    for place, entry in enumerate(entries):
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


def _first(entry: Typed, name: str) -> str:
    return next(iter(entry.get(name, ())), "").strip()
