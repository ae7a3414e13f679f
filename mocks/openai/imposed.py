"""The model behind ``unladen mock-model``: how it answers, and what is made to go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from mocks.model import Fault as CallFault
from mocks.model import Model, ModelError, RateLimit, Reply, Request, Streaming, Unserved
from mocks.openai.answers import ToClients, of_speaker, turn
from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.errors import EndpointError

_ASKED_FOR = "a fault that was asked for"


class Overloaded(Unserved):
    """503, and when to come again, in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def model_of(behaviour: Behaviour) -> Model:
    """A model that behaves so. Keeps no log, since it may serve for weeks."""
    scenario = behaviour.scenario or behaviour.dialect.scenarios[0]
    speaker = behaviour.dialect.speaker(scenario, reply_bytes=behaviour.reply_bytes)
    latency, first_token = behaviour.latency, behaviour.first_token
    streaming = Streaming(latency if first_token is None else first_token, behaviour.token_latency)
    model = Model(
        ToClients(of_speaker(speaker)),
        latency=latency,
        slots=behaviour.slots,
        limit=RateLimit(behaviour.per_minute) if behaviour.per_minute else None,
        faults=_EveryNth(behaviour),
        streaming=streaming,
    )
    model.calls = _NoLog()
    return model


class _NoLog(list):  # type: ignore[type-arg]
    def append(self, call: object, /) -> None:
        """Forget it."""


class _EveryNth:
    """The behaviour's fault, at every so many calls."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._calls = 0

    def strike(self, request: Request) -> CallFault | None:
        """See ``mocks.model.Faults``."""
        self._calls += 1
        fault = self._behaviour.fault
        now = turn.get()
        if fault is None or now is None or self._calls % self._behaviour.fault_every:
            return None
        if fault in _OF_SENDING:
            now.fault = fault
            return None
        return _Refusing(fault, self._behaviour.latency)


_OF_SENDING = (Fault.CUT, Fault.MALFORMED, Fault.EMPTY)
"""The model answers, and the client gets something else."""


class _Refusing:
    """No answer, after the time that one would have taken."""

    def __init__(self, fault: Fault, latency: float) -> None:
        self._fault = fault
        self._latency = latency

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """See ``mocks.model.Fault``."""
        await asyncio.sleep(self._latency)
        match self._fault:
            case Fault.ERROR:
                raise EndpointError(500, _ASKED_FOR)
            case Fault.OVERLOADED:
                raise Overloaded(f"overloaded: {_ASKED_FOR}", retry_after=1)
            case Fault.DISCONNECT:
                raise ConnectionResetError(_ASKED_FOR)
        await asyncio.get_running_loop().create_future()  # until the client gives up
        raise ModelError(_ASKED_FOR)
