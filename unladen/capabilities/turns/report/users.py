"""Turns of many users at once."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of

AT_ONCE = "turns.users.AtOnce"
USERS = "turns.users.Users"
WORK = "turns.users.Work"
GROWTH = "turns.users.Growth"

_AT_ONCE: Rows = (
    ("until the last is answered", "track_makespan"),
    ("calls in flight at most", "track_peak_in_flight"),
    ("turns that failed", "track_turns_failed"),
)
_USERS: Rows = (
    ("until the last is answered", "track_makespan"),
    ("SQL statements", "track_statements"),
    ("rows written", "track_rows_written"),
    ("turns lost", "track_turns_lost"),
)

_GROWTH: Rows = (
    ("growth exponent", "track_exponent"),
    ("between two numbers of users", "track_largest_local_exponent"),
)


def write(results: CommitResults) -> Section | None:
    """How long users wait, what their turns take, and what is lost."""
    peak = results.series(f"{AT_ONCE}.track_peak_in_flight")
    if peak is None:
        return None
    text = Prose()
    text.say(
        "The model takes {} a call; the runtime may work on {} at the same time. Lost is a turn "
        "that was answered and is not there when its session is loaded again.",
        peak.held("latency_s", "s"),
        peak.held("allowed", "turn", "turns"),
    )
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, AT_ONCE, _AT_ONCE, "turns", sentence("Turns at once, of a user each.")),
    ]
    statements = results.series(f"{USERS}.track_statements")
    for turns in [] if statements is None else statements.points("turns"):
        caption = sentence("Users at once, by their number; turns of each: {}.", Fact(turns))
        blocks += table_of(results, USERS, _USERS, "users", caption, turns=turns)
    blocks += table_of(
        results,
        GROWTH,
        (
            ("growth exponent", "track_exponent"),
            ("between neighbours", "track_largest_local_exponent"),
        ),
        "quantity",
        sentence("Its growth with the number of users, of a turn each (one: each costs as much)."),
    )
    return Section(
        "Many users at once", blocks, [*_serial(peak), *_lost(results), *_grows(results)]
    )


def _serial(peak: Series) -> list[tuple[int, Spans]]:
    """One turn after the other, though more are allowed."""
    allowed = peak.held("allowed")
    in_flight = peak.at(turns="20") if peak.has(turns="20") else None
    if allowed is None or in_flight is None or in_flight.value > 1:
        return []
    makespan = peak.results.value(f"{AT_ONCE}.track_makespan", turns="20")
    if makespan is None:
        return []
    said = (
        "One turn is worked on after the other, though {} are allowed at the same time: with {} of "
        "them at once there is {} in flight at most, and the last one is answered after {}."
    )
    return [(0, sentence(said, allowed, Fact("20"), in_flight, makespan))]


def _lost(results: CommitResults) -> list[tuple[int, Spans]]:
    """Turns that are acknowledged and gone."""
    lost = results.value(f"{USERS}.track_turns_lost", users="20", turns="5")
    if lost is None or lost.value == 0:
        return []
    said = (
        "Of {} users with {} turns each, {} are lost: answered, and gone when it is loaded again."
    )
    return [(0, sentence(said.replace("it is", "a session is"), Fact("20"), Fact("5"), lost))]


def _grows(results: CommitResults) -> list[tuple[int, Spans]]:
    """More work for each user the more there are."""
    exponent = results.value(f"{GROWTH}.track_exponent", quantity="statements")
    if exponent is None or exponent.value < _MUCH:
        return []
    said = (
        "SQL statements grow with the number of users to the power of {}: who waits for others "
        "executes statements meanwhile."
    )
    return [(0, sentence(said, exponent))]


_MUCH = 1.3
"""An exponent from which on each further user makes the others dearer."""
