"""What is drawn by chance is the same each time, and chance goes on afterwards where it was."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest

from mocks.clock import LastingClock
from mocks.machine import Machine
from mocks.randomness import seed


def draw() -> tuple[float, float]:
    return random.random(), float(np.random.random())


def test_it_is_the_same_each_time_and_goes_on_where_it_was() -> None:
    random.seed(7)
    np.random.seed(7)
    undisturbed = [draw(), draw()]
    random.seed(7)
    np.random.seed(7)
    began = draw()
    found = []
    for _ in range(2):
        put_back = seed()
        found.append([draw(), draw()])
        put_back()
    first, again = found
    assert first == again
    assert [began, draw()] == undisturbed


@pytest.mark.slow
def test_a_machine_begins_at_the_same_place() -> None:
    found = []
    for _ in range(2):
        with LastingClock() as clock, Machine(clock):
            found.append(draw())
    assert found[0] == found[1]


def test_without_numpy_it_is_not_loaded() -> None:
    code = (
        "import random, sys; from mocks.randomness import seed\n"
        "seed(); print(random.random())\n"
        "assert 'numpy' not in sys.modules"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1] != b""


_FROM_THE_SYSTEM = """
import os, random, secrets, sys
from meters import calls
from mocks.randomness import draw_alike

def draw():
    chosen = [secrets.choice("abcde") for _ in range(200)]
    return chosen, secrets.token_hex(4), secrets.token_bytes(3)

plain = calls.count(lambda: secrets.token_hex(16)).total
draw_alike()
assert calls.count(lambda: secrets.token_hex(16)).total == plain
one, another = calls.count(draw), calls.count(draw)
assert one.result != another.result
assert len(set(one.result[0])) == 5
print(one, another)
long = secrets.token_bytes(200_000)
assert len(long) == 200_000 and len(secrets.token_bytes(7)) == 7
"""


def test_what_seems_to_come_from_the_system_is_the_same_in_each_process() -> None:
    run = [sys.executable, "-c", _FROM_THE_SYSTEM]
    said = [subprocess.run(run, check=True, capture_output=True).stdout for _ in range(2)]
    assert said[0] == said[1] != b""
