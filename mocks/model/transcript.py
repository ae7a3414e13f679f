"""What a model was sent and what it answered, word for word, and what of that has to be paid.

The call log has times and outcomes but no texts, for a plain run executes nothing for them. Who
counts tokens puts a ``Transcript`` before the model, which costs bytecodes: nothing else is to be
measured in the same run.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from mocks.model.log import Call
from mocks.model.messages import Reply, Request, ToolCall
from mocks.model.model import Model
from mocks.model.tokens import tokens


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call that had its turn at the provider: what it asked, what it was answered.

    ``answer``: the text, and each tool call's name and arguments as JSON; of a stream that its
    reader left, the words until then; empty without an answer. ``outcome``: the call's.
    """

    request: Request
    answer: str
    outcome: str

    @property
    def is_paid(self) -> bool:
        """Whether the provider charges it: what it refused or failed at itself is free; what the
        client gave up is not."""
        return self.outcome in ("ok", "cancelled")

    @property
    def prompt_tokens(self) -> int:
        """Tokens of the prompt as the driver hands it on; the schemas of tools are not in it."""
        return tokens(self.request.prompt)

    @property
    def reply_tokens(self) -> int:
        """Tokens of the answer. Of a call that was given up none, or those that were streamed: the
        least that providers charge."""
        return tokens(self.answer)


class Transcript:
    """Keeps what goes through ``model`` from now on, in the order in which calls end.

    To be made before an SDK is connected to the model, for it may keep its methods. Calls that wait
    for a slot and are given up never reach the provider, and are not in it.
    """

    def __init__(self, model: Model) -> None:
        self.exchanges: list[Exchange] = []
        self._log = model.calls
        self._call, self._stream = model.call, model.stream
        vars(model).update(call=self._kept_call, stream=self._kept_stream)

    def clear(self) -> None:
        """Forget what was kept so far. Not while a call is on its way."""
        self.exchanges.clear()

    async def _kept_call(self, request: Request) -> Reply:
        at = len(self._log)  # the call is logged before anybody else has a turn
        reply = Reply()
        try:
            reply = await self._call(request)
        finally:
            self._keep(self._log[at], request, _written(reply.text, reply.tools))
        return reply

    async def _kept_stream(self, request: Request) -> AsyncIterator[str]:
        at = len(self._log)
        said: list[str] = []
        # A stream of a model is an asynchronous generator, and whoever stops early closes it.
        words = cast(AsyncGenerator[str, None], self._stream(request))
        try:
            async with aclosing(words):
                async for word in words:
                    said.append(word)
                    yield word
        finally:
            if len(self._log) > at:
                self._keep(self._log[at], request, "".join(said))

    def _keep(self, call: Call, request: Request, answer: str) -> None:
        if call.started is not None:
            self.exchanges.append(Exchange(request, answer, call.outcome))


def _written(text: str, tools: Sequence[ToolCall]) -> str:
    calls = [f"{tool.name}{json.dumps(tool.arguments, ensure_ascii=False)}" for tool in tools]
    return "".join([text, *calls])
