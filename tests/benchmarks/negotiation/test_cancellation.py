"""Cancelling at every point: all points are found, and each thing that can go wrong is seen."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from suite import measure, project_with_driver

from benchmarks.core.callbacks import Callbacks
from benchmarks.questions.worst_places import worst

SERIES = "negotiation.cancellation.Run"


def counted(program: object) -> list[int]:
    """Run a coroutine function; the numbers that a look after each of its callbacks got."""
    seen: list[int] = []

    async def main() -> None:
        task = asyncio.ensure_future(program())  # type: ignore[operator]
        with Callbacks(asyncio.get_running_loop(), seen.append):
            await asyncio.wait([task])

    asyncio.run(main())
    return seen


async def three_steps() -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def test_each_callback_is_counted_once() -> None:
    # Three steps of the task, the one that tells of its end, and one of the task that waits for it.
    assert counted(three_steps) == [1, 2, 3, 4, 5]


def test_a_timer_is_a_callback() -> None:
    async def waits() -> None:
        await asyncio.sleep(0.001)

    # A step, the timer, a step, and the two of the end.
    assert counted(waits) == [1, 2, 3, 4, 5]


def test_other_loops_are_not_counted_and_the_handle_is_restored() -> None:
    plain = asyncio.Handle._run
    other = asyncio.new_event_loop()
    seen: list[int] = []
    with Callbacks(other, seen.append):
        asyncio.run(three_steps())
        assert seen == []
        other.run_until_complete(three_steps())
    other.close()
    assert len(seen) >= 3
    assert asyncio.Handle._run is plain


def test_a_task_cancelled_after_each_callback_is_met_in_each_of_its_states() -> None:
    met: list[str] = []

    async def works() -> None:
        at = ["first", "second", "third"]
        try:
            while at:
                await asyncio.sleep(0)
                at.pop(0)
        except asyncio.CancelledError:
            met.append(at[0])
            raise

    async def main(point: int) -> None:
        task = asyncio.ensure_future(works())

        def cut(count: int) -> None:
            if count == point:
                task.cancel()

        with Callbacks(asyncio.get_running_loop(), cut):
            await asyncio.wait([task])

    for point in range(1, 4):
        asyncio.run(main(point))
    assert met == ["first", "second", "third"]


def test_a_note_names_the_places_of_most_points_and_counts_the_rest() -> None:
    wrong = [("a.py:1 in f", "hangs")] * 2 + [(f"b.py:{n} in g", "left") for n in range(6)]
    assert worst(wrong).splitlines() == [
        "2 points at a.py:1 in f: hangs",
        "1 point at b.py:0 in g: left",
        "1 point at b.py:1 in g: left",
        "1 point at b.py:2 in g: left",
        "1 point at b.py:3 in g: left",
        "and 2 points elsewhere or otherwise",
    ]
    assert worst(wrong[:1]) == "1 point at a.py:1 in f: hangs"


DRIVER = """
import asyncio
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocols.negotiation import Negotiated, Negotiation
from targets.protocol import Target

class Fragile(_Negotiator):
{body}

TARGET = Target(name="fragile", imports=("floor",), capabilities=[Negotiation(open=Fragile)])
"""

ANOTHER_ERROR = """
    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except asyncio.CancelledError:
            raise ValueError("went wrong") from None
"""
SUCCESS = """
    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except asyncio.CancelledError:
            return Negotiated("", {}, [], None)
"""
HANG = """
    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except asyncio.CancelledError:
            await asyncio.Event().wait()
"""
LATE = """
    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except asyncio.CancelledError:
            await asyncio.sleep(5)
            raise
"""
TASK_LEFT = """
    async def negotiate(self, demand):
        return await asyncio.shield(asyncio.ensure_future(super().negotiate(demand)))
"""
REFUSED = """
    open = frozenset()

    async def negotiate(self, demand):
        if demand.id in self.open:
            raise ValueError("is open")
        self.open |= {demand.id}
        result = await super().negotiate(demand)
        self.open -= {demand.id}
        return result
"""
JAMMED = """
    async def negotiate(self, demand):
        self.turn = getattr(self, "turn", None) or asyncio.Lock()
        await self.turn.acquire()
        result = await super().negotiate(demand)
        self.turn.release()
        return result
"""
TIMER_LEFT = """
    async def negotiate(self, demand):
        timer = asyncio.get_running_loop().call_later(60, print)
        result = await super().negotiate(demand)
        timer.cancel()
        return result
"""


def verdicts(folder: Path, body: str) -> tuple[dict[str, float | None], str]:
    """The series of a plain negotiation on the floor with this driver, and what was noted."""
    root = project_with_driver(folder, "fragile", DRIVER.format(body=body))
    done = measure("fragile", "negotiation.cancellation", root=root)
    assert done.returncode == 0, done.errors
    names = ("points", "swallowed", "left_behind", "hangs", "seconds_to_end")
    return {name: done.of(f"{SERIES}.track_{name}")["'plan'",] for name in names}, done.errors


@pytest.mark.slow
def test_the_floor_ends_cancelled_at_every_point_of_every_scenario() -> None:
    runs = [measure("bare", "negotiation.cancellation", hash_seed=seed) for seed in ("0", "random")]
    assert runs[0].comparable() == runs[1].comparable()
    for name in ("swallowed", "left_behind", "hangs", "seconds_to_end"):
        assert set(runs[0].of(f"{SERIES}.track_{name}").values()) == {0}
    points = runs[0].of(f"{SERIES}.track_points")
    assert set(points) == {
        ("'plan'",), ("'ask_one'",), ("'ask_all'",), ("'sub_demand'",), ("'discovery'",)
    }  # fmt: skip
    # A negotiation waits three times for the model, and each of three agents once.
    assert all(value and value > 15 for value in points.values())


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "series", "said"),
    [
        (ANOTHER_ERROR, "swallowed", "ends with ValueError: went wrong"),
        (HANG, "hangs", "never ends"),
        (REFUSED, "left_behind", "the same input then ends with ValueError: is open"),
        (TIMER_LEFT, "left_behind", "an armed timer"),
        (JAMMED, "hangs", "afterwards the engine hangs"),
    ],
)
def test_what_goes_wrong_is_counted_at_every_point_and_said(
    tmp_path: Path, body: str, series: str, said: str
) -> None:
    found, notes = verdicts(tmp_path, body)
    assert found.pop(series) == found.pop("points")
    seconds = found.pop("seconds_to_end")
    assert set(found.values()) == {0}
    assert seconds == 0 or body == HANG
    assert said in notes


@pytest.mark.slow
def test_a_task_that_goes_on_is_left_until_it_has_its_plan(tmp_path: Path) -> None:
    found, notes = verdicts(tmp_path, TASK_LEFT)
    assert found["left_behind"]
    assert found["points"]
    # Cancelled when the model has answered everything, it ends in the same instant.
    assert 0 < found["points"] - found["left_behind"] < 10
    assert "a call in flight (offer) (3)" in notes
    assert "a task at floor/negotiation.py" in notes


@pytest.mark.slow
def test_success_is_no_fault_once_the_model_has_answered_everything(tmp_path: Path) -> None:
    found, notes = verdicts(tmp_path, SUCCESS)
    assert found["swallowed"]
    assert found["points"]
    assert 0 < found["points"] - found["swallowed"] < 10
    assert "goes on to its end" in notes
    assert "floor/negotiation.py:" in notes


@pytest.mark.slow
def test_a_negotiation_that_ends_late_is_timed(tmp_path: Path) -> None:
    found, notes = verdicts(tmp_path, LATE)
    assert found["seconds_to_end"] == 5
    assert (found["swallowed"], found["left_behind"], found["hangs"]) == (0, 0, 0)
    assert ": 5 s" in notes
