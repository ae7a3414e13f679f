"""What an echo costs in tokens, by the length of its phrase, and when its model fails it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.echo.workload import Echoes
from benchmarks.questions import tokens
from mocks.faults.paid import Spoiling, SpoiltFirst

SIZES = (10, 100, 1000)

Cache = Mapping[int, Attempt[tokens.TokenFigures]]
Struck = Mapping[str, Attempt[tokens.TokenFigures]]


def measure_sizes() -> Cache:
    """Of each length."""
    return {words: attempt(partial(tokens.measure, Echoes(words))) for words in SIZES}


def measure_struck(spoiling: Spoiling) -> tokens.TokenFigures:
    """Of 10 words whose first call goes wrong."""
    return tokens.measure(Echoes(faults=SpoiltFirst(spoiling)), is_struck=True)


@presented(holds={"latency_s": 1.0}, roles={"words": "size"})
class Words:
    """An echo of so many words."""

    params = SIZES
    param_names = ("words",)

    def setup_cache(self) -> Cache:
        return measure_sizes()

    def setup(self, cache: Cache, words: int) -> None:
        self.tokens = value_of(cache[words])

    track_prompt_tokens = tokens.prompt_tokens
    track_reply_tokens = tokens.reply_tokens
    track_largest_prompt = tokens.largest_prompt
    track_efficiency = tokens.efficiency


class Growth:
    """How they grow with the number of words."""

    params = tokens.QUANTITIES
    param_names = ("quantity",)

    def setup_cache(self) -> Cache:
        return measure_sizes()

    def setup(self, cache: Cache, quantity: str) -> None:
        self.growth = tokens.fit(cache, quantity)

    track_exponent = tokens.exponent


class Spoilt:
    """An echo of 10 words whose first call goes wrong."""

    params = tuple(spoiling.value for spoiling in Spoiling)
    param_names = ("first_call",)

    def setup_cache(self) -> Struck:
        return {each.value: attempt(partial(measure_struck, each)) for each in Spoiling}

    def setup(self, cache: Struck, first_call: str) -> None:
        self.tokens = value_of(cache[first_call])

    track_repeated_tokens = tokens.repeated_tokens
