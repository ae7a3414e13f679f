"""What goes to the model and what comes back, in no SDK's own terms.

Named tuples: made once or twice a call, and cheaper to make than dataclasses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ToolCall(NamedTuple):
    """The model wants a tool called: its name and its JSON-like arguments."""

    name: str
    arguments: Mapping[str, object]


class Request(NamedTuple):
    """One model call: who asks in which role, the prompt, and the tools that were offered.

    ``mark`` is what the run that the prompt belongs to is known by (empty: none was found);
    ``agent`` is the agent or user whose model is called, empty for the platform's own.
    """

    role: str
    agent: str
    mark: str
    prompt: str
    tools: tuple[str, ...] = ()


class Reply(NamedTuple):
    """The model's answer: a text, tool calls, or both."""

    text: str = ""
    tools: tuple[ToolCall, ...] = ()
