"""An agent in plain asyncio whose questions and answers are checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .agent import Agent, Message, Run


class Refused(Exception):
    """A text may not pass."""


class GuardedAgent(Agent):
    """See ``Agent``. ``asked`` says whether what is asked may pass, before the model is asked;
    ``answered`` the same of the answer; ``None``: it is not checked."""

    def __init__(
        self,
        asked: Callable[[str], Awaitable[bool]] | None,
        answered: Callable[[str], Awaitable[bool]] | None,
        *about: Any,
    ) -> None:
        super().__init__(*about)
        self._asked = asked
        self._answered = answered

    async def run(self, said: str, before: Sequence[Message] = ()) -> Run:
        """See ``Agent``. Raises ``Refused``."""
        if self._asked is not None and not await self._asked(said):
            raise Refused("this is not to be asked")
        run = await super().run(said, before)
        if self._answered is not None and not await self._answered(run.output):
            raise Refused("this is not to be answered")
        return run
