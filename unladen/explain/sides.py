"""What commits did of the figures that are explained, from processes that keep whose work it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from unladen.compare.ab.cells import Cell, CellKey
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.errors import UserError
from unladen.explain.contexts import Side, read_side
from unladen.explain.kinds import IMPORTS, NONE, OUTCOMES, RETAINED, kind_of
from unladen.store.reasons import failure_reason
from unladen.text.terminal import printable

ATTRIBUTE = ("-m", "benchmarks.attribute")
ATTRIBUTE_MANY = ("-m", "benchmarks.attribute_many")
BYTECODES = "bytecodes"
"""The unit of series that count bytecodes themselves."""

WHOLE, TRACE, SITES, HOLDERS = "whole", "trace", "sites", "holders"
"""How a process is asked: for the work of a whole benchmark; for that, and what it does in order;
for where what it retains was allocated; for what holds that."""


class Sides:
    """What commits did, each measured once, by a runner that has them as its sides."""

    def __init__(self, runner: InterleavedRunner) -> None:
        """Nothing is measured yet."""
        self._runner = runner
        self._kept: dict[tuple[int, CellKey, str], Side | str] = {}

    def prepare(self, side: int, cells: Sequence[Cell]) -> None:
        """Measure what the explanations of several cells ask of a commit first, all in processes
        that are forked from one. Raises ``UserError``."""
        asked = [(cell, how) for cell in cells for how in _asked_first(cell)]
        left = [(cell, how) for cell, how in asked if (side, cell.key, how) not in self._kept]
        if len(left) < 2:
            return
        names = [[cell.series.name, cell.index, how] for cell, how in left]
        done = self._runner.ended(side, [*ATTRIBUTE_MANY, json.dumps(names)])
        _refuse_other_suites(done.errors)
        for (cell, how), line in zip(left, done.output.splitlines(), strict=False):
            self._kept[side, cell.key, how] = _read(line)

    def forget(self, side: int) -> None:
        """Keep nothing of a commit any more."""
        for key in [key for key in self._kept if key[0] == side]:
            del self._kept[key]

    def did(self, side: int, cell: Cell, is_whole: bool) -> Side | str:
        """What a process of a commit counted of a cell, or why it failed. ``is_whole``: of its
        whole benchmark; of an outcome in order, too. Raises ``UserError``."""
        return self._once(side, cell, _of_whole(cell) if is_whole else "")

    def retains(self, side: int, cell: Cell) -> Side | str:
        """The same of where what a commit retains was allocated."""
        return self._once(side, cell, SITES)

    def holds(self, side: int, cell: Cell) -> Side | str:
        """The same of what holds what a commit retains."""
        return self._once(side, cell, HOLDERS)

    def imports(self, side: int, cell: Cell) -> Side | str:
        """The same of what the SDK's import loads."""
        return self._once(side, cell, _of_import(cell))

    def _once(self, side: int, cell: Cell, how: str) -> Side | str:
        key = side, cell.key, how
        if key not in self._kept:
            self._kept[key] = self._measured(side, cell, how)
        return self._kept[key]

    def _measured(self, side: int, cell: Cell, how: str) -> Side | str:
        option = [f"--{how}"] if how else []
        arguments = [*ATTRIBUTE, cell.series.name, str(cell.index), *option]
        done = self._runner.ended(side, arguments)
        if done.exit_code == 0 and done.output.strip():
            return read_side(done.output)
        _refuse_other_suites(done.errors)
        return printable(failure_reason(done.errors, done.exit_code))


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
    first = "" if cell.series.unit == BYTECODES else _of_whole(cell)
    return [first, SITES, HOLDERS] if kind == RETAINED else [first]


def _of_whole(cell: Cell) -> str:
    return TRACE if kind_of(cell.series) == OUTCOMES else WHOLE


def _of_import(cell: Cell) -> str:
    return "imports" if cell.series.is_exact else "import-seconds"
