"""An SDK with one feature: it has a model say a phrase again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


class ToyError(Exception):
    """The model did not say it."""


class Busy(ToyError):
    """The model cannot answer now; ``pause``: seconds after which it may."""

    def __init__(self, pause: float) -> None:
        super().__init__(f"come again in {pause:g} s")
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Said:
    """``phrase`` as it was asked for, ``text`` as the model said it."""

    phrase: str
    text: str


class Parrot:
    """Asks ``complete`` to say phrases, once more if it is busy, and tells ``on_said``."""

    def __init__(
        self, complete: Callable[[str], Awaitable[str]], on_said: Callable[[Said], None]
    ) -> None:
        self._complete = complete
        self._on_said = on_said

    async def say(self, phrase: str) -> Said:
        """Have the phrase said."""
        try:
            text = await self._complete(phrase)
        except Busy as busy:
            await asyncio.sleep(busy.pause)
            text = await self._complete(phrase)
        if not text:
            raise ToyError("the model said nothing")
        said = Said(phrase, text)
        self._on_said(said)
        return said
