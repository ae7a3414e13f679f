"""Memory between marks: what stays, and what was taken meanwhile."""

from __future__ import annotations

from meters.allocations import Marks


def test_what_stays_and_what_was_only_taken() -> None:
    marks = Marks(10)
    kept: list[bytes] = []

    def work() -> None:
        kept.clear()
        marks.mark()
        kept.append(bytes(5000))
        marks.mark()
        bytes(20_000)
        marks.mark()
        kept.clear()
        marks.mark()

    work()  # outside of a traced block nothing is read
    between = marks.during(work)
    rises, taken = between.rises, between.taken
    assert [5000 < rises[0] < 5300, abs(rises[1]) < 200, -5300 < rises[2] < -4800] == [True] * 3
    assert [5000 < taken[0] < 5300, 20_000 < taken[1] < 20_300, taken[2] < 300] == [True] * 3
    assert marks.during(lambda: None).held == ()


def test_no_more_is_read_than_there_is_room_for() -> None:
    marks = Marks(2)
    between = marks.during(lambda: [marks.mark() for _ in range(5)])
    assert len(between.held) == 2
