"""Cells measured together in ``setup_cache`` fail, or go wrong, one by one."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from benchmarks.core.notes import hearing, wrong
from targets.protocol import Lacking

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A cell's value, and what was wrong with the outcome that was measured: empty if nothing."""

    value: T
    wrong: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a cell has no value: it failed, or (``unavailable``) the SDK does not have this, or
    (``lacking``, too) nothing of the kind; or (``is_left_out``) nobody asked."""

    reason: str
    unavailable: bool
    lacking: bool = False
    is_left_out: bool = False


Attempt: TypeAlias = Kept[T] | Broken


class CellFailed(Exception):
    """The cell failed while the cache was filled; the message is its traceback."""


@dataclass(slots=True)
class Picked:
    """Which attempts are made, ``None``: all; their cells so far; which was ``used`` last, ``None``
    if that is no attempt of these; and all that were ``asked`` for."""

    only: int | None = None
    used: int | None = None
    cells: list[Attempt[Any]] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)


_picked: list[Picked] = []


@contextmanager
def picking(only: int | None = None) -> Iterator[Picked]:
    """Within the block, note which attempt a figure comes from; make this one only."""
    picked = Picked(only)
    _picked.append(picked)
    try:
        yield picked
    finally:
        _picked.pop()


def attempt(measure: Callable[[], T]) -> Attempt[T]:
    """``measure()``, or why there is no value: one cell's failure must not take the others'."""
    return unless_left_out(partial(attempted, measure))


def unless_left_out(make: Callable[[], Attempt[T]]) -> Attempt[T]:
    """The attempt that ``make`` gives, or that it is left out (``picking``)."""
    if not _picked:
        return make()
    picked = _picked[-1]
    is_left_out = picked.only is not None and len(picked.cells) != picked.only
    left_out = Broken("left out", unavailable=True, is_left_out=True)
    cell = left_out if is_left_out else _made(make)
    picked.cells.append(cell)
    return cell


def _made(make: Callable[[], Attempt[T]]) -> Attempt[T]:
    """What it gives; attempts that it is made of are none to pick from."""
    picked = _picked.copy()
    _picked.clear()
    try:
        return make()
    finally:
        _picked.extend(picked)


def attempted(measure: Callable[[], T]) -> Attempt[T]:
    """``attempt`` where nothing is left out: for one that was chosen already."""
    try:
        with hearing() as heard:
            value = measure()
    except NotImplementedError as error:
        return Broken(str(error), unavailable=True, lacking=isinstance(error, Lacking))
    except Exception:  # noqa: BLE001 - kept, and raised again by value_of
        return Broken(traceback.format_exc(), unavailable=False)
    return Kept(value, heard.wrong)


def value_of(cell: Attempt[T]) -> T:
    """The cell's value; what was wrong with it is said again, for the benchmark that gives it.

    Raises ``NotImplementedError`` or ``CellFailed`` where it has none.
    """
    for picked in _picked[-1:]:
        picked.used = next((n for n, each in enumerate(picked.cells) if each is cell), None)
        if picked.used is not None:
            picked.asked.add(picked.used)
    if isinstance(cell, Kept):
        if cell.wrong:
            wrong(cell.wrong)
        return cell.value
    if cell.unavailable:
        raise NotImplementedError(cell.reason)
    raise CellFailed(cell.reason)
