"""What a report says of what only some SDKs have for their agents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_history import Value, series
from made_report import Notes, Row, findings_of, measured, text_of

from unladen.capabilities.agent.report import (
    REPORT,
    approval,
    conversations,
    guardrails,
    teams,
    time_limits,
    tools,
    tracing,
)
from unladen.report.commit_results import CommitResults
from unladen.store.records import NotApplicable, Record
from unladen.store.series import SeriesInfo

KEPT = ("'handed on'", "'sqlite'")
TURNS = ("1", "5", "25")
SECONDS = {"unit": "seconds", "group": "virtual time"}
SECTIONS = (conversations, teams, approval, guardrails, time_limits, tracing)


def over(name: str, axis: str, *points: str, **changes: object) -> SeriesInfo:
    """A series over one parameter."""
    return series(name, **{"axes": {axis: points}, **changes})


def test_nothing_is_said_where_nothing_was_measured() -> None:
    nothing = measured((series(), [1]), (over(f"{tracing.CLASS}.track_spans", "tracing"), [[]]))
    assert [section.write(nothing) for section in SECTIONS] == [None] * len(SECTIONS)


def test_each_is_in_the_report() -> None:
    assert {section.write for section in SECTIONS} <= set(REPORT.sections)


def talks(handed_on: list[Value], in_sqlite: list[Value], forgotten: int = 0) -> CommitResults:
    """Function calls of the last of 1, 5 and 25 turns, in two stores."""
    axes = {"kept": KEPT, "turns": TURNS}
    rows: list[Row] = [
        (
            series(f"{conversations.TURNS}.track_function_calls", axes=axes,
                   holds={"latency_s": 1.137}),
            [[*handed_on, *in_sqlite]],
        ),
        (
            series(f"{conversations.TURNS}.track_turns_forgotten", axes=axes, unit="turns"),
            [[0, 0, 0, 0, 0, forgotten]],
        ),
    ]  # fmt: skip
    return measured(*rows)


def test_turns_that_cost_the_same_are_no_finding() -> None:
    section = conversations.write(talks([399, 399, 399], [763, 694, 694]))
    text = text_of(section).replace("\n", "")
    assert "for which the model takes 1.137 s" in text
    assert "Function calls of the last of so many turns.kept1525handed on399399399sqlite763" in text
    assert "A conversation of 25 turns, by what keeps it." in text
    assert findings_of(section) == []


def test_turns_that_grow_dearer_are_a_finding_of_the_store_where_they_do_so_most() -> None:
    (finding,) = findings_of(conversations.write(talks([400, 400, 600], [500, 900, 2700])))
    assert finding == (
        "Turns of a conversation grow dearer (sqlite): turn 5 takes 900 function calls, turn 25 "
        "2,700."
    )


def test_turns_that_are_forgotten_are_a_finding() -> None:
    (finding,) = findings_of(conversations.write(talks([1, 1, 1], [1, 1, 1], forgotten=25)))
    assert finding == "Of a conversation of 25 turns (sqlite) 25 are forgotten."


@pytest.mark.parametrize(("left", "number"), [(16, 0), (2_000_100, 1)])
def test_a_conversation_that_stays_for_good_is_a_finding(left: int, number: int) -> None:
    holds = {"bytes": 2e6, "further_turns": 4.0}
    rows: list[Row] = [
        (over(f"{conversations.LARGE}.track_{name}", "kept", *KEPT, unit="bytes", holds=holds),
         [[0, value]])
        for name, value in (("retained_bytes", 2_000_300), ("bytes_left", left))
    ]  # fmt: skip
    section = conversations.write(measured(*rows))
    assert "whose first turn has 2 MB, and 4 further turns." in text_of(section)
    found = findings_of(section)
    assert len(found) == number
    assert all("stays in memory (sqlite): 2 MB of 2 MB" in one for one in found)


def lacking(*params: str) -> CommitResults:
    """Of tool calls that wait for approval these are not applicable."""
    info = over(f"{approval.CLASS}.track_makespan", "calls", "1", "5", **SECONDS)
    values: list[Value] = ["n/a" if point in params else 2.5 for point in ("1", "5")]
    gaps = tuple(NotApplicable(info.name, (point,), "it has no approval") for point in params)
    return replace(measured((info, [values])), record=Record(not_applicable=gaps))


def test_what_an_sdk_lacks_is_told_once_with_its_reason() -> None:
    assert text_of(approval.write(lacking("1", "5"))).splitlines() == [
        "Without a value:",
        "not applicable: it has no approval",
    ]


def test_where_it_lacks_a_part_only_that_is_named() -> None:
    text = text_of(approval.write(lacking("5")))
    assert "2.5 s" in text
    assert text.splitlines()[-1] == "5: not applicable: it has no approval"


def test_what_could_not_be_measured_is_no_news_where_the_rest_of_it_was() -> None:
    """Such as how late something ends that never does."""
    rows: list[Row] = [
        (over(f"{time_limits.CLASS}.track_outcome", "what", "'a tool'", codes=("answered", "hang")),
         [[0]]),
        (over(f"{time_limits.CLASS}.track_seconds_late", "what", "'a tool'", **SECONDS), [["n/a"]]),
    ]  # fmt: skip
    assert "Without a value" not in text_of(time_limits.write(measured(*rows)))


def asking(one: float, many: float) -> list[str]:
    info = over(f"{teams.ASKING}.track_makespan", "agents", "1", "5", **SECONDS)
    return findings_of(teams.write(measured((info, [[one, many]]))))


def test_agents_that_do_not_overlap_are_a_finding() -> None:
    assert asking(3.41, 3.41) == []
    (finding,) = asking(3.41, 7.96)
    assert finding == (
        "Agents that are asked together do not work together: 1 takes 3.41 s, 5 take 7.96 s."
    )


def handing(asked: int) -> CommitResults:
    rows: list[Row] = [
        (over(f"{teams.HAND_OVER}.track_{name}", "hand_overs", "1", "5"), [values])
        for name, values in (("model_calls", [2, asked]), ("function_calls", [606, 1190]))
    ]
    return measured(*rows)


def test_hand_overs_that_ask_the_model_too_often_are_a_finding() -> None:
    section = teams.write(handing(6))
    assert "Each further hand-over takes 146 function calls." in text_of(section)
    assert findings_of(section) == []
    (finding,) = findings_of(teams.write(handing(11)))
    assert "handed over 5 times the model is asked 11 times" in finding


@pytest.mark.parametrize(("asked", "number"), [(2, 0), (3, 1)])
def test_a_run_that_asks_again_when_it_was_approved_is_a_finding(asked: int, number: int) -> None:
    rows: list[Row] = [
        (over(f"{approval.CLASS}.track_model_calls", "calls", "1"), [[asked]]),
        (over(f"{approval.CLASS}.track_function_calls", "calls", "1"), [[900]]),
        (over(f"{tools.AT_ONCE}.track_function_calls", "calls", "1"), [[600]]),
    ]
    section = approval.write(measured(*rows))
    said = "With 1 call to be approved it makes 900 function calls; without approval 600: 50 % more"
    assert said in text_of(section)
    assert len(findings_of(section)) == number


CHECKS = tuple(map(repr, (guardrails.NONE, guardrails.PASSES, guardrails.STOPPED, guardrails.LATE)))


def checked(tool_calls: list[Value], tasks: int = 0) -> CommitResults:
    rows: list[Row] = [
        (over(f"{guardrails.CLASS}.track_{name}", "check", *CHECKS), [values])
        for name, values in (
            ("function_calls", [900, 1000, 600, 1100]),
            ("model_calls", [2, 2, 1, 2]),
            ("tools_called", tool_calls),
            ("tasks_left", [0, 0, tasks, 0]),
        )
    ]
    notes: Notes = {(f"{guardrails.CLASS}.track_model_calls", (guardrails.STOPPED,)): "Refused: no"}
    return measured(*rows, notes=notes)


def test_guardrails_say_what_they_cost_and_how_a_run_is_stopped() -> None:
    section = guardrails.write(checked([1, 1, 0, 0]))
    text = text_of(section)
    assert "passes takes 1,000 function calls; without a check 900: 11 % more." in text
    assert "A run that is stopped ends so: Refused: no." in text
    assert findings_of(section) == []


def test_tools_that_are_called_of_what_is_stopped_are_a_finding() -> None:
    said = "A check of what is asked does not hold tools back"
    late = findings_of(guardrails.write(checked([1, 1, 0, 1])))
    assert late == [f"{said} (asked, stopped late): 1 tool was called by then."]
    soon = findings_of(guardrails.write(checked([1, 1, 2, 1])))
    assert soon == [f"{said} (asked, stopped): 2 tools were called by then."]


def test_tasks_that_a_checked_run_leaves_are_a_finding() -> None:
    found = findings_of(guardrails.write(checked([1, 1, 0, 0], tasks=1)))
    assert found == ["A run that is checked leaves 1 task behind (asked, stopped)."]


CODES = ("answered", "time-out", "typed error", "untyped crash", "hang")


def limited(outcome: int, late: Value, left: int) -> list[str]:
    """Findings of a tool that takes too long."""
    rows: list[Row] = [
        (over(f"{time_limits.CLASS}.track_{name}", "what", "'a tool'", **changes), [[value]])
        for name, value, changes in (
            ("outcome", outcome, {"codes": CODES}),
            ("seconds_late", late, SECONDS),
            ("left", left, {"unit": "tasks"}),
            ("ticks_after_end", 3 * left, {"unit": "ticks"}),
        )
    ]
    return findings_of(time_limits.write(measured(*rows)))


def test_limits_that_do_not_hold_are_a_finding() -> None:
    assert limited(0, 0.0, 0) == limited(1, 0.0, 0) == []
    assert limited(0, 94.65, 0) == [
        "A limit of time does not hold (a tool): it is exceeded by 94.7 s."
    ]
    assert limited(4, "n/a", 0) == [
        "A limit of time does not hold (a tool): the run ends in a hang."
    ]
    assert limited(1, 0.0, 2) == [
        "What took too long goes on when the run has ended (a tool): 2 left, 6 more done."
    ]


@pytest.mark.parametrize(("calls", "number"), [(2724, 0), (4800, 1)])
def test_tracing_that_costs_much_is_a_finding(calls: int, number: int) -> None:
    rows: list[Row] = [
        (over(f"{tracing.CLASS}.track_{name}", "tracing", "'off'", "'on'", **changes), [values])
        for name, values, changes in (
            ("spans", [0, 12], {"unit": "spans", "holds": {"turns": 5}}),
            ("function_calls", [2400, calls], {}),
        )
    ]
    notes: Notes = {(f"{tracing.CLASS}.track_spans", (tracing.ON,)): "6 model\n5 tool\n1 assistant"}
    section = tracing.write(measured(*rows, notes=notes))
    text = text_of(section)
    assert "A run of 5 turns with a call of a tool each" in text
    assert "They are: 6 model; 5 tool; 1 assistant." in text
    assert f"It makes {calls:,} function calls with tracing, 2,400 without" in text
    assert len(findings_of(section)) == number
