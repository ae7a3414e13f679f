"""What a runtime tells Prometheus of itself, held against what it was asked to do.

Two users with three turns each; the last turn of each fails, for its model does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.notes import note
from benchmarks.core.presentation import presented
from benchmarks.core.series import series
from benchmarks.turns.fresh import CACHE_TIMEOUT_S, fresh
from benchmarks.turns.running import Running
from meters.exposition import total
from mocks.model.transcript import Transcript
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.trouble import Trouble
from targets.protocol import Unavailable
from targets.protocols.turns import ExposingRuntime, Runtime

USERS = 2
TURNS = 3
FAILING = [Ask(user, TURNS) for user in range(1, USERS + 1)]


@dataclass(frozen=True, slots=True)
class Told:
    """``said``: the totals that the runtime gives, ``None`` for one that is not there; ``true``:
    those of what was done; both by the names of its metrics."""

    said: Mapping[str, float | None]
    true: Mapping[str, float]

    @property
    def wrong(self) -> list[str]:
        """A line for each total that is another one."""
        return [
            f"{name} is {'not there' if self.said[name] is None else f'{self.said[name]:g}'}, "
            f"and {true:g} were done"
            for name, true in self.true.items()
            if self.said[name] != true
        ]


async def _take(runtime: Runtime) -> None:
    for user in range(1, USERS + 1):
        key = await runtime.begin(user)
        for number in range(1, TURNS + 1):
            try:
                await runtime.turn(key, Ask(user, number))
            except Exception:  # a turn that fails may raise whatever its runtime does
                if Ask(user, number) not in FAILING:
                    raise


def measure() -> Told:
    """What the runtime tells after all turns. Raises ``Unavailable`` where it tells nothing, and
    ``ValueError`` for a text that is none of Prometheus'."""
    running = Running(faults=Trouble(failing=FAILING))
    transcript = Transcript(running.model)
    with running:
        runtime = running.runtime
        if not isinstance(runtime, ExposingRuntime):
            raise Unavailable("it tells Prometheus nothing")
        exposition = runtime.expose()
        running.on.run(_take(runtime))
        paid = [one for one in transcript.exchanges if one.is_paid]
        done = {
            "sessions": USERS,
            "turns": USERS * TURNS,
            "calls": len(running.world.model.calls),
            "tokens": sum(one.prompt_tokens + one.reply_tokens for one in paid),
        }
        text = exposition.read()
    names = exposition.totals
    return Told(
        said={name: total(text, name) for name in names.values()},
        true={name: done[what] for what, name in names.items()},
    )


@presented(holds={"users": USERS, "turns": TURNS})
class Exposed:
    """The totals that it gives Prometheus when the turns are over."""

    def setup_cache(self) -> Attempt[Told]:
        return fresh(measure)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Attempt[Told]) -> None:
        self.told = value_of(cache)
        if self.told.wrong:
            note("\n".join(self.told.wrong))

    @series(version="1", kind="exact", unit="totals", group="outcome")
    def track_wrong_totals(self, cache: Attempt[Told]) -> int:
        """Totals of sessions, turns, calls and tokens that are another number than was done, or are
        not there, of those that its metrics are named for. Must be 0."""
        return len(self.told.wrong)
