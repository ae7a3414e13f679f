"""Leaks, waiting and pressure: the floor's figures, and drivers that keep, wait and fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from suite import Measured, measure, project_with_driver

from benchmarks.questions import pressure
from benchmarks.questions.pressure import ChildFailed, PressureOutcome
from mocks.worlds.negotiation.people import People
from targets.protocol import Unavailable

pytestmark = pytest.mark.slow

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")

DRIVER = """
import asyncio, os, signal
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocols.negotiation import Negotiated, Negotiation
from targets.protocol import Target

class Leaky(_Negotiator):
{body}

TARGET = Target(name="leaky", imports=("floor",), capabilities=[Negotiation(open=Leaky)])
"""


def run(folder: Path, body: str, pattern: str) -> Measured:
    root = project_with_driver(folder, "leaky", DRIVER.format(body=body))
    return measure("leaky", pattern, root=root)


def test_the_floor_leaves_nothing_but_what_it_forgets_when_it_is_cancelled() -> None:
    runs = [
        measure("bare", r"^negotiation\.memory\.(Leak|Wait)", hash_seed=seed)
        for seed in ("0", "random")
    ]
    assert runs[0].comparable() == runs[1].comparable()
    left = runs[0].of("negotiation.memory.Leak.track_retained_bytes")
    assert (left["'plain'",], left["'faults'",]) == (0, 0)
    # Of 200, some 10 are cancelled while they wait for their user; the floor keeps their events.
    assert left["'cancelled'",] in range(20, 100)
    assert set(runs[0].of("negotiation.memory.Leak.track_results_alive").values()) == {0}
    assert "0.05 asyncio.locks.Event" in runs[0].errors


KEEPS_SESSIONS = """
    kept = []

    async def negotiate(self, demand):
        result = await super().negotiate(demand)
        self.kept.append(result.native)
        return result
"""
KEEPS_FOR_A_WHILE = """
    kept = {}

    async def negotiate(self, demand):
        result = await super().negotiate(demand)
        self.kept[demand.id] = result.native
        asyncio.get_running_loop().call_later(600, self.kept.pop, demand.id)
        return result
"""
KEEPS_ERRORS = """
    kept = []

    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except Exception:
            self.kept.append(bytes(30_000))
            raise
"""
KEEPS_CANCELLED = """
    kept = []

    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except asyncio.CancelledError:
            self.kept.append(bytes(20_000))
            raise
"""


def test_kept_sessions_are_found_by_number_size_and_type(tmp_path: Path) -> None:
    done = run(tmp_path, KEEPS_SESSIONS, "negotiation.memory.Leak")
    sessions = done.of("negotiation.memory.Leak.track_results_alive")
    assert sessions["'plain'",] == 200
    assert sessions["'cancelled'",] == 100
    assert "1 floor.negotiation.Session" in done.errors
    size = done.of("negotiation.memory.Leak.track_retained_bytes")["'plain'",]
    assert size is not None
    # Three offers, a formulated demand and the center's plan, of some 240 bytes each.
    assert 1200 < size < 12_000
    objects = done.of("negotiation.memory.Leak.track_retained_objects")["'plain'",]
    assert objects is not None
    assert objects > 1


def test_what_is_dropped_later_is_no_leak(tmp_path: Path) -> None:
    done = run(tmp_path, KEEPS_FOR_A_WHILE, "negotiation.memory.Leak")
    assert set(done.of("negotiation.memory.Leak.track_results_alive").values()) == {0}
    left = done.of("negotiation.memory.Leak.track_retained_bytes")["'plain'",]
    # The table of a dictionary that had 200 entries at once stays.
    assert left in range(60)


@pytest.mark.parametrize(
    ("body", "mix", "least", "most"),
    [(KEEPS_ERRORS, "faults", 19_000, 21_000), (KEEPS_CANCELLED, "cancelled", 10_000, 10_200)],
)
def test_a_leak_of_failures_shows_only_in_the_mix_that_has_them(
    tmp_path: Path, body: str, mix: str, least: int, most: int
) -> None:
    done = run(tmp_path, body, "negotiation.memory.Leak.track_retained_bytes")
    left = done.of("negotiation.memory.Leak.track_retained_bytes")
    size = left[repr(mix),]
    assert size is not None
    # The floor fails in two of three negotiations of the faults' mix.
    assert least < size < most
    assert left["'plain'",] == 0


def test_a_negotiation_that_never_ends_is_no_leak_but_not_applicable(tmp_path: Path) -> None:
    body = """
    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except Exception:
            await asyncio.Event().wait()
"""
    done = run(tmp_path, body, "negotiation.memory.Leak.track_retained_objects")
    values = done.comparable()
    assert values["negotiation.memory.Leak.track_retained_objects", ("'faults'",)] == "n/a"
    assert values["negotiation.memory.Leak.track_retained_objects", ("'plain'",)] == 0
    assert "a run that meets faults never ends: hang" in done.errors


def test_what_a_negotiation_holds_while_it_waits_is_seen(tmp_path: Path) -> None:
    body = """
    async def negotiate(self, demand):
        held = bytes(50_000)
        result = await super().negotiate(demand)
        del held
        return result
"""
    floor = measure("bare", "negotiation.memory.Waiting").of(
        "negotiation.memory.Waiting.track_bytes"
    )[()]
    more = run(tmp_path, body, "negotiation.memory.Waiting").of(
        "negotiation.memory.Waiting.track_bytes"
    )[()]
    assert floor is not None
    assert more is not None
    assert 1000 < floor < 10_000
    # The larger bytes and one more coroutine.
    assert 50_000 < more - floor < 51_000


def test_an_sdk_that_asks_nobody_does_not_wait(tmp_path: Path) -> None:
    body = """
    def _confirm_soon(self, session):
        self._floor._waiting[session].set()
"""
    done = run(tmp_path, body, "negotiation.memory.Waiting")
    assert done.comparable() == {("negotiation.memory.Waiting.track_bytes", ()): "n/a"}
    assert "0 of 20 negotiations ask their users to confirm at once" in done.errors


OTHERWISE = """
    async def negotiate(self, demand):
        try:
            return await super().negotiate(demand)
        except MemoryError:
            {reaction}
"""
SHORTENS = """
    def __init__(self, world):
        super().__init__(world)
        call = self._floor._client._call

        async def short(request):
            reply = await call(request)
            return reply._replace(text=reply.text[:1000])

        self._floor._client._call = short
"""
DROPS = """
    def __init__(self, world):
        super().__init__(world)
        offer = self._floor._offer

        async def try_offer(session, agent):
            await offer(session, agent)
            short = session.offers[agent][:1000]
            if agent == "a00002" and short != session.offers[agent]:
                del session.offers[agent]
            else:
                session.offers[agent] = short

        self._floor._offer = try_offer
"""
BREAKS = """
    broken = False

    async def negotiate(self, demand):
        if self.broken:
            raise RuntimeError("broken for ever")
        try:
            return await super().negotiate(demand)
        except MemoryError:
            self.broken = True
            raise
"""


@linux
@pytest.mark.parametrize(
    ("body", "outcome", "said"),
    [
        ("    pass", PressureOutcome.TYPED_ERROR, "MemoryError at floor/negotiation.py:"),
        (SHORTENS, PressureOutcome.COMPLETED, ""),
        (DROPS, PressureOutcome.DEGRADED, "1 of 3 parts are missing"),
        (
            OTHERWISE.format(reaction="raise KeyError('x')"),
            PressureOutcome.UNTYPED_ERROR,
            "KeyError: 'x'",
        ),
        (
            OTHERWISE.format(reaction="return Negotiated('nothing', {}, [], None)"),
            PressureOutcome.WRONG_RESULT,
            "ended with the plan 'nothing'",
        ),
        (
            BREAKS,
            PressureOutcome.UNUSABLE,
            "with enough memory again RuntimeError: broken for ever",
        ),
        (
            OTHERWISE.format(reaction="os.kill(os.getpid(), signal.SIGABRT)"),
            PressureOutcome.CRASH,
            "killed by SIGABRT",
        ),
        (OTHERWISE.format(reaction="os._exit(3)"), PressureOutcome.CRASH, "exit code 3"),
        (
            OTHERWISE.format(reaction="await asyncio.Event().wait()"),
            PressureOutcome.HANG,
            "hang at",
        ),
    ],
)
def test_each_outcome_of_too_little_memory_is_told_apart(
    tmp_path: Path, body: str, outcome: PressureOutcome, said: str
) -> None:
    done = run(tmp_path, body, "negotiation.memory.Pressure")
    assert done.of("negotiation.memory.Pressure.track_outcome") == {(): outcome}, done.errors
    assert said in done.errors


@linux
def test_an_ordinary_negotiation_fits_into_a_fraction_of_the_headroom() -> None:
    program = """
from benchmarks.negotiation.large_offers import NegotiationsWithLargeOffers
from benchmarks.questions import pressure_child
pressure_child.HEADROOM //= 8
workload = NegotiationsWithLargeOffers(reply_bytes=400)
print(pressure_child.run_pressed(workload, lambda: None).outcome.name)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=pressure.__file__.rpartition("benchmarks")[0],
        env={"UNLADEN_TARGET": "bare"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "COMPLETED"


def ended(stdout: str, returncode: int = 0, stderr: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], returncode, stdout, stderr)


def test_where_memory_cannot_be_limited_it_is_not_applicable() -> None:
    with pytest.raises(Unavailable, match="darwin has no limit"):
        pressure._read(ended('limited\n{"unavailable": "darwin has no limit"}\n'))


def test_a_process_that_fails_before_the_limit_is_a_failure_and_no_crash() -> None:
    with pytest.raises(ChildFailed, match="exit code 1: ImportError: no sdk"):
        pressure._read(ended("", 1, "Traceback\nImportError: no sdk\n"))


def test_every_outcome_has_a_word() -> None:
    assert len(pressure.WORDS) == len(PressureOutcome)
    for outcome, word in zip(PressureOutcome, pressure.WORDS, strict=True):
        assert set(word.split()) & set(outcome.name.lower().split("_"))


def test_the_faults_strike_two_of_three_demands() -> None:
    from benchmarks.negotiation.leak_faults import EveryThird, is_struck
    from mocks.model import Request

    faults = EveryThird()
    struck = []
    for demand in People(3).demands(6):
        roles = [("formulation", ""), ("offer", "a00001"), ("offer", "a00002"), ("center", "")]
        hit = [r for r, a in roles if faults.strike(Request(r, a, demand.mark, ""))]
        assert is_struck(demand) == bool(hit)
        struck.append(hit)
    assert struck == [["center"], ["offer"], []] * 2
