"""Jumps: changes of level that no memory of the noise explains."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from unladen.detection import find_steps, p_value
from unladen.detection.jumps import BESIDE, FAR, jumps
from unladen.detection.ranks import Floats

LEVEL = 0.01


def remembering_noise(seed: str, size: int = 90, memory: float = 0.7) -> Floats:
    """Noise of one percent in which neighbours are alike."""
    chance = random.Random(seed)
    values, last = [], 0.0
    for _ in range(size):
        last = memory * last + math.sqrt(1 - memory**2) * chance.gauss(0, 0.01)
        values.append(last)
    return np.array(values)


def test_a_few_readings_far_out_are_found_in_noise_with_a_memory() -> None:
    """Of 20 histories, of which ranks alone find none or one: what is far out may also be taken
    for noise that is wider there."""
    found = 0
    for seed in range(20):
        readings = remembering_noise(f"bump {seed}")
        readings[40:45] += 0.2
        steps = find_steps(readings, LEVEL, is_log=True).steps
        large = [step.at for step in steps if abs(step.after - step.before) > 0.1]
        found += large == [40, 45] and p_value(readings) <= LEVEL
    assert found >= 17


def test_noise_with_a_memory_does_not_jump() -> None:
    for seed in range(40):
        assert jumps(remembering_noise(f"quiet {seed}")) == []


def test_a_step_is_one_jump_at_its_place() -> None:
    readings = remembering_noise("step", memory=0.0)
    readings[50:] += 0.3
    assert jumps(readings) == [50]
    readings[53:] -= 0.3
    assert jumps(readings) == [50, 53]


@pytest.mark.parametrize("length", [1, 2])
def test_one_or_two_readings_far_out_are_no_jump(length: int) -> None:
    readings = remembering_noise("outlier", memory=0.0)
    readings[30 : 30 + length] += 5.0
    assert jumps(readings) == []


def test_a_jump_at_the_end_needs_three_readings() -> None:
    readings = remembering_noise("ends", memory=0.0)
    for length, found in ((2, []), (3, [87])):
        changed = readings.copy()
        changed[-length:] += 1.0
        assert jumps(changed) == found
    assert jumps(readings[: 2 * BESIDE - 1]) == []


def test_what_never_moves_has_no_measure_of_a_jump() -> None:
    readings = np.zeros(40)
    readings[20:] = 1.0
    assert jumps(readings) == []


def test_where_the_noise_is_wider_a_jump_has_to_be() -> None:
    chance = random.Random("wider")
    readings = np.array([chance.gauss(0, 0.01 if n < 60 else 0.1) for n in range(90)])
    readings[70:] += 0.3
    assert jumps(readings) != []
    spreads = np.where(np.arange(90) < 60, 0.01, 0.1)
    assert jumps(readings, spreads) == []
    readings[30:] += 0.3
    assert jumps(readings, spreads) == [30]


def test_half_of_what_is_far_is_not_far() -> None:
    readings = remembering_noise("half", memory=0.0)
    spread = 1.5 * float(np.std(readings))
    readings[45:] += FAR / 2 * spread
    assert jumps(readings) == []
    readings[45:] += FAR * spread
    assert jumps(readings) == [45]
