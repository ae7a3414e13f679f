"""What is not as expected of the faults of one commit, on one screen of a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from unladen.text.names import shown_name
from unladen.text.screen import Column, Grid, Screen, StyledText
from unladen.views.faults.model import Fault, Faults
from unladen.views.faults.text import heading

_COLUMNS = (
    Column("fault", folds=True),
    Column("actual", folds=True),
    Column("since"),
    Column("expected", folds=True),
)


@dataclass(frozen=True)
class _Block:
    """A series, and of its faults those that are not as expected, the worst first."""

    faults: Faults
    unexpected: Sequence[Fault]

    @property
    def badness(self) -> tuple[float, int]:
        """The worst outcome counts before their number."""
        return max(map(_badness, self.unexpected), default=-1.0), len(self.unexpected)

    def parts(self, items: int) -> list[RenderableType]:
        """What is shown with so many of its items; nothing without any."""
        if not items:
            return []
        title = f"{shown_name(self.faults.series.name)}: {self.faults.told()}"
        rows = [_row(fault) for fault in self.unexpected[:items]]
        return ["", title, *([Grid(_COLUMNS, rows)] if rows else [])]


def show(found: Sequence[Faults], screen: Screen, command: str) -> None:
    """Print of the series, those with the worst outcomes first, the worst fault each; then what is
    next worst in any of them, and where there is room also the series that are as expected.
    ``command``: what prints all."""
    blocks = sorted(map(_block, found), key=lambda block: block.badness, reverse=True)
    turns = _turns(blocks)
    unexpected = sum(len(block.unexpected) for block in blocks)
    others = sum(len(block.faults.faults) for block in blocks) - unexpected

    def parts(number: int) -> Sequence[RenderableType]:
        items = Counter(turns[:number])
        left = sum(max(len(block.unexpected) - items[n], 0) for n, block in enumerate(blocks))
        more = [f"{left} more not as expected"] if left else []
        more += [f"{others} others"] if others else []
        hidden = len(blocks) - len(items)
        said = (", ".join(more) or "With notes") + f"; {hidden} more series" * (hidden > 0)
        shown = [part for n, block in enumerate(blocks) for part in block.parts(items[n])]
        return [heading(found[0]), *shown, "", f"{said}: {command}"]

    screen.show(parts, len(turns))


def _block(faults: Faults) -> _Block:
    unexpected = [one for one in faults.faults if one.is_expected is False]
    return _Block(faults, sorted(unexpected, key=_badness, reverse=True))


def _turns(blocks: Sequence[_Block]) -> list[int]:
    """Whose item is shown next, as indices of the blocks: a fault of it, or that it has none."""
    bad = [n for n, block in enumerate(blocks) if block.unexpected]
    next_worst = [(_badness(fault), n) for n in bad for fault in blocks[n].unexpected[1:]]
    next_worst.sort(key=lambda one: one[0], reverse=True)
    good = [n for n, block in enumerate(blocks) if not block.unexpected]
    return [*bad, *(n for _, n in next_worst), *good]


def _row(fault: Fault) -> tuple[str, StyledText, str, str]:
    return (
        fault.name,
        StyledText(fault.actual, "red"),
        fault.since.short,
        " or ".join(fault.expected),
    )


def _badness(fault: Fault) -> float:
    """How near the outcome is to the worst of its series, 1; all of them have a value."""
    value = fault.reading.value
    assert value is not None
    worst = max(len(fault.series.codes) - 1, 1)
    return (worst - value if fault.series.higher_is_better else value) / worst
