"""Cancellation, leaks, and too little memory."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Bullets, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, Source, total
from unladen.report.settings import LEAK_NEGOTIATIONS, setting

CANCELLATION = "negotiation.cancellation.Run"
LEAK = "negotiation.memory.Leak"
WAITING = "negotiation.memory.Waiting"
PRESSURE = "negotiation.memory.Pressure"

_WRONG = {
    "track_swallowed": (
        "goes on to its plan or ends with another error",
        "Wherever it was cancelled it ends cancelled ({} points otherwise).",
    ),
    "track_left_behind": (
        "leaves something behind, or an engine that cannot go on",
        "Nothing is left behind ({} points), and the engine negotiates on.",
    ),
    "track_hangs": ("never ends", "It always ends ({} hangs)."),
}
"""By series: what is said of a negotiation at points that count, and if there are none."""


def write_cancellation(results: CommitResults) -> Section | None:
    """What is left when a negotiation is cancelled somewhere."""
    points = results.series(f"{CANCELLATION}.track_points")
    if points is None:
        return None
    every = total([figure for _, figure in points.figures()], "points")
    text = Prose()
    text.say(
        "A negotiation was cancelled at each of the {} points at which it can be interrupted, in a "
        "run for each; afterwards the engine had to negotiate the same demand and another one.",
        every,
    )
    findings: list[tuple[int, Spans]] = []
    for name, (words, clean) in _WRONG.items():
        series = results.series(f"{CANCELLATION}.{name}")
        if series is None:
            continue
        number = total([figure for _, figure in series.figures()], "points")
        if number.value:
            text.say(f"At {{}} of them it {words}.", number)
            found = sentence(
                f"A negotiation that is cancelled {words} at {{}} of {{}} points.", number, every
            )
            findings.append((1, found))
        else:
            text.say(clean, number)
    ending = results.series(f"{CANCELLATION}.track_seconds_to_end")
    if ending is not None and ending.figures():
        _, longest = max(ending.figures(), key=lambda pair: pair[1].value)
        text.say("It is over {} after its cancellation at the latest.", longest)
    if not findings:
        found = sentence("Cancelled at any of {} points, a negotiation ends cleanly.", every)
        findings.append((4, found))
    table = _table(results, CANCELLATION, "Cancelled at every point, by scenario.")
    notes = _notes(results, [f"{CANCELLATION}.{name}" for name in _WRONG])
    return Section("Cancellation", [*text.paragraph(), *table, *notes], findings)


def write_memory(results: CommitResults) -> Section | None:
    """Leaks over many negotiations, what waiting costs, and a limit of memory."""
    leaks, findings = _leaks(results)
    blocks = [*leaks, *_waiting(results), *_pressure(results)]
    return Section("Leaks and memory", blocks, findings) if blocks else None


def _leaks(results: CommitResults) -> tuple[list[Block], list[tuple[int, Spans]]]:
    retained = results.series(f"{LEAK}.track_retained_bytes")
    if retained is None:
        return [], []
    found = retained.figures()
    text = Prose()
    text.say(
        "{} were run in a row on one engine, their results dropped, in these mixes: {}.",
        setting(LEAK_NEGOTIATIONS, "negotiation", "negotiations"),
        listed([Fact(params["mix"]) for params, _ in found]),
    )
    growing = [(params, figure) for params, figure in found if figure.value > 0]
    for params, figure in growing:
        text.say(
            "In the mix “{}” each of them leaves {} behind for good.", Fact(params["mix"]), figure
        )
    if growing:
        params, worst = max(growing, key=lambda pair: pair[1].value)
        finding = sentence(
            "It leaks: each negotiation of the mix “{}” leaves {} behind.",
            Fact(params["mix"]),
            worst,
        )
    else:
        nothing = total([figure for _, figure in found], "bytes")
        text.say("In none of them a negotiation leaves anything behind ({}).", nothing)
        finding = sentence(
            "No mix of negotiations, failed and cancelled ones among them, leaves memory behind "
            "({}).",
            nothing,
        )
    sessions = results.series(f"{LEAK}.track_results_alive")
    for params, figure in sessions.figures() if sessions is not None else ():
        if figure.value:
            text.say(
                "Of the sessions of “{}” {} still alive at the end.",
                Fact(params["mix"]),
                figure.counted("is", "are"),
            )
    table = _table(results, LEAK, "Left by each negotiation, by mix.")
    notes = _notes(results, [one.name for one in _series(results, LEAK)])
    return [*text.paragraph(), *table, *notes], [(0 if growing else 4, finding)]


def _waiting(results: CommitResults) -> list[Block]:
    text = Prose()
    text.say(
        "A negotiation that waits for its user to confirm holds {}.",
        results.value(f"{WAITING}.track_bytes"),
    )
    return text.paragraph()


def _pressure(results: CommitResults) -> list[Block]:
    series = results.series(f"{PRESSURE}.track_outcome")
    outcome = series.figure(0) if series is not None else None
    if series is None or outcome is None:
        return []
    text = Prose()
    text.say(
        "In a process of its own the address space was limited so that a negotiation with large "
        "replies needs clearly more than there is; then the limit was lifted and the engine had to "
        "negotiate again. The outcome: {}{}.",
        outcome,
        [" (", Fact(series.said(0)), ")"] if series.note(0) else "",
    )
    return text.paragraph()


def _series(results: CommitResults, name: str) -> list[Series]:
    return [
        one
        for one in results.all_series()
        if one.name.rpartition(".")[0] == name and results.series(one.name) is not None
    ]


def _table(results: CommitResults, name: str, caption: str) -> list[Block]:
    """A row for each combination of a class, a column for each of its series."""
    known = _series(results, name)
    if not known:
        return []
    head: list[Spans] = [["case"]]
    head += [[_words(one)] for one in known]
    rows: list[list[Spans]] = []
    for cell in range(len(known[0].info.cells)):
        found = [one.figure(cell) if one.info.cells == known[0].info.cells else None
                 for one in known]  # fmt: skip
        if any(found):
            label = ", ".join(known[0].params(cell).values())
            rows.append([[Fact(label)], *([figure or "–"] for figure in found)])
    return [Table([caption], head, rows)] if rows else []


def _words(series: Series) -> str:
    return series.name.rpartition(".")[2].removeprefix("track_").replace("_", " ")


def _notes(results: CommitResults, names: Sequence[str]) -> list[Block]:
    """What benchmarks noted about values that are not zero, each text once."""
    said: dict[str, list[tuple[str, Source]]] = {}
    for one in (series for name in names if (series := results.series(name)) is not None):
        for cell in range(len(one.info.cells)):
            figure, note = one.figure(cell), one.said(cell)
            if note and figure is not None and figure.value:
                label = ", ".join(one.params(cell).values())
                said.setdefault(note, []).append((label, one.source(cell)))
    items: list[Spans] = [
        sentence("{}: {}", _told_of(found), Fact(note)) for note, found in said.items()
    ]
    return [Bullets(items)] if items else []


def _told_of(found: Sequence[tuple[str, Source]]) -> Fact:
    """The cases that a note is about, with where it stands."""
    labels = ", ".join(dict.fromkeys(label for label, _ in found))
    return Fact(labels, sources=tuple(dict.fromkeys(source for _, source in found)))
