"""What is decided about made-up figures: which steps are found, what a gate says.

``decisions_lock.json`` holds the answers, so that no constant and no formula of the detection or of
the gate changes unnoticed. Whoever changes one on purpose measures its effect (docs/detection.md,
docs/gate.md) and writes the file anew:

    python tests/unladen/decisions_lock.py
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent), str(HERE)]

import numpy as np  # noqa: E402
from made_history import history, series  # noqa: E402

from unladen.changes.model import Change  # noqa: E402
from unladen.changes.sampled import find_sampled_changes  # noqa: E402
from unladen.compare.ab.cells import Cell, Sample, cells_of  # noqa: E402
from unladen.compare.gate.model import Finding  # noqa: E402
from unladen.compare.gate.sampled import Budget, gate_sampled  # noqa: E402
from unladen.compare.gate.thresholds import Rule  # noqa: E402
from unladen.detection import find_steps, noise_of, p_value  # noqa: E402
from unladen.detection.ranks import Floats  # noqa: E402
from unladen.labels.check import WrongValue  # noqa: E402
from unladen.store.series import Status  # noqa: E402

FILE = HERE / "decisions_lock.json"


def decisions() -> dict[str, Any]:
    """The answers, by what was asked; figures with nine digits."""
    told = {**dict(_detected()), **dict(_suspected()), **dict(_judged())}
    rounded: dict[str, Any] = json.loads(json.dumps(_rounded(told)))
    return rounded


# Noise is drawn by the standard library, whose numbers are the same in all versions.


def noise(size: int, seed: str, spread: float = 0.01, memory: float = 0.0) -> Floats:
    """Normal noise in which neighbours are alike as ``memory`` says."""
    chance = random.Random(seed)
    values, last = [], 0.0
    for _ in range(size):
        last = memory * last + math.sqrt(1 - memory**2) * chance.gauss(0, spread)
        values.append(last)
    return np.array(values)


def stepping(values: Floats, steps: dict[int, float]) -> Floats:
    """With each of ``steps`` added from its index on."""
    made = values.copy()
    for at, size in steps.items():
        made[at:] += size
    return made


def _readings() -> Iterator[tuple[str, Floats, bool]]:
    """Names, readings, and whether they are logarithms."""
    for size in (8, 9, 11, 12, 15, 20, 30, 60, 110):
        for share in (0.5, 0.3):
            seed = f"step {size} {share}"
            yield seed, stepping(noise(size, seed), {int(size * share): 0.04}), True
    for length in (3, 4, 10, 40, 49, 50, 51, 55):
        seed = f"stretch {length}"
        steps = {30: 0.03, 30 + length: -0.03}
        yield seed, stepping(noise(130, seed), steps), True
    for n in range(14):
        seed = f"memory {n}"
        logs = noise(90, seed, memory=0.25 + 0.05 * n)
        yield seed, stepping(logs, {45: 0.02 + 0.002 * n}), True
    for n in range(8):
        seed = f"wider {n}"
        wide = np.repeat([1.0, 3.0 + n, 1.0], 30)
        yield seed, stepping(noise(90, seed) * wide, {40: 0.03}), True
    for n in range(6):
        seed = f"drift {n}"
        slope = np.linspace(0, 0.05 + 0.03 * n, 120)
        yield seed, stepping(noise(120, seed) + slope, {70: 0.02 * n} if n else {}), True
    for n in range(6):
        seed = f"small {n}"
        steps = {20: 0.006 + 0.002 * n, 40: -0.008, 55: 0.011}
        yield seed, stepping(noise(80, seed, 0.001), steps), True
        yield f"linear {seed}", 5 + 5 * stepping(noise(80, seed, 0.001), steps), False
    for n in range(4):
        seed = f"around zero {n}"
        yield seed, stepping(noise(50, seed, 1.0), {25: 4.0 * n}), False
        yield f"whole {seed}", np.round(stepping(noise(50, seed, 1.0), {25: float(n)})), False
    for size in (0.03, 0.08, 0.3):
        seed = f"dip {size}"
        yield seed, stepping(noise(70, seed), {33: -size, 35: size}), True
    yield "none to some", np.repeat([0.0, 3.0], 15), False
    yield "constant", np.full(30, 2.0), False


def _detected() -> Iterator[tuple[str, Any]]:
    for name, values, is_log in _readings():
        found = noise_of(values)
        for level in (0.05, 0.001):
            segments = find_steps(values, level, is_log)
            yield (
                f"{name}, level {level}",
                {
                    "steps": [
                        (one.at, one.first, one.last, one.before, one.after)
                        for one in segments.steps
                    ],
                    "trends": [(one.first, one.last, one.slope) for one in segments.trends],
                    "spread": segments.spread,
                    "ends": [segments.curve[0], segments.curve[-1]],
                    "p": p_value(values),
                    "persistence": found.persistence,
                    "spreads": None if found.spreads is None else sorted({*found.spreads}),
                },
            )


def _suspected() -> Iterator[tuple[str, Any]]:
    """Changes of sampled series, each history by its name."""
    logs = stepping(noise(60, "cpu"), {20: 0.06, 45: -0.055})
    counts = [1000.0] * 15 + [1020.0] * 15 + [1080.0] * 10 + [1000.0] * 20
    rate = {"kind": "sampled", "unit": "1/s", "higher_is_better": True}
    for name, scale in (("seconds", 0.001), ("one", 1.0), ("many", 1e6)):
        yield f"scale of {name}", _changes({}, scale * np.exp(logs))
    yield "higher is better", _changes(rate, np.exp(logs))
    yield "with zeros", _changes({}, np.where(logs > 0.03, logs * 100, 0.0))
    yield "below zero", _changes({}, logs * 100 - 3)
    yield "few", _changes({}, np.exp(logs[16:23]))
    yield "drifting", _changes({}, np.exp(noise(60, "drifting") + np.linspace(0, 0.4, 60)))
    linear = noise(60, "linear drift") * 10 + np.linspace(-3, 5, 60)
    yield "drifting through zero", _changes({}, linear)
    yield "small", _changes({}, np.exp(stepping(noise(60, "small", 0.0005), {30: 0.0105})))
    count = np.array(counts)
    followed = np.exp(noise(60, "followed")) * count / 1000
    yield "following", _changes({}, followed, count=count)
    yield "following at 0.002", _changes({}, followed * 0.002, count=count)
    yield "a count that is zero", _changes({}, followed, count=count - 1000)
    wrong = [WrongValue(float(v)) if 10 <= n < 40 else float(v) for n, v in enumerate(np.exp(logs))]
    yield "wrong outcomes", _of(history((_cpu({}), wrong)))
    gaps = [None if n % 7 == 3 else float(v) for n, v in enumerate(np.exp(logs))]
    yield "gaps", _of(history((_cpu({}), gaps)))


def _cpu(changes: dict[str, Any]) -> Any:
    fields = {"kind": "sampled", "unit": "seconds", "group": "cpu", **changes}
    return series("m.C.time_cpu", **fields)


def _changes(fields: dict[str, Any], values: Floats, count: Floats | None = None) -> Any:
    rows: list[Any] = [(_cpu(fields), [float(value) for value in values])]
    if count is not None:
        rows.append((series("m.C.track_work", group="work"), [float(value) for value in count]))
    return _of(history(*rows))


def _of(made: Any) -> list[Any]:
    return [_told(change) for change in find_sampled_changes(made)]


def _told(change: Change) -> dict[str, Any]:
    seen = change.evidence
    return {
        "what": [change.kind.name, change.direction.name, change.state.name],
        "values": [change.before.value, change.after.value],
        "commits": [
            one and int(one.hash[:8])
            for one in (change.first_suspect, change.commit, change.last_suspect, change.undone_by)
        ],
        "evidence": seen
        and [seen.spread, seen.readings_before, seen.readings_after, seen.p, seen.follows],
    }


class Rounds:
    """Two made-up sides; the second is ``ratio`` times the first in the rounds that ``holds``
    names, and both have noise."""

    def __init__(
        self,
        ratio: float,
        spread: float,
        seed: str,
        holds: Callable[[int], bool] = lambda number: True,
    ) -> None:
        self._ratio = ratio
        self._spread = spread
        self._chance = random.Random(seed)
        self._holds = holds
        self.measured: list[int] = []

    def measure_round(self, cells: Sequence[Cell], backwards: bool = False) -> list[list[Sample]]:
        """One round."""
        number = len(self.measured)
        self.measured.append(len(cells))
        ratio = self._ratio if self._holds(number) else 1.0
        return [
            [self._sample(cell, factor * (1 + cell.index)) for factor in (1.0, ratio)]
            for cell in cells
        ]

    def _sample(self, cell: Cell, level: float) -> Sample:
        drawn = [abs(self._chance.gauss(0, self._spread)) for _ in range(3)]
        return Sample(Status.MEASURED, [level * math.exp(one) for one in drawn])


def _judged() -> Iterator[tuple[str, Any]]:
    """Sampled gates."""
    for spread in (0.01, 0.05, 0.15):
        for ratio in (0.8, 0.93, 1.0, 1.03, 1.045, 1.06, 1.1, 1.3):
            for n in range(2):
                seed = f"gate {ratio} {spread} {n}"
                yield seed, _gate(Rounds(ratio, spread, seed), 3)
    for limit in (0.0, 0.004, 0.02, 0.3):
        seed = f"gate with threshold {limit}"
        yield seed, _gate(Rounds(1.02, 0.01, seed), 2, Rule("*", limit))
    for last in (8, 12, 16, 22):
        seed = f"gate of {last} slow rounds"
        yield seed, _gate(Rounds(1.2, 0.02, seed, lambda number, last=last: number < last), 1)  # type: ignore[misc]
    seed = "gate in which higher is better"
    yield seed, _gate(Rounds(0.85, 0.03, seed), 2, higher_is_better=True)
    seed = "gate with little time"
    yield seed, _gate(Rounds(1.02, 0.3, seed), 8, seconds=40.0)


def _gate(
    sides: Rounds, values: int, *rules: Rule, seconds: float = 1e6, **fields: Any
) -> dict[str, Any]:
    axes = {"n": [str(n) for n in range(values)]} if values > 1 else {}
    info = series("m.C.time_x", kind="sampled", unit="seconds", group="cpu", axes=axes, **fields)
    found = gate_sampled(
        sides,
        cells_of([info]),
        rules,
        Budget(seconds=seconds),
        lambda text: None,
        lambda: float(sum(sides.measured)),
    )
    return {"rounds": sides.measured, "findings": [_finding(one) for one in found]}


def _finding(one: Finding) -> list[Any]:
    rounds = [seen and seen.rounds for seen in (one.first, one.again)]
    return [one.judgement.name, one.worse, one.threshold, *rounds]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    if isinstance(value, float | np.floating):
        return float(f"{value:.9g}") if math.isfinite(value) else str(value)
    return int(value) if isinstance(value, np.integer) else value


def main() -> None:
    """Write the file, an answer a line."""
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in decisions().items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
