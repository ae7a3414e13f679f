"""What tests of a machine run on it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from mocks.clock import LastingClock
from mocks.inside.prices import Prices
from mocks.machine import Machine

T = TypeVar("T")


@contextmanager
def machine(prices: Prices | None = None, **options: Any) -> Iterator[Machine]:
    """A machine on a clock of its own."""
    with LastingClock() as clock, Machine(clock, prices=prices or Prices(), **options) as on:
        yield on


def run_on(
    program: Callable[[], Coroutine[Any, Any, T]], prices: Prices | None = None, **options: Any
) -> tuple[T, Machine]:
    """What `program` gave on a machine, and the machine, which is off again."""
    with machine(prices, **options) as on:
        return on.clock.run(program()), on
