"""A runtime check of a protocol costs the same with every hash seed, the most that it can."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_ASKED = """
import sys
from typing import Protocol, runtime_checkable
from meters import bytecodes, calls
from meters.protocol_members import put_in_order

@runtime_checkable
class Streams(Protocol):
    def close(self): ...
    def name(self): ...
    def read(self): ...
    def stream(self): ...
    def write(self): ...

class Lacking:
    asked = 0
    def close(self): ...
    @property
    def name(self):
        type(self).asked += 1
        return lambda: 0
    def read(self): ...
    def write(self): ...

class Having(Lacking):
    def stream(self): ...

@runtime_checkable
class Sized(Protocol):
    count: int
    def grow(self): ...
    def shrink(self): ...

Sized.count = 0

class Full:
    count = 0
    def grow(self): ...
    def shrink(self): ...

if sys.argv[1] == "in order":
    put_in_order()

def ask(one, kind):
    return lambda: isinstance(one, kind)

for one, kind in (Having(), Streams), (Lacking(), Streams), (Full(), Sized), (object(), Sized):
    asked = ask(one, kind)
    asked()
    called, counted = calls.count(asked), bytecodes.count(asked)
    assert called.result is counted.result is isinstance(one, Having | Full)
    print(called.python, called.c, counted.total)
"""


def _asked(order: str, seed: int) -> list[tuple[int, ...]]:
    """Python and C calls and bytecodes of asking about an object that has all, and one that lacks
    a member; and, where not all members are methods, about one that has all, and one that has
    none."""
    done = subprocess.run(
        [sys.executable, "-c", _ASKED, order],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_no_seed_decides_what_a_check_costs_and_none_costs_more() -> None:
    seeds = range(1, 9)
    plain = [_asked("plain", seed) for seed in seeds]
    (ordered,) = {tuple(_asked("in order", seed)) for seed in seeds}
    if sys.version_info < (3, 12):
        for place in (1, 2, 3):
            assert len({each[place] for each in plain}) > 1
            assert ordered[place] == max(each[place] for each in plain)
    # Where all members are there all are looked at: what puts them in order adds nothing.
    assert {each[0] for each in plain} == {ordered[0]}


_RECORDED = """
from typing import Protocol, runtime_checkable
from meters import bytecodes, calls
from meters.protocol_members import put_in_order
from meters.recorded_blocks import recording

@runtime_checkable
class Streams(Protocol):
    def read(self): ...
    def stream(self): ...

class Reads:
    def read(self): ...

put_in_order()

def ask():
    return isinstance(Reads(), Streams)

ask()
plain = calls.count(ask).total, bytecodes.count(ask).total
with recording(lambda file: False) as kept:
    counted = bytecodes.count(ask).total
    kept.is_of_calls = True
    print(plain == (calls.count(ask).total, counted), plain)
"""


def test_what_puts_them_in_order_is_not_counted_by_its_context_either() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _RECORDED], capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith("True")
