"""What is alive at a peak is found, at the moment of the peak, and adds up to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from asyncio import events
from pathlib import Path
from typing import Any

import pytest

from meters import memory
from meters.peak_sites import PeakOfCall, PeakSteps, searching

ROOT = Path(__file__).resolve().parents[2]
WORK = Path(__file__).with_name("peak_work.py")
LINES = {line.strip(): number for number, line in enumerate(WORK.read_text().splitlines(), 1)}
TRACED = 12_000
"""Bytes that frames take at most which are traced."""


def found(*works: str, seed: str = "random") -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(WORK), *works],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def line(text: str) -> int:
    return next(number for said, number in LINES.items() if said.startswith(text))


def alive(told: dict[str, Any]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for lines, size in told["sites"]:
        if lines:
            sizes[lines[0]] = sizes.get(lines[0], 0) + size
    return sizes


def test_what_is_alive_then_and_what_the_line_adds() -> None:
    told = found("small", "big")
    assert abs(told["peak"] - told["plain"]) < 200  # a later run is a little lower
    sizes = alive(told)
    assert 200_000 <= sizes[line("table = bytearray(size)")] < 201_000
    assert 200_000 <= sizes[line("text = bytes(table)")] < 201_000
    assert 10_000 <= sizes[line("KEPT.append")] < 11_000
    assert told["at"] == line("text = bytes(table)")
    assert 0 <= sum(size for _, size in told["sites"]) - told["peak"] < TRACED


def test_copies_that_live_for_a_moment_lie_at_their_line() -> None:
    told = found("copies")
    sizes = alive(told)
    assert 100_000 <= sizes[line("table = bytearray(100_000)")] < 101_000
    assert 200_000 <= sizes[line("assert len(table)")] < 201_000
    assert told["at"] == line("assert len(table)")


def test_it_is_the_same_in_every_process() -> None:
    first, *others = (alive(found("big", seed=str(seed))) for seed in (1, 2, 3))
    own = range(line("async def big"), line("async def copies"))
    sizes = {number: first[number] for number in own if number in first}
    assert len(sizes) > 1
    for other in others:
        assert {number: other[number] for number in own if number in other} == sizes


def test_nothing_is_left_behind() -> None:
    reading, run = memory._read_level, events.Handle._run
    with searching(PeakSteps()) as _:
        memory.traced(lambda: [0] * 100)
    assert memory._read_level is reading
    assert events.Handle._run is run


def test_work_without_a_loop_has_a_peak_and_no_moment() -> None:
    steps = PeakSteps()
    with searching(steps):
        traced = memory.traced(lambda: len(bytes(5_000)))
    assert steps.calls == [PeakOfCall(traced.peak, -1)]


@pytest.mark.parametrize("line_found", [0, 7])
def test_what_a_forked_process_found_is_learned(line_found: int) -> None:
    steps = PeakSteps()
    steps.calls.append(PeakOfCall(1, 0))
    steps.forked()
    assert steps.calls == []
    steps.learn(([PeakOfCall(2, 3)], line_found, None))
    assert (steps.calls, steps.line, steps.alive) == ([PeakOfCall(2, 3)], line_found, None)
