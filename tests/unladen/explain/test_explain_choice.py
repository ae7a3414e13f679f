"""Which figures are explained where none, or several, are named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_history import commits, series

from unladen.changes.model import Change, ChangeKind, Direction, State
from unladen.compare.ab.cells import Cell
from unladen.errors import UserError
from unladen.explain.choice import by_group, changed_cells, named_cells
from unladen.store.readings import Reading
from unladen.store.series import SeriesInfo, Status


def of(name: str, group: str, question: str = "", unit: str = "bytecodes") -> SeriesInfo:
    return series(f"cap.m.C.track_{name}", group=group, question=question, unit=unit)


def test_of_each_group_what_says_most_of_a_run() -> None:
    changed = [
        of("calls", "work", "work.function_calls", "calls"),
        of("first", "work", "hotspots.bytecodes"),
        of("own", "work", "work.sdk_bytecodes"),
        of("all", "work", "work.bytecodes"),
        of("capacity", "virtual time", "limits.capacity", "seconds"),
        of("makespan", "virtual time", "work.makespan", "seconds"),
        of("peak", "memory", "memory.traced_peak", "bytes"),
        of("leak", "memory", "leak.retained_bytes", "bytes"),
        of("retained", "memory", "memory.retained_bytes", "bytes"),
        of("cpu", "cpu", "work.cpu", "seconds"),
    ]
    chosen = by_group([Cell(one, 0) for one in changed])
    names = [cell.series.name.removeprefix("cap.m.C.track_") for cell in chosen]
    assert names == ["all", "makespan", "retained"]


def test_what_changed_most_comes_first_among_its_like() -> None:
    many = Cell(of("many", "calls", "limits.x", "calls"), 0)
    big, small = (Cell(of(name, "calls", unit="calls"), 0) for name in ("big", "small"))
    assert by_group([many, big, small]) == [big]
    assert by_group([many]) == [many]


def test_of_a_series_the_smallest_cell_of_those_that_changed_enough() -> None:
    info = of("n", "work")
    axes = replace(info, axes={"n": ["1", "10", "100", "1000"]})
    other = of("other", "work")

    def chosen(*ratios: float) -> list[str]:
        cells = zip(axes.cells, ratios, strict=True)
        changes = [made(axes, cell, ratio) for cell, ratio in cells]
        found = changed_cells([*changes, made(other, (), 1.5)])
        return [cell.name.rpartition(".")[2] for cell in found]

    assert chosen(1.01, 1.1, 1.2, 1.3) == ["other", "n(100)", "n(1000)", "n(1)", "n(10)"]
    assert chosen(1.1, 1.2, 3, 50) == ["n(100)", "n(1000)", "n(1)", "n(10)", "other"]
    assert chosen(1.0, 1.0, 1.0, 1.0) == ["other", "n(1)", "n(10)", "n(100)", "n(1000)"]


def made(info: SeriesInfo, cell: tuple[str, ...], ratio: float) -> Change:
    before, after = (Reading(Status.MEASURED, 100 * each) for each in (1, ratio))
    commit = commits(1)[0]
    return Change(
        series=info,
        cell=cell,
        kind=ChangeKind.VALUE,
        direction=Direction.REGRESSION,
        state=State.CERTAIN,
        before=before,
        after=after,
        commit=commit,
        first_suspect=commit,
    )


def test_a_glob_takes_the_cell_of_each_series_that_changed_most() -> None:
    info = series("cap.m.C.track_x", axes={"runs": ["1", "5", "20"]})
    known = {info.name: info}
    assert named_cells(["cap.*"], known, [Cell(info, 2), Cell(info, 1)]) == [Cell(info, 2)]
    assert named_cells(["C.x(5)", "cap.m.C.x(5)"], known, [Cell(info, 2)]) == [Cell(info, 1)]
    assert named_cells(["m.C.x"], known, []) == [Cell(info, 0)]
    with pytest.raises(UserError, match="no series is called"):
        named_cells(["m.C.y"], known, [])
