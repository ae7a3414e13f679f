"""What of a run's calls is prompts, answers, and paid for in vain."""

from __future__ import annotations

from benchmarks.questions.tokens import TokenFigures, figures
from mocks.model import Request
from mocks.model.transcript import Exchange


def _call(prompt: str, answer: str = "", outcome: str = "ok", mark: str = "#1") -> Exchange:
    return Exchange(Request("teller", "", mark, prompt), answer, outcome)


def test_nothing_paid_for_is_nothing() -> None:
    refused = _call("a prompt", outcome="RateLimited")
    assert figures([refused], "told") == TokenFigures(0, 0, 0, 0, 0, 0)
    assert figures([], "").efficiency == 0


def test_prompts_and_answers_are_counted_apart_and_the_largest_prompt_named() -> None:
    found = figures([_call("x" * 40, "y" * 8), _call("x" * 80, "y" * 12)], "z" * 16)
    assert found == TokenFigures(
        calls=2,
        prompt_tokens=30,
        reply_tokens=5,
        largest_prompt=20,
        repeated_tokens=0,
        told_tokens=4,
    )
    assert found.efficiency == round(4 / 35, 9)


def test_what_is_told_is_at_most_what_the_model_said() -> None:
    assert figures([_call("x" * 4, "y" * 4)], "z" * 400).efficiency == 0.5


def test_of_several_answers_to_one_thing_all_but_the_last_are_in_vain() -> None:
    asked = [_call("x" * 40, "first"), _call("x" * 40, "the second one")]
    assert figures(asked, "").repeated_tokens == 10 + 2


def test_the_same_words_for_another_run_are_not_asked_again() -> None:
    assert figures([_call("x" * 40, "a"), _call("x" * 40, "a", mark="#2")], "").repeated_tokens == 0


def test_what_was_given_up_or_said_nothing_is_in_vain() -> None:
    given_up = _call("x" * 40, outcome="cancelled")
    empty = _call("x" * 20)
    assert figures([given_up, empty], "").repeated_tokens == 10 + 5
    assert figures([given_up, _call("x" * 40, "at last")], "").repeated_tokens == 10
