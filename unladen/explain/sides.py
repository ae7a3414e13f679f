"""What commits did of the figures that are explained, from processes that keep whose work it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, CellKey
from unladen.errors import UserError
from unladen.explain.contexts import Side
from unladen.explain.kept_sides import KeptSides, kept_sides
from unladen.explain.kinds import IMPORTS, NONE, OUTCOMES, PEAK, RETAINED, WORK, kind_of
from unladen.explain.printed_sides import read_side
from unladen.explain.processes import AsksCommits, CommitsInTurn
from unladen.store.reasons import failure_reason
from unladen.text.terminal import printable

ATTRIBUTE = ("-m", "benchmarks.attribute")
ATTRIBUTE_MANY = ("-m", "benchmarks.attribute_many")
BYTECODES = "bytecodes"
"""The unit of series that count bytecodes themselves."""
FUNCTION_CALLS = "calls"
"""The unit of series of work that count function calls."""

WHOLE, TRACE, CALLS = "whole", "trace", "calls"
"""How a process is asked: for the work of a whole benchmark; for that, and what it does in order;
for the function calls that are counted."""
SITES, HOLDERS, ALIVE = "sites", "holders", "peak"
"""And of memory: for where what it retains was allocated; for what holds that; for where what is
alive at the peak was allocated."""


class Sides:
    """What commits did, each asked once of a figure, by their numbers."""

    def __init__(
        self,
        runner: AsksCommits,
        commits: Sequence[str] = (),
        kept: KeptSides | None = None,
        jobs: int = 1,
    ) -> None:
        """Nothing is measured yet. ``commits``: their hashes, if what they did is ``kept`` from one
        command to the next; ``jobs``: how many processes at a time."""
        self._runner = runner
        self._commits = commits
        self._store = kept
        self._jobs = jobs
        self._known: dict[tuple[int, CellKey, str], Side | str] = {}

    def prepare(self, side: int, cells: Sequence[Cell]) -> None:
        """Measure what the explanations of several cells ask of a commit, all in processes that are
        forked from one. Raises ``UserError``."""
        asked = [(cell, how) for cell in cells for how in _asked_first(cell)]
        self._measure_all(side, asked)
        self._measure_all(
            side, [(cell, WHOLE) for cell, how in asked if self._is_empty(side, cell, how)]
        )

    def forget(self, side: int) -> None:
        """Hold nothing of a commit any more but what is kept."""
        for key in [key for key in self._known if key[0] == side]:
            del self._known[key]

    def did(self, side: int, cell: Cell, is_whole: bool) -> Side | str:
        """What a process of a commit counted of a cell, or why it failed. ``is_whole``: of its
        whole benchmark; of an outcome in order, too. Raises ``UserError``."""
        return self._once(side, cell, _of_whole(cell) if is_whole else _of_itself(cell) or "")

    def in_order(self, side: int, cell: Cell) -> Side | str:
        """The same of its whole benchmark, and what that does in order."""
        return self._once(side, cell, TRACE)

    def retains(self, side: int, cell: Cell) -> Side | str:
        """The same of where what a commit retains was allocated."""
        return self._once(side, cell, SITES)

    def holds(self, side: int, cell: Cell) -> Side | str:
        """The same of what holds what a commit retains."""
        return self._once(side, cell, HOLDERS)

    def is_alive(self, side: int, cell: Cell) -> Side | str:
        """The same of where what is alive at the peak of a commit was allocated."""
        return self._once(side, cell, ALIVE)

    def imports(self, side: int, cell: Cell) -> Side | str:
        """The same of what the SDK's import loads."""
        return self._once(side, cell, _of_import(cell))

    def _is_empty(self, side: int, cell: Cell, how: str) -> bool:
        """Whether a figure counts bytecodes by itself, so that its whole work is asked for next."""
        found = self._known.get((side, cell.key, how))
        return (
            how == "" and isinstance(found, Side) and found.value is not None and not found.contexts
        )

    def _once(self, side: int, cell: Cell, how: str) -> Side | str:
        if not self._is_known(side, cell, how):
            self._known[side, cell.key, how] = self._measured(side, cell, how)
        return self._known[side, cell.key, how]

    def _is_known(self, side: int, cell: Cell, how: str) -> bool:
        """Whether it was measured before; what is kept is read now."""
        key = side, cell.key, how
        if key not in self._known and self._store is not None:
            said = self._store.said(self._commits[side], cell, how)
            if said is not None:
                self._known[key] = _read(said)
        return key in self._known

    def _measure_all(self, side: int, asked: Sequence[tuple[Cell, str]]) -> None:
        left = [(cell, how) for cell, how in asked if not self._is_known(side, cell, how)]
        if len(left) < 2:
            return
        names = json.dumps([[cell.series.name, cell.index, how] for cell, how in left])
        at_once = [str(self._jobs)] if self._jobs > 1 else []
        done = self._runner.ended(side, [*ATTRIBUTE_MANY, names, *at_once])
        _refuse_other_suites(done.errors)
        for (cell, how), line in zip(left, done.output.splitlines(), strict=False):
            self._learn(side, cell, how, line)

    def _measured(self, side: int, cell: Cell, how: str) -> Side | str:
        option = [f"--{how}"] if how else []
        arguments = [*ATTRIBUTE, cell.series.name, str(cell.index), *option]
        done = self._runner.ended(side, arguments)
        if done.exit_code == 0 and done.output.strip():
            return self._learn(side, cell, how, done.output)
        _refuse_other_suites(done.errors)
        return printable(failure_reason(done.errors, done.exit_code))

    def _learn(self, side: int, cell: Cell, how: str, line: str) -> Side | str:
        """Take over what a process said. A failure is not kept: it may be the machine's."""
        found = self._known[side, cell.key, how] = _read(line)
        if self._store is not None and isinstance(found, Side):
            self._store.keep(self._commits[side], cell, how, line)
        return found


def sides_of(setup: BenchmarkSetup, commits: Sequence[str], jobs: int = 1) -> Sides:
    """What commits of a target did, which is kept from one command to the next. ``jobs``: how many
    processes at a time."""
    return Sides(CommitsInTurn(setup, commits), commits, kept_sides(setup), jobs)


class _Failed(msgspec.Struct):
    failed: str = ""


def _read(line: str) -> Side | str:
    failed = msgspec.json.decode(line.replace('"value":NaN', '"value":null'), type=_Failed).failed
    return printable(failure_reason(failed, 1)) if failed else read_side(line)


def _refuse_other_suites(errors: str) -> None:
    if "No module named benchmarks.attribute" in errors:
        raise UserError("the suite cannot say whose work a figure is: it has no attribute.py")


def _asked_first(cell: Cell) -> list[str]:
    """How processes are asked of a cell in any case."""
    kind = kind_of(cell.series)
    if kind == IMPORTS:
        return [_of_import(cell)]
    if not cell.series.is_exact or kind == NONE:
        return []
    itself = _of_itself(cell)
    first = _of_whole(cell) if itself is None else itself
    return [first, *_OF_MEMORY.get(kind, ())]


def counts_itself(cell: Cell) -> bool:
    """Whether a figure is the work of a part of its benchmark, and says how much that is."""
    return _of_itself(cell) is not None


def _of_itself(cell: Cell) -> str | None:
    """How a process is asked for just the work that is a figure; None if it is of another kind."""
    if cell.series.unit == BYTECODES:
        return ""
    is_of_calls = cell.series.unit == FUNCTION_CALLS and kind_of(cell.series) == WORK
    return CALLS if is_of_calls and cell.series.group == "work" else None


_OF_MEMORY = {RETAINED: (SITES, HOLDERS), PEAK: (ALIVE,)}


def _of_whole(cell: Cell) -> str:
    return TRACE if kind_of(cell.series) == OUTCOMES else WHOLE


def _of_import(cell: Cell) -> str:
    return "imports" if cell.series.is_exact else "import-seconds"
