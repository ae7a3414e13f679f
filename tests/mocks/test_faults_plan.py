"""The kit of faults, for a capability it does not know: one call to the model, one listener."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mocks.clock import Hang, VirtualClock
from mocks.faults import Case, Outcome, PlannedFault, Runaway, What, When
from mocks.model import Model, Reply, Request
from mocks.world import Body, Codec, World

TEXT = Codec(read=lambda text: Body(text), write=lambda _, body: body.text)


class Parrot:
    """An SDK: asks the model, tells a listener, gives what the model said."""

    def __init__(self, world: World) -> None:
        self._model = world.model
        self.heard: list[str] = []
        world.client(self, "ask", TEXT)
        world.expose("listener", self, "hear")

    async def ask(self, text: str) -> str:
        return (await self._model.call(Request("echo", "", text, text))).text

    def hear(self, text: str) -> None:
        self.heard.append(text)

    async def echo(self, text: str) -> str:
        answer = await self.ask(text)
        self.hear(answer)
        return answer


def planned(where: str, what: What, when: When = When.FIRST, *, armed: bool = True) -> PlannedFault:
    case = Case(where, what, when, "", frozenset({Outcome.RECOVERED}), "it fails", "goes on")
    places = ("listener",)
    return PlannedFault(case, places=places, listeners=places, armed=armed)


@contextmanager
def parrot(fault: PlannedFault) -> Iterator[tuple[VirtualClock, Parrot]]:
    model = Model(lambda request: Reply(f"echo of {request.prompt}"), faults=fault)
    with VirtualClock() as clock:
        yield clock, Parrot(World(model=model, trouble=fault))


def test_a_case_that_names_a_role_strikes_the_calls_of_that_role() -> None:
    fault = planned("echo", What.RAISES)
    with parrot(fault) as (clock, sdk):
        with pytest.raises(ConnectionError):
            clock.run(sdk.echo("a"))
        assert clock.run(sdk.echo("b")) == "echo of b"
    assert fault.why_void() is None


def test_it_strikes_every_call_or_the_third() -> None:
    with parrot(planned("echo", What.EMPTY, When.EVERY)) as (clock, sdk):
        assert [clock.run(sdk.echo("a")) for _ in range(3)] == ["", "", ""]
    with parrot(planned("echo", What.EMPTY, When.THIRD)) as (clock, sdk):
        said = [clock.run(sdk.echo("a")) for _ in range(4)]
    assert said == ["echo of a", "echo of a", "", "echo of a"]


def test_a_hang_is_proved() -> None:
    with parrot(planned("echo", What.HANGS)) as (clock, sdk), pytest.raises(Hang):
        clock.run(sdk.echo("a"))


def test_a_case_that_names_a_place_strikes_there_when_it_has_heard() -> None:
    fault = planned("listener", What.RAISES)
    with parrot(fault) as (clock, sdk):
        with pytest.raises(ConnectionError):
            clock.run(sdk.echo("a"))
        assert sdk.heard == ["echo of a"], "it heard what it was told before it failed"
        clock.run(sdk.echo("b"))
    assert fault.why_void() is None


def test_nothing_goes_wrong_before_it_is_armed_and_after_it_is_stopped() -> None:
    for fault in (planned("echo", What.RAISES, armed=False), planned("echo", What.RAISES)):
        fault.stop()
        with parrot(fault) as (clock, sdk):
            assert clock.run(sdk.echo("a")) == "echo of a"
        assert fault.why_void() == "echo: the SDK never comes to its first call"


def test_a_role_that_the_sdk_never_asks_in_is_void_and_a_place_it_has_not_is_unfit() -> None:
    other = planned("rerank", What.RAISES)
    with parrot(other) as (clock, sdk):
        clock.run(sdk.echo("a"))
    assert other.why_unfit() is None
    assert other.why_void() == "rerank: the SDK never comes to its first call"
    silent = planned("listener", What.RAISES)
    assert silent.why_unfit() == "listener: the driver gives this SDK none"


def test_a_plain_function_cannot_hang() -> None:
    fault = planned("listener", What.HANGS)
    with parrot(fault):
        assert "plain function" in str(fault.why_unfit())


@pytest.mark.slow
def test_an_sdk_that_asks_for_ever_is_stopped() -> None:
    async def ask_for_ever(sdk: Parrot) -> None:
        while True:
            try:
                await asyncio.gather(*(sdk.ask("a") for _ in range(1000)))
            except ConnectionError:
                continue

    with parrot(planned("rerank", What.RAISES)) as (clock, sdk), pytest.raises(Runaway):
        clock.run(ask_for_ever(sdk))
