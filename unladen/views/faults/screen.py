"""What is not as expected of the faults of one commit, on one screen of a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType

from unladen.text.names import shown_name
from unladen.text.screen import Column, Grid, Make, Screen, StyledText
from unladen.views.faults.model import Fault, Faults
from unladen.views.faults.text import heading

_COLUMNS = (
    Column("fault", folds=True),
    Column("actual", folds=True),
    Column("since"),
    Column("expected", folds=True),
)


def show(found: Sequence[Faults], screen: Screen, command: str) -> None:
    """Print those that are not as expected, the worst outcome first, of each series. ``command``:
    what prints all."""
    screen.show_each([_part(one, command) for one in found])


def _part(found: Faults, command: str) -> tuple[Make, int]:
    unexpected = sorted((one for one in found.faults if one.is_expected is False), key=_badness)
    rows = [
        (
            one.name,
            StyledText(one.actual, "red"),
            one.since.short,
            " or ".join(one.expected),
        )
        for one in unexpected
    ]

    def parts(number: int) -> Sequence[RenderableType]:
        left = len(unexpected) - number
        more = [f"{left} more not as expected"] if left else []
        others = len(found.faults) - len(unexpected)
        more += [f"{others} others"] if others else []
        lines = [heading(found), f"{shown_name(found.series.name)}: {found.told()}"]
        last = f"{', '.join(more) or 'With notes'}: {command}"
        return [*lines, "", Grid(_COLUMNS, rows[:number]), "", last] if rows else [*lines, last]

    return parts, len(rows)


def _badness(fault: Fault) -> float:
    """The worst first; all of them have a value."""
    value = fault.reading.value
    assert value is not None
    return value if fault.series.higher_is_better else -value
