"""Measuring in a forked process."""

from __future__ import annotations

import os
import signal

import pytest

from benchmarks.core.cells import Broken, CellFailed, value_of
from benchmarks.core.forked import in_child
from benchmarks.core.notes import hearing, wrong


def test_the_value_comes_from_another_process() -> None:
    changed: list[int] = []

    def measure() -> int:
        changed.append(1)
        return os.getpid()

    assert value_of(in_child(measure)) != os.getpid()
    assert changed == []


def test_what_is_wrong_with_it_comes_too() -> None:
    def measure() -> int:
        wrong("the reply is for somebody else")
        return 1

    with hearing() as heard:
        assert value_of(in_child(measure)) == 1
    assert heard.wrong == "the reply is for somebody else"


def test_why_there_is_no_value() -> None:
    def missing() -> int:
        raise NotImplementedError("there is no stream")

    def broken() -> int:
        raise LookupError("what is this?")

    with pytest.raises(NotImplementedError, match="there is no stream"):
        value_of(in_child(missing))
    with pytest.raises(CellFailed, match="LookupError: what is this"):
        value_of(in_child(broken))


def test_a_process_that_dies_or_does_not_end_is_a_failure() -> None:
    dead = in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert dead == Broken("its process ended with signal SIGKILL", unavailable=False)
    endless = in_child(signal.pause, limit_s=0.2)
    assert endless == Broken("not done after 0.2 s of real time", unavailable=False)


def test_a_large_value_comes_whole() -> None:
    assert value_of(in_child(lambda: b"x" * 5_000_000)) == b"x" * 5_000_000
