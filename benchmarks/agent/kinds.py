"""Tools of several kinds, three calls of one in one answer of the model: whether they overlap,
whether they hold up the loop, and what becomes of a failure.

The model takes 1.137 s a call. Tools: ``look`` waits 0.23 s; ``read`` is no coroutine function and
blocks its thread for 0.23 s; ``fail`` raises after 1.1 s; ``tick`` does something each second, 100
times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, Running, fresh
from benchmarks.agent.workload import is_strange, what_is_wrong
from benchmarks.core.blocking import Blocking
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import is_own_error
from mocks.clock import Hang
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import ToolBroke, Use
from targets.protocols.agent import Ended

CALLS = 3
KINDS = ("look", "read", "fail", "tick")


class Became(IntEnum):
    """What becomes of a run whose tools are of one kind, from good to bad."""

    ANSWERED = 0
    """It is answered: of a tool that fails the model was told."""
    RAISED = 1
    """The tool's own error comes out, perhaps as the cause of another one, or in a group."""
    TYPED = 2
    """An error of the SDK's that does not say what the tool's was."""
    CRASH = 3
    """Somebody else's error."""
    HANG = 4

    @property
    def word(self) -> str:
        """As people read it."""
        return _WORDS[self]


_WORDS = {
    Became.ANSWERED: "answered",
    Became.RAISED: "the tool's error",
    Became.TYPED: "typed error",
    Became.CRASH: "untyped crash",
    Became.HANG: "hang",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds``: of the run, in virtual time; ``blocked``: the longest time for which the loop
    stood still; ``at_once``: how many tools ran at the busiest moment; ``strange``: tools that ran
    outside of their run's context; ``remarks``: what a reader must know. Without an end the others
    are 0."""

    became: Became
    said: str
    seconds: float = 0.0
    blocked: float = 0.0
    at_once: int = 0
    strange: int = 0
    remarks: str = ""


def measure(kind: str) -> Measured:
    """A run with tools of this kind, after another one."""
    with Running(Plan(turns=((kind,) * CALLS,))) as running:
        try:
            running.on.run(_ended(running, running.next()))
            errand = running.next()
            before = running.on.clock.now
            with Blocking(running.on.clock.loop) as blocking:
                end = running.on.run(_ended(running, errand))
        except Hang as hang:
            return Measured(Became.HANG, str(hang)[:200])
        uses = running.world.toolbox.log
        became = _became(end)
        if isinstance(end, Ended) and (problem := what_is_wrong(running.plan, errand, end)):
            wrong(problem)
        if len(uses) != CALLS:
            wrong(f"of {CALLS} tool calls {len(uses)} were made")
        return Measured(
            became=became,
            said="" if isinstance(end, Ended) else f"{type(end).__name__}: {end}"[:200],
            seconds=round(running.on.clock.now - before, 6),
            blocked=round(blocking.longest, 6),
            at_once=_most_at_once(uses),
            strange=sum(map(is_strange, uses)),
            remarks="\n".join(running.on.remarks()),
        )


async def _ended(running: Running, errand: Errand) -> Ended | Exception:
    """How a run ends that may fail."""
    try:
        return await running.start(errand)
    except Exception as error:  # noqa: BLE001 - whatever an SDK makes of a tool's error
        return error


def _became(end: Ended | Exception) -> Became:
    if isinstance(end, Ended):
        return Became.ANSWERED
    if says_what_broke(end):
        return Became.RAISED
    return Became.TYPED if is_own_error(end) else Became.CRASH


def says_what_broke(error: BaseException | None) -> bool:
    """Whether an error is the tool's own, or has it as its cause or in its group."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ToolBroke):
            return True
        if one is not None and one not in seen:  # a chain may lead back to where it began
            seen.append(one)
            waiting += [one.__cause__, None if one.__suppress_context__ else one.__context__]
            waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else []
    return False


def _most_at_once(uses: list[Use]) -> int:
    changes = [(use.began, 1) for use in uses]
    changes += [(use.ended, -1) for use in uses if use.ended is not None]
    most = now = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most


Cache = Mapping[str, Attempt[Measured]]


@presented(
    holds={"latency_s": LATENCY_S, "calls": CALLS},
    demo=("track_longest_blocking", "track_strange_contexts", "track_tools_at_once"),
)
class Kinds:
    """Three tools of one kind in one answer."""

    params = KINDS
    param_names = ("tool",)

    def setup_cache(self) -> Cache:
        return each_fresh({kind: partial(measure, kind) for kind in KINDS}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, tool: str) -> None:
        self.measured = value_of(cache[tool])
        if said := "\n".join(filter(None, [self.measured.said, self.measured.remarks])):
            note(said)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, tool: str) -> float:
        """From the start to the end, in virtual seconds; 0 where it never ends."""
        return self.measured.seconds

    track_seconds = portal_row(
        track_seconds,
        rank=770,
        label="Three blocking tools in one answer",
        work="of 0.23 s each in a thread, and two calls to the model",
        unit="seconds",
        cell={"tool": "read"},
    )

    @series(version="1", kind="exact", unit="tools", group="calls", direction="higher")
    def track_tools_at_once(self, cache: Cache, tool: str) -> int:
        """Tools that ran at the busiest moment, of three."""
        return self.measured.at_once

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_longest_blocking(self, cache: Cache, tool: str) -> float:
        """Longest time for which the loop stood still, so that nothing else of the program went on,
        in virtual seconds."""
        return self.measured.blocked

    track_longest_blocking = headline(
        track_longest_blocking,
        of="tools that block",
        label="seconds for which the loop stands still",
        rank=73,
        cell={"tool": "read"},
    )

    @series(version="1", kind="exact", unit="tools", group="outcome")
    def track_strange_contexts(self, cache: Cache, tool: str) -> int:
        """Tools that did not see the context variables of who started the run, of three."""
        return self.measured.strange

    @series(
        version="1",
        kind="exact",
        unit="outcome",
        group="outcome",
        codes=[became.word for became in Became],
    )
    def track_outcome(self, cache: Cache, tool: str) -> int:
        """What becomes of the run, from 0 (answered) to 4 (hang)."""
        return self.measured.became.value
