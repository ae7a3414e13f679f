"""Which figures are explained where none, or several, are named."""

from __future__ import annotations

import pytest
from made_history import series

from unladen.compare.ab.cells import Cell
from unladen.errors import UserError
from unladen.explain.choice import by_group, named_cells
from unladen.store.series import SeriesInfo


def of(name: str, group: str, question: str = "", unit: str = "bytecodes") -> SeriesInfo:
    return series(f"cap.m.C.track_{name}", group=group, question=question, unit=unit)


def test_of_each_group_what_says_most_of_a_run() -> None:
    changed = [
        of("calls", "work", "work.function_calls", "calls"),
        of("own", "work", "work.sdk_bytecodes"),
        of("all", "work", "work.bytecodes"),
        of("capacity", "virtual time", "limits.capacity", "seconds"),
        of("makespan", "virtual time", "work.makespan", "seconds"),
        of("peak", "memory", "memory.traced_peak", "bytes"),
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


def test_a_glob_takes_the_cell_of_each_series_that_changed_most() -> None:
    info = series("cap.m.C.track_x", axes={"runs": ["1", "5", "20"]})
    known = {info.name: info}
    assert named_cells(["cap.*"], known, [Cell(info, 2), Cell(info, 1)]) == [Cell(info, 2)]
    assert named_cells(["C.x(5)", "cap.m.C.x(5)"], known, [Cell(info, 2)]) == [Cell(info, 1)]
    assert named_cells(["m.C.x"], known, []) == [Cell(info, 0)]
    with pytest.raises(UserError, match="no series is called"):
        named_cells(["m.C.y"], known, [])
