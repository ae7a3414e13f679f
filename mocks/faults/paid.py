"""Answers that a client pays for and gets nothing of: the first call's, as ``mocks.model.Faults``.

They strike the model alone, whatever the capability: what comes back is a reply like any other.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum

from mocks.faults.calls import LATE_S, REFUSAL_S, Answer
from mocks.model import Fault, Reply, Request, Unserved


class Spoiling(StrEnum):
    """What becomes of the first call."""

    NOTHING = "nothing"
    REFUSED = "503"
    """Which is free."""
    EMPTY = "empty answer"
    LATE = "late answer"
    """It comes after 121 s, if its client still waits."""


class SpoiltFirst:
    """Spoils the first call that is made. ``has_struck``: whether there was one."""

    def __init__(self, spoiling: Spoiling) -> None:
        self._spoiling = spoiling
        self.has_struck = False

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        if self.has_struck or self._spoiling is Spoiling.NOTHING:
            return None
        self.has_struck = True
        return _Spoilt(self._spoiling)


class _Spoilt:
    def __init__(self, spoiling: Spoiling) -> None:
        self._spoiling = spoiling

    async def apply(self, answer: Answer) -> Reply:
        """See ``mocks.model.Fault``."""
        if self._spoiling is Spoiling.REFUSED:
            await asyncio.sleep(REFUSAL_S)
            raise Unserved("503 service unavailable")
        if self._spoiling is Spoiling.LATE:
            await asyncio.sleep(LATE_S)
        reply = await answer()
        return Reply() if self._spoiling is Spoiling.EMPTY else reply
