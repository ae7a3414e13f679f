"""What a capability gives, so that every question can be asked of it: its ``Workload``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from mocks.model import Span
from mocks.world import World
from targets.opening import Opened, finished

H = TypeVar("H")
I_contra = TypeVar("I_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
I = TypeVar("I")  # noqa: E741 - what goes in, beside R, what comes out
R = TypeVar("R")


class WrongOutcome(Exception):
    """A run ended otherwise than it must."""


@dataclass(frozen=True, slots=True)
class Engine(Generic[I_contra, R_co]):
    """The SDK under test, connected to a world: ``run`` does the work for one input, any number of
    times at once; ``close`` gives back whatever the engine holds."""

    run: Callable[[I_contra], Coroutine[Any, Any, R_co]]
    close: Callable[[], Coroutine[Any, Any, None]]


class Workload(Protocol[I, R]):
    """A capability's work in a world of its own: what goes in, what must come out.

    ``world``: what the SDK is connected to; its model's log tells the calls, its events what the
    SDK announced. A workload is used for one engine. What measures it is the ``Harness``.
    """

    @property
    def world(self) -> World: ...

    def open(self) -> Opened[Engine[I, R]]:
        """An engine connected to ``world``. Raises ``Unavailable`` where the SDK has none."""

    def input(self, number: int) -> I:
        """Input ``number`` (1, 2, ...): the same in every process, none like another."""

    def unavailable(self) -> str:
        """After a run: why the SDK cannot do this work at all (it lacks a tool, say), empty if it
        can."""

    def require_results(
        self, inputs: Sequence[I], results: Sequence[R], *, complete: bool = True
    ) -> None:
        """Raise ``WrongOutcome`` with the first thing wrong in what the inputs gave.

        ``complete=False``: parts may be missing, as under a slow provider; the rest must be right.
        """

    def require_calls(self, inputs: Sequence[I]) -> None:
        """Raise ``WrongOutcome`` unless the log's calls are those that the work takes."""

    def foreign(self, inputs: Sequence[I], results: Sequence[R]) -> int:
        """How many things in the results belong to another input. Must be 0."""

    def lost(self, result: R | None) -> int:
        """How many parts a result lacks; all of them where there is none."""

    def spans(self) -> list[Span]:
        """The log's calls by which of them could run at the same time."""

    def forget(self) -> None:
        """Drop what ``world`` and the mocks recorded so far."""

    def native(self, result: R) -> object:
        """The SDK's own result, which a user would keep."""


Make: TypeAlias = Callable[[], Workload[I, R]]
"""Makes a workload of its own for each engine, all of them alike."""


def engine_of(opened: Opened[H], adapt: Callable[[H], Engine[I, R]]) -> Opened[Engine[I, R]]:
    """The engine that ``adapt`` makes of what a driver opens, be it at once or on the clock."""

    async def later() -> Engine[I, R]:
        return adapt(await finished(opened))

    return later() if inspect.iscoroutine(opened) else adapt(cast(H, opened))
