"""The catalogue is complete, and says of each fault what it needs to."""

from __future__ import annotations

from mocks.faults import Outcome, What, When
from mocks.worlds.negotiation.faults import CASES
from mocks.worlds.negotiation.places import Place

MAIN_PLACES = {Place.FORMULATION, Place.OFFER, Place.OFFERS, Place.CENTER}


def test_names_are_short_and_say_which_case_it_is() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 and name.isprintable() for name in names)
    for case in CASES:
        assert case.name.startswith(f"{case.where}: {case.what}")


def test_every_place_and_every_fault_is_there() -> None:
    assert {case.where for case in CASES} == set(Place)
    assert {case.what for case in CASES} == set(What)
    assert {case.when for case in CASES if case.where in MAIN_PLACES} == set(When)


def test_nothing_bad_is_expected_and_recovering_always_is() -> None:
    fine = {Outcome.RECOVERED, Outcome.REPORTED, Outcome.TYPED_ERROR}
    for case in CASES:
        assert case.expects <= fine, case.name
        assert Outcome.RECOVERED in case.expects, case.name


def test_what_a_second_call_would_mend_must_not_cost_the_plan() -> None:
    (case,) = [case for case in CASES if case.name == "center: 503"]
    assert case.expects == {Outcome.RECOVERED}


def test_each_case_says_in_one_line_what_happens_and_what_is_robust() -> None:
    for case in CASES:
        assert case.about == f"{case.happens}; a robust SDK {case.robust}"
        assert len(case.about) < 160
        assert case.about.isprintable()


def test_outcomes_have_words_from_good_to_bad() -> None:
    assert [outcome.word for outcome in sorted(Outcome)] == [
        "recovered", "degraded and reported", "degraded silently", "typed error", "untyped crash",
        "data lost", "hang",
    ]  # fmt: skip
