"""The cyclic garbage collector, kept out of exact measurements.

When a collection runs depends on how many objects earlier code allocated, and a collection runs
finalizers and clears free lists. An exact meter therefore starts from a collected heap and keeps
the collector off until it is done.
"""

import gc
from types import TracebackType
from typing import Self


class CollectorPaused:
    """Context manager: collects once, then keeps the collector off; restores it as it was.

    Plain methods and no generator, so that a tracing meter can enter it before it starts to
    trace and leave it after it has stopped.
    """

    def __init__(self) -> None:
        self._was_enabled = False

    def __enter__(self) -> Self:
        self._was_enabled = gc.isenabled()
        gc.collect()
        gc.disable()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._was_enabled:
            gc.enable()
