"""Conversations, in each store that the SDK ships and that needs no server."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, written
from unladen.report.tables import Rows, pivot_of, table_of
from unladen.report.without import without

TURNS = "agent.stores.Turns"
GROWTH = "agent.stores.Growth"
LARGE = "agent.stores.Large"

_LAST_TURN: Rows = (
    ("virtual time of the last turn", "track_seconds"),
    ("its bytecodes in the SDK's own files", "track_sdk_bytecodes"),
    ("its SQL statements", "track_statements"),
    ("rows that it changes", "track_rows_changed"),
    ("function calls of all turns", "track_function_calls_of_all"),
    ("bytes held in memory", "track_retained_bytes"),
    ("bytes kept on disk", "track_stored_bytes"),
    ("turns forgotten", "track_turns_forgotten"),
)
_LARGE: Rows = (
    ("bytes held in memory", "track_retained_bytes"),
    ("bytes kept on disk", "track_stored_bytes"),
    ("bytes left in memory when it is over", "track_bytes_left"),
)

DEARER = 1.3
"""How many times as much the last turn takes as an earlier one where turns grow dearer."""
MUCH_LEFT = 0.5
"""The share of what was said that stays in memory for good, where that is worth a line."""


def write(results: CommitResults) -> Section | None:
    """What turns take, how that grows, and what is kept of them."""
    blocks: list[Block] = [*_turns(results), *_large(results), *without(results, TURNS, LARGE)]
    if not blocks:
        return None
    findings = [*_forgotten(results), *_left(results), *_grows(results)]
    return Section("Conversations", blocks, findings)


def _turns(results: CommitResults) -> list[Block]:
    calls = results.series(f"{TURNS}.track_function_calls")
    text = Prose()
    if calls is not None:
        text.say(
            "A turn is an answer without tools, for which the model takes {}. What was said is "
            "handed on by whoever asks, or the SDK keeps it, in memory or in a database of SQLite, "
            "whose statements take no time.",
            calls.held("latency_s", "s"),
        )
    blocks: list[Block] = [
        *text.paragraph(),
        *pivot_of(
            results,
            f"{TURNS}.track_function_calls",
            "kept",
            "turns",
            sentence("Function calls of the last of so many turns."),
        ),
        *pivot_of(
            results,
            f"{GROWTH}.track_each_turn_adds",
            "kept",
            "quantity",
            sentence("What each turn before adds to a turn."),
        ),
    ]
    if calls is not None:
        longest = calls.points("turns")[-1]
        caption = sentence("A conversation of {} turns, by what keeps it.", Fact(longest))
        blocks += table_of(results, TURNS, _LAST_TURN, "kept", caption, turns=longest)
    return blocks


def _large(results: CommitResults) -> list[Block]:
    series = results.series(f"{LARGE}.track_retained_bytes")
    said = None if series is None else _said(series)
    if series is None or said is None:
        return []
    further = series.held("further_turns", "further turn", "further turns")
    caption = sentence("A conversation whose first turn has {}, and {}.", said, further)
    return table_of(results, LARGE, _LARGE, "kept", caption)


def _said(series: Series) -> Fact | None:
    """The size of the large turn."""
    number = series.info.holds.get("bytes")
    return None if number is None else Fact(written(number, "bytes"))


def _forgotten(results: CommitResults) -> list[tuple[int, Spans]]:
    """Turns of which the model is not told any more."""
    series = results.series(f"{TURNS}.track_turns_forgotten")
    found: list[tuple[int, Spans]] = []
    for kept in series.points("kept") if series is not None else ():
        figures = series.figures(kept=kept) if series is not None else []
        worst = max(figures, key=lambda pair: pair[1].value, default=None)
        if worst is not None and worst[1].value > 0:
            turns = Fact(worst[0]["turns"])
            said = "Of a conversation of {} turns ({}) {} forgotten."
            lost = worst[1].counted("is", "are")
            found.append((0, sentence(said, turns, Fact(kept), lost)))
    return found


def _left(results: CommitResults) -> list[tuple[int, Spans]]:
    """Conversations that are over, and stay in memory."""
    series = results.series(f"{LARGE}.track_bytes_left")
    said = None if series is None else _said(series)
    if series is None or said is None:
        return []
    told = (
        "A conversation that is over and that nobody has any more stays in memory ({}): {} of {}."
    )
    return [
        (0, sentence(told, Fact(params["kept"]), left, said))
        for params, left in series.figures()
        if left.value >= MUCH_LEFT * series.info.holds["bytes"]
    ]


def _grows(results: CommitResults) -> list[tuple[int, Spans]]:
    """The store in which turns grow dearest, if they do."""
    series = results.series(f"{TURNS}.track_function_calls")
    turns = sorted(series.points("turns"), key=as_number) if series is not None else []
    if series is None or len(turns) < 2:
        return []
    pairs = [
        (last.value / before.value, kept, before, last)
        for kept in series.points("kept")
        if (before := series.at(kept=kept, turns=turns[-2])) is not None
        and (last := series.at(kept=kept, turns=turns[-1])) is not None
        and before.value
    ]
    worst = max(pairs, key=lambda pair: pair[0], default=None)
    if worst is None or worst[0] < DEARER:
        return []
    _, kept, before, last = worst
    said = "Turns of a conversation grow dearer ({}): turn {} takes {} function calls, turn {} {}."
    return [(1, sentence(said, Fact(kept), Fact(turns[-2]), before, Fact(turns[-1]), last))]
