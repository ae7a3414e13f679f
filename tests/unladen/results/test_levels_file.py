"""The file that says what a target is to reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from unladen.errors import UserError
from unladen.results.bounds import Bound
from unladen.results.levels import read_levels

GOOD = """
title = "Its levels"
source = "its plan"

[[level]]
name = "basic"
about = "one person"

[[level.criterion]]
name = "few calls"
series = "m.C.track_calls"
cell = { users = "3" }
at_most = 4
required = true

[[level.criterion]]
name = "little CPU"
unmeasured = "that depends on the host"

[[level]]
name = "large"
criterion = [
    { name = "never hangs", series = "m.C.track_outcome", one_of = ["recovered"] },
    { name = "is cheap", series = "m.C.track_tokens", priced_as = "gpt-4", below = 0.01 },
    { name = "is quick", load = "ramp", figure = "latency.p95", below = 5 },
]
"""


def test_a_file_of_levels_is_read(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    file.write_text(GOOD)
    levels = read_levels(file)
    assert (levels.title, levels.source) == ("Its levels", "its plan")
    basic, large = levels.level
    calls, cpu = basic.criterion
    assert (calls.series, calls.cell, calls.required) == ("m.C.track_calls", {"users": "3"}, True)
    assert calls.bounds == {Bound.AT_MOST: 4}
    assert (cpu.name, cpu.unmeasured) == ("little CPU", "that depends on the host")
    assert [one.name for one in large.criterion] == ["never hangs", "is cheap", "is quick"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (GOOD, "level = []", "Expected `array` of length >= 1"),
        ('name = "large"', 'name = "basic"', "there are two levels basic"),
        ("at_most = 4", "", "'few calls': it needs one of below, above, at_most, at_least"),
        ("at_most = 4", "at_most = 4\nbelow = 5", "'few calls': it needs one of below"),
        ("at_most = 4", "at_most = inf", "'few calls': at_most must be a finite number"),
        ("at_most = 4", "atmost = 4", "unknown field `atmost`"),
        ('series = "m.C.track_calls"', "", "'few calls': a figure is of a series, or of a load"),
        ('name = "few calls"', 'name = ""', "matching regex"),
        (
            'unmeasured = "that depends on the host"',
            'unmeasured = "x"\nseries = "y"',
            "'little CPU': what is unmeasured has no figure",
        ),
        (
            'unmeasured = "that depends on the host"',
            'unmeasured = "x"\nrequired = true',
            "'little CPU': what is unmeasured cannot be required",
        ),
        (
            'one_of = ["recovered"]',
            'one_of = ["recovered"], below = 1',
            "'never hangs': it needs one_of or a number, not both",
        ),
        (
            'figure = "latency.p95"',
            'figure = "latency.p95", priced_as = "gpt-4"',
            "'is quick': only the tokens of a series are priced",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "levels.toml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(UserError) as refused:
        read_levels(file)
    line = str(refused.value)
    assert line.startswith(f"{file} is not readable: ")
    assert said in line
    assert "\n" not in line
