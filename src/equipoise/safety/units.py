"""Units of laboratories: read as UCUM writes them, by a library, and brought to one unit an analyte."""

from __future__ import annotations

import functools
import math
import re
from typing import Any

from equipoise.safety.monitoring_tests import Analyte
from equipoise.vocabulary.errors import EquipoiseError

ENZYME_UNIT = "U/L"
_COUNTS = ("10*9/L", "/uL")
_SIGNS = str.maketrans(
    {"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u", "^": "*", "\N{MULTIPLICATION SIGN}": "x"}
    | {"\N{SUPERSCRIPT NINE}": "*9", "\N{SUPERSCRIPT THREE}": "*3", "\N{SUPERSCRIPT SIX}": "*6"}
)
# What labels and laboratories write, and UCUM does not or takes for something else, by a pattern and what UCUM writes.
_ANYWHERE = (
    (r"\s*([x/])\s*", r"\1"),
    (r"^cells/", "{cells}/"),
    (r"^bpm$", "/min"),
    (r"^percent$", "%"),
    (r"^x?10[eE*](?=\d/)", "10*"),
    (r"^mc(?=mol/|g/)", "u"),
    # international units in English, in French and Spanish, and in German
    (r"^([mu]?)(?:IU|UI|IE)(?=/)", r"\1[IU]"),
)
# Only of a count: elsewhere G is gauss and K is kelvin. Nobody counts cells in those.
_OF_A_COUNT = ((r"^(?:G|Giga|Gpt)/(?=[lL]$)", "10*9/"), (r"^(?:K|k|Tsd\.?|thou)/(?=u[lL]$)", "10*3/"))
# Only of an activity: a U, in German an E, is short for the international unit of what was measured.
_OF_AN_ACTIVITY = ((r"^([mu]?)[UE](?=/)", r"\1[IU]"),)
# A power that lost its place on the way, 109 for 10*9: read as a number it would make next to nothing of a count.
_POWER_LOST = re.compile(r"^x?10[3-9]/")

# What the library answers for the units that laboratories and labels use most, so that a morning's list need not wait a
# second for it to load; a test asks the library for each again. By unit and the unit that is wanted.
LOOKED_UP = {
    ("10*3/uL", "10*9/L"): 1.0,
    ("/uL", "10*9/L"): 0.001,
    ("cells/uL", "10*9/L"): 0.001,
    ("{cells}/uL", "10*9/L"): 0.001,
    ("cells/uL", "/uL"): 1.0,
    ("{cells}/uL", "/uL"): 1.0,
    ("10*9/L", "/uL"): 1000.0,
    ("mIU/L", "m[IU]/L"): 1.0,
    ("u[IU]/mL", "m[IU]/L"): 1.0,
    ("uIU/mL", "m[IU]/L"): 1.0,
    ("[IU]/L", "U/L"): 1.0,
    ("IU/L", "U/L"): 1.0,
    ("g/dL", "g/L"): 10.0,
    ("mg/dL", "g/L"): 0.01,
    ("bpm", "/min"): 1.0,
}


class UnitError(EquipoiseError):
    """A unit cannot be read, or does not fit what was measured."""


def factor(unit: str, analyte: Analyte) -> float:
    """Return what a value in ``unit`` is multiplied with to stand in the analyte's own unit.

    Parameters
    ----------
    unit
        As UCUM writes it: ``10*3/uL``, ``mg/dL``.
    analyte
        What was measured; its molar mass, where there is one, joins mass and amount of substance.

    Raises
    ------
    UnitError
        If the unit cannot be read, or measures another sort of thing.
    """
    found = LOOKED_UP.get((unit.strip(), analyte.unit))
    return asked(unit, analyte) if found is None else found


def asked(unit: str, analyte: Analyte) -> float:
    """Return the factor as the library gives it, whether or not it stands in :data:`LOOKED_UP`.

    Raises
    ------
    UnitError
        As :func:`factor`.
    """
    return _factor(unit.strip(), analyte.name, analyte.unit, analyte.molar_mass)


@functools.lru_cache(maxsize=2_000)
def _factor(unit: str, name: str, wanted: str, molar_mass: float | None) -> float:
    if unit == wanted:
        return 1.0
    registry, written = _registry(), unit
    unit = as_ucum(unit, wanted)
    try:
        if _POWER_LOST.match(unit):
            raise ValueError(unit)
        found, target = _quantity(registry, unit), _quantity(registry, wanted)
    except Exception as error:
        # The library raises errors of its parser, of pint and of Python; each means the same to a reader.
        raise UnitError(
            f"'{written}' is no unit that can be read.\n  allowed: a unit of UCUM that fits {name}, such as {wanted}"
        ) from error
    if molar_mass is not None and found.dimensionality != target.dimensionality:
        mass = molar_mass * _quantity(registry, "g/mol")
        found = next((q for q in (found / mass, found * mass) if q.dimensionality == target.dimensionality), found)
    if found.dimensionality != target.dimensionality or _is_activity(unit) != _is_activity(wanted):
        raise UnitError(f"'{written}' does not fit {name}.\n  allowed: a unit of the same sort as {wanted}")
    value = float((found / target).to("dimensionless").magnitude)
    # 1e-15 of rounding is not part of a unit: 10*3/uL is 10*9/L exactly.
    return float(f"{value:.14g}") if math.isfinite(value) else value


def as_ucum(unit: str, wanted: str) -> str:
    """Return a unit as UCUM writes it, read as the one that a laboratory means where ``wanted`` is measured.

    Whether it can be read at all, and fits, is asked of :func:`factor`.
    """
    patterns: tuple[tuple[str, str], ...] = _ANYWHERE
    if wanted in _COUNTS:
        patterns += _OF_A_COUNT
    elif wanted == ENZYME_UNIT or _is_activity(wanted):
        patterns += _OF_AN_ACTIVITY
    unit = unit.translate(_SIGNS)
    for pattern, written in patterns:
        unit = re.sub(pattern, written, unit)
    if wanted == ENZYME_UNIT:
        # The international unit of an enzyme is the U of UCUM, one micromole a minute; [IU] is that of a biological
        # standard, and laboratories write it for both.
        unit = unit.replace("[IU]", "U").replace("[iU]", "U")
    return re.sub(r"^x(?=10\*)", "", unit)


def _is_activity(unit: str) -> bool:
    # International units have no dimension of their own, so that [IU]/L would pass for a count a litre.
    return "[IU]" in unit or "[iU]" in unit


def _quantity(registry: Any, unit: str) -> Any:
    return 1.0 * registry.from_ucum(unit)


@functools.cache
def _registry() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()
