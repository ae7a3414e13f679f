"""``run --exact-only``: what asv finds is what gives the same figure whatever the machine does."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from asv.benchmarks import Benchmarks

from unladen.asv_bridge.runner.plan import EXACT


@dataclass
class _State:
    """``is_wanted``: whether the rest is to be left out."""

    is_wanted: bool = False


_state = _State()


@contextmanager
def only_exact(is_wanted: bool) -> Iterator[None]:
    """In this block, asv selects no series that is not exact, if that is wanted. What it writes
    down of series is of all."""
    before = _state.is_wanted
    _state.is_wanted = is_wanted
    try:
        yield
    finally:
        _state.is_wanted = before


def install() -> None:
    """Make asv ask here. Does nothing the second time."""
    if not hasattr(Benchmarks.discover, "unladen_selects"):
        Benchmarks.discover = classmethod(_selecting(Benchmarks.discover.__func__))


def _selecting(discover: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(discover)
    def discover_and_select(cls: type, *args: Any, **kwargs: Any) -> Any:
        found = discover(cls, *args, **kwargs)
        if not _state.is_wanted:
            return found
        return found.filter_out({name for name, one in found.items() if one.get("kind") != EXACT})

    discover_and_select.unladen_selects = True  # type: ignore[attr-defined]
    return discover_and_select
