"""What runs of an agent cost in tokens: each turn's prompt has all turns before it.

The prompt is all that the SDK tells its model, the instructions among it; schemas of tools are not
counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.presentation import portal_row, presented
from benchmarks.questions import tokens
from mocks.worlds.agent.script import LATENCY_S, Plan

TURNS = (1, 5, 20)

Cache = Mapping[int, Attempt[tokens.TokenFigures]]


def measure(turns: int) -> tokens.TokenFigures:
    """A run of so many turns with a call of a tool each."""
    return tokens.measure(Errands(Plan(turns=(("look",),) * turns), hears_all=True))


def setup_cache() -> Cache:
    """The tokens of every number of turns, measured once for all series of this module."""
    return each_fresh({turns: partial(measure, turns) for turns in TURNS}, fresh)


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds={"latency_s": LATENCY_S}, roles={"turns": "steps"})
class Turns:
    """So many turns with a call of a tool each, then the answer."""

    params = TURNS
    param_names = ("turns",)

    def setup(self, cache: Cache, turns: int) -> None:
        self.tokens = value_of(cache[turns])

    track_prompt_tokens = portal_row(
        tokens.prompt_tokens,
        rank=820,
        label="Prompt tokens of an agent's run",
        work="20 turns with a call of a tool each",
        unit="tokens",
        cell={"turns": "20"},
    )
    track_reply_tokens = tokens.reply_tokens
    track_largest_prompt = tokens.largest_prompt
    track_efficiency = tokens.efficiency


class Growth:
    """How they grow with the turns: 1 is the same for each turn, 2 is a prompt of all turns
    before."""

    params = tokens.QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        self.growth = tokens.fit(cache, quantity)

    track_exponent = tokens.exponent
