"""Puts the suite into the wheel: what an installed Unladen measures with.

``benchmarks``, ``loads``, ``meters``, ``mocks`` and ``targets`` are at the top of the repository
and in ``unladen/_suite`` of a wheel, so that one top-level package is installed. An editable
install leaves them where they are. ``unladen.project.suite`` finds them in both places.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLAN = "releases.toml"

SUITE = ("asv.conf.json", "benchmarks", "loads", "meters", "mocks", "targets")
"""The rooms, and the conf of the sample SDK."""


class SuiteInWheel(BuildHookInterface[Any]):
    """Adds the suite's files to a wheel that is to be installed as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """``version``: "standard", or "editable"."""
        if version != "standard":
            return
        root = Path(self.root)
        build_data["force_include"].update(
            {str(file): f"unladen/_suite/{file.relative_to(root)}" for file in _files(root)}
        )


def _files(root: Path) -> list[Path]:
    """The suite's files, as far as they are no leftovers of a Python or of asv, and no targets that
    have a conf of their own: those are measured in a checkout. But the drivers of packages whose
    releases are a history are for everybody who makes one (``unladen releases add``)."""
    found = [root / name for name in SUITE]
    inside = [file for folder in found if folder.is_dir() for file in folder.rglob("*")]
    own = {conf.parent for conf in root.glob("targets/*/asv.conf.json")}
    lent = {plan.parent for plan in root.glob(f"targets/*/{PLAN}")}
    return sorted(
        file
        for file in [*found, *inside]
        if file.is_file()
        and not {"__pycache__", ".asv"} & {*file.relative_to(root).parts}
        and (not own & {*file.parents} or (_is_of_driver(file) and lent & {*file.parents}))
    )


def _is_of_driver(file: Path) -> bool:
    """Whether it is the driver's, or says which releases it drives and what they need."""
    return file.suffix == ".py" or file.name == PLAN
