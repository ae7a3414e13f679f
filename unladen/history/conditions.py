"""With what exact values were measured: the rule that says where else they are valid.

Exact values repeat to the digit on any machine, but depend on the benchmark's version, on the
interpreter down to its patch release, on the installed packages, and on the variables that the
conf sets. Where all of these agree, a value that was measured elsewhere is as good as one from
here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.store.interpreter import Interpreter
from unladen.store.records import Record
from unladen.text.terminal import printable

INSTALLERS = {"pip", "setuptools", "wheel"}
"""Packages that are in an environment and in no SDK's process."""


@dataclass(frozen=True)
class Conditions:
    """``python`` such as ``3.11.7``; ``packages``: name and version of each that counts;
    ``variables``: name and value of each that the conf sets."""

    python: str
    implementation: str
    packages: frozenset[tuple[str, str]]
    variables: frozenset[tuple[str, str]]


def conditions_of(record: Record | None, variables: Mapping[str, str]) -> Conditions | None:
    """Those of results. ``record``: the one beside them; ``variables``: as the results file has
    them. None if nothing is recorded: such results are valid nowhere else."""
    if record is None or record.environment is None:
        return None
    found = record.environment
    return _conditions(found.python, found.implementation, found.packages, variables)


def conditions_here(interpreter: Interpreter, variables: Mapping[str, str]) -> Conditions:
    """Those of a benchmark environment. ``variables``: its ``env_vars``."""
    return _conditions(
        interpreter.version, interpreter.implementation, interpreter.packages, variables
    )


def difference(one: Conditions, other: Conditions) -> str:
    """In what two conditions differ, in a few words; "" if in nothing."""
    if (one.implementation, one.python) != (other.implementation, other.python):
        return f"{one.implementation} {one.python}, not {other.implementation} {other.python}"
    for what, found, wanted in (
        ("package", dict(one.packages), dict(other.packages)),
        ("variable", dict(one.variables), dict(other.variables)),
    ):
        names = sorted(n for n in {*found, *wanted} if found.get(n) != wanted.get(n))
        if names:
            name = names[0]
            more = f", and {len(names) - 1} more" if len(names) > 1 else ""
            return (
                f"{what} {name} {found.get(name, 'absent')}, not {wanted.get(name, 'absent')}"
                + more
            )
    return ""


def disagreement(name: str, places: Sequence[str]) -> str:
    """The remark on exact values that a source, by its name, has otherwise under the same
    conditions: something moves them that should not. ``places``: which, at least one."""
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    what = f"{name} disagrees, under the same conditions, on {places[0]}{more}"
    return printable(f"{what}: not shown")


def _conditions(
    python: str, implementation: str, packages: Mapping[str, str], variables: Mapping[str, str]
) -> Conditions:
    counting = {(name, version) for name, version in packages.items() if name not in INSTALLERS}
    return Conditions(python, implementation, frozenset(counting), frozenset(variables.items()))
