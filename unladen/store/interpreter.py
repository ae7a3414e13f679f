"""What a benchmark environment's Python is, asked once of that Python itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PROBE = """
import importlib.metadata, json, platform, sysconfig
folders = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
found = importlib.metadata.distributions(path=folders)
packages = {d.metadata["Name"]: d.version for d in found if d.metadata["Name"]}
print(json.dumps({
    "version": platform.python_version(),
    "implementation": platform.python_implementation(),
    "site_packages": sysconfig.get_path("purelib"),
    "standard_library": sysconfig.get_path("stdlib"),
    "packages": dict(sorted(packages.items(), key=lambda item: item[0].lower())),
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """``version`` such as ``3.11.7``; folders are absolute; ``packages``: version by name."""

    version: str
    implementation: str
    site_packages: str
    standard_library: str
    packages: Mapping[str, str]


def probe(run: Callable[[list[str]], str]) -> Interpreter:
    """Ask the Python that ``run`` starts with the given arguments and whose output it returns."""
    return Interpreter(**json.loads(run(["-I", "-c", PROBE])))
