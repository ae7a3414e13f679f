"""The drivers of SDKs with agents: each can be loaded without its SDK, and is small."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mocks.worlds.agent.world import Who
from targets.agent_framework import driver as agent_framework
from targets.agno import driver as agno
from targets.autogen_agentchat import driver as autogen
from targets.google_adk import driver as google_adk
from targets.haystack import driver as haystack
from targets.langchain_core import chat_models
from targets.langgraph import driver as langgraph
from targets.llama_index_workflows import driver as llama_index
from targets.loading import load, part
from targets.openai_agents import driver as openai_agents
from targets.protocols.agent import Agent, Stores
from targets.pydantic_ai import driver as pydantic_ai

MOST_LINES = 100

CONVERSATION = [
    (Who.USER, "find out"),
    (Who.CALL, "{'key': '1'}"),
    (Who.CALL, "{'key': '2'}"),
    (Who.RESULT, "one"),
    (Who.RESULT, "two"),
    (Who.AGENT, "that is all"),
]


DRIVERS = [
    agent_framework,
    agno,
    autogen,
    google_adk,
    haystack,
    langgraph,
    llama_index,
    openai_agents,
    pydantic_ai,
]


@pytest.mark.parametrize("module", DRIVERS)
def test_a_driver_has_agents_and_at_most_a_hundred_lines(module: Any) -> None:
    file = Path(module.__file__)
    assert load(file.parent.name) is module.TARGET
    assert module.TARGET.capability(Agent) is not None
    assert len(file.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", [langgraph, openai_agents, pydantic_ai])
def test_what_is_asked_besides_is_in_modules_of_at_most_a_hundred_lines(module: Any) -> None:
    folder = Path(module.__file__).parent
    assert part(folder.name, Stores) is not None
    for file in folder.glob("agent_*.py"):
        assert len(file.read_text().splitlines()) <= MOST_LINES, file


def test_a_conversation_of_openai_agents_is_given_backwards() -> None:
    items = [
        {"role": "user", "content": "find out"},
        {"type": "function_call", "arguments": "{'key': '1'}"},
        {"type": "function_call", "arguments": "{'key': '2'}"},
        {"type": "function_call_output", "output": "one"},
        {"type": "function_call_output", "output": "two"},
        {"type": "message", "role": "assistant", "content": "that is all"},
    ]
    assert list(openai_agents._newest_first(items)) == CONVERSATION[::-1]
    assert list(openai_agents._newest_first("find out")) == CONVERSATION[:1]


def test_a_conversation_of_pydantic_ai_is_given_backwards() -> None:
    def message(*parts: tuple[str, str, str]) -> Any:
        made = [SimpleNamespace(part_kind=kind, **{field: text}) for kind, field, text in parts]
        return SimpleNamespace(parts=made)

    messages = [
        message(("system-prompt", "content", "be kind"), ("user-prompt", "content", "find out")),
        message(("tool-call", "args", "{'key': '1'}"), ("tool-call", "args", "{'key': '2'}")),
        message(("tool-return", "content", "one"), ("retry-prompt", "content", "two")),
        message(("text", "content", "that is all")),
    ]
    assert list(pydantic_ai._newest_first(messages)) == CONVERSATION[::-1]
    info = SimpleNamespace(function_tools=[SimpleNamespace(name="look")])
    heard = pydantic_ai._heard(messages, info)
    assert (heard.instructions, heard.tools) == ("be kind", ["look"])


def test_a_conversation_of_langgraph_is_given_backwards() -> None:
    def message(kind: str, content: str, **more: Any) -> Any:
        return SimpleNamespace(type=kind, content=content, **more)

    messages = [
        message("system", "be kind"),
        message("human", "find out"),
        message("ai", "", tool_calls=[{"args": {"key": "1"}}, {"args": {"key": "2"}}]),
        message("tool", "one"),
        message("tool", "two"),
        message("ai", "that is all", tool_calls=[]),
    ]
    # A message of tool calls has a text too, which is empty.
    said = [pair for pair in chat_models._newest_first(messages) if pair[1]]
    assert said == CONVERSATION[::-1]


def test_a_conversation_of_agno_is_given_backwards() -> None:
    def message(role: str, content: str | None, *arguments: str) -> Any:
        calls = [{"function": {"name": "look", "arguments": said}} for said in arguments]
        return SimpleNamespace(role=role, content=content, tool_calls=calls or None)

    messages = [
        message("system", "be kind"),
        message("user", "find out"),
        message("assistant", None, "{'key': '1'}", "{'key': '2'}"),
        message("tool", "one"),
        message("tool", "two"),
        message("assistant", "that is all"),
    ]
    heard = agno._heard(messages, [{"function": {"name": "look"}}])
    assert (heard.instructions, heard.tools) == ("be kind", ["look"])
    # A message of tool calls has a text too, which is empty.
    assert [pair for pair in heard.said if pair[1]] == CONVERSATION[::-1]


def test_a_conversation_of_google_adk_is_given_backwards() -> None:
    def content(role: str, **kinds: Any) -> Any:
        named = {"function_call": None, "function_response": None, "text": None}
        return SimpleNamespace(role=role, parts=[SimpleNamespace(**{**named, **kinds})])

    contents = [
        content("user", text="find out"),
        content("model", function_call=SimpleNamespace(args={"key": "1"})),
        content("model", function_call=SimpleNamespace(args={"key": "2"})),
        content("user", function_response=SimpleNamespace(response="one")),
        content("user", function_response=SimpleNamespace(response="two")),
        content("model", text="that is all"),
    ]
    assert list(google_adk._newest_first(contents)) == CONVERSATION[::-1]


def test_a_conversation_of_autogen_is_given_backwards() -> None:
    def message(kind: str, content: Any) -> Any:
        return SimpleNamespace(type=kind, content=content)

    results = [SimpleNamespace(content="one"), SimpleNamespace(content="two")]
    calls = [SimpleNamespace(arguments=f"{{'key': '{number}'}}") for number in (1, 2)]
    messages = [
        message("SystemMessage", "be kind"),
        message("UserMessage", "find out"),
        message("AssistantMessage", calls),
        message("FunctionExecutionResultMessage", results),
        message("AssistantMessage", "that is all"),
    ]
    heard = autogen._heard(messages, [{"name": "look"}, SimpleNamespace(name="read")])
    assert (heard.instructions, heard.tools) == ("be kind", ["look", "read"])
    assert list(heard.said) == CONVERSATION[::-1]


def test_a_conversation_of_llama_index_is_given_backwards() -> None:
    def message(role: str, content: str, *keys: str) -> Any:
        calls = [SimpleNamespace(tool_kwargs={"key": key}) for key in keys]
        return SimpleNamespace(role=role, content=content, additional_kwargs={"tool_calls": calls})

    messages = [
        message("system", "be kind"),
        message("user", "find out"),
        message("assistant", "", "1", "2"),
        message("tool", "one"),
        message("tool", "two"),
        message("assistant", "that is all"),
    ]
    heard = llama_index._heard(messages, [SimpleNamespace(metadata=SimpleNamespace(name="look"))])
    assert (heard.instructions, heard.tools) == ("be kind", ["look"])
    assert [pair for pair in heard.said if pair[1]] == CONVERSATION[::-1]


def test_a_conversation_of_agent_framework_is_given_backwards() -> None:
    def message(role: str, *contents: tuple[str, str, Any]) -> Any:
        made = [SimpleNamespace(type=kind, **{field: value}) for kind, field, value in contents]
        return SimpleNamespace(role=role, contents=made)

    calls = [("function_call", "arguments", {"key": key}) for key in ("1", "2")]
    messages = [
        message("user", ("text", "text", "find out")),
        message("assistant", *calls),
        message("tool", ("function_result", "result", "one"), ("function_result", "result", "two")),
        message("assistant", ("text", "text", "that is all")),
    ]
    options = {"instructions": "be kind", "tools": [SimpleNamespace(name="look")]}
    heard = agent_framework._heard(messages, options)
    assert (heard.instructions, heard.tools) == ("be kind", ["look"])
    assert list(heard.said) == CONVERSATION[::-1]


def test_a_conversation_of_haystack_is_given_backwards() -> None:
    def message(role: str, text: str, *, calls: Any = (), results: Any = ()) -> Any:
        named = {"tool_calls": calls, "tool_call_results": results}
        return SimpleNamespace(role=role, text=text, **named)

    calls = [SimpleNamespace(arguments={"key": key}) for key in ("1", "2")]
    messages = [
        message("system", "be kind"),
        message("user", "find out"),
        message("assistant", "", calls=calls),
        message("tool", "", results=[SimpleNamespace(result="one")]),
        message("tool", "", results=[SimpleNamespace(result="two")]),
        message("assistant", "that is all"),
    ]
    heard = haystack._heard(messages, [SimpleNamespace(name="look")])
    assert (heard.instructions, heard.tools) == ("be kind", ["look"])
    assert [pair for pair in heard.said if pair[1]] == CONVERSATION[::-1]
