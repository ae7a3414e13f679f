"""What is left of a good reply when it has been spoilt."""

from __future__ import annotations

import json

import pytest

from mocks.faults import What
from mocks.faults.bodies import BODY_FAULTS, HUGE_BYTES, NoJson, spoilt
from mocks.world import Body

OFFER = json.dumps({"content": "a00001 offers help", "confidence": 0.8})
CALL = Body("", (("output_plan", {"text": "Plan", "agents": ["a00001"]}),))


@pytest.mark.parametrize("what", sorted(BODY_FAULTS - {What.UNKNOWN_TOOL, What.BAD_ARGUMENTS}))
def test_a_spoilt_text_is_another_one(what: What) -> None:
    body = spoilt(what, Body(OFFER))
    assert body.text != OFFER
    assert not body.tools


def test_what_becomes_of_json() -> None:
    assert spoilt(What.NOT_JSON, Body(OFFER)).text == "Here is my answer: a00001 offers help"
    half = spoilt(What.TRUNCATED, Body(OFFER)).text
    assert half
    assert OFFER.startswith(half)
    with pytest.raises(json.JSONDecodeError):
        json.loads(half)
    assert json.loads(spoilt(What.WRONG_SHAPE, Body(OFFER)).text or "") == [json.loads(OFFER)]
    grown = json.loads(spoilt(What.HUGE, Body(OFFER)).text or "")
    assert len(grown["content"]) > HUGE_BYTES
    assert grown["content"].startswith("a00001 offers help ")
    assert grown["confidence"] == 0.8


@pytest.mark.parametrize("what", [What.NOT_JSON, What.TRUNCATED, What.WRONG_SHAPE])
def test_plain_text_has_no_json_to_spoil(what: What) -> None:
    with pytest.raises(NoJson):
        spoilt(what, Body("a00001 offers help"))


def test_what_becomes_of_tool_calls() -> None:
    assert spoilt(What.NOT_JSON, CALL) == Body("Here is what I suggest. a00001", ())
    ((tool, arguments),) = spoilt(What.TRUNCATED, CALL).tools or ()
    assert (tool, arguments) == ("output_plan", '{"text": "Plan", "a')
    ((_, listed),) = spoilt(What.WRONG_SHAPE, CALL).tools or ()
    assert listed == [{"text": "Plan", "agents": ["a00001"]}]
    ((name, _),) = spoilt(What.UNKNOWN_TOOL, CALL).tools or ()
    assert name == "launch_rocket"
    ((name, wrong),) = spoilt(What.BAD_ARGUMENTS, CALL).tools or ()
    assert name == "output_plan"
    assert wrong == {"colour": "blue"}
    assert spoilt(What.EMPTY, CALL) == Body("", ())
    assert spoilt(What.NULL, CALL) == Body(None, None)
    ((_, grown),) = spoilt(What.HUGE, CALL).tools or ()
    assert isinstance(grown, dict)
    assert grown["agents"] == ["a00001"]
    assert len(grown["text"]) > HUGE_BYTES
