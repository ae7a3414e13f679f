"""Waits of the critical path as text."""

from __future__ import annotations

from unladen.explain.rows import SECONDS, WIDTH, bare, seconds, sum_lines, times
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause
from unladen.explain.wait_places import WaitPlace
from unladen.explain.wait_shares import WaitPart
from unladen.explain.waits import Parting, Waits
from unladen.text.terminal import fitted


def waits_lines(waits: Waits, pair: CommitPair, everything: bool) -> list[str]:
    """The difference of two critical paths that part."""
    lines = [f"  waits on the critical path: {seconds(waits.before)} -> {seconds(waits.after)}"]
    if waits.parting is not None:
        lines.append(_parting(waits.parting))
    together = "together, in virtual seconds"
    return lines + sum_lines(
        waits, pair, _part, everything=everything, number=SECONDS, together=together
    )


def _part(part: WaitPart, cause: SumCause[WaitPart]) -> str:
    line = f"{part.line}: " if part.line else ""
    lock = f"{part.place.lock} a lock while " if part.place.lock else ""
    return f"{lock}{bare(part.place.where)} waits {times(part.times)}  {line}{part.place.via}"


def _parting(parting: Parting) -> str:
    before, after = (_led(one) for one in (parting.before, parting.after))
    return fitted(f"  they part at {seconds(parting.at)}: {before}; now {after}", WIDTH)


def _led(way: tuple[WaitPlace, float] | None) -> str:
    if way is None:
        return "the end"
    place, lasted = way
    via = f" for {place.cause.name}" if place.cause is not None else ""
    return f"{bare(place.where)}{via} waited {seconds(lasted)}"
