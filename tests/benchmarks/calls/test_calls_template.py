"""What ``unladen init`` begins a driver of calls with does what a call has to."""

from __future__ import annotations

import pytest

from benchmarks.calls import cancel, ends
from benchmarks.calls.workload import Streams
from benchmarks.core import subject
from benchmarks.core.harness import Harness
from mocks.faults import Outcome
from mocks.worlds.calls.ends import ENDS
from targets.protocol import Target
from targets.templates.calls.calls import CAPABILITY

HANGS = next(case for case in ENDS if case.name == "hangs")


@pytest.fixture(autouse=True)
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    """The template is under test."""
    name = "targets.templates.calls.calls_example"
    target = Target(name="template", imports=(name,), capabilities=[CAPABILITY])
    monkeypatch.setattr(subject, "target", lambda: target)
    for module in (cancel, ends):
        monkeypatch.setattr(module, "own_files", tuple)


def test_a_call_is_right_and_lets_its_stream_go() -> None:
    with Harness(Streams()) as harness:
        harness.required()
        assert harness.clock.now == pytest.approx(2.71)


def test_its_time_out_and_its_cancelling_work() -> None:
    assert ends.measure(HANGS).outcome is Outcome.REPORTED
    assert cancel.measure("request", 2).end is cancel.End.CANCELLED
