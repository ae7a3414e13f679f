"""Levels held against results, and what tokens cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from made_history import outcomes, series
from made_report import measured

from unladen.commands.levels import as_json, exit_code, text
from unladen.errors import UserError
from unladen.labels.check import WrongValue
from unladen.report.commit_results import CommitResults
from unladen.report.document import Table
from unladen.report.figures import Fact, Figure
from unladen.report.held_levels import held_levels
from unladen.report.money import money
from unladen.report.sections import levels as section
from unladen.results.bounds import Met
from unladen.results.levels import Level, LevelCriterion, Levels
from unladen.results.loads import KeptLoad

TURNS = {"turns": ["1", "10"]}
PROMPTS = series(
    "m.Journey.track_prompt_tokens",
    axes=TURNS,
    unit="tokens",
    question="tokens.prompt_tokens",
    roles={"turns": "steps"},
)
ANSWERS = series(
    "m.Journey.track_reply_tokens", axes=TURNS, unit="tokens", question="tokens.reply_tokens"
)
SECONDS = series("m.C.track_seconds", unit="seconds", group="virtual time")
RAMP = KeptLoad(
    target="toy",
    commit="2" * 40,
    options=["22222222"],
    engine="virtual",
    profile="ramp",
    seconds=60.0,
    trouble="it froze",
    figures={"latency.p95": 1.25, "recovery_s": None},
)


def named(name: str = "it is so", **written: object) -> LevelCriterion:
    return LevelCriterion(name=name, **written)  # type: ignore[arg-type]


FAST = named(series="m.C.track_seconds", below=5)
SLOW = named(series="m.C.track_seconds", above=5)
ABSENT = named(series="m.C.track_nothing", below=5)
CHEAP = named(
    "a cent", series="m.Journey.track_prompt_tokens", cell={"turns": "10"}, priced_as="gpt-4",
    below=0.01,
)  # fmt: skip


def results(*levels: Sequence[LevelCriterion]) -> CommitResults:
    made = measured(
        (SECONDS, [3.0, 4.5]),
        (series("m.C.track_failed"), [1, "failed"]),
        (series("m.C.track_wrong"), [1, WrongValue(1)]),
        (PROMPTS, [[8, 3000], [8, 3000]]),
        (ANSWERS, [[8, 300], [8, 300]]),
        (outcomes(), [[4, 0, 0], [4, 0, 0]]),
    )
    names = ("basic", "professional", "enterprise")
    wanted = [Level(name, criteria) for name, criteria in zip(names, levels, strict=False)]
    about = Levels("What it has to reach", "its plan", wanted)
    return replace(made, levels=about, loads={"ramp": RAMP})


def one(criterion: LevelCriterion) -> tuple[Met, str, str]:
    """What becomes of a criterion; what is measured, or why nothing; what it is held against."""
    (level,) = held_levels(results([criterion]))
    (judged,) = level.criteria
    figure = judged.cited.figure
    return judged.met, judged.cited.why if figure is None else figure.text, judged.limit


def test_a_criterion_is_met_or_not_by_its_series() -> None:
    assert one(FAST) == (Met.YES, "4.5 s", "< 5 s")
    assert one(SLOW) == (Met.NO, "4.5 s", "> 5 s")


def test_what_is_not_measured_is_neither() -> None:
    assert one(ABSENT) == (Met.UNMEASURED, "there is no such series", "< 5")
    assert one(named(unmeasured="no meter")) == (Met.UNMEASURED, "no meter", "")
    of_another_cell = named(series="m.C.track_seconds", cell={"users": "3"}, below=5)
    assert one(of_another_cell)[:2] == (
        Met.UNMEASURED,
        "m.C.track_seconds has no parameter users",
    )


def test_what_failed_or_went_wrong_meets_nothing() -> None:
    met, why, _ = one(named(series="m.C.track_failed", below=5))
    assert (met, why) == (Met.NO, "failed: ValueError: broken")
    assert one(named(series="m.C.track_wrong", below=5))[0] is Met.NO


def test_a_code_is_held_against_words() -> None:
    hangs = {"series": "talk.faults.Run.track_outcome", "cell": {"fault": "offer: hangs"}}
    assert one(named(**hangs, one_of=["typed error", "hang"])) == (
        Met.YES,
        "hang",
        "typed error or hang",
    )
    assert one(named(**hangs, one_of=["recovered"])) == (Met.NO, "hang", "recovered")


def test_a_load_that_broke_off_meets_nothing_that_it_lacks() -> None:
    assert one(named(load="ramp", figure="latency.p95", below=2)) == (Met.YES, "1.25 s", "< 2 s")
    assert one(named(load="ramp", figure="latency.p99", below=2))[0] is Met.NO
    assert one(named(load="ramp", figure="recovery_s", below=30)) == (Met.NO, "never", "< 30 s")
    assert one(named(load="soak", figure="latency.p95", below=2))[0] is Met.UNMEASURED


def test_a_step_costs_what_its_share_of_the_tokens_does() -> None:
    """3,300 tokens at 3 cents for 1,000, over ten turns."""
    assert one(CHEAP) == (Met.YES, "$0.0099", "< $0.01")
    other = {"series": CHEAP.series, "cell": CHEAP.cell, "below": 0.01}
    assert one(named(**other, priced_as="gpt-5"))[:2] == (Met.UNMEASURED, "gpt-5 has no price")
    alone = replace(results([CHEAP]), history=measured((PROMPTS, [[8, 3000], [8, 3000]])).history)
    (level,) = held_levels(alone)
    assert level.criteria[0].cited.why == "it counts no tokens that could be priced"
    no_tokens = named(series="m.C.track_seconds", priced_as="gpt-4", below=1)
    assert one(no_tokens)[1] == "it counts no tokens that could be priced"


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [(0, "$0"), (0.00123456, "$0.00123"), (0.1, "$0.1"), (12, "$12"), (1234.4, "$1,230")],
)
def test_money_has_three_digits(dollars: float, shown: str) -> None:
    assert money(dollars) == shown


def test_a_level_is_met_if_nothing_of_it_fails_and_something_was_measured() -> None:
    needed = named(series="m.C.track_nothing", below=5, required=True)
    measured_levels = held_levels(results([FAST, ABSENT], [FAST, SLOW], [ABSENT]))
    assert [level.met for level in measured_levels] == [Met.YES, Met.NO, Met.UNMEASURED]
    assert [level.met for level in held_levels(results([FAST, needed]))] == [Met.NO]


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ([[FAST]], 0),
        ([[FAST], [ABSENT]], 0),
        ([[FAST], [SLOW]], 1),
        ([[ABSENT], [SLOW]], 1),
        ([[ABSENT]], 3),
    ],
)
def test_the_exit_code_says_what_they_come_to(
    levels: Sequence[Sequence[LevelCriterion]], code: int
) -> None:
    assert exit_code(held_levels(results(*levels))) == code


def test_only_the_levels_that_are_named_are_judged() -> None:
    found = results([FAST], [SLOW])
    assert [one.level.name for one in held_levels(found, ["professional"])] == ["professional"]
    with pytest.raises(UserError, match="no level is called 'profesional'; did you mean prof"):
        held_levels(found, ["profesional"])
    with pytest.raises(UserError, match=r"has no levels\.toml beside its driver"):
        held_levels(replace(found, levels=None))


def test_the_command_tells_each_criterion_on_a_line() -> None:
    (level,) = held_levels(results([FAST, ABSENT, CHEAP]))
    assert text(level).splitlines() == [
        "basic: met",
        "  met           it is so: 4.5 s, to be < 5 s (m.C.seconds)",
        "  not measured  it is so: there is no such series",
        "  met           a cent: $0.0099, to be < $0.01 (m.Journey.prompt_tokens as gpt-4)",
    ]
    found = results([FAST, ABSENT, named(load="ramp", figure="recovery_s", below=30)])
    data = as_json(found, held_levels(found))
    assert (data["version"], data["commit"]) == (1, found.commit.hash)
    (told,) = data["levels"]
    assert told["met"] == "not met"
    assert [each["value"] for each in told["criteria"]] == [4.5, None, None]
    assert [each["why"] for each in told["criteria"]] == ["", "there is no such series", ""]


def test_the_report_has_a_table_for_each_level() -> None:
    found = section.write(results([FAST, ABSENT], [SLOW, named(unmeasured="no meter")]))
    assert found is not None
    tables = [block for block in found.blocks if isinstance(block, Table)]
    rows = [["".join(_shown(span) for span in cell) for cell in row] for row in tables[1].rows]
    assert rows == [
        ["it is so", "> 5 s", "4.5 s", "m.C.seconds", "not met"],
        ["it is so", "–", "no meter", "–", "not measured"],
    ]
    ((_, finding),) = found.findings
    assert "".join(map(_shown, finding)) == (
        "What it has to reach: basic is met (1 met, 0 not met, 1 not measured); "
        "professional is not met (0 met, 1 not met, 1 not measured)."
    )
    assert section.write(replace(results([FAST]), levels=None)) is None


def _shown(span: str | Fact | Figure) -> str:
    return span if isinstance(span, str) else span.text
