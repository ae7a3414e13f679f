"""The demo measures what is worth it: each kind of mistake is seen by some of its series."""

from __future__ import annotations

from worth import Measurement, by_worth, committed_suite, seen_by, told

from unladen.labels.labels import Kind

MOST = 0.85
"""The share of labelled changes that exact series of the demo have to see."""


def test_the_demo_sees_most_labelled_changes() -> None:
    labels, suite = told(), committed_suite()
    assert len(seen_by(suite.demo & suite.exact, labels)) >= MOST * len(labels)


def test_the_demo_sees_a_mistake_of_each_capability() -> None:
    labels, suite = told(), committed_suite()
    mistakes = [one for one in labels if one.kind is Kind.REGRESSION]
    labelled = {change.series.partition(".")[0] for one in mistakes for change in one.changes}
    for capability in labelled:
        series = {name for name in suite.demo & suite.exact if name.startswith(f"{capability}.")}
        assert seen_by(series, mistakes), capability


def test_what_sees_most_for_a_second_comes_first() -> None:
    cheap = Measurement("cheap", 0.1, frozenset("ab"), True)
    dear = Measurement("dear", 10.0, frozenset("abc"), False)
    vain = Measurement("vain", 0.1, frozenset("b"), False)
    assert by_worth([dear, vain, cheap]) == [(cheap, 2), (dear, 1)]
