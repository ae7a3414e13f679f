"""Requests in each protocol, as they are understood, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mocks.openai import embeddings
from mocks.openai.asked import Asked, BadRequest
from mocks.openai.chat import Chat
from mocks.openai.messages import Messages
from mocks.openai.responses import Responses

FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}}
TOOL = {"name": "f", "input_schema": {"type": "object"}}


def read(api: Chat | Responses | Messages, content: dict[str, Any]) -> Asked:
    return api.read(json.dumps(content).encode())


def chat(**more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": "hi"}], **more}


def responses(**more: Any) -> dict[str, Any]:
    return {"model": "m", "input": "hi", **more}


def messages(**more: Any) -> dict[str, Any]:
    return {"max_tokens": 9, **chat(**more)}


def test_a_conversation_of_items() -> None:
    parts = [{"type": "input_text", "text": "a"}]
    asked = read(
        Responses(),
        responses(
            instructions="be brief",
            input=[
                {"role": "developer", "content": "in rhymes"},
                {"type": "message", "role": "user", "content": parts},
                {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "1"},
                {"type": "function_call_output", "call_id": "1", "output": "b"},
                {"type": "reasoning", "summary": []},
            ],
            tools=[FUNCTION, {"type": "web_search"}],
            max_output_tokens=7,
            stream=True,
        ),
    )
    assert (asked.system, asked.prompt) == ("be brief\nin rhymes", "a\nb")
    assert [function.name for function in asked.functions] == ["f"]
    assert (asked.called, asked.most_tokens, asked.stream) == (("f",), 7, True)


def test_a_conversation_of_blocks() -> None:
    asked = read(
        Messages(),
        messages(
            system=[{"type": "text", "text": "be brief"}],
            messages=[
                {"role": "user", "content": [{"type": "text", "text": "a"}]},
                {"role": "assistant", "content": [{"type": "tool_use", "name": "f", "id": "1"}]},
                {"role": "user", "content": [{"type": "tool_result", "content": "b"}]},
            ],
            tools=[TOOL, {"type": "web_search_20250305", "name": "web_search"}],
            tool_choice={"type": "any", "disable_parallel_tool_use": True},
        ),
    )
    assert asked.system == "be brief"
    assert [part for part in asked.prompt.split("\n") if part] == ["a", "b"]
    assert [function.name for function in asked.functions] == ["f"]
    assert (asked.called, asked.choice, asked.most_tokens) == (("f",), "required", 9)


def test_a_schema_is_found_where_each_protocol_has_it() -> None:
    schema = {"type": "object", "properties": {}}
    form = {"type": "json_schema", "schema": schema}
    named = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    assert read(Chat(), chat(response_format=named)).schema == schema
    assert read(Chat(), chat(response_format={"type": "text"})).schema is None
    assert read(Responses(), responses(text={"format": form, "verbosity": "low"})).schema == schema
    assert read(Responses(), responses(text={"format": {"type": "json_object"}})).schema
    assert read(Messages(), messages(output_config={"format": form})).schema == schema
    assert read(Messages(), messages(output_format=form)).schema == schema


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (chat(max_tokens=0), "max_tokens must be a whole number"),
        (chat(max_completion_tokens="x"), "max_completion_tokens must be"),
        (chat(max_tokens=True), "max_tokens must be"),
        (chat(response_format="json"), "response_format must be"),
        (chat(response_format={"type": "json_schema"}), "response_format must be"),
        (chat(response_format={}), "response_format must be"),
    ],
)
def test_what_is_no_chat_completion(content: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read(Chat(), content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (responses(input=[]), "input must be"),
        (responses(input=""), "input must be"),
        (responses(input=7), "input must be"),
        (responses(input=["x"]), "an item of the input"),
        (responses(input=[{"content": "x"}]), "a message's role"),
        (responses(input=[{"type": "function_call"}]), "a function call's name"),
        (responses(instructions=7), "instructions must be"),
        (responses(tools="f"), "tools must be"),
        (responses(tools=[{"type": "function"}]), "a function's name"),
        (responses(tool_choice="required"), "tool_choice must be"),
        (responses(tools=[FUNCTION], tool_choice={"name": "g"}), "tool_choice must be"),
        (responses(text={"format": "json"}), r"text.format must be an object"),
        (responses(text={"format": {"type": "xml"}}), r"text.format must be"),
        (responses(max_output_tokens=-1), "max_output_tokens must be"),
        ({"input": "x"}, "model must be"),
    ],
)
def test_what_is_no_response(content: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read(Responses(), content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (chat(), "max_tokens: field required"),
        (messages(messages=[]), "messages must be"),
        (messages(messages=["x"]), "must be an object"),
        (messages(messages=[{"content": "x"}]), "a message's role"),
        (messages(messages=[{"role": "user", "content": 7}]), "content must be"),
        (messages(system=7), "system must be"),
        (messages(tools=[7]), "tools must be"),
        (messages(tools=[{}]), "a function's name"),
        (messages(tool_choice={"type": "any"}), "tool_choice must be"),
        (messages(tool_choice={"type": "tool", "name": "g"}, tools=[TOOL]), "tool_choice must be"),
        (messages(output_format="json"), "output_config.format must be"),
    ],
)
def test_what_is_no_message(content: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read(Messages(), content)


def texts(**more: Any) -> embeddings.Texts:
    return embeddings.read(json.dumps({"model": "e", **more}).encode())


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("a", ("a",)),
        (["a", "b"], ("a", "b")),
        ([1, 2], ("1 2",)),
        ([[1], [2, 3]], ("1", "2 3")),
    ],
)
def test_texts_come_as_one_or_many_or_tokens(given: object, read: tuple[str, ...]) -> None:
    assert texts(input=given).texts == read


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "input must be"),
        ({"input": ""}, "input must be"),
        ({"input": []}, "input must be"),
        ({"input": ["a", 1]}, "input must be"),
        ({"input": [[]]}, "input must be"),
        ({"input": "a", "encoding_format": "hex"}, "encoding_format must be"),
        ({"input": "a", "dimensions": 0}, "dimensions must be"),
        ({"input": "a", "dimensions": 99_999}, "dimensions must be"),
    ],
)
def test_what_is_nothing_to_embed(more: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        texts(**more)


@pytest.mark.parametrize("text", ["hello", "!!!", "\ud800", "a b c " * 1000])
def test_a_vector_has_length_one_and_is_the_same_each_time(text: str) -> None:
    vector = embeddings.vector(text, 64)
    assert len(vector) == 64
    assert sum(x * x for x in vector) == pytest.approx(1)
    assert embeddings.vector(text, 64) == vector


def test_a_vector_is_what_it_was_in_any_process() -> None:
    assert [round(x, 3) for x in embeddings.vector("hello", 6)] == HELLO


def test_a_word_that_changes_its_numbers_back_has_a_vector_too() -> None:
    assert embeddings.vector("3", 2) == [1.0, 0.0]


def test_a_vector_may_be_as_long_as_the_longest_of_real_models() -> None:
    assert texts(input="a", dimensions=16_384).dimensions == 16_384


HELLO = [-0.354, -0.354, -0.707, 0.0, 0.354, 0.354]
