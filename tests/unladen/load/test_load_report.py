"""From rows to a report."""

from __future__ import annotations

import math
from typing import Any

import pytest
from made_load import end, failed, plan, report, row, texts, users

from unladen.errors import UserError
from unladen.load.rows import ErrorClass, read_lines


def test_quantiles_of_known_rows() -> None:
    """100 requests of 1, 2, ... 100 hundredths of a second."""
    made = report([row(0.5 * n, n / 100) for n in range(1, 101)] + [end()])
    latency = made.total.latency
    found = [latency.quantile(share) for share in (0.5, 0.9, 0.95, 0.99, 1.0)]
    assert found == pytest.approx([0.5, 0.9, 0.95, 0.99, 1.0])
    assert made.requests_per_s == 100 / 60
    assert made.total.error_rate == 0


def test_latency_counts_from_when_a_request_was_due() -> None:
    """A server that answers in 10 ms stalls for 10 s. One user asks every 100 ms: who counts from
    the sending sees one slow request of 200, who counts from the schedule sees how long half of
    them had to wait (coordinated omission)."""
    rows, free = [], 0.0
    for n in range(200):
        due = n / 10
        started = max(due, free)
        free = started + (10.0 if n == 50 else 0.01)
        rows.append(row(due, 0, started=started, ended=free))
    tally = report([*rows, end(20.0)]).total
    assert tally.response_time.quantile(0.99) == pytest.approx(0.01, rel=0.01)
    assert tally.response_time.longest == pytest.approx(10.0)
    assert tally.latency.quantile(0.4) == pytest.approx(0.01, rel=0.01)
    assert tally.latency.quantile(0.5) > 0.5
    assert tally.latency.quantile(0.9) > 7.0
    assert tally.latency.quantile(0.99) == pytest.approx(9.9, rel=0.05)
    assert tally.most_late == pytest.approx(9.9)


def test_failures_have_a_class_and_no_share_in_the_latency() -> None:
    made = report(
        [
            row(0, 1.0),
            failed(0, 0.001, "quota", status=429),
            failed(0, 0.001, "server", status=503),
            failed(1, 0.5, "network", status=None),
            failed(1, 0.5, "network"),
            failed(1, 60.0, "time-out", status=None),
            failed(2, 0.1, "wrong answer", status=200, foreign=True),
            failed(2, 0.1, "authentication", status=401),
            end(),
        ]
    )
    assert made.total.latency.number == 1
    assert made.total.failed == 7
    assert made.total.failed_after.longest == 60.0
    assert made.total.errors_in_order() == {
        ErrorClass.NETWORK: 2,
        ErrorClass.TIME_OUT: 1,
        ErrorClass.AUTHENTICATION: 1,
        ErrorClass.QUOTA: 1,
        ErrorClass.SERVER: 1,
        ErrorClass.WRONG: 1,
    }
    assert made.total.refused == 2
    assert made.total.available_rate == 3 / 8
    assert made.total.broken == 1
    assert made.total.foreign == 1
    assert made.total.reasons[ErrorClass.NETWORK, "it was network"] == 2


def test_time_to_first_token_is_of_streams_and_from_when_they_were_due() -> None:
    stream = {"kind": "stream", "events": 9}
    made = report(
        [
            row(1.0, 2.0, started=1.5, first_byte=1.6, first_token=1.75, **stream),
            row(1.0, 0.5, first_byte=1.4),
            end(),
        ]
    )
    assert made.total.time_to_first_token.number == 1
    assert made.kinds["stream"].time_to_first_token.longest == 0.75


def test_kinds_users_and_periods() -> None:
    made = report(
        [
            users(0.0, 1),
            row(0.0, 1.0, user=3),
            users(2.0, 4),
            row(3.0, 1.0, user=1, kind="health"),
            users(6.0, 2),
            row(3.0, 9.0, user=1),
            end(20.0),
        ]
    )
    assert {kind: tally.requests for kind, tally in made.kinds.items()} == {"chat": 2, "health": 1}
    assert [(user, tally.requests) for user, tally in made.users.items()] == [(1, 2), (3, 1)]
    assert [(one.begin, one.users, one.tally.requests) for one in made.periods] == [
        (0.0, 4, 2),
        (5.0, 4, 0),
        (10.0, 2, 1),
        (15.0, 2, 0),
    ]
    assert made.most_users == 4


def spike(*later: dict[str, Any]) -> list[dict[str, Any]]:
    """2 users for a minute, 20 from 20 s to 40 s; a request of 1 s each second, until ``later``."""
    return [
        users(0.0, 2),
        *(row(n, 1.0) for n in range(19)),
        users(20.0, 20),
        *(row(n, 5.0) for n in range(20, 35)),
        users(40.0, 2),
        *later,
        end(60.0),
    ]


def test_recovery_is_counted_from_the_end_of_the_peak() -> None:
    made = report(spike(row(40, 5.0), row(43, 6.5), *(row(n, 1.0) for n in range(50, 59))))
    assert made.recovery is not None
    assert made.recovery.peak_end == 40.0
    assert made.recovery.seconds == 10.0  # to the end of the period that ends at 50 s


def test_what_fails_to_the_end_never_recovers() -> None:
    made = report(spike(*(failed(n, 0.1, "server") for n in range(41, 60))))
    assert made.recovery is not None
    assert made.recovery.seconds == math.inf


def test_what_is_calm_at_once_needs_no_time() -> None:
    made = report(spike(*(row(n, 1.0) for n in range(40, 59))))
    assert made.recovery is not None
    assert made.recovery.seconds == 0.0


def test_the_end_of_a_load_is_no_peak() -> None:
    made = report([users(0.0, 5), row(0.0, 1.0), users(60.0, 4), users(60.0, 0), end()])
    assert made.recovery is None
    leaving = [users(40.0 + 2 * n, 9 - n) for n in range(10)]
    said_again = [users(50.0, 4), users(50.5, 4)]
    counts = sorted([users(0.0, 10), *leaving, *said_again], key=lambda line: line["at"])
    made = report([*counts, *(row(n, 1.0) for n in range(58)), end()])
    assert made.recovery is None


def test_a_load_without_an_end_is_broken_off() -> None:
    assert not report([row(0, 1.0)]).is_whole
    assert report([row(0, 1.0), end()]).is_whole


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([row(0, 1.0)], "does not begin with a plan"),
        ([plan(format="other")], "does not begin with a plan"),
        ([plan(version=2)], "take the same Unladen for both"),
        ([plan(), plan()], "line 2 .* a second plan"),
        ([plan(), row(-1, 1.0)], "line 2 .*due"),
        ([plan(), row(0, 1.0, error="nonsense")], "line 2 .*error"),
        ([plan(), {"t": "what"}], "line 2 "),
        ([plan(), row(0, 1.0, reason="\x1b[2J", received="many")], "line 2 .*received"),
    ],
)
def test_what_is_malformed_is_said_in_one_line(lines: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        list(read_lines(texts(lines)))
    assert "\n" not in str(caught.value)


def test_a_line_that_is_no_json() -> None:
    with pytest.raises(UserError, match="line 2 of the load cannot be used"):
        list(read_lines([*texts([plan()]), "Traceback (most recent call last):"]))


def test_keys_that_are_not_known_are_ignored() -> None:
    assert report([plan(later="more"), row(0, 1.0, later="more"), end()]).total.requests == 1
