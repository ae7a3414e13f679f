"""The tool loop, tools of several kinds, and what a run leaves that ends before its time."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of

TURNS = "agent.tools.Turns"
GROWTH = "agent.tools.Growth"
AT_ONCE = "agent.tools.AtOnce"
KINDS = "agent.kinds.Kinds"
EARLY = "agent.leftovers.Early"

_WORK: Rows = (
    ("virtual time", "track_makespan"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("function calls", "track_function_calls"),
)
_KINDS: Rows = (
    ("outcome", "track_outcome"),
    ("virtual time", "track_seconds"),
    ("tools at once", "track_tools_at_once"),
    ("the loop stands still", "track_longest_blocking"),
    ("tools without the run's context", "track_strange_contexts"),
)
_EARLY: Rows = (
    ("tasks left", "track_tasks_left"),
    ("tools that still run", "track_tools_running"),
    ("what they still do", "track_ticks_after_end"),
    ("until the end", "track_seconds_to_end"),
)

MUCH = 1.3
"""A growth exponent from which on each further turn is dearer than the one before."""


def write(results: CommitResults) -> Section | None:
    """Turns one after the other, tools at the same time."""
    turns = results.series(f"{TURNS}.track_makespan")
    if turns is None:
        return None
    text = Prose()
    text.say(
        "The model takes {} a call, a tool {}.",
        turns.held("latency_s", "s"),
        turns.held("tool_s", "s"),
    )
    rows = (*_WORK, ("bytes held", "track_retained_bytes"))
    growth: Rows = (
        ("growth exponent", "track_exponent"),
        ("between neighbours", "track_largest_local_exponent"),
    )
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(
            results, TURNS, rows, "turns", sentence("So many turns with a call of a tool each.")
        ),
        *table_of(
            results, GROWTH, growth, "quantity", sentence("Its growth with the number of turns.")
        ),
        *table_of(results, AT_ONCE, _WORK, "calls", sentence("So many tool calls in one answer.")),
    ]
    return Section("The tool loop", blocks, [*_grows(results), *_serial(results)])


def _grows(results: CommitResults) -> list[tuple[int, Spans]]:
    """Each turn is dearer than the one before."""
    found = results.value(f"{GROWTH}.track_largest_local_exponent", quantity="function_calls")
    if found is None or found.value < MUCH:
        return []
    said = (
        "Function calls grow with the number of turns to the power of {}: each turn goes through "
        "all turns before it."
    )
    return [(0, sentence(said, found))]


def _serial(results: CommitResults) -> list[tuple[int, Spans]]:
    """Tools that are called together and run one after the other."""
    one = results.value(f"{AT_ONCE}.track_makespan", calls="1")
    many = results.value(f"{AT_ONCE}.track_makespan", calls="20")
    if one is None or many is None or many.value <= one.value:
        return []
    said = "Tools that are called together do not run together: one takes {}, {} take {}."
    return [(0, sentence(said, one, Fact("20"), many))]


def write_kinds(results: CommitResults) -> Section | None:
    """What becomes of tools that wait, block, fail, or take long."""
    outcomes = results.series(f"{KINDS}.track_outcome")
    if outcomes is None:
        return None
    text = Prose()
    text.say(
        "Three tools of a kind in one answer of the model: look waits, read blocks its thread, "
        "fail fails after a while, tick does something each second, many times."
    )
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, KINDS, _KINDS, "tool", sentence("What becomes of them.")),
    ]
    findings: list[tuple[int, Spans]] = []
    blocked = results.value(f"{KINDS}.track_longest_blocking", tool="read")
    if blocked is not None and blocked.value > 0:
        said = "A tool that blocks its thread holds up everything else in the program for {}."
        findings.append((0, sentence(said, blocked)))
    return Section("Tools of several kinds", blocks, findings)


def write_leftovers(results: CommitResults) -> Section | None:
    """What is left of a run that ends early."""
    left = results.series(f"{EARLY}.track_tasks_left")
    if left is None:
        return None
    blocks = table_of(
        results, EARLY, _EARLY, "way", sentence("A run that ends while its tools are under way.")
    )
    if not blocks:
        return None
    findings: list[tuple[int, Spans]] = []
    for way in left.points("way"):
        tasks = left.at(way=way) if left.has(way=way) else None
        ticks = results.value(f"{EARLY}.track_ticks_after_end", way=way)
        if tasks is not None and ticks is not None and ticks.value > 0:
            said = "When a run ends ({}), its tools go on: {} left, and {} more done by them."
            findings.append((0, sentence(said, Fact(way), tasks, ticks)))
    return Section("What a run leaves that ends early", blocks, findings)
