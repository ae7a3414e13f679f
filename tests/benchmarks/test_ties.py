"""Where a figure turns on the order of what is due at the same instant, the worse one counts."""

from __future__ import annotations

import json

import pytest

from benchmarks.core.ties import Both, are_reversed, both, reversed_ties


def test_the_worse_of_two_figures_is_the_same_whichever_comes_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for pair in (Both(400, 420), Both(420, 400)):
        assert pair.worse(int) == 420
        assert pair.worse(int, higher_is_better=True) == 400
        assert "by the order" in capsys.readouterr().err
    assert Both(7, 7).worse(int) == 7
    assert capsys.readouterr().err == ""


def test_what_counts_is_noted_with_its_own_notes(capsys: pytest.CaptureFixture[str]) -> None:
    Both(1, 2).worse(int, notes=lambda n: f"{n} failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line.partition(" ")[2]) == (
        "1 or 2, by the order of timers due at the same instant\n2 failed"
    )


def test_what_the_reversed_clock_rounds_is_no_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert Both(3.3, 3.3 + 1e-9).worse(float) == 3.3
    assert capsys.readouterr().err == ""


def test_both_orders_are_tried_and_a_failure_says_in_which() -> None:
    seen: list[bool] = []

    def look() -> bool:
        seen.append(are_reversed())
        if are_reversed():
            raise KeyError("late")
        return True

    with pytest.raises(KeyError) as caught:
        both(look)
    assert seen == [False, True]
    assert caught.value.__notes__ == [
        "It happened when timers due at the same instant fire last armed first."
    ]
    with reversed_ties(), pytest.raises(KeyError):
        both(look)
    assert not are_reversed()
