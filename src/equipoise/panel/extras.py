"""The libraries behind the extras ``panel`` and ``spark``, loaded when first needed and asked for in a sentence."""

from __future__ import annotations

import importlib
from typing import Any

from equipoise.vocabulary.errors import RequestError

_EXTRA_OF = {"pyarrow": "panel", "ibis": "panel", "duckdb": "panel", "pyspark": "spark"}


def needs(module: str) -> Any:
    """Return a library of an extra.

    Parameters
    ----------
    module
        Its import name, with submodules: ``"pyarrow.parquet"``.

    Raises
    ------
    RequestError
        If it is not installed; the message says what to install.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        top = module.split(".", maxsplit=1)[0]
        if (missing.name or "").split(".")[0] != top:
            raise
        extra = _EXTRA_OF[top]
        raise RequestError(
            f"panels need the library '{top}', which is not installed.\n"
            f"  found:   Equipoise without its extra '{extra}'\n"
            f"  do:      pip install 'equipoise[{extra}]', or in a checkout: .venv/bin/pip install -e '.[{extra}]'"
        ) from None
