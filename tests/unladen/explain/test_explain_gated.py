"""What a gate found, explained in its Markdown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_history import commits, series
from tiny_project import empty_history

from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.gate.model import Finding, GateResult, Judgement
from unladen.explain.code import Key
from unladen.explain.foremost import foremost, is_of_benchmark, told
from unladen.explain.gated import cells_to_explain, section
from unladen.explain.holders import HeldPart, HeldPlace, HoldersOfRetained
from unladen.explain.outcomes import Outcomes, TraceLine, TraceParting
from unladen.explain.retained import Retained, SitePart, SitePlace
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair, pair_of
from unladen.explain.sums import SumCause
from unladen.explain.wait_places import WaitPlace
from unladen.explain.wait_shares import WaitPart
from unladen.explain.waits import Parting, Waits
from unladen.explain.work.explained import Cause, CausePart, ExplainedWork, Place
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository
from unladen.store.series import SeriesInfo, Status

ASK, PLAN = Key("sdk/a.py", "Offers.ask"), Key("sdk/a.py", "plan|`x`")
PLACE = Place("await self._one(n)", "one (sdk/a.py)")
CODE = (
    "a = 2\n\n\nclass Offers:\n    async def ask(self, n):\n        #\n        await self._one(n)\n"
)


def work() -> ExplainedWork:
    causes = [
        Cause(ASK, "changed", 90, (1, 1), [CausePart(PLACE, 7, 90, (1, 5))]),
        Cause(PLAN, "new", 10, (0, 1), [CausePart(Place("x = 1"), 0, 10, (0, 0))]),
    ]
    return ExplainedWork(100, 200, causes, [], 0, [], False)


def waits() -> Waits:
    place = WaitPlace(ASK, "await self._one(n)", "one (sdk/a.py)", "await sleep(1)")
    causes = [SumCause(ASK, "changed", 4.0, [WaitPart(place, 7, (1, 5), 4.0)])]
    return Waits(1.0, 5.0, causes, None)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    history = empty_history(tmp_path_factory.mktemp("gated") / "clone")
    history.commit("first", {"src/sdk/a.py": "a = 1\n"}, 1)
    history.commit("second", {"src/sdk/a.py": CODE}, 2)
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, before, after, ["src"])


def explained(pair: CommitPair, **fields: Any) -> ExplainedPair:
    explain = fields.pop("explain", "work")
    figure = ExplainedFigure(Cell(series("m.C.track_x", explain=explain), 0), work(), **fields)
    return ExplainedPair("sdk", pair, [figure])


def test_of_memory_who_has_it_held_comes_before_who_allocates_it(pair: CommitPair) -> None:
    held = HeldPart(HeldPlace(PLAN, "sdk.a", "Offers._kept (dict)", ["list"]), 90, (1, 9))
    freed = HeldPart(HeldPlace(ASK, "sdk.a", "Offers._old (dict)", []), -40, (4, 0))
    causes = [SumCause(PLAN, "new", 90, [held]), SumCause(ASK, "changed", -40, [freed])]
    made = SitePart(SitePlace(ASK, "one = make(n)", "make"), 7, 50)
    retained = Retained(0, 50, [SumCause(ASK, "changed", 50, [made])])
    found = explained(
        pair,
        explain="retained",
        holders=HoldersOfRetained(0, 50, causes),
        retained=retained,
        is_whole=True,
    )
    (figure,) = found.figures
    assert [(one.key, one.said) for one in foremost(figure)] == [
        (PLAN, "held by Offers._kept (dict) > list"),
        (ASK, "allocated in make: one = make(n)"),
    ]
    assert not is_of_benchmark(figure)
    assert figure.causes[0] == PLAN


def test_the_first_parts_are_told_with_their_lines(pair: CommitPair) -> None:
    text = section(explained(pair), "https://forge.example/o/r/commit/")
    assert text.startswith("#### What it is made of")
    link = f"https://forge.example/o/r/blob/{pair.after.hash}/src/sdk/a.py#L7"
    assert f"[`Offers.ask` sdk/a.py:7]({link}) | +90 bytecodes | 90% |" in text
    assert "`one 1 -> 5 times: await self._one(n)`" in text
    assert "plan\\|'x'" in text


@pytest.mark.parametrize("url", ["#", "", "javascript:alert(1)/commit/"])
def test_where_no_forge_shows_files_nothing_is_linked(pair: CommitPair, url: str) -> None:
    text = section(explained(pair), url)
    assert "](" not in text
    assert "`Offers.ask` sdk/a.py:7 |" in text


def test_of_time_the_waits_are_told(pair: CommitPair) -> None:
    (figure,) = explained(pair, waits=waits(), explain="waits").figures
    (one,) = foremost(figure)
    assert (one.change, one.share, one.line) == ("+4 s", "100%", 7)
    assert one.said == "one waits 1 -> 5 times: await self._one(n)"


def test_of_a_count_that_is_no_sum_the_waits_are_told_first(pair: CommitPair) -> None:
    (figure,) = explained(pair, waits=waits(), explain="counted").figures
    (one,) = foremost(figure)
    assert one.change == "+4 s"
    backwards = replace(work(), causes=work().causes[::-1])
    parted = replace(waits(), parting=Parting(1.0, None, None))
    assert replace(figure, work=backwards, waits=parted).causes == [ASK, PLAN]
    assert replace(figure, work=backwards).causes == [PLAN, ASK]


@pytest.mark.parametrize(("work_before", "first"), [(100, ASK), (120, PLAN)])
def test_of_an_outcome_who_does_most_comes_first_where_twice_as_much_is_done(
    pair: CommitPair, work_before: int, first: Key
) -> None:
    line = TraceLine(PLAN, 1, "a = 2", PLAN)
    parted = Outcomes(("", ""), TraceParting(1, line, None, None), None, [])
    (figure,) = explained(pair, explain="outcomes", outcomes=parted).figures
    spent = replace(work(), before=work_before, after=200)
    assert replace(figure, work=spent).causes[0] == first


def test_of_what_is_retained_the_bytes_are_told(pair: CommitPair) -> None:
    part = SitePart(SitePlace(ASK, "keep(n)", "one (sdk/a.py)"), 7, 90)
    retained = Retained(10, 110, [SumCause(None, "", 10, [part]), SumCause(ASK, "", 90, [part])])
    (figure,) = explained(pair, retained=retained, explain="retained").figures
    (one,) = foremost(figure)
    assert (one.change, one.share, one.line) == ("+90 bytes", "90%", 7)
    assert one.said == "allocated in one: keep(n)"


@pytest.mark.parametrize("kind", ["waits", "retained", "counted", "none"])
def test_what_its_kind_does_not_tell_its_work_does(pair: CommitPair, kind: str) -> None:
    (figure,) = explained(pair, explain=kind).figures
    assert [one.change for one in foremost(figure)] == ["+90 bytecodes", "+10 bytecodes"]


def test_each_kind_of_explanation_has_a_short_form(pair: CommitPair) -> None:
    (figure,) = explained(pair, waits=waits()).figures
    with pytest.raises(TypeError, match="no short form of ExplainedFigure"):
        told(figure)
    assert list(told(None)) == []


def test_why_a_figure_is_not_explained_is_said(pair: CommitPair) -> None:
    figure = ExplainedFigure(Cell(series("m.C.track_x"), 0), None, reason="n/a | `at` c0ffee")
    text = section(ExplainedPair("sdk", pair, [figure]), "#")
    assert "`m.C.x` is not explained: `n/a \\| 'at' c0ffee`" in text


def found(info: SeriesInfo, judgement: Judgement, status: Status = Status.MEASURED) -> Finding:
    after = Sample(status, [2.0] if status.has_value else [])
    return Finding(Cell(info, 0), judgement, Sample(Status.MEASURED, [1.0]), after, 1.0, 0.0)


def test_a_figure_of_each_kind_is_explained_what_is_worse_first() -> None:
    base, head = commits(2)
    findings = [
        found(series("m.C.track_better", group="work"), Judgement.IMPROVEMENT),
        found(series("m.C.track_worse", group="work"), Judgement.REGRESSION),
        found(series("m.C.track_time", group="virtual time"), Judgement.IMPROVEMENT),
        found(series("m.C.track_gone", group="calls"), Judgement.BROKEN, Status.FAILED),
        found(series("m.C.time_cpu", kind="sampled", group="cpu"), Judgement.REGRESSION),
        found(series("m.C.track_same", group="outcome"), Judgement.SAME),
    ]
    result = GateResult("sdk", base, head, "3.11", "lab", findings)
    names = [cell.series.name for cell in cells_to_explain(result)]
    assert names == ["m.C.track_worse", "m.C.track_time"]


def test_paths_are_those_of_the_repository(pair: CommitPair) -> None:
    assert Path(pair.new.paths[ASK.file]) == Path("src/sdk/a.py")


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({"is_whole": True}, True),
        ({"is_whole": False}, False),
        ({"is_whole": True, "waits": waits(), "explain": "waits"}, False),
        ({"is_whole": True, "explain": "waits"}, True),
    ],
)
def test_it_is_said_of_what_the_parts_are(
    pair: CommitPair, fields: dict[str, Any], is_said: bool
) -> None:
    found = explained(pair, **fields)
    assert is_of_benchmark(found.figures[0]) == is_said
    assert ("`m.C.x`, work of its benchmark: cause" in section(found, "#")) == is_said
