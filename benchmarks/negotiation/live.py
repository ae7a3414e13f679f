"""One negotiation with a real model: real seconds, tokens, money. N/a without a key.

Never to be mixed with the other figures, in which a mock model answers in virtual time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.notes import note
from benchmarks.core.series import series
from benchmarks.negotiation.live_run import LiveFigures, measure
from mocks.worlds.negotiation.script import Scenario
from targets.protocol import Unavailable

F = TypeVar("F", bound=Callable[..., Any])

SCENARIOS = (Scenario.PLAN.value,)

TIMEOUT_S = 600

Cache = Mapping[str, Attempt[LiveFigures]]


def _setup(check: Callable[[Cache, str], None]) -> Callable[[F], F]:
    """Give one series a ``setup`` of its own, which asv calls besides the class's."""

    def declare(function: F) -> F:
        vars(function)["setup"] = check
        return function

    return declare


def _needs_tokens(cache: Cache, scenario: str) -> None:
    if reason := value_of(cache[scenario]).unmetered:
        raise Unavailable(reason)


def _needs_prices(cache: Cache, scenario: str) -> None:
    if reason := value_of(cache[scenario]).unpriced:
        raise Unavailable(reason)


class Run:
    """A plain negotiation of 5 agents. One negotiation, paid once, gives all five figures."""

    params = SCENARIOS
    param_names = ("scenario",)
    figures: LiveFigures

    def setup_cache(self) -> Cache:
        return {scenario: attempt(partial(measure, Scenario(scenario))) for scenario in SCENARIOS}

    vars(setup_cache)["timeout"] = TIMEOUT_S

    def setup(self, cache: Cache, scenario: str) -> None:
        self.figures = value_of(cache[scenario])
        note(self.figures.said)

    @series(version="1", kind="sampled", unit="seconds", group="live")
    def track_seconds(self, cache: Cache, scenario: str) -> float:
        """Real seconds from the start to the plan."""
        return self.figures.seconds

    @series(version="1", kind="sampled", unit="calls", group="live")
    def track_calls(self, cache: Cache, scenario: str) -> int:
        """Model calls made, those that failed included."""
        return self.figures.calls

    @_setup(_needs_tokens)
    @series(version="1", kind="sampled", unit="tokens", group="live")
    def track_tokens_in(self, cache: Cache, scenario: str) -> int:
        """Tokens of all prompts, as the endpoint counted them."""
        return self.figures.tokens_in

    @_setup(_needs_tokens)
    @series(version="1", kind="sampled", unit="tokens", group="live")
    def track_tokens_out(self, cache: Cache, scenario: str) -> int:
        """Tokens of all answers, as the endpoint counted them."""
        return self.figures.tokens_out

    @_setup(_needs_prices)
    @series(version="1", kind="sampled", unit="USD", group="live")
    def track_cost(self, cache: Cache, scenario: str) -> float:
        """What the tokens cost at the prices that were given."""
        return self.figures.cost
