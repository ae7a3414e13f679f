"""With what exact values were measured: the rule that says where else they are valid.

Exact values repeat to the digit on any machine, but depend on the benchmark's version, on the
interpreter down to its patch release, on the installed packages, on the variables that the conf
sets, and on the driver. Where all of these agree, a value that was measured elsewhere is as good as
one from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from unladen.store.interpreter import Interpreter
from unladen.store.records import Record
from unladen.text.terminal import printable

INSTALLERS = {"pip", "setuptools", "wheel"}
"""Packages that are in an environment and in no SDK's process."""


@dataclass(frozen=True)
class Conditions:
    """``python`` such as ``3.11.7``; ``packages``: name and version of each that counts;
    ``variables``: name and value of each that the conf sets. ``drivers``: the digests of all
    drivers that values are from; empty if none is known, as of older results."""

    python: str
    implementation: str
    packages: frozenset[tuple[str, str]]
    variables: frozenset[tuple[str, str]]
    drivers: frozenset[str] = frozenset()

    def agree(self, other: Conditions | None) -> bool:
        """Whether exact values under these conditions and under those are the same; False if the
        others are not known. Drivers that are not known are taken for the same."""
        if other is None or replace(self, drivers=other.drivers) != other:
            return False
        if not self.drivers or not other.drivers:
            return True
        # Of results of two drivers nobody knows here which value is of which.
        return len(self.drivers | other.drivers) == 1


def conditions_of(record: Record | None, variables: Mapping[str, str]) -> Conditions | None:
    """Those of results. ``record``: the one beside them; ``variables``: as the results file has
    them. None if nothing is recorded: such results are valid nowhere else."""
    if record is None or record.environment is None:
        return None
    found = record.environment
    drivers = {session.driver for session in record.sessions if session.driver}
    return _conditions(
        found.python, found.implementation, found.packages, variables, frozenset(drivers)
    )


def conditions_here(
    interpreter: Interpreter, variables: Mapping[str, str], driver: str
) -> Conditions:
    """Those of a benchmark environment. ``variables``: its ``env_vars``; ``driver``: the digest of
    the target's."""
    return _conditions(
        interpreter.version,
        interpreter.implementation,
        interpreter.packages,
        variables,
        frozenset({driver} - {""}),
    )


def disagreement(name: str, cells_named: Sequence[str]) -> str:
    """The remark on exact values that a source, by its name, has otherwise under the same
    conditions: something moves them that should not. ``cells_named``: which, at least one."""
    more = f" and {len(cells_named) - 1} more" if len(cells_named) > 1 else ""
    what = f"{name} disagrees, under the same conditions, on {cells_named[0]}{more}"
    return printable(f"{what}: not shown")


def _conditions(
    python: str,
    implementation: str,
    packages: Mapping[str, str],
    variables: Mapping[str, str],
    drivers: frozenset[str],
) -> Conditions:
    counting = {(name, version) for name, version in packages.items() if name not in INSTALLERS}
    settings = frozenset(variables.items())
    return Conditions(python, implementation, frozenset(counting), settings, drivers)
