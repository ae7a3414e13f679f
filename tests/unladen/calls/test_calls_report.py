"""What a report says of calls."""

from __future__ import annotations

from made_history import series
from made_report import findings_of, measured, text_of

from unladen.capabilities.calls.report import cancelled, ends, one_call

RUN = {"unit": "messages", "holds": {"messages": 10, "target": 8, "latency_s": 1.1}}
SECONDS = {"unit": "seconds", "group": "virtual time"}
CODES = ("cancelled", "the result says so", "typed error", "untyped crash",
         "the result says otherwise", "goes on to its end", "hang")  # fmt: skip
WAYS = {"way": ("'task'", "'request'"), "calls": ("1", "50")}
ENDS = {"end": ("'target'", "'no target'", "'hangs'")}


def one(read: int, seconds: float) -> list[str]:
    """Findings of a call that reads so many messages after its target, for so long."""
    rows = [
        (series(f"{one_call.CLASS}.track_makespan", **{**RUN, **SECONDS}), [3.17]),
        (series(f"{one_call.CLASS}.track_messages_after_target", **RUN), [read]),
        (series(f"{one_call.CLASS}.track_seconds_after_target", **SECONDS), [seconds]),
    ]
    return findings_of(one_call.write(measured(*rows)))


def test_nothing_is_said_where_nothing_was_measured() -> None:
    nothing = measured((series(), [1]))
    for write in (
        one_call.write, one_call.write_messages, one_call.write_scope, cancelled.write, ends.write
    ):  # fmt: skip
        assert write(nothing) is None


def test_a_call_that_reads_on_is_a_finding() -> None:
    (finding,) = one(2, 0.46)
    assert finding.startswith("When the target has come, a call reads 2 messages more and ends 460")
    assert one(0, 0.0) == []


def test_messages_that_are_copied_are_a_finding() -> None:
    axes = {"messages": ("10", "1000")}
    name = f"{one_call.MESSAGES}.track_memory_rises"
    info = series(name, axes=axes, unit="messages")
    found = one_call.write_messages(measured((info, [[3, 28]])))
    assert "of 1,000 messages, 28 made a call hold more" in text_of(found)
    assert findings_of(found) == []
    (finding,) = findings_of(one_call.write_messages(measured((info, [[9, 998]]))))
    assert finding.startswith("Each of 1,000 messages is kept by copying all before it")


def test_a_scope_of_one_use_is_no_pool() -> None:
    codes = ("works", "refused")
    info = series(f"{one_call.SCOPE}.track_used_again", unit="outcome", codes=codes)
    assert "pool" in text_of(one_call.write_scope(measured((info, [1]))))
    assert "pool" not in text_of(one_call.write_scope(measured((info, [0]))))


def test_a_way_that_does_not_cancel_is_a_finding() -> None:
    holds = {"messages": 200, "cancelled_after_s": 3.05}
    outcome = series(
        f"{cancelled.CANCEL}.track_outcome", axes=WAYS, holds=holds, unit="outcome", codes=CODES
    )
    seconds = series(f"{cancelled.CANCEL}.track_seconds_to_end", axes=WAYS, **SECONDS)
    rows = [(outcome, [[1, 1, 5, 5]]), (seconds, [[0.0, 0.0, 43.82, 43.82]])]
    found = cancelled.write(measured(*rows))
    text = text_of(found)
    assert "Calls of 200 messages are cancelled after 3.05 s" in text
    assert "At once: 50." in text
    assert findings_of(found) == [
        "When its user asks the SDK for it, nothing comes of it: the call goes on to its end for "
        "43.8 s."
    ]


def test_ends_are_held_against_what_a_robust_sdk_does() -> None:
    outcome = series(
        "calls.ends.Stream.track_outcome",
        axes=ENDS,
        unit="outcome",
        codes=("recovered", "typed error", "hang"),
        expected={"target": ("recovered",), "no target": ("recovered",), "hangs": ("typed error",)},
        about={"hangs": "nothing comes any more"},
    )
    seconds = series("calls.ends.Stream.track_seconds", axes=ENDS, **SECONDS)

    def found(waits: float) -> list[str]:
        rows = [(outcome, [[0, 0, 2]]), (seconds, [[3.17, waits, "n/a"]])]
        return findings_of(ends.write(measured(*rows)))

    assert found(3.17) == ["“hangs” ends as hang: nothing comes any more."]
    assert found(33.17)[1] == (
        "A call whose stream has a target takes 3.17 s, one whose stream ends without takes 33.2 s."
    )
