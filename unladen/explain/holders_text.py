"""What holds what is retained, and of which types it is, as text."""

from __future__ import annotations

from unladen.explain.holders import HeldPart, HoldersOfRetained, RetainedType
from unladen.explain.rows import WIDTH, row, sum_lines
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause
from unladen.text.terminal import fitted

TYPES = 5
NOBODY = "held by what the commit does not change"


def holders_lines(holders: HoldersOfRetained, pair: CommitPair, everything: bool) -> list[str]:
    """The difference, by what holds it, and then by type."""

    def said(part: HeldPart, cause: SumCause[HeldPart]) -> str:
        return f"{part.place.text}: {_numbers(part.objects)}"

    head = "  retained, by what holds it (how many), below the changed function that touches that"
    together = "together, in bytes"
    held = sum_lines(holders, pair, said, everything=everything, together=together, nobody=NOBODY)
    return [head, *held, *_type_lines(holders, everything)]


def _type_lines(holders: HoldersOfRetained, everything: bool) -> list[str]:
    shown = holders.types if everything else holders.types[:TYPES]
    lines = ["  retained, by type (bytes, objects)"]
    lines += [_type_line(one, holders) for one in shown]
    if left := holders.types[len(shown) :]:
        more = sum(one.change for one in left)
        lines.append(row(more, holders.change, f"{len(left)} more types"))
    lines.append(row(holders.left_over, holders.change, "left over"))
    return lines


def _type_line(one: RetainedType, holders: HoldersOfRetained) -> str:
    sizes = f"{one.sizes[0]:,} -> {one.sizes[1]:,}"
    text = f"{one.type}: {sizes}, {_numbers(one.objects)}"
    return fitted(row(one.change, holders.change, text), WIDTH)


def _numbers(objects: tuple[int, int]) -> str:
    return f"{objects[0]:,} -> {objects[1]:,}"
