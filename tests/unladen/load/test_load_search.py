"""The search for capacity: how many loads it takes, and what it reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_load import end, failed, plan, report, row

from unladen.load.play import PlayedLoad
from unladen.load.search import NO_ERRORS, FoundCapacity, boundary, find_capacity


@pytest.mark.parametrize("most", [1, 2, 3, 17, 64, 100])
@pytest.mark.parametrize("limit", [0, 1, 2, 5, 16, 17, 63, 64, 99, 100])
def test_the_boundary_is_found_by_few_tries(limit: int, most: int) -> None:
    tried: list[int] = []

    def is_accepted(number: int) -> bool:
        tried.append(number)
        return number <= limit

    boundary(is_accepted, most)
    good = max([number for number in tried if number <= limit], default=0)
    bad = min([number for number in tried if number > limit], default=None)
    assert good == min(limit, most)
    assert bad == (limit + 1 if limit < most else None)
    assert len(tried) == len(set(tried)) <= 2 * most.bit_length() + 1
    assert max(tried) <= most


def found(folder: Path, limit: int, most: int, broken_at: int = 10**6) -> FoundCapacity:
    def play_with(users: int, rows: Path) -> PlayedLoad:
        rows.write_text(f"{users} users")
        lines = [plan(users=users), *(row(n, 1.0) for n in range(users))]
        if users > limit:
            lines.append(failed(users, 0.1, "quota", status=429))
        if users >= broken_at:
            return PlayedLoad(report(lines), "the service is gone")
        return PlayedLoad(report([*lines, end()]))

    return find_capacity(play_with, NO_ERRORS, most, folder, lambda _: None)


def test_the_largest_load_that_is_good_is_reported(tmp_path: Path) -> None:
    capacity = found(tmp_path, 13, 256)
    assert capacity.played.report is not None
    assert capacity.played.report.plan.users == 13
    assert capacity.rows.read_text() == "13 users"
    searched = capacity.played.report.searched
    assert searched is not None
    assert (searched.users, searched.failing) == (13, 14)
    assert [one.users for one in searched.tried] == [1, 2, 4, 8, 12, 13, 14, 16]
    assert [one.users for one in searched.tried if one.is_accepted] == [1, 2, 4, 8, 12, 13]
    assert [file.name for file in tmp_path.iterdir()] == [capacity.rows.name]


def test_none_is_good(tmp_path: Path) -> None:
    capacity = found(tmp_path, 0, 256)
    assert capacity.played.report is not None
    assert capacity.played.report.searched is not None
    assert (capacity.played.report.searched.users, capacity.played.report.searched.failing) == (
        0,
        1,
    )
    assert capacity.played.report.total.failed == 1


def test_all_are_good(tmp_path: Path) -> None:
    searched = found(tmp_path, 100, 20).played.report
    assert searched is not None
    assert searched.searched is not None
    assert (searched.searched.users, searched.searched.failing) == (20, None)


def test_a_load_that_breaks_off_ends_it(tmp_path: Path) -> None:
    capacity = found(tmp_path, 100, 256, broken_at=8)
    assert capacity.played.trouble == "the service is gone"
    assert capacity.played.report is not None
    assert capacity.played.report.searched is None
    assert capacity.rows.read_text() == "8 users"
