"""What a report says: no more than the results do, and in whole sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import pytest
from made_history import CASES, Value, series
from made_report import (
    CAPABILITY,
    SUITE,
    Notes,
    Row,
    asked,
    baseline,
    faults,
    figures_of,
    findings_of,
    measured,
    over,
    text_of,
)

from unladen.capabilities.negotiation import report
from unladen.capabilities.negotiation.report import one_run, scale
from unladen.capabilities.negotiation.report.wording import WORDING
from unladen.report.commit_results import CommitResults
from unladen.report.document import Section
from unladen.report.questions import bottlenecks, concurrency, endurance, latency, scaling
from unladen.report.questions import faults as faulty
from unladen.report.sections import changes, gaps, live
from unladen.report.wording import CapabilityReport, Wording
from unladen.report.write import AT_THE_END, write

HANG = 4


def _section(title: str, of: CommitResults) -> Section | None:
    """The section of the negotiations' part of the report that is called so."""
    made = [section for make in report.REPORT.sections if (section := make(of)) is not None]
    return next((section for section in made if section.title == title), None)


def _limits(of: CommitResults) -> Section | None:
    return _section("Limits and recommended settings", of)


def _memory(of: CommitResults) -> Section | None:
    return _section("Leaks and memory", of)


def test_where_there_are_several_capabilities_each_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = Wording(capability="talk", one="talk", many="talks")
    other = CapabilityReport(words, "all was said", [partial(concurrency.write, words=words)])
    own = replace(report.REPORT, sections=[partial(concurrency.write, words=WORDING)])
    monkeypatch.setattr("unladen.report.write.capability_reports", lambda: [own, other])
    talks = [(replace(info, name=info.name.replace(CAPABILITY, "talk")), values)
             for info, values in parallel(3, 1)]  # fmt: skip
    alone, both = write(measured(*parallel(3))), write(measured(*parallel(3), *talks))
    assert "Concurrent negotiations" in [section.title for section in alone.sections]
    titles = [section.title for section in both.sections]
    assert "Negotiations: Concurrent negotiations" in titles
    assert "Talks: Concurrent talks" in titles
    text = text_of(both)
    assert "Talks: Talks that run at once are mixed up: 1 item of others in the results." in text
    assert "Negotiations: Up to 20 negotiations at once do not disturb each other" in text


def test_without_results_nothing_is_claimed() -> None:
    nothing = measured((series("m.C.track_other"), [1]))
    texts = [text_of(section) for section in write(nothing).sections]
    assert len(texts) == 2  # method and gaps
    assert "Every series has a value" in texts[1]
    made = [make(nothing) for make in (*report.REPORT.sections, *AT_THE_END)]
    assert [section.title for section in made if section] == ["What was not measured"]


def test_a_series_without_values_is_named() -> None:
    text = text_of(gaps.write(measured((series("m.C.track_a"), [1]), (series("m.C.b"), [None]))))
    assert "Not measured at this commit at all, so nothing is said of them: m.C.b." in text


def test_reasons_are_given_once() -> None:
    info = over("m.C.track_a", "size", ["1", "2", "3"])
    text = text_of(gaps.write(measured((info, [["failed", "failed", 1]]))))
    assert text.count("ValueError: broken") == 1
    assert "2 values of m.C (1; 2)" in text


def test_a_capability_that_a_target_has_not_is_told_in_one_line() -> None:
    absent = [(series(f"talk.m.C{n}.track_a", axes={"size": ["1", "2"]}), [["n/a", "n/a"]])
              for n in range(5)]  # fmt: skip
    text = text_of(gaps.write(measured((series("m.C.track_b"), [1]), *absent)))
    assert "10 values of 5 benchmarks of talk" in text
    assert "talk.m.C0" not in text


def test_without_parameters_there_is_no_column_of_cases() -> None:
    rows: list[Row] = [
        (asked(f"cancellation.Run.{name}", axes={}, unit="points"), [value])
        for name, value in (("track_points", 2), ("track_swallowed", 1))
    ]
    notes: Notes = {("negotiation.cancellation.Run.track_swallowed", ()): "swallowed at sdk.py:7"}
    section = endurance.write_cancellation(measured(*rows, notes=notes), WORDING)
    text = text_of(section)
    assert "Cancelled at every point.pointsswallowed21" in text.replace("\n", "")
    assert text.splitlines()[-1] == "swallowed at sdk.py:7"


def test_only_what_grows_is_said_to_grow() -> None:
    rows: list[Row] = [
        (over(f"scaling.Agents.{name}", "agents", ["5", "10"], unit="bytes"), [values])
        for name, values in (("track_traced_peak", [9, 8]), ("track_retained_bytes", [1, 2]))
    ]
    text = text_of(_section("Scaling with the number of agents", measured(*rows)))
    assert "these grow: the memory kept from 1 B to 2 B, 2 times as much." in text


def test_one_negotiation_says_what_cannot_happen_and_what_failed() -> None:
    text = text_of(one_run.write(measured(*baseline())))
    assert "With 5 agents it takes 3 s of virtual time and 7 model calls." in text
    assert "The scenario ask_one cannot happen at this commit" in text
    assert "holds up to" not in text  # no memory was measured


def test_a_single_call_is_in_the_singular() -> None:
    assert "1 model call." in text_of(one_run.write(measured(*baseline(calls=1))))


def growth(local: float) -> list[Row]:
    sizes = ["5", "10", "100"]
    return [
        (over("scaling.Agents.track_retained_bytes", "agents", sizes, unit="bytes"),
         [[100, 200, 2000]]),
        (over("scaling.Growth.track_exponent", "quantity", ["'retained_bytes'"], unit="exponent",
              group="growth"), [[1.0]]),
        (over("scaling.Growth.track_largest_local_exponent", "quantity", ["'retained_bytes'"],
              unit="exponent", group="growth"), [[local]]),
    ]  # fmt: skip


def test_growth_is_called_what_it_is() -> None:
    linear = text_of(scaling.write(measured(*growth(1.0)), WORDING))
    steep = text_of(scaling.write(measured(*growth(1.9)), WORDING))
    assert "Nothing grows faster than linearly" in linear
    assert "Faster than linearly grow retained bytes (exponent up to 1.90)." in steep
    assert "the memory kept from 100 B to 2 kB, 20 times as much" in linear


def test_the_goal_is_extrapolated_where_it_was_not_measured() -> None:
    rows: list[Row] = [
        *growth(1.0),
        *[(over(f"scaling.Agents.{name}", "agents", ["5", "100"], unit=unit), [[1, 20]])
          for name, unit in (("time_cpu", "seconds"), ("track_traced_peak", "bytes"))],
        (over("scaling.Growth.track_exponent", "quantity",
              ["'retained_bytes'", "'bytecodes'", "'sdk_bytecodes'"], unit="exponent"),
         [[1.0, 1.0, 2.0]]),
    ]  # fmt: skip
    text = text_of(scale.write(measured(*rows[0:1], *rows[2:])))
    assert "are extrapolated by the growth laws" in text
    assert "it takes 200 s of CPU time, holds up to 2 kB meanwhile, and 20 kB" in text


def test_what_limits_first_depends_on_the_cost() -> None:
    cheap = text_of(scale.write(measured(*baseline(cpu=0.002))))
    dear = text_of(scale.write(measured(*baseline(cpu=0.2))))
    assert "So CPU is not what limits first." in cheap
    assert "the SDK's own work limits first" in dear


def parallel(last: float, mixed: int = 0) -> list[Row]:
    counts = ["1", "20"]
    return [
        (over("concurrency.Parallel.track_makespan", "negotiations", counts, unit="seconds"),
         [[3, last]]),
        (over("concurrency.Parallel.track_crosstalk", "negotiations", counts), [[0, mixed]]),
    ]  # fmt: skip


def test_negotiations_that_overlap_and_ones_that_do_not() -> None:
    overlap = text_of(concurrency.write(measured(*parallel(3)), WORDING))
    queue = text_of(concurrency.write(measured(*parallel(60, 2)), WORDING))
    assert "they overlap wholly" in overlap
    assert "the last of 20 after 60 s, 20 times as much" in queue
    assert "Results hold 2 items of other negotiations" in queue


@pytest.mark.parametrize(
    ("ways", "told"),
    [(0, "in 50 other orders of it 10 negotiations at once end in 0 ways"), (1, "end in 1 way")],
)
def test_negotiations_that_race_and_ones_that_do_not(ways: int, told: str) -> None:
    outcomes = replace(
        asked("concurrency.Races.track_outcomes", axes={}, unit="outcomes"),
        holds={"schedules": 50, "runs": 10},
    )
    section = concurrency.write(measured(*parallel(3), (outcomes, [ways])), WORDING)
    assert told in text_of(section)
    assert section is not None
    findings = ["".join(map(str, finding)) for rank, finding in section.findings if rank == 0]
    assert len(findings) == ways
    assert all("Negotiations race" in finding for finding in findings)


def grid(lost: Value) -> list[Row]:
    axes = {"latency_s": ["1.0"], "negotiations": ["1"], "slots": ["'5'"]}
    return [
        (asked("latency.Model.track_makespan", axes=axes, unit="seconds"), [12]),
        (asked("latency.Model.track_agents_lost", axes=axes, unit="agents"), [lost]),
    ]


def test_offers_that_are_lost_and_none() -> None:
    lost = text_of(latency.write(measured(*grid(1)), WORDING))
    none = text_of(latency.write(measured(*grid(0)), WORDING))
    assert "In 1 of 1 combinations offers are lost." in lost
    assert "1 of 50, 2 %." in lost
    assert "1 negotiation with 5 slots and 1.0 s a call: 1 offer." in lost
    assert "No offer is lost in any of the 1 combinations." in none


def test_capacity_rests_recommendations_on_figures() -> None:
    providers = ["'5 slots'", "'60/min'"]
    capacity = over("limits.Capacity.track_runs", "provider", providers)
    wait = over(
        "limits.Capacity.track_longest_offer_wait",
        "provider",
        providers,
        unit="seconds",
    )
    held = asked("memory.Waiting.track_bytes", unit="bytes")
    rows: list[Row] = [(capacity, [[4, 0]]), (wait, [[8, "n/a"]]), (held, [5000])]
    section = _limits(measured(*rows))
    text = text_of(section)
    assert "With “60/min” not even one negotiation meets it." in text
    assert "start no more negotiations at once than 4 with “5 slots”." in text
    assert "no less than 12 s" in text
    assert "about 200,000 of them" in text
    assert {figure.sources[0].series for figure in figures_of(section)} == {
        info.name for info, _ in rows
    }


def provider(told: Value, untold: Value) -> str:
    axes = {
        "requests_per_minute": ["60"],
        "slots": ["5"],
        "hint": ["'retry-after'", "'none'"],
        "negotiations": ["20"],
    }
    rows: list[Row] = [
        (asked(f"limits.Provider.track_{name}", axes=axes, unit=unit), [[told, untold]])
        for name, unit in (("makespan", "seconds"), ("runs_failed", "runs"))
    ]
    return text_of(_limits(measured(*rows)))


def test_whether_it_helps_to_say_when_to_come_again() -> None:
    assert "makes no difference" in provider(3, 3)
    assert "1 negotiation fails in all, where it does not 9." in provider(1, 9)
    assert "In none of them anything goes wrong (0)." in provider(0, 0)


def test_faults_that_end_as_they_should() -> None:
    text = text_of(faulty.write(faults([0, 2, 2]), WORDING))
    assert "3 cases end as a robust SDK would, 0 not." in text
    assert "By outcome: 1 recovered and 2 typed error." in text
    assert "Not as expected" not in text
    assert "Who waits" not in text


def test_a_hang_has_its_proof_and_its_first_commit() -> None:
    made = faults(
        [0, 2, 0],
        [HANG, 2, 3],
        [HANG, "n/a", 3],
        notes={CASES[0]: "nothing is runnable; waiting:\nclient.py:7 in ask"},
    )
    section = faulty.write(made, WORDING)
    text = text_of(section)
    assert "offer: hangs: nothing is runnable; waiting: client.py:7 in ask" in text
    assert "1 case of the catalogue cannot happen to this SDK." in text
    assert "offerhangsrecovered / typed errorhang00000001" in text
    assert section is not None
    said = "".join(s if isinstance(s, str) else s.text for s in section.findings[0][1])
    assert said == "Of 2 faults 2 end otherwise than in a robust SDK; 1 hangs for ever."


def test_a_case_that_always_ended_so_is_said_to() -> None:
    assert "hang00000000 or before" in text_of(
        faulty.write(faults([HANG, 0, 0], [HANG, 0, 0]), WORDING)
    )


def test_faults_that_end_alike_share_a_row() -> None:
    text = text_of(faulty.write(faults([3, 3, 0]), WORDING))
    assert "hangs; 429" in text


@pytest.mark.parametrize(("swallowed", "said"), [(0, "ends cleanly"), (2, "goes on to its plan")])
def test_cancellation(swallowed: int, said: str) -> None:
    scenarios = ["'plan'", "'ask_one'"]
    rows: list[Row] = [
        (over(f"cancellation.Run.{name}", "scenario", scenarios, unit="points"),
         [[value, 0 if name != "track_points" else 5]])
        for name, value in (("track_points", 7), ("track_swallowed", swallowed))
    ]  # fmt: skip
    section = endurance.write_cancellation(measured(*rows), WORDING)
    assert section is not None
    finding = "".join(s if isinstance(s, str) else s.text for s in section.findings[0][1])
    assert said in finding
    assert "12 points" in text_of(section)


@pytest.mark.parametrize(("left", "said"), [(0, "In none of them"), (64, "leaves 64 B behind")])
def test_leaks(left: int, said: str) -> None:
    info = over("memory.Leak.track_retained_bytes", "mix", ["'plain'", "'faults'"], unit="bytes")
    assert said in text_of(_memory(measured((info, [[0, left]]))))


@pytest.mark.parametrize(
    ("left", "finding"),
    [
        (0, "No mix of negotiations, failed and cancelled ones among them, leaves memory behind"),
        (3, "leaves an object behind with each: at most 3 B."),
        (16, "It leaks: each negotiation of the mix “faults” leaves 16 B behind."),
    ],
)
def test_what_is_less_than_an_object_is_no_leak(left: int, finding: str) -> None:
    info = over("memory.Leak.track_retained_bytes", "mix", ["'plain'", "'faults'"], unit="bytes")
    section = _memory(measured((info, [[0, left]])))
    assert finding in "".join(findings_of(section))
    assert ("by accident" in text_of(section)) == (left == 3)


PLACE = "sdk/engine.py:12 in Engine.run.<locals>.ask"


def hot(beyond: float) -> str:
    ranks = ["'all'", "'1'"]
    axes = {"scenario": ["'ask_all'"], "rank": ranks}
    rows: list[Row] = [
        (over("hotspots.Work.track_bytecodes_with_libraries", "rank", ["'all'", "'1'", "'2'"],
              unit="bytecodes"), [[1000, 400, "n/a"]]),
        (asked("hotspots.Waits.track_seconds", axes=axes, unit="seconds"), [[9, 5]]),
        (asked("hotspots.Waits.track_beyond_critical_path", axes=axes, unit="seconds"),
         [[beyond, beyond]]),
    ]  # fmt: skip
    work = f"{PLACE}\n400 of 1,000 bytecodes, library code included\nmost of its own on line 14"
    wait = "sdk/center.py:7 in Center.tools\nmodel calls: 5 question; at most 1 at once"
    notes: Notes = {("negotiation.hotspots.Work.track_bytecodes_with_libraries", ("1",)): work}
    for name in ("track_seconds", "track_beyond_critical_path"):
        notes[f"negotiation.hotspots.Waits.{name}", ("ask_all", "1")] = wait
    made = measured(*rows, notes=notes)
    return text_of(bottlenecks.write(made, WORDING))


def test_bottlenecks_are_ranked_by_their_share() -> None:
    text = hot(4)
    assert re.search(r"1\. Center\.tools \(sdk/center\.py:7\) waits for 5 s .* 4 s of which", text)
    assert re.search(r"2\. Engine\.run\.ask \(sdk/engine\.py:12\) makes up 40 % of the work", text)
    assert "Most of its own work is done on line 14." in text
    assert "Waited for meanwhile: 5 question; at most 1 at once." in text


def test_where_no_time_can_be_saved_it_says_so() -> None:
    text = hot(0)
    assert "No virtual time can be saved" in text
    assert "Center.tools (sdk/center.py:7) waits" not in text


def test_the_history_names_what_got_worse_and_who_undid_it() -> None:
    info = series("m.C.track_seconds", unit="seconds", group="virtual time")
    text = text_of(changes.write(measured((info, [1, 3, 1]))))
    assert "00000001" in text
    assert "1 s3 sx300000002" in text


def test_one_commit_has_no_history() -> None:
    assert changes.write(measured((series("m.C.track_a"), [1]))) is None


def test_live_figures_stand_alone() -> None:
    info = over("live.Run.track_seconds", "scenario", ["'plan'"], group="live",
                unit="seconds", kind="sampled")  # fmt: skip
    made = measured((info, [[42.0]]), *[(i, v[1:]) for i, v in baseline()])
    assert "42 s" in text_of(live.write(made))
    document = write(made)
    with_it = [part.title for part in document.sections if "42 s" in text_of(part)]
    assert with_it == ["A real model"]
    assert "No real model was asked" not in text_of(document)


def test_a_section_whose_series_have_other_parameters_is_left_out_with_a_line() -> None:
    """The report goes on, whatever the parameters of one series are called."""
    renamed = over("scaling.Agents.track_makespan", "people", ["5", "100"], unit="seconds")
    words = over("scaling.Agents.track_makespan", "agents", ["'few'", "'many'"], unit="seconds")
    second = asked(
        "baseline.Run.track_makespan",
        axes={"scenario": ["'plan'"], "mode": ["'a'", "'b'"]},
        unit="seconds",
    )
    for row, said in (
        ((renamed, [[1, 2]]), "negotiation.scaling.Agents.track_makespan has no parameter agents"),
        ((words, [[1, 2]]), "few is no number"),
        ((second, [[1, 2]]), "negotiation.baseline.Run.track_makespan has 2 values by scenario"),
    ):
        rest = faults([1, 1, 1])
        made = measured(row, (rest.history.series[0].series, [[1, 1, 1]]))
        text = text_of(write(made))
        assert f"A section is left out: {said}." in text
        assert "faults was injected" in text


@pytest.mark.parametrize("axis", ["other", ""])
def test_no_section_ends_in_an_error_of_ours(axis: str) -> None:
    """Each series of the suite, with another parameter or with none."""
    assert len(SUITE) > 30
    for whole in SUITE:
        name = whole.removeprefix("negotiation.")
        info = over(name, axis, ["'x'"]) if axis else asked(name)
        assert text_of(write(measured((info, [1]))))
