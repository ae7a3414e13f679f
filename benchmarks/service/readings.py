"""Counters of a running service: what it did so far, beside its replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from benchmarks.core.counted import number
from benchmarks.service.running import Running
from meters.spans import peak_in_flight
from mocks.model import Call, Span
from mocks.worlds.service.endpoints import Ask
from mocks.worlds.service.world import MODEL_PORT, SERVICE_HOST, SERVICE_PORT


@dataclass(frozen=True, slots=True)
class Readings:
    """Counts since the service was started, or between two readings (their difference).

    ``model_calls``; ``model_refused``: those of them that the provider refused with 429;
    ``connections``: that the service opened, to whatever; ``outside``: calls to addresses that
    nobody serves here; ``statements``: SQL that was executed; ``lock_waits``: of those that had to
    wait for a lock; ``ssl_contexts``: made, each of which takes real milliseconds in which nothing
    else runs; ``executor_calls``: work given to threads.
    """

    model_calls: int
    model_refused: int
    connections: int
    outside: int
    statements: int
    lock_waits: int
    ssl_contexts: int
    executor_calls: int

    @classmethod
    def of(cls, running: Running) -> Readings:
        """Where the counters are now; calls to the model since ``Running.forget``."""
        machine, network = running.machine, running.machine.network
        to_service = network.counts((SERVICE_HOST, SERVICE_PORT))
        return cls(
            model_calls=number(running.calls),
            model_refused=sum(call.error == "RateLimited" for call in running.calls),
            connections=network.counts().opened - to_service.opened,
            outside=number(network.refused),
            statements=machine.statements.total,
            lock_waits=machine.databases.lock_waits,
            ssl_contexts=machine.ssl_contexts.created,
            executor_calls=machine.executor_calls,
        )

    def __sub__(self, other: Readings) -> Readings:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Readings(*(after - before for after, before in pairs))


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is left when all users have gone and the service had its rest.

    ``to_clients``, ``to_model``, ``to_others``: connections that are open; ``held``: sessions, as
    the driver counts them (``None``: it cannot); ``missing``: requests that were answered and are
    not stored (``None``: the service stores nothing); ``in_flight``: calls to the model.
    """

    to_clients: int
    to_model: int
    to_others: int
    held: int | None
    missing: int | None
    in_flight: int


def left_after(running: Running, answered: Sequence[Ask]) -> Leftovers:
    """What is left now. ``answered``: the asks that were answered with words of the model's."""
    network, served = running.machine.network, running.served
    to_service = network.counts((SERVICE_HOST, SERVICE_PORT)).open_now
    to_model = network.counts((SERVICE_HOST, MODEL_PORT)).open_now
    return Leftovers(
        to_clients=to_service,
        to_model=to_model,
        to_others=network.counts().open_now - to_service - to_model,
        held=None if served.held is None else served.held(),
        missing=None if served.missing is None else served.missing(answered),
        in_flight=sum(call.ended is None for call in running.calls),
    )


def most_in_flight(calls: Sequence[Call]) -> int:
    """Calls to the model at the busiest moment, for each of which a pool may keep a connection."""
    return peak_in_flight(
        [Span("", 0, call.queued, call.started, call.ended) for call in calls],
    )
