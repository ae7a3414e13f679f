"""A wrong outcome is said beside the value; a missing capability is n/a; what is mixed up is
counted."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from suite import measure, project_with_driver

from benchmarks.core.workload import WrongOutcome
from benchmarks.negotiation.checks import (
    check_results,
    check_scenario,
    crosstalk,
)
from mocks.model import Call, Model, Reply
from mocks.world import Event
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated

PEOPLE = People(3)
DEMANDS = PEOPLE.demands(2)


def world(*roles: str) -> NegotiationWorld:
    made = NegotiationWorld(people=PEOPLE, model=Model(lambda _: Reply()))
    for demand in DEMANDS:
        for role in roles:
            mark = f"{demand.mark}.1" if role == "sub" else demand.mark
            call = Call("center" if role == "sub" else role, "", mark, 0.0)
            call.ended = 1.0
            made.model.calls.append(call)
    return made


def right(number: int) -> Negotiated:
    mark = DEMANDS[number].mark
    offers = {agent: f"{agent} offers help for {mark}: xxx" for agent in PEOPLE.agents}
    return Negotiated(f"Plan for {mark}: {', '.join(offers)}", offers, list(offers), None)


def changed(**fields: object) -> list[Negotiated]:
    values = {field: getattr(right(0), field) for field in Negotiated.__slots__}
    return [Negotiated(**(values | fields)), right(1)]  # type: ignore[arg-type]


def test_a_right_outcome_passes() -> None:
    check_results(world(), DEMANDS, [right(0), right(1)])
    check_scenario(world("formulation", "offer", "center"), Scenario.PLAN, DEMANDS)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ([right(0)], "2 negotiations gave 1 results"),
        (changed(plan=""), "ended with the plan ''"),
        (changed(plan=right(1).plan), "ended with the plan 'Plan for #d00002"),
        (changed(plan="Plan for #d00001: a00001"), "names 1 of 3 agents"),
        (changed(offers={}), "3 agents, 3 participants, 0 offers"),
        (changed(participants=["a00001"]), "3 agents, 1 participants, 3 offers"),
        (changed(offers=right(1).offers), "the offer of a00001 is"),
        (changed(offers=dict.fromkeys(PEOPLE.agents, "no")), "the offer of a00001 is 'no'"),
    ],
)
def test_a_wrong_outcome_is_named(results: list[Negotiated], message: str) -> None:
    with pytest.raises(WrongOutcome, match=message):
        check_results(world(), DEMANDS, results)


@pytest.mark.parametrize(
    ("scenario", "done", "not_done"),
    [
        (Scenario.ASK_ONE, ["question"], []),
        (Scenario.ASK_ALL, ["question"] * 3, ["question"]),
        (Scenario.DISCOVERY, ["discovery"], []),
        (Scenario.SUB_DEMAND, ["gap", "sub"], ["gap", "center"]),
    ],
)
def test_a_scenario_must_have_happened(
    scenario: Scenario, done: list[str], not_done: list[str]
) -> None:
    check_scenario(world(*done), scenario, DEMANDS)
    with pytest.raises(WrongOutcome, match=r"asked|never run"):
        check_scenario(world(*not_done), scenario, DEMANDS)


def test_a_call_that_failed_is_a_wrong_outcome() -> None:
    failed = world("offer")
    failed.model.calls[0].error = "RateLimited"
    with pytest.raises(WrongOutcome, match="a offer call ended RateLimited"):
        check_scenario(failed, Scenario.PLAN, DEMANDS)


def test_under_a_slow_provider_offers_may_be_lost_but_not_the_plan() -> None:
    poor = changed(plan="Fallback for #d00001", offers={"a00002": right(0).offers["a00002"]})
    check_results(world(), DEMANDS, poor, may_lose_offers=True)
    lost = changed(plan="")
    with pytest.raises(WrongOutcome):
        check_results(world(), DEMANDS, lost, may_lose_offers=True)


def leak_into_event(made: NegotiationWorld) -> list[Negotiated]:
    made.events.append(Event(EventKind.OFFER, DEMANDS[0].id, 0.0, {"text": "#d00002"}))
    return [right(0), right(1)]


@pytest.mark.parametrize(
    ("mix_up", "count"),
    [
        (lambda _: [right(0), right(1)], 0),
        (lambda _: changed(offers=right(1).offers), 3),
        (lambda _: changed(plan=right(1).plan), 1),
        (lambda _: changed(plan="#d00001 and #d00001.1"), 0),
        (lambda _: changed(participants=["a00001", "a00001", "a00009"]), 2),
        (leak_into_event, 1),
    ],
)
def test_what_is_mixed_up_is_counted(
    mix_up: Callable[[NegotiationWorld], list[Negotiated]], count: int
) -> None:
    made = world()
    assert crosstalk(made, DEMANDS, mix_up(made)) == count


DRIVER = """
import asyncio
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocols.negotiation import Negotiated, Negotiation
from targets.protocol import Target, Unavailable

class Broken(_Negotiator):
{body}

TARGET = Target(name="broken", imports=("{imports}",), capabilities={capability})
"""


def project(folder: Path, body: str = "    pass", *, imports: str = "floor",
            capability: str = "[Negotiation(open=Broken)]") -> Path:  # fmt: skip
    code = DRIVER.format(body=body, imports=imports, capability=capability)
    return project_with_driver(folder, "broken", code)


@pytest.mark.slow
def test_an_sdk_that_cannot_be_imported_fails_everywhere_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "sdk_of_today.py").write_text("raise RuntimeError('half a merge')")
    root = project(tmp_path, imports="sdk_of_today")
    done = measure(
        "broken", r"^negotiation\..*makespan|^imports\..*modules", root=root, path=(tmp_path,)
    )
    assert set(done.values.values()) == {None}
    assert "import sdk_of_today fails: RuntimeError: half a merge" in done.errors


@pytest.mark.slow
def test_a_missing_capability_is_not_applicable(tmp_path: Path) -> None:
    done = measure(
        "broken", r"^negotiation\..*track_makespan", root=project(tmp_path, capability="[]")
    )
    assert set(done.comparable().values()) == {"n/a"}
    assert "broken has no negotiation capability" in done.errors
    assert done.returncode == 0


@pytest.mark.slow
def test_an_sdk_without_the_engine_at_this_commit_is_not_applicable(tmp_path: Path) -> None:
    body = "    def __init__(self, world):\n        raise Unavailable('no engine yet')"
    done = measure("broken", "negotiation.baseline.Run.track_events", root=project(tmp_path, body))
    assert set(done.comparable().values()) == {"n/a"}
    assert "no engine yet" in done.errors


HANG = """
    async def negotiate(self, demand):
        await asyncio.Event().wait()
"""
DROP = """
    async def negotiate(self, demand):
        done = await super().negotiate(demand)
        first = next(iter(done.offers))
        offers = {a: o for a, o in done.offers.items() if a != first}
        return Negotiated(done.plan, offers, done.participants, done.native)
"""
MIX_UP = """
    last = None

    async def negotiate(self, demand):
        done = await super().negotiate(demand)
        before, self.last = self.last, done
        offers = before.offers if before else done.offers
        return Negotiated(done.plan, offers, done.participants, done.native)
"""
NEVER_ENDING = """
    async def negotiate(self, demand):
        while True:
            await asyncio.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (HANG, "Hang: hang at virtual time 0.0 s; waiting: Task-"),
        (NEVER_ENDING, "OutOfTime: not over at the limit of the run; at virtual time 7140.0 s"),
    ],
)
def test_what_does_not_complete_is_a_failure_with_its_reason(
    tmp_path: Path, body: str, reason: str
) -> None:
    done = measure(
        "broken", "negotiation.baseline.Run.track_makespan", root=project(tmp_path, body)
    )
    assert set(done.values.values()) == {None}
    assert done.returncode == 1
    assert reason in done.errors


LOST = "negotiation-00001: 5 agents, 5 participants, 4 offers"


@pytest.mark.slow
def test_a_wrong_outcome_stands_beside_its_value(tmp_path: Path) -> None:
    root = project(tmp_path, DROP)
    done = measure("broken", "negotiation.baseline.Run.track_makespan", root=root)
    assert done.values == measure("bare", "negotiation.baseline.Run.track_makespan").values
    assert {done.wrong[key] for key in done.values} == {LOST}
    assert done.returncode == 1


@pytest.mark.slow
def test_cells_that_are_measured_together_go_wrong_one_by_one(tmp_path: Path) -> None:
    unless = "if len(offers) != 49:\n            return done\n        return Negotiated"
    root = project(tmp_path, DROP.replace("return Negotiated", unless))
    done = measure(
        "broken",
        r"negotiation\.scaling\.(Agents\.track_makespan|Growth\.track_exponent)",
        root=root,
    )
    agents = done.of("negotiation.scaling.Agents.track_makespan")
    assert set(agents.values()) == {3.0}
    said = LOST.replace("5 agents, 5", "50 agents, 50").replace("4 offers", "49 offers")
    wrong = {key[0]: text for (name, key), text in done.wrong.items() if "Agents" in name}
    assert wrong == {"50": said}
    growth = done.of("negotiation.scaling.Growth.track_exponent")
    assert {key for name, key in done.wrong if "Growth" in name} == growth.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    "series",
    [
        "negotiation.baseline.Run.track_(bytecodes|sdk_bytecodes|function_calls|retained|traced)",
        "negotiation.baseline.Phases",
        "negotiation.concurrency.Parallel.track_(makespan|peak)",
        "negotiation.latency.Model.track_(makespan|efficiency)",
        "negotiation.hotspots",
        "negotiation.cancellation",
        "negotiation.memory.(Leak|Waiting)",
    ],
)
def test_every_value_of_a_wrong_outcome_has_the_words_beside_it(
    tmp_path: Path, series: str
) -> None:
    wrong_plan = """
    async def negotiate(self, demand):
        done = await super().negotiate(demand)
        return Negotiated("Plan for nobody", done.offers, done.participants, done.native)
"""
    done = measure("broken", series, root=project(tmp_path, wrong_plan))
    values = [key for key, value in done.values.items() if value is None or not math.isnan(value)]
    assert values
    assert None not in done.values.values(), done.errors[-2000:]
    assert {*values} == done.wrong.keys()
    assert all("ended with the plan 'Plan for nobody'" in text for text in done.wrong.values())


@pytest.mark.slow
def test_timed_samples_are_checked_too(tmp_path: Path) -> None:
    root = project(tmp_path, DROP)
    sampled = "^negotiation.*(time_cpu|peakrss|sample_cpu_per)"
    command = [sys.executable, "-m", "benchmarks", "--json", sampled]
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"UNLADEN_TARGET": "broken"},
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {name.rpartition(".")[2] for name, *_ in rows} == {
        "time_cpu", "peakrss_run", "sample_cpu_per_run",
    }  # fmt: skip
    assert all(value and wrong for _, _, value, wrong in rows)


@pytest.mark.slow
def test_crosstalk_is_a_number_and_not_a_failure(tmp_path: Path) -> None:
    done = measure(
        "broken", "negotiation.concurrency.Parallel.track_crosstalk", root=project(tmp_path, MIX_UP)
    )
    assert done.of("negotiation.concurrency.Parallel.track_crosstalk") == {
        ("1",): 5, ("2",): 10, ("5",): 25, ("10",): 50, ("20",): 100, ("50",): 250,
    }  # fmt: skip


@pytest.mark.slow
def test_a_failing_cell_leaves_the_others_alone(tmp_path: Path) -> None:
    body = """
    async def negotiate(self, demand):
        if len(self._floor._ids) == 50:
            raise RuntimeError("fifty")
        return await super().negotiate(demand)
"""
    done = measure(
        "broken", "negotiation.scaling.Agents.track_makespan", root=project(tmp_path, body)
    )
    values = done.of("negotiation.scaling.Agents.track_makespan")
    assert values.pop(("50",)) is None
    assert set(values.values()) == {3.0}
    assert "RuntimeError: fifty" in done.errors
    assert not any(math.isnan(value) for value in values.values() if value is not None)
