"""Short forms of the values of a series.

*Positions* count the measured commits, oldest first. Exact series seldom change: they are runs,
``[position, value, position, value...]``. Sampled ones change always: they are whole numbers in a
unit of their own. What is no number is ``None`` (not measured), ``"n"`` (n/a) or ``"f3"`` (failed,
for the reason of that index). The number of a wrong outcome is ``"w3:8"``, with the index of what
is wrong: so it is never taken for that of a right one.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.history.series_history import BAD, CODES, WITH_VALUE, is_one_of
from unladen.store.series import ROUNDING, Status

Encoded = float | int | str | None
"""A number, or what there is in its place."""

EXACT_DIGITS = 10
SAMPLED_DIGITS = 4
_WIDEST = 1e6

SPREADS = string.digits + string.ascii_letters + "-_"
"""How far a quartile lies from its value, in one character: the first is 0, the second
``SMALLEST_SPREAD`` of the value, each further one ``SPREAD_STEP`` times as much. So a spread is
told to within a tenth of itself."""
SMALLEST_SPREAD = 1e-4
SPREAD_STEP = 1.2
UNKNOWN_SPREAD = " "

_MEASURED = CODES[Status.MEASURED]
_FAILED = CODES[Status.FAILED]
_NOT_APPLICABLE = CODES[Status.NOT_APPLICABLE]
_WRONG = CODES[Status.WRONG]


@dataclass
class StringTable:
    """Texts, each once, known by its index."""

    strings: list[str] = field(default_factory=list)
    _indices: dict[str, int] = field(default_factory=dict)

    def index(self, text: str) -> int:
        """The index of a text, which is added if it is new."""
        found = self._indices.setdefault(text, len(self.strings))
        if found == len(self.strings):
            self.strings.append(text)
        return found


def rounded(value: float, digits: int) -> float | int:
    """``value`` with so many significant digits; as a whole number if it is one."""
    short = float(f"{value:.{digits}g}")
    # Of a whole number all digits are kept: counts are exact.
    if float(value).is_integer() and abs(value) < 2**53 and digits >= EXACT_DIGITS:
        return int(value)
    return int(short) if short.is_integer() and abs(short) < 2**53 else short


def wrong_number(value: float | int, reason: int) -> str:
    """How the number of a wrong outcome is written."""
    return f"w{reason}:{value}"


def no_number(status: Status, reason: int) -> str | None:
    """How a status without a value is written."""
    if status is Status.FAILED:
        return f"f{reason}"
    return "n" if status is Status.NOT_APPLICABLE else None


def exact_runs(
    values: NDArray[np.float64], statuses: NDArray[np.uint8], reasons: NDArray[np.int64]
) -> list[Encoded]:
    """The runs of one cell. All arrays have the shape (positions,); ``reasons``: the index of
    each reason."""
    if not len(values):
        return []
    contents = np.where(is_one_of(statuses, WITH_VALUE), values, 0.0)
    differs = np.abs(np.diff(contents)) > ROUNDING * np.maximum(
        np.abs(contents[1:]), np.abs(contents[:-1])
    )
    differs |= np.diff(statuses.astype(np.int64)) != 0
    differs |= (np.diff(reasons) != 0) & is_one_of(statuses[1:], BAD)
    runs: list[Encoded] = []
    for start in [0, *(np.flatnonzero(differs) + 1).tolist()]:
        runs += [start, _one(values[start], statuses[start], reasons[start])]
    return runs


def _one(value: float, status: int, reason: int) -> Encoded:
    if status == _MEASURED:
        return rounded(float(value), EXACT_DIGITS)
    if status == _WRONG:
        return wrong_number(rounded(float(value), EXACT_DIGITS), int(reason))
    if status == _FAILED:
        return f"f{int(reason)}"
    return "n" if status == _NOT_APPLICABLE else None


def sampled_cell(
    values: NDArray[np.float64],
    statuses: NDArray[np.uint8],
    reasons: NDArray[np.int64],
    low: NDArray[np.float64] | None,
    high: NDArray[np.float64] | None,
) -> dict[str, Any]:
    """One cell: ``unit`` times ``values`` (whole numbers or what is in their place, from position
    ``from`` on, 4 significant digits); ``low`` and ``high``: how far those are (``SPREADS``)."""
    known = np.flatnonzero(statuses != CODES[Status.MISSING])
    if not known.size:
        return {"from": 0, "unit": 1, "values": []}
    part = slice(int(known[0]), int(known[-1]) + 1)
    short = _significant(values[part])
    unit = _unit(short)
    encoded: list[Encoded] = _whole(short / unit)
    for position in np.flatnonzero(statuses[part] != _MEASURED).tolist():
        at = part.start + position
        whole = encoded[position]
        if statuses[at] == _WRONG and isinstance(whole, int):
            encoded[position] = wrong_number(whole, int(reasons[at]))
        else:
            encoded[position] = _one(math.nan, int(statuses[at]), int(reasons[at]))
    cell: dict[str, Any] = {"from": part.start, "unit": unit, "values": encoded}
    if low is not None and high is not None:
        cell["low"] = _spreads(values[part] - low[part], values[part])
        cell["high"] = _spreads(high[part] - values[part], values[part])
    return cell


def _spreads(distances: NDArray[np.float64], values: NDArray[np.float64]) -> str:
    """A character for each distance from its value: see ``SPREADS``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.abs(distances / values) / SMALLEST_SPREAD
        steps = np.rint(np.log(relative) / np.log(SPREAD_STEP)) + 1
    last = len(SPREADS) - 1
    chosen = np.clip(np.nan_to_num(steps, nan=0.0, posinf=last, neginf=0.0), 0, last)
    letters = np.frombuffer(SPREADS.encode(), dtype=np.uint8)[chosen.astype(np.intp)]
    letters[~np.isfinite(distances)] = ord(UNKNOWN_SPREAD)
    return bytes(letters).decode()


def _significant(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded to ``SAMPLED_DIGITS``; NaN stays NaN."""
    safe = np.where(np.isfinite(values) & (values != 0), np.abs(values), 1.0)
    step = 10.0 ** (np.floor(np.log10(safe)) - (SAMPLED_DIGITS - 1))
    return np.asarray(np.rint(values / step) * step)


def _unit(values: NDArray[np.float64]) -> float:
    """A power of ten of which all values are multiples, as long as they are of similar size."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not sizes.size:
        return 1.0
    smallest = max(float(sizes.min()), float(sizes.max()) / _WIDEST)
    return float(f"1e{math.floor(math.log10(smallest)) - (SAMPLED_DIGITS - 1)}")


def _whole(values: NDArray[np.float64]) -> list[Encoded]:
    finite = np.isfinite(values)
    whole: list[Encoded] = np.where(finite, np.rint(values), 0).astype(np.int64).tolist()
    for position in np.flatnonzero(~finite).tolist():
        whole[position] = None
    return whole
