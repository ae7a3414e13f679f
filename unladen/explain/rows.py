"""What the text of all explanations has in common: its rows, and how they say things."""

from __future__ import annotations

from collections.abc import Callable

from unladen.explain.code import Key
from unladen.explain.run import CommitPair
from unladen.explain.sums import P, SumCause, SumOfCauses
from unladen.text.terminal import fitted
from unladen.text.units import quantity

WIDTH = 100
NUMBER = 12
PARTS = 3
WHOLE = ","
"""How numbers of things are formatted, after their sign and width; seconds: ``SECONDS``."""
SECONDS = ".6g"


def sum_lines(
    found: SumOfCauses[P],
    pair: CommitPair,
    part_said: Callable[[P, SumCause[P]], str],
    *,
    everything: bool,
    number: str = WHOLE,
    together: str = "together",
    nobody: str = "below no changed function",
) -> list[str]:
    """The causes of a difference with their parts, what is left over, and all together.
    ``part_said``: what is said of a part, after its number; ``nobody``: of what has no cause."""
    lines = []
    for rank, cause in enumerate(found.causes, 1):
        said = nobody if cause.key is None else _cause(rank, cause.key, cause.why, pair)
        lines.append(row(cause.change, found.change, said, number))
        for part in cause.parts if everything else cause.parts[:PARTS]:
            said = f"  {part.change:>+{NUMBER}{number}} {'':7}    {part_said(part, cause)}"
            lines.append(fitted(said, WIDTH))
    lines.append(row(found.left_over, found.change, "left over", number))
    lines.append(row(found.change, found.change, together, number))
    return lines


def row(change: float, total: float, text: str, number: str = WHOLE) -> str:
    """A share of a difference."""
    share = f"{change / total:.1%}" if total else ""
    return fitted(f"  {change:>+{NUMBER}{number}} {share:>7}  {text}", WIDTH)


def _cause(rank: int, key: Key, why: str, pair: CommitPair) -> str:
    return f"{rank} {key.name}  {key.file}{where_touched(key, pair)}  ({why})"


def mark(key: Key | None, line: int, pair: CommitPair) -> str:
    """``*`` if the diff touches a line of a function, else a space."""
    return "*" if key is not None and pair.touched.at(key.file, line) is not None else " "


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
