"""What a report says of a service as a real process: what was measured, and what is wrong."""

from __future__ import annotations

from made_history import Value, series
from made_report import Row, findings_of, measured, text_of

from unladen.capabilities.service.report.process import write_process
from unladen.report.document import Section
from unladen.store.series import SeriesInfo

CODES = ("terminated", "killed", "ended by itself")
LIVES = ("'unused'", "'after requests'", "'4 workers'")


def sampled(name: str, unit: str, **more: object) -> SeriesInfo:
    """One of the series."""
    return series(f"service.process.{name}", kind="sampled", unit=unit, **more)


def section(
    *, first_data: Value = 0.45, given_up: Value = 0, lost: Value = 0, ending: Value = 0
) -> Section | None:
    """Of a service that was measured, and did this."""
    workers = {"workers": ("1", "4")}
    rows: list[Row] = [
        (sampled("Start.sample_cpu", "seconds"), [0.32]),
        (sampled("Request.sample_cpu", "seconds", axes={"kind": ("'chat'", "'work'")}),
         [[0.002, "n/a"]]),
        (sampled("Stream.sample_first_data", "seconds"), [first_data]),
        (sampled("Stream.sample_given_up", "streams", holds={"read_timeout_s": 1.3}), [given_up]),
        (sampled("Workers.sample_throughput", "requests/s", axes=workers), [[300.0, 480.0]]),
        (sampled("Conversations.sample_lost", "conversations", axes=workers,
                 holds={"conversations": 24}), [[0, lost]]),
        (sampled("End.sample_ending", "outcome", axes={"life": LIVES}, codes=CODES),
         [[0, ending, 0]]),
    ]  # fmt: skip
    return write_process(measured(*rows))


def test_without_figures_nothing_is_said() -> None:
    assert write_process(measured((series("m.C.track_other"), [1]))) is None


def test_what_was_measured_is_told_and_nothing_else() -> None:
    found = section()
    text = text_of(found)
    for said in ("320 ms", "2 ms", "450 ms", "300", "480", "terminated"):
        assert said in text
    assert "other work" not in text
    assert "database" not in text
    assert findings_of(found) == []


def test_what_is_wrong_is_a_finding() -> None:
    said = "With 4 worker processes 18 of 24 conversations lose their context, with one 0."
    assert findings_of(section(lost=18)) == [said]
    said = "16 streams do not say anything within the read time-out of a client, 1.3 seconds."
    assert findings_of(section(given_up=16)) == [said]
    assert findings_of(section(ending=1)) == ["Asked to end (after requests), it is killed."]
