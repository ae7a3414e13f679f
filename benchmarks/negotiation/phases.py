"""A negotiation's phases, cut where the SDK announces that one is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from benchmarks.negotiation.workload import NegotiationHarness
from meters.bytecodes import BytecodeCounter
from mocks.world import Event
from mocks.worlds.negotiation.events import EventKind
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated

Phase = Literal["formulation", "confirmation", "offers", "center"]
Number = TypeVar("Number", int, float)

PHASES: dict[Phase, EventKind] = {
    "formulation": EventKind.FORMULATED,
    "confirmation": EventKind.MATCHED,
    "offers": EventKind.OFFERS_COMPLETE,
    "center": EventKind.PLAN,
}
"""The event that ends each phase, in order. Matching agents belongs to ``confirmation``."""


def phase_seconds(harness: NegotiationHarness) -> dict[Phase, float]:
    """Virtual seconds of each phase of one negotiation."""
    harness.prepare()
    start = harness.clock.now
    readings = _read_at_ends(harness, lambda: harness.clock.now, harness.run)
    return {phase: round(spent, 9) for phase, spent in _differences(start, readings).items()}


def phase_bytecodes(harness: NegotiationHarness) -> dict[Phase, int]:
    """Bytecodes executed in each phase of one negotiation, on all sides."""

    def meter(run: Callable[[], list[Negotiated]]) -> dict[Phase, int]:
        counter = BytecodeCounter()

        def counted() -> list[Negotiated]:
            with counter:
                return run()

        return _differences(0, _read_at_ends(harness, lambda: counter.total, counted))

    return harness.measure(meter)


def _read_at_ends(
    harness: NegotiationHarness, read: Callable[[], Number], run: Callable[[], list[Negotiated]]
) -> dict[Phase, Number]:
    """What ``read`` says at the end of each phase of a correct run."""
    at: dict[str, Number] = {}

    def observe(event: Event) -> None:
        at.setdefault(event.kind, read())

    harness.workload.world.observers.append(observe)
    try:
        harness.check(run())
    finally:
        harness.workload.world.observers.remove(observe)
    unannounced = [phase for phase, end in PHASES.items() if end not in at]
    if unannounced:
        raise Unavailable(f"the SDK announces no end of its {unannounced[0]} phase")
    return {phase: at[end] for phase, end in PHASES.items()}


def _differences(start: Number, readings: dict[Phase, Number]) -> dict[Phase, Number]:
    spent: dict[Phase, Number] = {}
    for phase, reading in readings.items():
        spent[phase] = reading - start
        start = reading
    return spent
