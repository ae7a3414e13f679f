"""Waits of the critical path as text, and what all of an explanation's text has in common."""

from __future__ import annotations

from unladen.explain.code import Key
from unladen.explain.run import CommitPair
from unladen.explain.waits import Parting, WaitCause, WaitPlace, Waits
from unladen.text.terminal import fitted
from unladen.text.units import quantity

WIDTH = 100
NUMBER = 12
PARTS = 3


def waits_lines(waits: Waits, pair: CommitPair, everything: bool) -> list[str]:
    """The difference of two critical paths that part."""
    lines = [f"  waits on the critical path: {seconds(waits.before)} -> {seconds(waits.after)}"]
    if waits.parting is not None:
        lines.append(_parting(waits.parting))
    for number, cause in enumerate(waits.causes, 1):
        lines.append(_cause(number, cause, waits, pair))
        for part in cause.parts if everything else cause.parts[:PARTS]:
            indent = f"  {part.change:>+{NUMBER}.6g} {'':7}    "
            line = f"{part.line}: " if part.line else ""
            where = bare(part.place.where)
            lines.append(
                fitted(f"{indent}{where} waits {times(part.times)}  {line}{part.place.via}", WIDTH)
            )
    lines.append(_row(waits.left_over, waits, "left over"))
    lines.append(_row(waits.change, waits, "together, in virtual seconds"))
    return lines


def _cause(number: int, cause: WaitCause, waits: Waits, pair: CommitPair) -> str:
    if cause.key is None:
        return _row(cause.change, waits, "below no changed function")
    where = f"{cause.key.file}{where_touched(cause.key, pair)}"
    return _row(cause.change, waits, f"{number} {cause.key.name}  {where}  ({cause.why})")


def _row(change: float, waits: Waits, text: str) -> str:
    share = f"{change / waits.change:.1%}" if waits.change else ""
    return fitted(f"  {change:>+{NUMBER}.6g} {share:>7}  {text}", WIDTH)


def _parting(parting: Parting) -> str:
    before, after = (_led(one) for one in (parting.before, parting.after))
    return fitted(f"  they part at {seconds(parting.at)}: {before}; now {after}", WIDTH)


def _led(way: tuple[WaitPlace, float] | None) -> str:
    if way is None:
        return "the end"
    place, lasted = way
    via = f" for {place.cause.name}" if place.cause is not None else ""
    return f"{bare(place.where)}{via} waited {seconds(lasted)}"


def seconds(value: float) -> str:
    """Virtual seconds for people."""
    return quantity(value, "seconds", "exact")


def bare(name: str) -> str:
    """A function's name without its file."""
    return name.partition(" (")[0]


def times(calls: tuple[int, int]) -> str:
    """How often something happens, before and after."""
    return f"{calls[0]:,} -> {calls[1]:,} times"


def where_touched(key: Key, pair: CommitPair) -> str:
    """The line of a function, and the hunk that touches it: ``:31 @@ -25,7 +28,9``."""
    for files in (pair.new, pair.old):
        source = files.source(key.file)
        function = source.functions.get(key.name) if source is not None else None
        if function is not None:
            hunk = pair.touched.hunk(key.file, range(function.first, function.last + 1))
            return f":{function.first}" + (f" @@ {hunk}" if hunk is not None else "")
    return ""
