"""Each mistake of agents that call one another, or are traced, is found where it is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from made_teams import made_teams, made_tracing
from suite import measure

from benchmarks.agent import teams, tracing
from benchmarks.core.notes import hearing
from mocks.model import Request
from mocks.worlds.agent.team import Team, TeamScript
from targets.bare import driver  # noqa: F401 - it puts the floor on the path

Choose = Callable[[str], None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Put agents with that mistake under test; "" is none."""

    def chosen(mistake: str) -> None:
        monkeypatch.setattr(teams, "part", lambda kind: made_teams(mistake))
        monkeypatch.setattr(tracing, "part", lambda kind: made_tracing(mistake))

    return chosen


def seconds_of(handing: bool, helpers: int) -> tuple[float, int, str]:
    """How long a run takes, how often the model is asked, and what is said to be wrong."""
    with hearing() as heard:
        figures = teams.measure(handing, helpers)
    return figures.makespan, figures.model_calls, heard.wrong


@pytest.mark.slow
def test_an_errand_is_handed_over_and_agents_are_asked_together(choose: Choose) -> None:
    choose("")
    assert seconds_of(True, 1) == (pytest.approx(2 * 1.137), 2, "")
    assert seconds_of(True, 5) == (pytest.approx(6 * 1.137), 6, "")
    assert seconds_of(False, 1) == (pytest.approx(3 * 1.137), 3, "")
    assert seconds_of(False, 5) == (pytest.approx(3 * 1.137), 7, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("asks twice", "#a00001: the model of helper_1 was asked 2 times"),
        ("asks for another errand", "#a00001: the answer is '#a90001.000"),
    ],
)
def test_who_is_asked_for_what_is_checked(mistake: str, said: str, choose: Choose) -> None:
    choose(mistake)
    assert said in seconds_of(False, 5)[2]


def test_who_is_handed_an_errand_and_does_not_know_hands_it_over_again(choose: Choose) -> None:
    choose("keeps its instructions")
    with pytest.raises(IndexError):
        seconds_of(True, 5)


@pytest.mark.slow
def test_agents_that_are_asked_one_after_the_other_take_longer(choose: Choose) -> None:
    choose("one after the other")
    assert seconds_of(False, 5) == (pytest.approx(7 * 1.137), 7, "")


def test_a_model_that_is_asked_without_an_errand_says_so() -> None:
    with pytest.raises(LookupError, match="lead is asked without an errand"):
        TeamScript(Team(1, handing=True))(Request("agent", "lead", "", "hello"))


@pytest.mark.slow
def test_the_floor_keeps_nothing_of_what_it_traced() -> None:
    series = "agent.tracing.Run.track_retained_bytes"
    kept = measure("bare", f"^{re.escape(series)}").of(series)
    assert len(kept) == 2
    assert len({*kept.values()}) == 1


@pytest.mark.slow
def test_spans_are_counted_and_tracing_is_off_where_it_is_off(choose: Choose) -> None:
    def of(which: str) -> tuple[tracing.TracedFigures, str]:
        with hearing() as heard:
            return tracing.measure(which), heard.wrong

    choose("")
    (off, wrong_off), (on, wrong_on) = of("off"), of("on")
    assert (off.spans, wrong_off, wrong_on) == ((), "", "")
    assert [on.spans.count(kind) for kind in ("model", "tool", "agent")] == [6, 5, 1]
    assert on.sdk_bytecodes > off.sdk_bytecodes
    choose("cannot be turned off")
    assert of("off")[0].sdk_bytecodes == on.sdk_bytecodes
    choose("keeps what it traced")
    assert of("on")[0].retained_bytes > on.retained_bytes + 10_000
    choose("traces nothing")
    assert of("on")[1] == "tracing is on, and 0 spans were traced"
