"""What an SDK's files say, without importing them."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def source(package: str, file: str, *, otherwise: str = "") -> str:
    """The text of a file of a top-level package; empty if the package has no such file, and
    ``otherwise`` if there is no such package, as where a driver is only looked at."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        return otherwise
    folders = spec.submodule_search_locations or []
    for folder in folders:
        path = Path(folder, file)
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return ""
