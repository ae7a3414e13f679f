"""Two made-up sides: what a gate measures, without measuring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from made_history import series

from unladen.compare.ab.cells import Cell, Sample, cells_of
from unladen.store.series import SeriesInfo, Status

FAILED = Sample(Status.FAILED, reason="ValueError: broken")
NOT_APPLICABLE = Sample(Status.NOT_APPLICABLE, reason="not there yet")


def sampled(name: str = "m.C.time_x", values: int = 1, **changes: object) -> SeriesInfo:
    """A sampled series with so many cells."""
    axes = {"n": [str(n) for n in range(values)]} if values > 1 else {}
    return series(name, kind="sampled", unit="seconds", group="cpu", axes=axes, **changes)


@dataclass
class MadeSides:
    """Sides whose second is ``ratio`` times the first, both with noise. ``instead`` may give a
    sample for a side, cell and round."""

    ratio: float = 1.0
    noise: float = 0.03
    seed: int = 0
    instead: Callable[[int, Cell, int], Sample | None] = lambda side, cell, round_: None
    rounds: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def measure_round(self, cells: Sequence[Cell], backwards: bool = False) -> list[list[Sample]]:
        """One round."""
        assert backwards == (len(self.rounds) % 2 == 1) or len(self.rounds) > 0
        number = len(self.rounds)
        self.rounds.append(len(cells))
        return [[self._sample(side, cell, number) for side in (0, 1)] for cell in cells]

    def _sample(self, side: int, cell: Cell, number: int) -> Sample:
        made = self.instead(side, cell, number)
        if made is not None:
            return made
        level = 0.001 * (self.ratio if side else 1.0) * (1 + cell.index)
        noise = np.exp(self.noise * np.abs(self._random.standard_t(3, size=5)))
        return Sample(Status.MEASURED, list(level * noise))


def cells(*infos: SeriesInfo) -> list[Cell]:
    """All their cells."""
    return cells_of(list(infos))
