"""The live series against our own mock endpoint, over HTTP, in real time."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from suite import ROOT, Key, Values

from benchmarks.core.workload import WrongOutcome
from benchmarks.negotiation import live_run
from benchmarks.negotiation.live_run import LiveFigures, check, negotiate
from mocks.model import ModelError
from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.endpoint import Endpoint
from mocks.openai.server import serving
from mocks.worlds.negotiation.dialect import DIALECT
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.script import Scenario
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated

SECRET = "sk-test-0123456789"
LATENCY_S = 0.05
PRICES = {"UNLADEN_LIVE_PRICE_IN": "1", "UNLADEN_LIVE_PRICE_OUT": "4"}


def settings(url: str, **more: str) -> dict[str, str]:
    given = {"URL": url, "KEY": SECRET, "MODEL": "some-model", **more}
    return {f"UNLADEN_LIVE_{name}": value for name, value in given.items()}


def figures(url: str, scenario: Scenario = Scenario.PLAN, **more: str) -> LiveFigures:
    """One negotiation of the floor with the model at ``url``."""
    return negotiate(Endpoint.from_environment(settings(url, **more)), scenario)


def run_suite(variables: dict[str, str], *path: Path, target: str = "bare") -> tuple[Values, str]:
    """The values of all live series, and all that was printed, by ``python -m benchmarks``."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--json", r"\.live\."],
        cwd=ROOT,
        env=kept
        | {"UNLADEN_TARGET": target, "PYTHONPATH": os.pathsep.join(map(str, path))}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = map(json.loads, done.stdout.splitlines())
    values: Values = {(name, tuple(params)): value for name, params, value, _ in rows}
    assert len(values) == 5, done.stderr
    return values, done.stdout + done.stderr


def of(values: Values, series: str) -> float | None:
    key: Key = (f"negotiation.live.Run.{series}", ("'plan'",))
    return values[key]


def is_not_applicable(value: float | None) -> bool:
    return value is not None and math.isnan(value)


@pytest.mark.slow
def test_without_a_key_all_is_not_applicable_with_the_reason() -> None:
    values, printed = run_suite({})
    assert all(map(is_not_applicable, values.values()))
    assert printed.count("no key: set UNLADEN_LIVE_KEY (docs/live.md)") == 5


@pytest.mark.slow
def test_settings_that_cannot_be_used_are_failures() -> None:
    values, printed = run_suite(settings(f"http://models.example.org/{SECRET}"))
    assert set(values.values()) == {None}
    assert "UNLADEN_LIVE_URL would send the key over the network unencrypted" in printed
    assert SECRET not in printed


@pytest.fixture(scope="module")
def measured() -> Iterator[tuple[Values, str, int]]:
    """The live series of the floor, what was printed, and how many calls the endpoint saw."""
    with serving(Behaviour(DIALECT, latency=LATENCY_S, key=SECRET)) as server:
        values, printed = run_suite(settings(server.url) | PRICES)
        yield values, printed, server.asked


def test_one_negotiation_gives_all_figures(measured: tuple[Values, str, int]) -> None:
    values, _, asked = measured
    assert of(values, "track_calls") == asked == 7  # one demand, five offers, one plan


def test_time_is_real(measured: tuple[Values, str, int]) -> None:
    seconds = of(measured[0], "track_seconds")
    assert seconds is not None
    assert seconds >= 3 * LATENCY_S


def test_tokens_and_cost_are_those_of_the_endpoint(measured: tuple[Values, str, int]) -> None:
    values = measured[0]
    tokens_in, tokens_out = of(values, "track_tokens_in"), of(values, "track_tokens_out")
    assert tokens_in is not None
    assert tokens_out is not None
    assert tokens_in > 500
    assert tokens_out > 300
    assert of(values, "track_cost") == pytest.approx((tokens_in + 4 * tokens_out) / 1e6)


def test_the_key_is_nowhere(measured: tuple[Values, str, int]) -> None:
    printed = measured[1]
    assert "live model some-model" in printed
    assert SECRET not in printed


@pytest.mark.slow
def test_a_refused_key_is_a_failure_that_does_not_show_it() -> None:
    with serving(Behaviour(DIALECT, key="sk-other")) as server:
        values, printed = run_suite(settings(server.url))
        assert server.asked == 0
    assert set(values.values()) == {None}
    assert "401 Incorrect API key" in printed
    assert SECRET not in printed


@pytest.mark.slow
def test_the_sample_sdk_is_measured_too(tmp_path: Path) -> None:
    clone = tmp_path / "parley"
    subprocess.run(
        [sys.executable, "-m", "unladen", "patches", "open", str(clone)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with serving(Behaviour(DIALECT)) as server:
        values, _ = run_suite(settings(server.url), clone / "src", target="parley")
    assert of(values, "track_calls") == 7
    assert is_not_applicable(of(values, "track_cost"))


@pytest.mark.parametrize(
    ("scenario", "calls"), [(Scenario.PLAN, 7), (Scenario.ASK_ALL, 13), (Scenario.SUB_DEMAND, 16)]
)
def test_the_tools_work_in_real_time(scenario: Scenario, calls: int) -> None:
    with serving(Behaviour(DIALECT, scenario=scenario)) as server:
        assert figures(server.url, scenario).calls == calls


def test_a_model_that_would_rather_ask_is_made_to_plan() -> None:
    with serving(Behaviour(DIALECT, scenario=Scenario.ASK_ALL)) as server:
        assert figures(server.url).calls == 7


def test_the_key_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_run, "negotiate", lambda endpoint, scenario: endpoint.key)
    for name, value in settings("https://models.example.org/v1").items():
        monkeypatch.setenv(name, value)
    assert live_run.measure(Scenario.PLAN) == SECRET
    assert "UNLADEN_LIVE_KEY" not in os.environ


def test_nothing_is_paid_for_an_sdk_that_fails_with_the_mock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(kind: object) -> None:
        raise Unavailable("no negotiation here")

    monkeypatch.setattr(live_run.subject, "capability", broken)
    with serving(Behaviour(DIALECT)) as server:
        for name, value in settings(server.url).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(Unavailable, match="no negotiation here"):
            live_run.measure(Scenario.PLAN)
        assert server.asked == 0


def test_no_prices_no_cost() -> None:
    with serving(Behaviour(DIALECT)) as server:
        free = figures(server.url)
        priced = figures(server.url, PRICE_IN="1", PRICE_OUT="1")
    assert "no prices: set UNLADEN_LIVE_PRICE_IN" in free.unpriced
    assert priced.unpriced == priced.unmetered == ""
    assert priced.cost == pytest.approx((priced.tokens_in + priced.tokens_out) / 1e6)


def test_no_usage_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mocks.openai.chat._usage", lambda asked, said: None)
    with serving(Behaviour(DIALECT)) as server:
        unmetered = figures(server.url, PRICE_IN="1", PRICE_OUT="1")
    assert unmetered.unmetered == "the endpoint gave no usage for 7 of 7 answers"
    assert unmetered.unpriced == unmetered.unmetered


def test_a_call_that_fails_fails_the_floor() -> None:
    with (
        serving(Behaviour(DIALECT, fault=Fault.ERROR, fault_every=4)) as server,
        pytest.raises(ModelError, match="500 a fault"),
    ):
        figures(server.url)


def test_a_negotiation_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_run, "LIMIT_S", 0.2)
    with (
        serving(Behaviour(DIALECT, fault=Fault.HANG)) as server,
        pytest.raises(TimeoutError, match="is not over after"),
    ):
        figures(server.url)


AGENTS = list(People(5).agents)
DEMAND = People(5).demand(1)


def negotiated(plan: str = "A plan.", **changes: object) -> Negotiated:
    parts: dict[str, object] = {
        "plan": plan,
        "offers": dict.fromkeys(AGENTS, "I help."),
        "participants": AGENTS,
    }
    return Negotiated(**{**parts, **changes}, native=None)  # type: ignore[arg-type]


def test_what_a_model_writes_is_not_judged() -> None:
    assert check(DEMAND, negotiated("Whatever."), AGENTS) == []


def test_missing_offers_are_named() -> None:
    offers = {AGENTS[0]: "I help.", AGENTS[1]: "  "}
    assert check(DEMAND, negotiated(offers=offers), AGENTS) == AGENTS[1:]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (negotiated(" \n"), "an empty plan"),
        (negotiated(offers={}), "not one offer"),
        (negotiated(offers={AGENTS[0]: " "}), "not one offer"),
        (negotiated(offers={"a99999": "I help."}), "is no agent"),
        (negotiated(participants=[*AGENTS, "boss"]), "is no agent"),
        (negotiated(participants=[*AGENTS, AGENTS[0]]), "twice"),
    ],
)
def test_a_wrong_outcome_is_a_failure(result: Negotiated, said: str) -> None:
    with pytest.raises(WrongOutcome, match=said):
        check(DEMAND, result, AGENTS)


def test_what_went_otherwise_is_said() -> None:
    outcomes = ["ok", "RateLimited", "ok", "RateLimited", "Disconnected"]
    calls = [SimpleNamespace(outcome=outcome) for outcome in outcomes]
    model = SimpleNamespace(calls=calls, calls_in_text=1)
    remarks = live_run._remarks(model, DEMAND, negotiated("A plan."), ["a00002"])  # type: ignore[arg-type]
    assert remarks == [
        "no offer of a00002",
        "1 calls ended Disconnected",
        "2 calls ended RateLimited",
        "the model wrote its plan as text, without calling the tool",
        "the plan does not repeat the demand's mark",
    ]
    plain = SimpleNamespace(calls=calls[:1], calls_in_text=0)
    assert live_run._remarks(plain, DEMAND, negotiated(f"{DEMAND.mark}: all."), []) == []  # type: ignore[arg-type]
