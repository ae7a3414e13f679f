"""What capabilities have of their own for reports and sites: in the folders below
``unladen.capabilities``.

They are above the report and the site in the layers, for they are written in their words; so they
are found by name, and a new one needs no line here.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from types import ModuleType

CAPABILITIES = "unladen.capabilities"


def capability_parts(part: str) -> Iterator[tuple[str, ModuleType]]:
    """The module ``part`` of each capability that has one, with the capability's name, by names."""
    package = importlib.import_module(CAPABILITIES)
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        module = f"{CAPABILITIES}.{name}.{part}"
        if importlib.util.find_spec(module) is not None:
            yield name, importlib.import_module(module)
