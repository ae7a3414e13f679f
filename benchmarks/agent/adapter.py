"""The SDK's own provider adapter, talking to an endpoint on a network in memory.

What it costs is the difference to the same run at the SDK's own interface for models: in bytecodes
of the SDK's own files exactly so; function calls have the endpoint's own among them. The model
takes 1.137 s a call, a tool 0.23 s, the network no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.agent.over_http import HttpErrands
from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.workload import AgentHarness, Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.harness import Harness
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import own_files
from meters import bytecodes, calls
from mocks.net.counts import Counts
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TOOL_S

TURNS = (0, 5)
AT_ONCE = (1, 20)


@dataclass(frozen=True, slots=True)
class Measured:
    """So many runs at once: virtual seconds; requests; connections opened; bytes that the SDK sent
    and got; bytecodes in its own files and function calls, each a run, and what of the bytecodes is
    more than at its own interface for models."""

    seconds: float
    requests: int
    connections: int
    sent: int
    received: int
    own_bytecodes: float
    more_bytecodes: float
    function_calls: float


def measure(turns: int, runs: int) -> Measured:
    """Runs of so many turns with a tool each, after as many others."""
    plan = Plan(turns=(("look",),) * turns)
    workload = HttpErrands(plan)
    with Harness(workload) as harness:
        harness.checked(runs)
        before, asked = _counts(harness), workload.server.model.asked
        seconds = harness.makespan(runs)
        after, requests = _counts(harness), workload.server.model.asked - asked
        counted = harness.measure(lambda run: bytecodes.count_inside(run, own_files()), runs)
        harness.check(counted.result)
        called = harness.measure(calls.count, runs)
        harness.check(called.result)
    with Harness(Errands(plan)) as harness:
        harness.checked(runs)
        plain = harness.measure(lambda run: bytecodes.count_inside(run, own_files()), runs)
    return Measured(
        seconds=seconds,
        requests=requests,
        connections=after.opened - before.opened,
        sent=after.bytes_in - before.bytes_in,
        received=after.bytes_out - before.bytes_out,
        own_bytecodes=counted.inside / runs,
        more_bytecodes=(counted.inside - plain.inside) / runs,
        function_calls=called.total / runs,
    )


def _counts(harness: AgentHarness) -> Counts:
    assert harness.machine is not None
    return harness.machine.network.counts()


Cache = Mapping[int, Attempt[Measured]]

HELD = {"latency_s": LATENCY_S, "tool_s": TOOL_S}


@presented(holds=HELD, roles={"turns": "steps"})
class Run:
    """One run of so many turns with a tool each, and another one for the answer."""

    params = TURNS
    param_names = ("turns",)

    def setup_cache(self) -> Cache:
        return each_fresh({turns: partial(measure, turns, 1) for turns in TURNS}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, turns: int) -> None:
        self.measured = value_of(cache[turns])

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, cache: Cache, turns: int) -> float:
        """From the start to the end, in virtual seconds."""
        return self.measured.seconds

    @series(version="1", kind="exact", unit="requests", group="calls")
    def track_requests(self, cache: Cache, turns: int) -> int:
        """Requests to the endpoint."""
        return self.measured.requests

    @series(version="1", kind="exact", unit="bytes", group="calls")
    def track_bytes_sent(self, cache: Cache, turns: int) -> int:
        """Bytes that the SDK sent."""
        return self.measured.sent

    @series(version="1", kind="exact", unit="bytes", group="calls")
    def track_bytes_received(self, cache: Cache, turns: int) -> int:
        """Bytes that the endpoint sent."""
        return self.measured.received

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache, turns: int) -> float:
        """Bytecodes executed in the SDK's own files."""
        return self.measured.own_bytecodes

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_adapter_bytecodes(self, cache: Cache, turns: int) -> float:
        """Those beyond the ones at the SDK's own interface for models: what its adapter takes."""
        return self.measured.more_bytecodes

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls(self, cache: Cache, turns: int) -> float:
        """Python and C functions called, the endpoint's among them."""
        return self.measured.function_calls

    track_function_calls = headline(
        portal_row(
            track_function_calls,
            rank=810,
            label="Function calls of a run over HTTP",
            work="by its own provider adapter, one request, the endpoint's own among them",
            unit="calls",
            cell={"turns": "0"},
            needs_same="python",
        ),
        of="a run over HTTP",
        label="function calls",
        rank=76,
        cell={"turns": "0"},
    )


@presented(holds=HELD, roles={"runs": "runs"})
class AtOnce:
    """So many runs of one request each, at once."""

    params = AT_ONCE
    param_names = ("runs",)

    def setup_cache(self) -> Cache:
        return each_fresh({runs: partial(measure, 0, runs) for runs in AT_ONCE}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, runs: int) -> None:
        self.measured = value_of(cache[runs])

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, cache: Cache, runs: int) -> float:
        """From the start of all to the end of the last, in virtual seconds."""
        return self.measured.seconds

    @series(version="1", kind="exact", unit="connections", group="calls")
    def track_connections_opened(self, cache: Cache, runs: int) -> int:
        """Connections that are opened, after as many runs have gone before."""
        return self.measured.connections
