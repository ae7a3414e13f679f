"""Timers of a scheduled loop, and what comes from outside of the program."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable, Hashable
from contextvars import Context, ContextVar
from typing import TYPE_CHECKING, TypeVarTuple

from mocks.clock.timer import Timer

if TYPE_CHECKING:
    from mocks.clock.schedules.choices import Late

Ts = TypeVarTuple("Ts")

actor: ContextVar[str] = ContextVar("whose tasks, timers and calls these are", default="")
"""Set it in a task to name in overtakings whose tasks, timers and calls those are that it makes."""

own_clock: ContextVar[Hashable | None] = ContextVar("another machine's clock", default=None)
"""Set it in a task that would be on another machine, to whatever stands for that one: its timers
keep their order among each other only."""


class Event(Timer):
    """A timer that a schedule may let come late.

    ``rank``: of the canonical order. ``lane``: events of one lane keep their order among each
    other, ``None`` for none. ``is_prompt``: due when it was armed; nothing can overtake it.
    """

    __slots__ = ("after", "is_prompt", "is_timer", "lane", "late", "rank")

    rank: tuple[int, ...]
    """Its place in the canonical order of its instant."""
    lane: Hashable | None
    """In which events keep their order; ``None`` for an event that has no such."""
    after: dict[Hashable, int]
    """By lane, the ``order`` of the last event that this one comes after, if it is due too."""
    is_timer: bool
    """The program's own timer: its lane is the instant at which it was armed, and what is armed
    once it has come comes after all that it comes after."""
    is_prompt: bool
    """Due when it was armed: nothing can overtake it."""
    late: Late


def event_at(
    loop: AbstractEventLoop,
    when: float,
    callback: Callable[[*Ts], object],
    *args: *Ts,
    lane: Hashable | None = None,
    beside: asyncio.TimerHandle | None = None,
) -> asyncio.TimerHandle:
    """Arm a timer for what comes from outside at loop time ``when``: an answer, a packet, a user.

    On a scheduled loop it may come in any order among all that is due at that instant, but for
    other events of its ``lane`` (the packets of one connection, say). ``beside``: another event of
    that instant which it follows directly in the canonical order. On other loops it is a timer.
    """
    arm = getattr(loop, "call_event", None)
    if arm is None:
        return loop.call_at(when, callback, *args)
    handle: asyncio.TimerHandle = arm(when, callback, *args, lane=lane, beside=beside)
    return handle


def owner(event: asyncio.Handle) -> str:
    """Whose event it is, "" if nobody said so."""
    context: Context = event._context  # type: ignore[attr-defined]
    return context.get(actor, "")
