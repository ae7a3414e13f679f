"""With what exact values were measured: the rule that says where else they are valid.

Exact values repeat to the digit on any machine, but depend on the benchmark's version, on the
interpreter down to its patch release, on the installed packages, on the variables that the conf
sets, and on the driver. Where all of these agree, a value that was measured elsewhere is as good as
one from here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from unladen.project.driver_digest import DriverDigests
from unladen.store.interpreter import Interpreter
from unladen.store.records import Record
from unladen.text.terminal import printable

INSTALLERS = {"pip", "setuptools", "wheel"}
"""Packages that are in an environment and in no SDK's process."""


@dataclass(frozen=True)
class Conditions:
    """``python`` such as ``3.11.7``; ``packages``: name and version of each that counts;
    ``variables``: name and value of each that the conf sets. ``drivers``: of all drivers that
    values are from each capability that has a part of its own there, and its digest; with "" that
    of what all share; empty if none is known, as of older results."""

    python: str
    implementation: str
    packages: frozenset[tuple[str, str]]
    variables: frozenset[tuple[str, str]]
    drivers: frozenset[tuple[str, str]] = frozenset()

    def agree(self, other: Conditions | None) -> bool:
        """Whether exact values under these conditions and under those are the same; False if the
        others are not known. What is not known of a driver is taken for the same."""
        if other is None or replace(self, drivers=other.drivers) != other:
            return False
        # Of results of two drivers nobody knows here which value is of which.
        both = {part for part, _ in self.drivers} & {part for part, _ in other.drivers}
        digests = {one for one in self.drivers | other.drivers if one[0] in both}
        return len(digests) == len(both)

    def with_packages_of(self, other: Conditions | None) -> Conditions:
        """These with the packages of others, if they are known."""
        return self if other is None else replace(self, packages=other.packages)


def conditions_of(record: Record | None, variables: Mapping[str, str]) -> Conditions | None:
    """Those of results. ``record``: the one beside them; ``variables``: as the results file has
    them. None if nothing is recorded: such results are valid nowhere else."""
    if record is None or record.environment is None:
        return None
    found = record.environment
    drivers = [(session.driver, session.driver_parts) for session in record.sessions]
    return _conditions(
        found.python, found.implementation, found.packages, variables, _known(drivers)
    )


def conditions_here(
    interpreter: Interpreter, variables: Mapping[str, str], driver: DriverDigests
) -> Conditions:
    """Those of a benchmark environment. ``variables``: its ``env_vars``; ``driver``: the digests of
    the target's."""
    return _conditions(
        interpreter.version,
        interpreter.implementation,
        interpreter.packages,
        variables,
        _known([(driver.common, driver.parts)]),
    )


def disagreement(name: str, cells_named: Sequence[str]) -> str:
    """The remark on exact values that a source, by its name, has otherwise under the same
    conditions: something moves them that should not. ``cells_named``: which, at least one."""
    more = f" and {len(cells_named) - 1} more" if len(cells_named) > 1 else ""
    what = f"{name} disagrees, under the same conditions, on {cells_named[0]}{more}"
    return printable(f"{what}: not shown")


def _known(drivers: Iterable[tuple[str, Mapping[str, str]]]) -> frozenset[tuple[str, str]]:
    """Part and digest, of drivers that are known. ``drivers``: of each what all its capabilities
    share, and its parts."""
    known = ({"": common, **parts} for common, parts in drivers if common)
    return frozenset(itertools.chain.from_iterable(one.items() for one in known))


def _conditions(
    python: str,
    implementation: str,
    packages: Mapping[str, str],
    variables: Mapping[str, str],
    drivers: frozenset[tuple[str, str]],
) -> Conditions:
    counting = {(name, version) for name, version in packages.items() if name not in INSTALLERS}
    settings = frozenset(variables.items())
    return Conditions(python, implementation, frozenset(counting), settings, drivers)
