"""Windows of neighbouring commits: all culprits are named, as they are called at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from made_history import series
from tiny_project import empty_history

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.model import Change, ChangeKind, Direction, State
from unladen.compare.ab.cells import Cell
from unladen.explain.code import Key
from unladen.explain.contexts import Context, RunFunction, Side
from unladen.explain.sides import Sides
from unladen.labels.labels import Kind, Label, Labels
from unladen.labels.score.explained import meant_cells, rank_of
from unladen.labels.score.windows import SquashedWindow, SquashedWindows, often_changed
from unladen.repo.commits import Commit, log_of
from unladen.repo.repository import Repository
from unladen.store.readings import Reading
from unladen.store.series import SeriesInfo, Status

COMMIT = Commit("a" * 40, 0, "a", "a")

WORK = series("cap.m.C.track_bytecodes", unit="bytecodes")
FILE = "sdk/a.py"

CODE = [
    "def f(n):\n    return n\n\n\ndef g():\n    return 1\n\n\ndef h():\n    return 2\n",
    "def f(n):\n    return n + 1\n\n\ndef g():\n    return 1\n\n\ndef h():\n    return 2\n",
    "def renamed(n):\n    return n + 1\n\n\ndef g():\n    return 1\n\n\ndef h():\n    return 2\n",
    "def renamed(n):\n    return n + 1\n\n\ndef g():\n    return 3\n\n\ndef h():\n    return 2\n",
    "def renamed(n):\n    return n + 1\n\n\ndef g():\n    return 1\n\n\ndef h():\n    return 2\n",
]
"""A mistake in ``f``, which is renamed; one in ``g``, and its repair."""

COSTS: Sequence[Mapping[str, int]] = [
    {"f": 10, "g": 10, "h": 10},
    {"f": 50, "g": 10, "h": 10},
    {"renamed": 50, "g": 10, "h": 10},
    {"renamed": 50, "g": 90, "h": 10},
    {"renamed": 50, "g": 10, "h": 10},
]

LABELS = Labels(
    "3.11",
    (
        Label("commit 0", Kind.FEATURE, "so"),
        Label("commit 1", Kind.REGRESSION, "so", functions=(f"{FILE}:f",)),
        Label("commit 2", Kind.NEUTRAL, "so"),
        Label("commit 3", Kind.REGRESSION, "so", functions=(f"{FILE}:g",)),
        Label("commit 4", Kind.IMPROVEMENT, "so", functions=(f"{FILE}:g",), repairs="commit 3"),
    ),
)


class Measured:
    """In place of processes: what each commit did."""

    def prepare(self, side: int, cells: Sequence[Cell]) -> None:
        """It is all there."""

    def forget(self, side: int) -> None:
        """It is made again each time."""

    def __init__(self, missing: int = -1) -> None:
        """``missing``: the side that has no value."""
        self._missing = missing

    def did(self, side: int, cell: Cell, is_whole: bool) -> Side:
        if side == self._missing:
            return Side(None, "", [])
        contexts = [
            Context(-1, RunFunction("own", Key(FILE, name)), 0, 1, 0, {2: cost}, {})
            for name, cost in COSTS[side].items()
        ]
        return Side(float(sum(COSTS[side].values())), "", contexts)

    def retains(self, side: int, cell: Cell) -> Side:
        """Nobody asks."""
        raise AssertionError("no figure here is one of memory")

    holds = is_alive = retains


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> SquashedWindows:
    history = empty_history(tmp_path_factory.mktemp("windows") / "clone")
    for number, code in enumerate(CODE):
        history.commit(f"commit {number}", {f"src/{FILE}": code}, number + 1)
    repository = Repository(str(history.folder), "sdk")
    commits = log_of(repository, ["HEAD"])[::-1]
    changed = [SimpleNamespace(commit=commits[n], changes=[change(n, commits)]) for n in (1, 3, 4)]
    changes = SimpleNamespace(history=SimpleNamespace(commits=commits), commits=changed)
    return SquashedWindows(repository, ["src"], LABELS, cast(HistoryChanges, changes))


def change(number: int, commits: Any) -> Change:
    before, after = (Reading(Status.MEASURED, sum(COSTS[n].values())) for n in (number - 1, number))
    return Change(
        series=WORK,
        cell=(),
        kind=ChangeKind.VALUE,
        direction=Direction.REGRESSION,
        state=State.CERTAIN,
        before=before,
        after=after,
        commit=commits[number],
        first_suspect=commits[number],
    )


def explained(
    windows: SquashedWindows, size: int, measured: Measured | None = None
) -> list[SquashedWindow]:
    sides = cast(Sides, measured or Measured())
    return list(windows.explained(sides, [size], lambda _: None))


def test_a_culprit_is_found_under_its_later_name(windows: SquashedWindows) -> None:
    found = explained(windows, 2)
    assert [[one.subject for one in window.culprits] for window in found] == [
        ["commit 1"],
        ["commit 3"],
    ]
    assert all(window.is_right for window in found)


def test_what_is_repaired_within_a_window_is_no_culprit(windows: SquashedWindows) -> None:
    (whole,) = explained(windows, 4)
    assert [one.subject for one in whole.culprits] == ["commit 1"]
    assert whole.is_right


def test_a_window_that_begins_or_ends_without_a_value_has_no_difference(
    windows: SquashedWindows,
) -> None:
    assert explained(windows, 4, Measured(missing=0)) == []
    assert len(explained(windows, 2, Measured(missing=1))) == 1


def test_a_label_means_what_got_worse_or_better_if_anything_did() -> None:
    other = series("cap.m.C.track_modules", unit="modules")
    label = LABELS.commits[1]
    worse, better = meant(WORK, Direction.REGRESSION), meant(other, Direction.IMPROVEMENT)
    assert meant_cells(label, [better, worse]) == [Cell(WORK, 0)]
    assert meant_cells(label, [better]) == [Cell(other, 0)]


def meant(of: SeriesInfo, direction: Direction) -> Change:
    """A change of a series in this direction."""
    commits = dict.fromkeys((0, 1), COMMIT)
    return replace(change(1, commits), series=of, direction=direction)


def test_a_figure_of_each_kind_and_capability_that_changes_most_often() -> None:
    often, seldom = Cell(WORK, 0), Cell(series("cap.m.D.track_x", unit="bytecodes"), 0)
    other = Cell(series("cup.m.C.track_x", unit="bytecodes"), 0)
    time = Cell(series("cap.m.C.track_t", unit="seconds", group="virtual time"), 0)
    costly = series("cap.m.L.track_t", unit="seconds", group="virtual time", question="limits.t")
    changed = [seldom, often, time, often, other, *[Cell(costly, 0)] * 3]
    assert often_changed(changed) == [often, time, other]


def test_the_place_of_the_first_that_is_named() -> None:
    f, g, h = (Key(FILE, name) for name in "fgh")
    assert rank_of([f, g, h], [g, h]) == 2
    assert rank_of([f], [g]) == 0


def test_of_those_that_change_nearly_as_often_the_one_for_which_least_is_run() -> None:
    users = series("cap.m.Users.track_t", unit="seconds", axes={"users": ["5", "100"]})
    load = series("cap.m.A.track_t", unit="seconds", holds={"seed": 1})
    few, many = Cell(users, 0), Cell(users, 1)
    assert often_changed([*[many] * 6, *[few] * 5, *[Cell(load, 0)] * 6]) == [few]
    assert often_changed([*[many] * 6, *[few] * 3]) == [many]
