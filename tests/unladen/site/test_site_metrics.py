"""metrics.prom: the newest commit's figures in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from made_history import ROOT, history, outcomes, series
from made_report import measured
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from unladen.labels.check import WrongValue
from unladen.project.project import read_project
from unladen.report.commit_results import CommitResults, load_commit_results
from unladen.results.levels import Level, LevelCriterion, Levels
from unladen.site.counts import Counts
from unladen.site.metrics_file import label_names, metrics

OTHERS = (
    *("commit_info", "commit_timestamp_seconds", "changed_series"),
    *("level_met", "criterion_met", "cost_dollars", "not_right"),
)
"""The metrics that are of no series."""

HOSTILE = 'a "b"\n\\ \x1b[31m \ud800'

Samples = dict[str, list[tuple[dict[str, str], float]]]


def families(results: CommitResults, counts: Counts | None = None) -> Mapping[str, Metric]:
    """What Prometheus' own parser reads."""
    told = metrics(results, counts or Counts())
    found = list(text_string_to_metric_families(told))
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}


def samples(results: CommitResults, counts: Counts | None = None) -> Samples:
    """Labels besides whose they are, and values, by metric; those of no metric are left out."""
    own = results.history
    whose = {"target": own.target, "machine": own.machine, "environment": own.environment}
    read: Samples = {}
    for name, family in families(results, counts).items():
        for sample in family.samples:
            labels = dict(sample.labels)
            assert {label: labels.pop(label) for label in whose} == whose
            read.setdefault(name, []).append((labels, sample.value))
    return read


def test_each_value_has_its_parameters_as_labels() -> None:
    grid = series(
        "talk.limits.Provider.track_makespan",
        unit="seconds",
        group="virtual time",
        axes={"slots": ["5", "'unlimited'"], "hint": ["'none'"]},
    )
    read = samples(measured((grid, [[1.0, 2.0], [1.25, None]])))
    assert read["unladen_talk_limits_provider_makespan_seconds"] == [
        ({"slots": "5", "hint": "none"}, 1.25)
    ]


def test_help_and_type_say_what_a_metric_is() -> None:
    found = families(measured((series("m.C.track_x", group="calls"), [1, 2]), (outcomes(), [0, 0])))
    x = found["unladen_m_c_x_calls"]
    assert (x.type, x.documentation) == ("gauge", "m.C.x (calls, exact, calls, lower is better)")
    outcome = found["unladen_talk_faults_run_outcome"]
    assert "; 0: recovered, 1: degraded and reported, 2: typed error" in outcome.documentation


def test_what_failed_or_went_wrong_has_no_value_and_is_named() -> None:
    read = samples(
        measured(
            (series("m.C.track_failed"), [1, "failed"]),
            (series("m.C.track_wrong"), [1, WrongValue(1)]),
            (series("m.C.track_absent"), [1, "n/a"]),
        )
    )
    assert [(labels["series"], labels["status"]) for labels, _ in read["unladen_not_right"]] == [
        ("m.C.failed", "failed"),
        ("m.C.wrong", "wrong outcome"),
    ]
    assert not any(name.startswith("unladen_m_c_") for name in read)


def test_the_commit_and_what_it_changed_are_told() -> None:
    results = measured((series(), [1, 2]))
    read = samples(results, Counts(regressions=2, broken=1))
    assert read["unladen_commit_info"] == [({"commit": results.commit.hash}, 1)]
    assert read["unladen_commit_timestamp_seconds"] == [({}, results.commit.date / 1000)]
    changed = {labels["change"]: value for labels, value in read["unladen_changed_series"]}
    assert changed == {
        "regressions": 2, "improvements": 0, "broken": 1, "suspected": 0, "minor": 0,
    }  # fmt: skip


def test_levels_are_met_or_not_and_what_is_not_measured_is_not_there() -> None:
    x = {"series": "m.C.track_x"}
    criteria = [
        LevelCriterion(name="few", at_most=4, **x),  # type: ignore[arg-type]
        LevelCriterion(name="fewer", at_most=1, **x),  # type: ignore[arg-type]
        LevelCriterion(name="unknown", unmeasured="no meter"),
    ]
    levels = [Level("basic", criteria), Level("none", criteria[2:])]
    about = Levels("What it has to reach", "its plan", levels)
    read = samples(replace(measured((series(), [1, 2])), levels=about))
    assert read["unladen_level_met"] == [({"level": "basic"}, 0)]
    assert {labels["criterion"]: value for labels, value in read["unladen_criterion_met"]} == {
        "few": 1,
        "fewer": 0,
    }


def test_tokens_cost_what_the_list_of_prices_says() -> None:
    turns: dict[str, Any] = {"axes": {"turns": ["10"]}, "unit": "tokens"}
    asked = series(
        "m.J.track_p", question="tokens.prompt_tokens", roles={"turns": "steps"}, **turns
    )
    said = series("m.J.track_r", question="tokens.reply_tokens", **turns)
    read = samples(measured((asked, [1000, 1000]), (said, [500, 500])))
    costs = {labels["model"]: value for labels, value in read["unladen_cost_dollars"]}
    assert costs["gpt-4"] == pytest.approx(0.03 * 1.5 / 10)
    assert costs["llama2"] == 0
    assert read["unladen_m_j_p_tokens"] == [({"turns": "10"}, 1000)]


def test_hostile_names_stay_within_their_quotes() -> None:
    made = history(
        (series("m.C.track_x", unit=HOSTILE, axes={"a b": [repr(HOSTILE)]}), [[1], [2]]),
        (series("m.C.track_X", unit=HOSTILE, axes={"target": ["1"]}), [[1], [2]]),
    )
    base = measured((series(), [1, 2]))
    read = families(replace(base, history=replace(made, target=HOSTILE)))
    values = [one for name, one in read.items() if name.startswith("unladen_m_c_x")]
    assert [[sample.value for sample in one.samples] for one in values] == [[2], [2]]
    assert [*values[1].samples[0].labels][3] == "target_"


@pytest.mark.parametrize(
    ("axes", "names"),
    [
        (["slots", "latency_s"], ["slots", "latency_s"]),
        (["1st", "__x", "é"], ["_1st", "x", "parameter"]),
        (["target", "a b", "a-b"], ["target_", "a_b", "a_b_"]),
    ],
)
def test_parameters_become_labels(axes: list[str], names: list[str]) -> None:
    assert label_names(dict.fromkeys(axes)) == names


@pytest.mark.slow
def test_of_committed_results_every_value_is_told_once() -> None:
    project = replace(
        read_project(ROOT / "targets" / "bare" / "asv.conf.json"),
        results_dir=ROOT / "results" / "bare",
    )
    results = load_commit_results(project, machine="reference")
    stored = sorted(figure.value for one in results.all_series() for _, figure in one.figures())
    told = sorted(
        value
        for name, found in samples(results).items()
        if name.removeprefix("unladen_") not in OTHERS
        for _, value in found
    )
    assert len(stored) > 500
    assert told == pytest.approx(stored)
