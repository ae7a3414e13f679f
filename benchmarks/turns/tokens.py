"""What the turns of one session cost in tokens, one after the other, and what is paid for in vain.

The prompt is all that the runtime sends to its model; an answer has 23 tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.presentation import portal_row, presented
from benchmarks.questions import tokens
from benchmarks.turns.fresh import CACHE_TIMEOUT_S, fresh
from benchmarks.turns.playing import Session, tell
from benchmarks.turns.running import Running
from mocks.faults.paid import Spoiling, SpoiltFirst
from mocks.model.transcript import Transcript
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.script import LATENCY_S
from targets.protocols.turns import Runtime, Status, Taken

TURNS = (1, 2, 5, 10, 20)

USER = 1

Cache = Mapping[int, Attempt[tokens.TokenFigures]]
Struck = Mapping[str, Attempt[tokens.TokenFigures]]


async def _taken(runtime: Runtime, turns: int) -> Session:
    key = await runtime.begin(USER)
    return Session(USER, [await runtime.turn(key, Ask(USER, n)) for n in range(1, turns + 1)])


def measure(turns: int) -> tokens.TokenFigures:
    """The tokens of so many turns of one session."""
    running = Running()
    transcript = Transcript(running.model)
    with running:
        session = running.on.run(_taken(running.runtime, turns))
        tell([session])
    return tokens.figures(transcript.exchanges, _told(session.ends))


def measure_struck(spoiling: Spoiling) -> tokens.TokenFigures:
    """The tokens of one turn whose first call to the model goes wrong, however it ends."""
    running = Running(faults=SpoiltFirst(spoiling))
    transcript = Transcript(running.model)
    with running:
        try:
            ends = running.on.run(_taken(running.runtime, 1)).ends
        except Exception:  # noqa: BLE001 - a runtime may raise what it likes; its calls are counted
            ends = ()
    return tokens.figures(transcript.exchanges, _told(ends))


def _told(ends: Sequence[Taken]) -> str:
    return "".join(end.text for end in ends if end.status is Status.DONE)


def setup_cache() -> Cache:
    """The tokens of every number of turns, measured once for all series of this module."""
    return each_fresh({turns: partial(measure, turns) for turns in TURNS}, fresh)


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds={"latency_s": LATENCY_S}, roles={"turns": "steps"})
class Journeys:
    """So many turns in one session, one after the other."""

    params = TURNS
    param_names = ("turns",)

    def setup(self, cache: Cache, turns: int) -> None:
        self.tokens = value_of(cache[turns])

    track_prompt_tokens = portal_row(
        tokens.prompt_tokens,
        rank=350,
        label="Prompt tokens of a turn",
        work="20 turns of one session, one after the other",
        unit="tokens",
        cell={"turns": "20"},
        per=20,
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


@presented(holds={"latency_s": LATENCY_S})
class Spoilt:
    """One turn whose first call to the model goes wrong."""

    params = tuple(spoiling.value for spoiling in Spoiling)
    param_names = ("first_call",)

    def setup_cache(self) -> Struck:
        return each_fresh({each.value: partial(measure_struck, each) for each in Spoiling}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Struck, first_call: str) -> None:
        self.tokens = value_of(cache[first_call])

    track_repeated_tokens = tokens.repeated_tokens
