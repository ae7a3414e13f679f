"""Cells measured together in ``setup_cache`` fail one by one."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a cell has no value: it failed, or (``unavailable``) the SDK does not have this."""

    reason: str
    unavailable: bool


class CellFailed(Exception):
    """The cell failed while the cache was filled; the message is its traceback."""


def attempt(measure: Callable[[], T]) -> T | Broken:
    """``measure()``, or why there is no value: one cell's failure must not take the others'."""
    try:
        return measure()
    except NotImplementedError as error:
        return Broken(str(error), unavailable=True)
    except Exception:  # noqa: BLE001 - kept, and raised again by value_of
        return Broken(traceback.format_exc(), unavailable=False)


def value_of(cell: T | Broken) -> T:
    """The cell's value. Raises ``NotImplementedError`` or ``CellFailed`` where it has none."""
    if not isinstance(cell, Broken):
        return cell
    if cell.unavailable:
        raise NotImplementedError(cell.reason)
    raise CellFailed(cell.reason)
