"""Users who confirm otherwise than at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from mocks.faults.case import What
from mocks.world import Event
from mocks.worlds.negotiation.events import EventKind

LATE_S = 601.0
"""When a late user confirms: later than the five minutes that SDKs wait."""

AGAIN_S = 31.0
"""When a user who confirms again does so: when a negotiation is long over."""


class User:
    """Confirms as ``what`` says, in place of the driver's user.

    ``errors`` holds what the SDK raised into the user's hands; ``given`` the loop times of the
    confirmations, ``refused`` those of them that the SDK has no use for and said so, by ``False``;
    ``busy_until`` is the loop time up to which the user still means to do something.
    """

    def __init__(self, what: What, confirm: Callable[..., Any]) -> None:
        self.errors: list[Exception] = []
        self.given: list[float] = []
        self.refused: list[float] = []
        self.busy_until = 0.0
        self._what = what
        self._confirm = confirm

    def confirm(self, *args: Any) -> None:
        """The driver's user would confirm now."""
        if self._what is What.TWICE:
            self._try(*args)
            self._try(*args)
            self._later(AGAIN_S, *args)
        elif self._what is What.LATE:
            self._later(LATE_S, *args)

    def hear(self, event: Event) -> None:
        """A user who is early confirms while the formulation is still being announced."""
        if self._what is What.EARLY and event.kind == EventKind.FORMULATED:
            self._try(event.run)

    def _later(self, seconds: float, *args: Any) -> None:
        loop = asyncio.get_running_loop()
        self.busy_until = loop.time() + seconds
        loop.call_later(seconds, self._try, *args)

    def _try(self, *args: Any) -> None:
        now = asyncio.get_running_loop().time()
        self.given.append(now)
        try:
            answer = self._confirm(*args)
        except Exception as error:  # noqa: BLE001 - what the user gets is part of the outcome
            self.errors.append(error)
            return
        if answer is False:
            self.refused.append(now)
