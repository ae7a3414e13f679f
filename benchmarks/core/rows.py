"""What ``python -m benchmarks`` prints of a cell."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.core.scheduled_cells import ScheduledCell
from benchmarks.core.ties import SAME_S


@dataclass(frozen=True, slots=True)
class Row:
    """A series, one of its parameter combinations, its value, or its values in both orders; and
    for each what is wrong with it, empty if nothing is."""

    series: str
    parameters: tuple[str, ...]
    values: tuple[Any, ...]
    wrong: tuple[str, ...]

    @property
    def is_bad(self) -> bool:
        """Whether a measurement failed, or its outcome is wrong."""
        return None in self.values or any(self.wrong)

    @property
    def is_tied(self) -> bool:
        """Whether the values differ, or only one of them is wrong."""
        if bool(self.wrong[0]) != bool(self.wrong[-1]):
            return True
        one, other = self.values[0], self.values[-1]
        if isinstance(one, int | float) and isinstance(other, int | float):
            return not (abs(one - other) <= SAME_S or (math.isnan(one) and math.isnan(other)))
        return bool(one != other)

    def as_json(self) -> str:
        """The row as a JSON array."""
        return json.dumps([self.series, list(self.parameters), *self.values, *self.wrong])

    def __str__(self) -> str:
        values = " or ".join(
            f"{value} (WRONG: {wrong})" if wrong else str(value)
            for value, wrong in zip(self.values, self.wrong, strict=True)
        )
        return f"{self.series}({', '.join(self.parameters)}) {values}"


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    """A series, one of its parameter combinations, and its figure in many orders; ``cell`` is
    ``None`` if they could not be measured at all."""

    series: str
    parameters: tuple[str, ...]
    cell: ScheduledCell | None

    @property
    def is_bad(self) -> bool:
        """Whether a measurement in the canonical order failed, or its outcome is wrong."""
        return self.cell is None or self.cell.is_bad

    @property
    def is_tied(self) -> bool:
        """Whether the figure differs in other orders, or could not be measured."""
        return self.cell is None or bool(self.cell.seeds)

    def as_json(self) -> str:
        """The row as a JSON array: series, parameters, and the fields of a ``ScheduledCell``."""
        told = None if self.cell is None else asdict(self.cell)
        return json.dumps([self.series, list(self.parameters), told])

    def __str__(self) -> str:
        return f"{self.series}({', '.join(self.parameters)}) {self.cell}"
