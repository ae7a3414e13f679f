"""A step of a service that never ends is paid for once."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.core.cells import Broken, Kept
from benchmarks.service.running import Frozen, fresh_each


def test_what_froze_once_is_not_tried_again() -> None:
    def frozen() -> int:
        raise Frozen("a step took 2 s of CPU and did not end")

    def broken() -> int:
        raise LookupError("something else")

    measures: dict[tuple[str, int], Callable[[], int]] = {
        ("chat", 1): broken,
        ("stream", 1): frozen,
        ("stream", 10): lambda: 10,
        ("chat", 10): lambda: 20,
    }
    found = fresh_each(measures, kind=lambda cell: cell[0])
    assert found["chat", 10] == Kept(20, "")
    assert isinstance(found["chat", 1], Broken)
    assert isinstance(found["stream", 1], Broken)
    assert "a step took 2 s of CPU" in found["stream", 1].reason
    assert found["stream", 10] is found["stream", 1]
