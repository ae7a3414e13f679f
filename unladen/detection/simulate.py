"""Makes ``null.json``: ``python -m unladen.detection.simulate`` (about a quarter of an hour).

For each number of readings in ``SIZES``, permutations are drawn (seeded). Of the largest deviate of
each scan, values are kept with the share of permutations that reach them: from a half on, each
``STEP`` times rarer than the one before, down to what ``RELIABLE`` of them reach; rounded to the
safe side.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from unladen.detection.null import FILE
from unladen.detection.ranks import Floats, deviates
from unladen.detection.scan import (
    MINIMUM_READINGS,
    centred_sums,
    largest_stretches,
    step_deviates,
    stretch_lengths,
)

SEED = 20_261_121
LARGEST = 2000
SIZES = [*range(MINIMUM_READINGS, 41)]
while SIZES[-1] < LARGEST:
    SIZES.append(min(round(SIZES[-1] * 1.1), LARGEST))

WORK = 600_000_000
"""Rank sums that one size may cost."""

MOST, LEAST = 400_000, 10_000
"""Permutations of each size."""

RELIABLE = 20
"""The rarest share that is kept was reached by so many permutations."""

STEP = 1.25
"""Ratio of neighbouring shares."""


def main() -> None:
    """Simulate all sizes and write the file."""
    laws: dict[str, dict[str, object]] = {"step": {}, "stretch": {}}
    for size in SIZES:
        step, stretch = maxima(size, permutations(size))
        laws["step"][str(size)] = law(step)
        laws["stretch"][str(size)] = law(stretch)
        print(size, step.size, file=sys.stderr, flush=True)
    Path(__file__).with_name(FILE).write_text(json.dumps(laws, indent=1) + "\n")


def permutations(size: int) -> int:
    """How many to draw."""
    sums = size * (1 + stretch_lengths(size).size)
    return int(np.clip(WORK / sums, LEAST, MOST))


def maxima(size: int, number: int, seed: int = SEED) -> tuple[Floats, Floats]:
    """The largest deviate of each scan in each of ``number`` permutations."""
    random = np.random.default_rng([seed, size])
    steps: list[Floats] = []
    stretches: list[Floats] = []
    while sum(part.size for part in steps) < number:
        count = max(1, min(2_000_000 // size, number))
        ranks = random.permuted(np.tile(np.arange(1.0, size + 1), (count, 1)), axis=1)
        sums = centred_sums(ranks)
        steps.append(step_deviates(sums).max(axis=1))
        lengths = stretch_lengths(size)
        if lengths.size:
            excess, _ = largest_stretches(sums)
            stretches.append(deviates(excess, lengths, size).max(axis=1))
        else:
            stretches.append(np.zeros(count))
    return np.concatenate(steps)[:number], np.concatenate(stretches)[:number]


def law(maxima: Floats) -> dict[str, list[float]]:
    """The deviates to keep, ascending, and the share of simulations that reach each."""
    values, counts = np.unique(np.floor(maxima * 1000 + 1e-6) / 1000, return_counts=True)
    reached = np.cumsum(counts[::-1])[::-1]
    deviates, shares = [], []
    limit = 0.5
    for value, count in zip(values, reached, strict=True):
        share = count / maxima.size
        if share <= limit and count >= RELIABLE:
            deviates.append(float(value))
            shares.append(float(f"{share:.3g}"))
            limit = share / STEP
    return {"deviates": deviates, "shares": shares}


if __name__ == "__main__":
    main()
