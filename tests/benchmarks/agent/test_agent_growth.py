"""Copies that are made in C are seen by CPU time, and by no count."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.agent import growth, tools
from benchmarks.core import subject
from mocks.worlds.agent.specs import AgentSpec
from targets.bare import driver  # noqa: F401 - it puts the floor on the path
from targets.bare.agent import _Sdk
from targets.protocol import Target
from targets.protocols.agent import Agent

COPIED = 150_000
"""Bytes for each message that was said so far."""


class Copying(_Sdk):
    """The floor's agents, but their model is given a copy of all that was said, made in C."""

    def make(self, spec: AgentSpec) -> Any:
        agent = super().make(spec)
        ask = agent._ask

        async def asked(instructions: str, messages: Any, schemas: Any) -> Any:
            b"x" * (COPIED * len(messages))  # bytes(n) would be given pages that nobody writes
            return await ask(instructions, messages, schemas)

        agent._ask = asked
        return agent


@pytest.mark.slow
def test_copies_made_in_c_raise_the_exponent_of_cpu_time_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    for sdk in (_Sdk, Copying):
        target = Target(name="made", imports=("floor",), capabilities=[Agent(open=sdk)])
        monkeypatch.setattr(subject, "target", lambda target=target: target)
        calls = tools.of_turns(80).function_calls / tools.of_turns(20).function_calls
        found.append((growth.exponent(growth.TURNS_OF), calls))
    (plain, plain_calls), (copying, copying_calls) = found
    assert copying > plain + 0.3
    assert abs(copying_calls - plain_calls) < 0.2


def test_streamed_words_are_fitted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_SIZES", {"few": ((5, 10), growth.of_words)})
    assert growth.exponent("few") > 0
