"""A planned fault strikes the calls that it says, and no others, and only while it is armed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mocks.clock import Hang, VirtualClock, run
from mocks.faults import Case, Runaway
from mocks.faults.plan import MOST_CALLS
from mocks.model import (
    Disconnected,
    GatewayTimeout,
    Model,
    RateLimited,
    Reply,
    Request,
    Streaming,
    Unserved,
)
from mocks.world import Body, Codec, Event
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.faults import CASES, CUSTOM_TOOL, NegotiationFault, Part
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.world import NegotiationWorld

PEOPLE = People(5)
MARK = "#d00001"
TEXT = Codec(read=lambda text: Body(text), write=lambda _, body: body.text)


def named(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def planned(name: str, **options: bool) -> NegotiationFault:
    return NegotiationFault(named(name), PEOPLE, **options)


def asked(role: str, agent: str = "", mark: str = MARK, prompt: str = "") -> Request:
    return Request(role, agent, mark, prompt)


def struck(fault: NegotiationFault, requests: list[Request]) -> list[int]:
    return [n for n, request in enumerate(requests, 1) if fault.strike(request) is not None]


OFFERS = [asked("offer", agent) for agent in ("a00003", "a00001", "a00002", "a00003", "a00001")]


@pytest.mark.parametrize(
    ("name", "calls", "agents"),
    [
        ("offer: hangs", [1], {"a00003"}),
        ("offer: hangs, every call", [1, 4], {"a00003"}),
        ("offer: hangs, third call", [3], {"a00002"}),
        ("all offers: 429", [1, 2, 3], {"a00001", "a00002", "a00003"}),
        ("all offers: 429, every call", [1, 2, 3, 4, 5], {"a00001", "a00002", "a00003"}),
        ("center: hangs, every call", [], set()),
    ],
)
def test_which_offers_are_struck(name: str, calls: list[int], agents: set[str]) -> None:
    fault = planned(name)
    assert struck(fault, OFFERS) == calls
    assert fault.struck_agents == agents


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("formulation: hangs", "formulation"),
        ("center: hangs", "center"),
        ("question: hangs", "question"),
        ("discovery: hangs", "discovery"),
        ("sub-demand: hangs", "gap"),
    ],
)
def test_other_calls_are_struck_by_their_role(name: str, role: str) -> None:
    roles = ["formulation", "offer", "center", "question", "discovery", "gap"]
    fault = planned(name)
    assert struck(fault, [asked(each) for each in roles]) == [roles.index(role) + 1]
    assert fault.strike(asked(role)) is None


def test_a_sub_negotiations_calls_are_its_own() -> None:
    sub = [asked(role, mark=f"{MARK}.1") for role in ("formulation", "offer", "center")]
    assert struck(planned("sub-negotiation: raises, every call"), sub) == [1, 2, 3]
    assert struck(planned("center: hangs, every call"), sub) == []
    assert struck(planned("sub-negotiation: raises, every call"), OFFERS) == []


def test_a_fault_that_is_not_armed_or_is_stopped_does_nothing() -> None:
    assert struck(planned("offer: hangs", armed=False), OFFERS) == []
    fault = planned("offer: hangs, every call")
    fault.stop()
    assert struck(fault, OFFERS) == []
    assert fault.why_void() == "offer: the SDK never comes to its every call"


def test_an_sdk_that_never_stops_asking_is_stopped() -> None:
    fault = planned("center: 503, every call")
    for _ in range(MOST_CALLS):
        fault.strike(asked("center"))
    with pytest.raises(Runaway):
        fault.strike(asked("center"))


async def call(fault: NegotiationFault, *, codec: Codec = TEXT) -> tuple[str | None, float]:
    """A text reply through a driver's client, and when it came."""
    model = Model(lambda _: Reply('{"content": "yes"}'), faults=fault)

    async def ask(request: Request) -> str:
        return (await model.call(request)).text

    text = await fault.between(ask, codec)(asked("formulation"))
    return text, asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    ("what", "error", "seconds"),
    [
        ("raises", ConnectionError, 0.7),
        ("disconnects midway", Disconnected, 0.7),
        ("504", GatewayTimeout, 61),
        ("429 retry-after", RateLimited, 0.7),
        ("503", Unserved, 0.7),
    ],
)
def test_what_a_failing_call_raises_and_when(
    what: str, error: type[Exception], seconds: float
) -> None:
    with VirtualClock() as clock:
        with pytest.raises(error):
            clock.run(call(planned(f"formulation: {what}")))
        assert clock.now == seconds


def test_a_hanging_call_is_proved_to() -> None:
    with pytest.raises(Hang, match=r"calls\.py:\d+ in forever"):
        run(call(planned("formulation: hangs")))


def test_a_provider_may_say_when_to_come_again() -> None:
    for name, pause in (("offer: 429 retry-after", 21.0), ("offer: 429", None)):
        fault = planned(name).strike(OFFERS[0])
        assert fault is not None
        with pytest.raises(RateLimited) as raised:
            run(fault.apply(never))  # type: ignore[arg-type]
        assert raised.value.retry_after == pause


async def never() -> Reply:
    raise AssertionError


def test_a_spoilt_reply_is_what_the_sdk_reads() -> None:
    assert run(call(planned("formulation: empty"))) == ("", 1.0)
    assert run(call(planned("formulation: null"))) == (None, 1.0)
    assert run(call(planned("formulation: wrong shape"))) == ('[{"content": "yes"}]', 1.0)
    assert run(call(planned("center: empty"))) == ('{"content": "yes"}', 1.0)


def test_only_the_struck_call_is_spoilt_when_many_are_made_at_once() -> None:
    fault = planned("offer: empty")
    model = Model(lambda request: Reply(request.agent), faults=fault)

    async def ask(agent: str) -> str:
        return (await model.call(asked("offer", agent))).text

    async def all_of_them() -> list[str]:
        wrapped = fault.between(ask, TEXT)
        return list(await asyncio.gather(*map(wrapped, ("a00002", "a00001", "a00003"))))

    assert run(all_of_them()) == ["", "a00001", "a00003"]


def test_plain_text_makes_a_fault_of_json_void() -> None:
    fault = planned("offer: truncated JSON")
    model = Model(lambda _: Reply("plain text"), faults=fault)

    async def ask() -> str:
        return (await model.call(OFFERS[0])).text

    assert run(fault.between(ask, TEXT)()) == "plain text"
    assert fault.why_void() == "offer: the SDK reads it as plain text, not as JSON"


@pytest.mark.parametrize(
    ("name", "seconds"), [("offer: stream stops", None), ("offer: stream crawls", 31 * 4 + 0.46)]
)
def test_streams_stop_or_crawl(name: str, seconds: float | None) -> None:
    fault = planned(name)
    model = Model(lambda _: Reply("one two three four"), faults=fault, streaming=Streaming(0.4))
    heard: list[str] = []

    async def listen() -> float:
        async for word in model.stream(OFFERS[0]):
            heard.append(word)
        return asyncio.get_running_loop().time()

    if seconds is None:
        with pytest.raises(Hang):
            run(listen())
        assert heard == ["one", " two"]
    else:
        # A streamed reply that is struck comes after the model's latency.
        assert run(listen()) == pytest.approx(1 + seconds)
        assert "".join(heard) == "one two three four"
    assert fault.why_void() is None


def test_a_cancelled_stream_that_was_struck_leaves_no_timer() -> None:
    model = Model(lambda _: Reply("one two"), faults=planned("offer: stream stops"))

    async def listen() -> None:
        async for _ in model.stream(OFFERS[0]):
            raise AssertionError("it was cancelled before")

    async def main() -> None:
        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.5)
        listening.cancel()
        await asyncio.Event().wait()

    with pytest.raises(Hang) as caught:
        run(main())
    assert caught.value.at == 0.5
    assert [call.error for call in model.calls] == ["cancelled"]


def test_a_stream_fault_says_nothing_about_an_sdk_that_does_not_stream() -> None:
    fault = planned("offer: stream stops")
    model = Model(lambda _: Reply("one two"), faults=fault)
    assert run(model.call(OFFERS[0])) == Reply("one two")
    assert fault.why_void() == "offer: the SDK does not stream it"


def encode(text: str) -> list[float]:
    return [1.0, 2.0]


async def encode_soon(text: str) -> Any:
    return np.array([1.0, 2.0])


def of_encoder(what: str, function: Callable[..., Any] = encode) -> Callable[..., Any]:
    return planned(f"encoder: {what}").at(Place.ENCODER, function)


def test_a_plain_function_raises_or_gives_what_is_wrong_once() -> None:
    with pytest.raises(ConnectionError):
        of_encoder("raises")("text")
    null = of_encoder("null")
    assert null("text") is None
    assert null("text") == [1.0, 2.0]
    assert of_encoder("short vector")("text") == [1.0]
    assert all(map(math.isnan, of_encoder("not a number")("text")))


def test_a_plain_function_cannot_hang_or_be_late() -> None:
    for what in ("hangs", "late"):
        fault = planned(f"encoder: {what}")
        assert fault.at(Place.ENCODER, encode) is encode
        assert "it is a plain function here" in str(fault.why_unfit())


def test_an_async_function_can() -> None:
    with pytest.raises(Hang):
        run(of_encoder("hangs", encode_soon)("text"))
    with VirtualClock() as clock:
        assert list(clock.run(of_encoder("late", encode_soon)("text"))) == [1.0, 2.0]
        assert clock.now == 121
    assert np.isnan(run(of_encoder("not a number", encode_soon)("text"))).all()


def test_a_place_that_no_driver_connects_is_unfit() -> None:
    assert planned("detector: raises").why_unfit() == "detector: the driver gives this SDK none"
    assert planned("center: hangs").why_unfit() is None


def test_other_places_get_their_functions_back() -> None:
    assert planned("encoder: raises").at(Place.PUSHER, encode) is encode
    world = NegotiationWorld(people=PEOPLE, model=Model(lambda _: Reply()))
    assert world.at(Place.ENCODER, encode) is encode
    assert not world.has(Place.ENCODER)


def test_a_world_with_trouble_changes_the_methods_that_a_driver_exposes() -> None:
    class Part_:
        def encode(self, text: str) -> list[float]:
            return [1.0]

    plain, troubled = Part_(), Part_()
    NegotiationWorld(people=PEOPLE, model=Model(lambda _: Reply())).expose(
        Place.ENCODER, plain, "encode"
    )
    assert vars(plain) == {}
    trouble = planned("encoder: null")
    world = NegotiationWorld(people=PEOPLE, model=Model(lambda _: Reply()), trouble=trouble)
    world.expose(Place.ENCODER, troubled, "encode")
    assert troubled.encode("text") is None
    assert world.has(Place.ENCODER)


def test_a_users_own_profile_is_left_alone() -> None:
    fault = planned("profile source: raises")

    async def profile(agent_id: str) -> str:
        return f"profile of {agent_id}"

    get = fault.at(Place.PROFILES, profile)
    assert run(get("u00001")) == "profile of u00001"
    with pytest.raises(ConnectionError):
        run(get(agent_id="a00002"))
    assert run(get("a00002")) == "profile of a00002"
    assert fault.struck_agents == {"a00002"}


def test_a_listener_hears_before_it_fails() -> None:
    heard = []
    push = planned("event pusher: raises").at(Place.PUSHER, heard.append)
    with pytest.raises(ConnectionError):
        push("formulated")
    push("matched")
    assert heard == ["formulated", "matched"]


def confirmations(what: str, *, refuse: bool = False) -> tuple[list[float], NegotiationFault]:
    """When a user confirms who is asked at 1 s."""
    fault = planned(f"confirmation: {what}")
    times: list[float] = []

    def confirm(negotiation: str) -> None:
        times.append(asyncio.get_running_loop().time())
        if refuse:
            raise KeyError(negotiation)

    ask = fault.at(Place.CONFIRMATION, confirm)

    async def negotiate() -> None:
        await asyncio.sleep(1)
        fault.hear(Event(EventKind.FORMULATED, "n", 1.0, "text"))
        asyncio.get_running_loop().call_soon(ask, "n")
        await asyncio.sleep(1000)

    run(negotiate())
    return times, fault


def test_when_users_confirm() -> None:
    assert confirmations("never")[0] == []
    assert confirmations("late")[0] == [602]
    assert confirmations("twice")[0] == [1, 1, 32]
    assert confirmations("early")[0] == [1]


def test_what_the_sdk_raises_at_its_user_is_kept() -> None:
    times, fault = confirmations("twice", refuse=True)
    assert len(times) == 3
    assert fault.user is not None
    assert [type(error) for error in fault.user.errors] == [KeyError] * 3


def test_a_confirmation_that_nobody_has_use_for_is_one_that_is_answered_with_false() -> None:
    fault = planned("confirmation: twice")
    answers = iter([True, False, None])
    confirm = fault.at(Place.CONFIRMATION, lambda _: next(answers))

    async def negotiate() -> None:
        confirm("n")
        await asyncio.sleep(100)

    run(negotiate())
    assert fault.user is not None
    assert (fault.user.given, fault.user.refused) == ([0, 0, 31], [0])


def test_the_center_calls_the_custom_tool_once_where_it_is_offered() -> None:
    script = planned("custom tool: raises").script
    first = Request("center", "", MARK, "a00001", (CUSTOM_TOOL, "output_plan"))
    assert [tool.name for tool in script(first).tools] == [CUSTOM_TOOL]
    assert [tool.name for tool in script(first).tools] == ["output_plan"]
    assert script.missing is None
    script(Request("center", "", "#d00002", "a00001", ("output_plan",)))
    assert script.missing == CUSTOM_TOOL


def test_parts_are_seen_in_what_comes_after_them() -> None:
    fault = planned("center: hangs", armed=False)
    formulated = fault.script(asked("formulation", "u00001")).text.strip()
    fault.strike(asked("formulation", "u00001"))
    bio = PEOPLE.agents["a00001"].bio
    fault.strike(asked("offer", "a00001", prompt=f"{formulated} {bio}"))
    assert fault.parts == {Part.FORMULATION, Part.PROFILES}
    fault.strike(asked("offer", "a00002", prompt=formulated))
    assert fault.parts == {Part.FORMULATION}
    fault.strike(asked("center", prompt=f"a00001 answers for {MARK}; Plan for {MARK}.1: nobody"))
    assert fault.parts == {Part.FORMULATION, Part.ANSWER, Part.SUB_PLAN}


def test_half_a_formulation_is_none() -> None:
    fault = planned("center: hangs", armed=False)
    formulated = fault.script(asked("formulation", "u00001")).text
    fault.strike(asked("formulation", "u00001"))
    fault.strike(asked("offer", "a00001", prompt=formulated[: len(formulated) // 2]))
    assert Part.FORMULATION not in fault.parts


def test_what_stands_around_the_prompt_counts() -> None:
    fault = planned("center: hangs", armed=False)
    bio = PEOPLE.agents["a00001"].bio
    model = Model(lambda _: Reply("yes"), faults=fault)

    async def ask(messages: list[dict[str, str]], system: str) -> str:
        return (await model.call(asked("offer", "a00001", prompt=messages[0]["content"]))).text

    run(fault.between(ask, TEXT)([{"content": "what do you offer?"}], system=f"you are {bio}"))
    assert fault.parts == {Part.PROFILES}
