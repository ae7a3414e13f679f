"""How Insight's replies are read, and what the model answers to it."""

from __future__ import annotations

import json

import pytest

from mocks.model import Request
from mocks.openai.asked import Asked, Function
from mocks.worlds.service.endpoints import Answer, Ask, Kind, Piece, judge
from mocks.worlds.service.users import User
from targets.insight import answers
from targets.insight.driver import TARGET, event_text, plan_text, reply_text
from targets.protocols.service import Service

ASK = Ask(
    user=User(3), number=2, prompt="list", text="Ten animals? mark-bado-bafe", mark="mark-bado-bafe"
)
SERVICE = TARGET.capability(Service)
assert SERVICE is not None


def test_the_words_of_a_reply_of_either_era() -> None:
    assert reply_text(b'{"chatResponse": "yes", "conversationId": "c"}') == "yes"
    assert reply_text(b'{"response": "yes", "conversationId": "c"}') == "yes"
    assert reply_text(b'{"action": "clarify", "chatResponse": null}') == ""
    for strange in (b"", b"[]", b"<html>"):
        with pytest.raises(ValueError, match="no reply of a conversation"):
            reply_text(strange)


def test_the_text_of_events() -> None:
    assert event_text('{"type": "text-delta", "id": "t", "delta": "a "}') == "a "
    assert event_text('{"type": "reasoning-delta", "id": "intent", "delta": "thinking"}') == ""
    assert event_text("[DONE]") == ""
    with pytest.raises(ValueError, match="no event"):
        event_text("half a {")


def stream(*events: object) -> Answer:
    said = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    pieces = [Piece(1.0, said.encode())]
    return Answer(status=200, headers={"content-type": "text/event-stream"}, pieces=pieces)


def test_a_stream_that_says_it_failed_is_wrong() -> None:
    endpoint = SERVICE.endpoint(Kind.STREAM)
    assert endpoint is not None
    text = {"type": "text-delta", "id": "t", "delta": ASK.mark}
    assert judge(endpoint, ASK, stream(text)).error == ""
    failed = stream(text, {"type": "error", "errorText": "too much"})
    assert "too much" in judge(endpoint, ASK, failed).reason


def test_the_service_remembers_a_conversation_by_its_user_and_number() -> None:
    endpoint = SERVICE.endpoint(Kind.CHAT)
    assert endpoint is not None
    content = json.loads(endpoint.content(ASK) or b"")
    assert content["message"] == ASK.text
    assert content["conversationId"] == f"{ASK.user.name}-1"


def asked(*functions: Function) -> Asked:
    return Asked(
        model="m", system="", prompt="", functions=functions, choice="required",
        stream=False, stream_usage=False,
    )  # fmt: skip


def function(name: str, *properties: str) -> Function:
    return Function(name, {"properties": {one: {} for one in properties}})


REQUEST = Request("chat", "", ASK.mark, ASK.text)


def test_the_model_says_that_a_message_is_a_question() -> None:
    reply = answers.calls(asked(function("final_result", "intent", "confidence")), REQUEST)
    assert reply is not None
    (call,) = reply.tools
    assert call.name == "final_result"
    assert call.arguments["intent"] == "chat_qa"


def test_the_model_plans_a_page_that_carries_the_mark() -> None:
    reply = answers.calls(asked(function("final_result", "dataContract", "name")), REQUEST)
    assert reply is not None
    plan = json.dumps({"blueprint": reply.tools[0].arguments})
    assert ASK.mark in plan_text(plan.encode())
    with pytest.raises(ValueError, match="no plan"):
        plan_text(b'{"detail": "failed"}')


def test_what_is_a_text_is_left_to_the_script() -> None:
    assert answers.calls(asked(), REQUEST) is None
    assert answers.calls(asked(function("get_class_detail", "classId")), REQUEST) is None
    assert answers.calls(asked(function("final_result", "something")), REQUEST) is None
