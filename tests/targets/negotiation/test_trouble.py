"""How drivers let faults in: only into a world with trouble."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mocks.model import Model
from mocks.world import Body
from mocks.worlds.negotiation.faults import CASES, CUSTOM_TOOL, NegotiationFault, Part
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.script import Scenario, Script
from mocks.worlds.negotiation.world import NegotiationWorld
from targets import loading
from targets.loading import DriverError
from targets.protocol import Target
from targets.protocols.negotiation import Negotiated, Negotiation
from targets.towow.trouble import RESPONSE, TEXT, offering_look_up, shortcomings

PEOPLE = People(3)


def test_what_says_of_shortcomings_must_be_a_function() -> None:
    wrong = Negotiation(open=print, shortcomings=3)  # type: ignore[arg-type]
    target = Target(name="bare", imports=("floor",), capabilities=[wrong])
    with pytest.raises(DriverError, match=r"negotiation: shortcomings must be a function"):
        loading.check(target, "bare")


def test_a_plain_world_leaves_the_floors_parts_as_they_are() -> None:
    target = loading.load("bare")
    offered = target.capability(Negotiation)
    assert offered is not None
    world = NegotiationWorld(people=PEOPLE, model=Model(Script(Scenario.PLAN)))
    floor = vars(offered.open(world))["_floor"]
    assert "confirm" not in vars(floor)
    assert set(vars(vars(floor)["_client"])) == {"_call"}
    assert vars(floor)["_push"] == world.note
    assert vars(floor)["_encode"] == PEOPLE.encode


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("confirmation: never", "confirm"),
        ("event pusher: raises", "_push"),
        ("encoder: null", "_encode"),
    ],
)
def test_trouble_stands_between_the_floor_and_its_parts(name: str, part: str) -> None:
    target = loading.load("bare")
    offered = target.capability(Negotiation)
    assert offered is not None
    planned = NegotiationFault(next(case for case in CASES if case.name == name), PEOPLE)
    world = NegotiationWorld(
        people=PEOPLE, model=Model(planned.script, faults=planned), trouble=planned
    )
    floor = vars(offered.open(world))["_floor"]
    assert part in vars(floor)
    assert vars(floor)[part] not in (world.note, PEOPLE.encode)
    assert planned.why_unfit() is None


def test_towows_replies_are_read_and_written_whole() -> None:
    response = {
        "content": None,
        "tool_calls": [{"id": "call-output_plan", "name": "output_plan", "arguments": {"a": 1}}],
        "stop_reason": "tool_use",
    }
    body = RESPONSE.read(response)
    assert body == Body(None, (("output_plan", {"a": 1}),))
    assert RESPONSE.write(response, body) == response
    assert RESPONSE.write(response, Body("", ()))["tool_calls"] is None
    assert TEXT.write("text", TEXT.read("text")) == "text"


def test_towows_center_offers_the_custom_tool_besides_its_own() -> None:
    class Center:
        def _get_tools(self) -> list[dict[str, str]]:
            return [{"name": "output_plan"}, {"name": "create_sub_demand"}]

        def _get_restricted_tools(self) -> list[dict[str, str]]:
            return [{"name": "output_plan"}]

    center = offering_look_up(Center)
    assert isinstance(center, Center)
    names = [tool["name"] for tool in center._get_tools()]
    assert names == ["output_plan", "create_sub_demand", CUSTOM_TOOL]
    assert [tool["name"] for tool in center._get_restricted_tools()] == ["output_plan", CUSTOM_TOOL]


def negotiated(**session: object) -> Negotiated:
    return Negotiated("", {}, [], SimpleNamespace(**session))


def test_a_towow_session_says_what_was_makeshift() -> None:
    event = {"data": {"degraded": True, "degraded_reason": "formulation_timeout"}}
    plain = {"data": {"degraded": False}}
    assert shortcomings(negotiated(metadata={}, event_history=[plain, event])) == [Part.FORMULATION]
    assert shortcomings(negotiated(metadata={"error": "no"})) == [Part.NEGOTIATION]
    assert shortcomings(negotiated(metadata={})) == []
