"""When a user's word counts as lost."""

from __future__ import annotations

import pytest

from benchmarks.negotiation.consent import Consent


@pytest.mark.parametrize(
    ("asked", "went_on", "given", "is_lost"),
    [
        (1.0, 1.0, [], False),  # nobody said anything
        (1.0, 301.0, [], False),
        (1.0, None, [1.0], False),  # it never went on: an error, or a hang
        (1.0, 1.0, [1.0], False),
        (1.0, 2.0, [1.0], False),  # it looks every second
        (1.0, 301.0, [1.0], True),
        (1.0, 301.0, [0.5], True),  # before it was asked
        (1.0, 1.0, [0.5], False),
        (1.0, 301.0, [602.0], True),  # after it went on
        (1.0, 602.0, [602.0], False),
        (1.0, 1.0, [1.0, 1.0, 32.0], False),
        (1.0, 301.0, [1.0, 1.0, 32.0], True),
        (1.0, 32.0, [1.0, 1.0, 32.0], False),  # the third one was taken
        (None, 1.0, [1.0], False),  # an SDK that announces nothing
        (None, 301.0, [1.0], True),
    ],
)
def test_a_word_is_lost_if_the_negotiation_did_not_go_on_by_it(
    asked: float | None, went_on: float | None, given: list[float], is_lost: bool
) -> None:
    assert Consent(asked, went_on, given).is_lost(usual_pause=0.0) is is_lost


def test_what_an_sdk_takes_for_every_confirmation_is_no_time_out() -> None:
    slow = Consent(1.0, 21.0, [1.0])
    assert slow.pause == 20
    assert slow.is_lost(usual_pause=0.0)
    assert not slow.is_lost(usual_pause=slow.pause)


def test_a_word_is_refused_if_each_was() -> None:
    assert Consent(1.0, 301.0, [1.0], [1.0]).is_refused
    assert not Consent(1.0, 301.0, [1.0, 2.0], [1.0]).is_refused
