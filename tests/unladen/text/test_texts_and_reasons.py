from __future__ import annotations

import pytest
from asv import util

from unladen.store.reasons import failure_reason, output_by_params, skip_reason
from unladen.text.terminal import shorten_paths, tail
from unladen.text.units import quantity

TRACEBACK = """printed before
Traceback (most recent call last):
  File "x.py", line 1, in <module>
    f()
KeyError: 'first'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "x.py", line 2, in <module>
    g()
app.errors.Broken: two lines
of message
printed after"""

GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "x.py", line 1, in <module>
  |     raise ExceptionGroup("both", [ValueError("a")])
  | ExceptionGroup: both (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: a
    +------------------------------------"""


@pytest.mark.parametrize(
    ("output", "exit_code", "reason"),
    [
        (TRACEBACK, 1, "app.errors.Broken: two lines"),
        (GROUP, 1, "ExceptionGroup: both (1 sub-exception)"),
        ("\n\nasv: benchmark timed out (timeout 5.0s)\n", util.TIMEOUT_RETCODE, None),
        ("", -9, "killed by SIGKILL"),
        ("", 7, "exit code 7"),
        ("only\nthis", 1, "this"),
        ("chatter", 0, "the benchmark returned None"),
        ("asv: setup_cache failed\n\n" + TRACEBACK, 1, "app.errors.Broken: two lines"),
        (
            f"asv: setup_cache failed\n\n{TRACEBACK}\nasv: setup_cache failed (exit status -256)",
            1,
            "timed out: making what it is read from took longer than the limit (setup_cache)",
        ),
    ],
)
def test_the_reason_of_a_failure_is_one_line(
    output: str, exit_code: int, reason: str | None
) -> None:
    expected = reason or "benchmark timed out (timeout 5.0s)"
    assert failure_reason(output, exit_code) == expected


def test_the_output_of_each_parameter_combination_is_told_apart() -> None:
    output = "For parameters: 'a', 1\nfirst\n\nFor parameters: 'b', 1\nsecond\n\nwith a gap"
    combinations = [("'a'", "1"), ("'b'", "1"), ("'c'", "1")]
    assert output_by_params(output, combinations) == {
        ("'a'", "1"): "first",
        ("'b'", "1"): "second\n\nwith a gap",
    }


def test_output_without_heads_belongs_to_every_combination() -> None:
    assert output_by_params("all", [("1",), ("2",)]) == {("1",): "all", ("2",): "all"}
    assert output_by_params("all", [()]) == {(): "all"}


def test_the_reason_of_a_skip_is_the_message() -> None:
    assert skip_reason("asv: skipped: NotImplementedError('no b yet') ") == "no b yet"
    assert skip_reason('asv: skipped: Unavailable("it\'s not there") ') == "it's not there"
    assert skip_reason("asv: skipped: NotImplementedError() ") == "NotImplementedError"
    assert skip_reason("nothing of the kind") == ""


def test_only_whole_folders_are_shortened_inner_ones_first() -> None:
    names = {"/home/ann": "~", "/home/ann/env": "<env>", "/": "root"}
    text = 'File "/home/ann/env/x.py" and /home/ann/y, not /home/anna/z or /home/ann-b'
    short = 'File "<env>/x.py" and ~/y, not /home/anna/z or /home/ann-b'
    assert shorten_paths(text, names) == short


def test_a_tail_shows_that_something_is_cut_off() -> None:
    assert tail("abc", 3) == "abc"
    assert tail("abcd", 3) == "[...]\nbcd"


@pytest.mark.parametrize(
    ("value", "unit", "kind", "text"),
    [
        (0.0123456, "seconds", "sampled", "12.3 ms"),
        (0.0123456, "seconds", "exact", "12.3456 ms"),
        (0.0009999, "seconds", "sampled", "1 ms"),
        (5.0, "s", "exact", "5 s"),
        (0, "seconds", "exact", "0 s"),
        (2.5e-7, "seconds", "sampled", "250 ns"),
        (123456, "bytes", "exact", "123.456 kB"),
        (999, "bytes", "exact", "999 B"),
        (-2048, "bytes", "sampled", "-2.05 kB"),
        (1234567, "calls", "exact", "1,234,567"),
        (0.98765432, "ratio", "exact", "0.987654"),
        (0.98765432, "ratio", "", "0.988"),
        (1.5e-9, "ratio", "sampled", "1.5e-09"),
        (True, "", "exact", "1"),
    ],
)
def test_quantities_have_the_digits_that_they_deserve(
    value: float, unit: str, kind: str, text: str
) -> None:
    assert quantity(value, unit, kind) == text
