"""The modules of parley's runtime, at commits that have them."""

from __future__ import annotations

import importlib
from typing import Any

from targets.protocol import Lacking

_PACKAGE = "parley.runtime"


def runtime(module: str) -> Any:
    """``parley.runtime.MODULE``. Raises ``Lacking`` where parley does not have it yet."""
    name = f"{_PACKAGE}.{module}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("parley", _PACKAGE, name):
            raise
        raise Lacking(f"parley has no {name} at this commit") from error
