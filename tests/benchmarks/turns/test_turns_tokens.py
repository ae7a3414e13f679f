"""What turns cost in tokens, and what mistakes of a runtime do to that."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from made_runtimes import offered

from benchmarks.core import subject
from benchmarks.core.cells import Kept
from benchmarks.core.notes import hearing
from benchmarks.questions.tokens import TokenFigures, fit
from benchmarks.turns import tokens
from mocks.faults.paid import Spoiling
from mocks.model.tokens import tokens as tokens_of
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.world import TurnsWorld
from targets.bare.turns import _Runtime
from targets.protocols.turns import NO_WISH, Taken, Wish

ASKED = tokens_of(Ask(1, 1).text)
ANSWER = 23

CONTRACT = {
    "Journeys": (
        {"track_prompt_tokens", "track_reply_tokens", "track_largest_prompt", "track_efficiency"},
        {"turns": [1, 2, 5, 10, 20]},
    ),
    "Growth": (
        {"track_exponent"},
        {"quantity": ["prompt_tokens", "reply_tokens", "largest_prompt"]},
    ),
    "Spoilt": (
        {"track_repeated_tokens"},
        {"first_call": ["nothing", "503", "empty answer", "late answer"]},
    ),
}


class Recalling(_Runtime):
    """Sends all turns of the session again with each."""

    def __init__(self, world: TurnsWorld) -> None:
        super().__init__(world)
        vars(self._floor)["_last"] = defaultdict(list)


class Plain(_Runtime):
    """Sends nothing but what the user says."""

    def __init__(self, world: TurnsWorld) -> None:
        super().__init__(world)
        vars(self._floor)["_last"] = defaultdict(_Nothing)


class _Nothing(list[str]):
    def append(self, item: str) -> None:
        """Is not kept."""


class Insistent(_Runtime):
    """Asks until there is an answer, and waits five seconds for one."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        for _ in range(3):
            taken = await super().turn(session, ask, Wish(timeout_s=5.0))
            if taken.text:
                break
            await asyncio.sleep(0.3)
            self._floor._taken[session] = 10 * self._floor._taken[session]
        return taken


class Raising(_Runtime):
    """Raises where the model gives no answer."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await super().turn(session, ask, wish)
        if not taken.text:
            raise KeyError(ask.mark)
        return taken


@pytest.fixture
def with_runtime(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], Any]], None]:
    """Puts a runtime in the place of the target's."""

    def put(runtime: Callable[[Any], Any]) -> None:
        monkeypatch.setattr(subject, "capability", lambda _: offered(runtime))

    put(_Runtime)
    return put


@pytest.mark.slow
def test_the_series_of_tokens_are_there(discovered: dict[str, Any]) -> None:
    for class_name, (functions, parameters) in CONTRACT.items():
        begins = f"turns.tokens.{class_name}."
        found = {name: one for name, one in discovered.items() if name.startswith(begins)}
        assert {name.removeprefix(begins) for name in found} == functions
        for one in found.values():
            assert one["param_names"] == list(parameters)
            assert one["params"] == [[repr(v) for v in vs] for vs in parameters.values()]
    assert discovered["turns.tokens.Journeys.track_prompt_tokens"]["roles"] == {"turns": "steps"}


def test_one_turn_of_the_floor_is_what_is_said_and_the_answer(with_runtime: Any) -> None:
    with hearing() as heard:
        figures = tokens.measure(1)
    assert heard.wrong == ""
    assert figures == TokenFigures(
        calls=1,
        prompt_tokens=ASKED,
        reply_tokens=ANSWER,
        largest_prompt=ASKED,
        repeated_tokens=0,
        told_tokens=ANSWER,
    )


def _growth(quantity: str) -> float:
    cache = {turns: Kept(tokens.measure(turns), "") for turns in (5, 10, 20)}
    return fit(cache, quantity).exponent


@pytest.mark.slow
def test_a_prompt_of_all_turns_grows_with_their_square(with_runtime: Any) -> None:
    with_runtime(Recalling)
    assert _growth("prompt_tokens") == pytest.approx(2, abs=0.05)
    assert _growth("largest_prompt") == pytest.approx(1, abs=0.15)


@pytest.mark.slow
def test_a_prompt_without_any_grows_with_their_number(with_runtime: Any) -> None:
    with_runtime(Plain)
    assert _growth("prompt_tokens") == pytest.approx(1, abs=0.01)
    assert _growth("largest_prompt") == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(
    ("spoiling", "repeated"),
    [
        (Spoiling.NOTHING, 0),
        (Spoiling.REFUSED, 0),
        (Spoiling.EMPTY, ASKED),
        (Spoiling.LATE, ASKED),
    ],
)
def test_who_asks_again_pays_for_what_came_to_nothing(
    with_runtime: Any, spoiling: Spoiling, repeated: int
) -> None:
    with_runtime(Insistent)
    figures = tokens.measure_struck(spoiling)
    assert figures.repeated_tokens == repeated
    assert figures.told_tokens == ANSWER


def test_of_a_runtime_that_raises_the_calls_are_counted(with_runtime: Any) -> None:
    with_runtime(Raising)
    figures = tokens.measure_struck(Spoiling.EMPTY)
    assert (figures.prompt_tokens, figures.repeated_tokens, figures.told_tokens) == (
        ASKED,
        ASKED,
        0,
    )
