"""Of two commits that end otherwise it is said where what they do parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_sources import FILE, Row, own, side
from tiny_project import empty_history

from unladen.explain.code import Key
from unladen.explain.contexts import ModelCall, OwnFrame, RaisedError, Side, TraceStep
from unladen.explain.matching import Matching
from unladen.explain.outcomes import Outcomes, explain_outcomes
from unladen.explain.outcomes_json import outcomes_json
from unladen.explain.outcomes_text import outcomes_lines
from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository

CONTEXTS: list[Row] = [(-1, own("run"), 0, 1, {1: 1}), (0, own("ask"), 3, 1, {1: 1})]
RUN, ASK = 0, 1
ASKED = OwnFrame(Key(FILE, "ask"), 12)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    """A commit that changes the third line of the file."""
    history = empty_history(tmp_path_factory.mktemp("outcomes") / "clone")
    for number in (1, 2):
        text = f"def run():\n    ask()\n    value = {number}\n"
        history.commit(f"{number}", {f"src/{FILE}": text}, number)
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, before, after, ["src"])


def did(*steps: tuple[int, int], calls: str = "", raised: int = 0) -> Side:
    """A side that ran lines in contexts, whose model calls ended so, with so many time-outs."""
    return replace(
        side(CONTEXTS),
        steps=[TraceStep(*one) for one in steps],
        calls=[ModelCall("offer", "a1", outcome, [ASKED]) for outcome in calls.split()],
        raised=[RaisedError(TraceStep(ASK, 12), "Timeout", raised)] if raised else [],
    )


def explained(
    before: Side, after: Side, *changed: str, rewritten: tuple[int, ...] = ()
) -> Outcomes:
    matching = Matching(why={Key(FILE, name): "changed" for name in changed})
    texts = (
        lambda _, line: f"line {line}",
        lambda _, line: f"line {line}{' anew' if line in rewritten else ''}",
    )
    return explain_outcomes(before, after, matching, texts)


def test_they_part_after_the_last_line_that_both_ran() -> None:
    found = explained(
        did((RUN, 1), (ASK, 11), (ASK, 12)), did((RUN, 1), (ASK, 11), (ASK, 14)), "run"
    )
    parting = found.parting
    assert parting is not None
    assert parting.last is not None
    assert parting.before is not None
    assert parting.after is not None
    assert parting.common == 2
    assert [one.line for one in (parting.last, parting.before, parting.after)] == [11, 12, 14]
    assert parting.after.key == Key(FILE, "ask")
    assert found.causes == [Key(FILE, "run")]


def test_a_line_that_only_reads_otherwise_is_no_parting() -> None:
    lines = (RUN, 1), (ASK, 11), (ASK, 12)
    assert explained(did(*lines), did(*lines), "ask", rewritten=(11,)).parting is None
    elsewhere = explained(did(*lines), did(*lines), "run", rewritten=(11,)).parting
    assert elsewhere is not None
    assert elsewhere.common == 1


def test_one_that_goes_on_parts_at_the_end_of_the_other() -> None:
    found = explained(did((RUN, 1)), did((RUN, 1), (ASK, 11)), "ask").parting
    assert found is not None
    assert (found.common, found.before) == (1, None)
    assert found.causes == [Key(FILE, "ask")]


def test_the_first_model_call_that_differs_is_named() -> None:
    found = explained(did(calls="ok ok"), did(calls="ok Timeout ok"), "ask").call
    assert found is not None
    assert found.number == 2
    assert found.before is not None
    assert found.after is not None
    assert (found.before.call.outcome, found.after.call.outcome) == ("ok", "Timeout")
    assert found.after.cause == Key(FILE, "ask")
    more = explained(did(calls="ok"), did(calls="ok ok")).call
    assert more is not None
    assert (more.number, more.before) == (2, None)


def test_exceptions_that_come_up_more_or_less_often_are_told() -> None:
    found = explained(did(raised=1), did(raised=3), "ask")
    (one,) = found.raised
    assert (one.name, one.times, one.where.key) == ("Timeout", (1, 3), Key(FILE, "ask"))
    assert found.causes == [Key(FILE, "ask")]


def test_two_that_do_the_same_have_no_cause() -> None:
    same = did((RUN, 1), (ASK, 11), calls="ok", raised=1)
    found = explained(same, same, "run", "ask")
    assert (found.parting, found.call, found.raised, found.causes) == (None, None, [], [])


def test_text_and_json_say_what_the_commit_touches(pair: CommitPair) -> None:
    found = explained(
        did((RUN, 1), (ASK, 2), (RUN, 9), calls="ok"),
        did((RUN, 1), (ASK, 3), (ASK, 4), calls="Timeout", raised=1),
        "ask",
    )
    lines = [" ".join(one.split()) for one in outcomes_lines(found, pair, everything=False)]
    assert lines == [
        "the traces part after 1 lines of the SDK's own code (* the commit touches it)",
        "last run:1: line 1",
        "before ask:2: line 2",
        "now * ask:3: line 3",
        "the first model call that differs is number 1",
        "before offer of a1: ok, by ask:12 for ask",
        "now offer of a1: Timeout, by ask:12 for ask",
        "exceptions that come up in the SDK's own code, by function",
        "0 -> 1 times: Timeout in ask:12: line 12",
    ]
    told = outcomes_json(found, pair)
    assert told["traces_part"]["after"]["is_touched"]
    assert told["first_call"]["after"]["outcome"] == "Timeout"
    assert told["raised"][0]["times"] == [0, 1]


def test_those_come_first_of_whom_most_is_said() -> None:
    before, after = did((RUN, 1), calls="ok"), did((RUN, 1), (RUN, 3), calls="Timeout")
    assert explained(before, after, "run", "ask").causes == [Key(FILE, "run"), Key(FILE, "ask")]
    struck = replace(after, raised=did(raised=1).raised)
    assert explained(before, struck, "run", "ask").causes == [Key(FILE, "ask"), Key(FILE, "run")]
