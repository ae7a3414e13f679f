"""The drivers of packages that come with the suite, each with what its releases need."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.project.suite import suite_root
from unladen.releases.index import WantedPackage, package_named
from unladen.releases.plan import PLAN, ReleasePlan, read_plan


@dataclass(frozen=True)
class OwnDriver:
    """``name``: the target's that it is of; ``plan``: by which its releases were chosen there."""

    name: str
    plan: ReleasePlan

    @property
    def package(self) -> WantedPackage:
        """What it drives, with the extras that it needs."""
        return package_named(self.plan.package)


def own_driver_of(package: WantedPackage) -> OwnDriver | None:
    """The suite's own driver of a package, whatever extras of it are wanted; None if there is
    none. Raises ``UserError`` if a plan of the suite is malformed."""
    for file in sorted((suite_root() / "targets").glob(f"*/{PLAN}")):
        found = OwnDriver(file.parent.name, read_plan(file.parent))
        if found.package.name == package.name:
            return found
    return None
