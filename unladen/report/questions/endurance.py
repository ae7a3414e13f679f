"""Cancellation, leaks, and too little memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from unladen.changes.by_commit import MINOR_KEPT
from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Bullets, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, Figure, FigureSource, Span, total
from unladen.report.wording import Wording

_WRONG = {
    "swallowed": (
        "goes on to its {result} or ends with another error",
        "Wherever it was cancelled it ends cancelled ({} points otherwise).",
    ),
    "left_behind": (
        "leaves something behind, or an engine that cannot go on",
        "Nothing is left behind ({} points), and the engine works on.",
    ),
    "hangs": ("never ends", "It always ends ({} hangs)."),
}
"""By question: what is said of a run at points that count, and if there are none."""


def write_cancellation(results: CommitResults, words: Wording) -> Section | None:
    """What is left when a run is cancelled somewhere."""
    points = results.asked(words.capability, "cancellation.points")
    if points is None:
        return None
    every = total([figure for _, figure in points.figures()], "points")
    text = Prose()
    text.say(
        f"{words.a_run.capitalize()} was cancelled at each of the {{}} points at which it can be "
        "interrupted, one for each; afterwards the engine had to do the same again, and another.",
        every,
    )
    findings: list[tuple[int, Spans]] = []
    for name, (told, clean) in _WRONG.items():
        series = results.asked(words.capability, f"cancellation.{name}")
        does = told.replace("{result}", words.result)
        if series is None:
            continue
        number = total([figure for _, figure in series.figures()], "points")
        if number.value:
            text.say(f"At {{}} of them it {does}.", number)
            found = sentence(
                f"{words.a_run.capitalize()} that is cancelled {does} at {{}} of {{}} points.",
                number,
                every,
            )
            findings.append((1, found))
        else:
            text.say(clean, number)
    ending = results.asked(words.capability, "cancellation.seconds_to_end")
    if ending is not None and ending.figures():
        _, longest = max(ending.figures(), key=lambda pair: pair[1].value)
        text.say("It is over {} after its cancellation at the latest.", longest)
    if not findings:
        found = sentence(f"Cancelled at any of {{}} points, {words.a_run} ends cleanly.", every)
        findings.append((4, found))
    table = _table(results, words, "cancellation", "Cancelled at every point")
    notes = _notes([one for one in _series(results, words, "cancellation") if _name(one) in _WRONG])
    return Section("Cancellation", [*text.paragraph(), *table, *notes], findings)


def write_memory(
    results: CommitResults,
    words: Wording,
    further: Callable[[CommitResults], list[Block]] = lambda _: [],
) -> Section | None:
    """Leaks over many runs, and a limit of memory. ``further``: what a capability says between, if
    anything."""
    leaks, findings = _leaks(results, words)
    blocks = [*leaks, *further(results), *_pressure(results, words)]
    return Section("Leaks and memory", blocks, findings) if blocks else None


def _leaks(results: CommitResults, words: Wording) -> tuple[list[Block], list[tuple[int, Spans]]]:
    retained = results.asked(words.capability, "leak.retained_bytes")
    if retained is None:
        return [], []
    found = retained.figures()
    mix = retained.axis("mix")
    text = Prose()
    text.say(
        "{} were run in a row on one engine, their results dropped, in these mixes: {}.",
        retained.held("runs", words.one, words.many),
        listed([Fact(params[mix]) for params, _ in found]),
    )
    left = [(params, figure) for params, figure in found if figure.value > 0]
    growing = [(params, figure) for params, figure in left if figure.value >= MINOR_KEPT["bytes"]]
    for params, figure in left:
        said = "In the mix “{}” each of them leaves {} behind for good."
        if (params, figure) not in growing:
            said = "In the mix “{}” they leave {} each, less than any object: by accident."
        text.say(said, Fact(params[mix]), figure)
    if growing:
        params, worst = max(growing, key=lambda pair: pair[1].value)
        finding = sentence(
            f"It leaks: each {words.one} of the mix “{{}}” leaves {{}} behind.",
            Fact(params[mix]),
            worst,
        )
    else:
        finding = _nothing_left(text, [figure for _, figure in found], words)
    sessions = results.asked(words.capability, "leak.results_alive")
    for params, figure in sessions.figures() if sessions is not None else ():
        if figure.value:
            text.say(
                "Of the results of “{}” {} still alive at the end.",
                Fact(params[mix]),
                figure.counted("is", "are"),
            )
    table = _table(results, words, "leak", f"Left by each {words.one}")
    notes = _notes(_series(results, words, "leak"))
    return [*text.paragraph(), *table, *notes], [(0 if growing else 4, finding)]


def _nothing_left(text: Prose, found: Sequence[Figure], words: Wording) -> list[Span]:
    """What is said where no mix leaves an object behind with each run."""
    none = f"No mix of {words.many}, failed and cancelled ones among them, leaves "
    most = max(found, key=lambda figure: figure.value)
    if most.value > 0:
        return sentence(f"{none}an object behind with each: at most {{}}.", most)
    nothing = total(found, "bytes")
    text.say(f"In none of them {words.a_run} leaves anything behind ({{}}).", nothing)
    return sentence(f"{none}memory behind ({{}}).", nothing)


def _pressure(results: CommitResults, words: Wording) -> list[Block]:
    series = results.asked(words.capability, "pressure.outcome")
    outcome = series.figure(0) if series is not None else None
    if series is None or outcome is None:
        return []
    text = Prose()
    text.say(
        f"In a process of its own the address space was limited so that {words.a_run} with large "
        "replies needs clearly more than there is; then the limit was lifted and the engine had to "
        "do it again. The outcome: {}{}.",
        outcome,
        [" (", Fact(series.said(0)), ")"] if series.note(0) else "",
    )
    return text.paragraph()


def _series(results: CommitResults, words: Wording, module: str) -> list[Series]:
    """Those that answer a module of questions."""
    return [
        one
        for one in results.all_series()
        if one.info.capability == words.capability
        and one.info.question.partition(".")[0] == module
        and results.series(one.name) is not None
    ]


def _name(series: Series) -> str:
    """What the question is called in its module."""
    return series.info.question.rpartition(".")[2]


def _table(results: CommitResults, words: Wording, module: str, caption: str) -> list[Block]:
    """A row for each combination, a column for each of the series."""
    known = _series(results, words, module)
    if not known:
        return []
    axes = [axis.replace("_", " ") for axis in known[0].info.axes]
    head: list[Spans] = [["case"]] if axes else []
    head += [[_name(one).replace("_", " ")] for one in known]
    rows: list[list[Spans]] = []
    for cell in range(len(known[0].info.cells)):
        found = [one.figure(cell) if one.info.cells == known[0].info.cells else None
                 for one in known]  # fmt: skip
        if any(found):
            case: list[Spans] = [[Fact(_case(known[0], cell))]] if axes else []
            rows.append([*case, *([figure or "–"] for figure in found)])
    by = [f"{caption}, by {' and '.join(axes)}." if axes else f"{caption}."]
    return [Table(by, head, rows, text_columns=len(axes[:1]))] if rows else []


def _notes(series: Sequence[Series]) -> list[Block]:
    """What benchmarks noted about values that are not zero, each text once."""
    said: dict[str, list[tuple[str, FigureSource]]] = {}
    for one in series:
        for cell in range(len(one.info.cells)):
            figure, note = one.figure(cell), one.said(cell)
            if note and figure is not None and figure.value:
                said.setdefault(note, []).append((_case(one, cell), one.source(cell)))
    items: list[Spans] = [
        sentence("{}: {}", _told_of(found), Fact(note))
        if any(case for case, _ in found)
        else [Fact(note, sources=_sources(found))]
        for note, found in said.items()
    ]
    return [Bullets(items)] if items else []


def _case(series: Series, cell: int) -> str:
    """The parameters of a combination; "" without any."""
    return ", ".join(series.params(cell).values())


def _told_of(found: Sequence[tuple[str, FigureSource]]) -> Fact:
    """The cases that a note is about, with where it stands."""
    return Fact(", ".join(dict.fromkeys(case for case, _ in found)), sources=_sources(found))


def _sources(found: Sequence[tuple[str, FigureSource]]) -> tuple[FigureSource, ...]:
    return tuple(dict.fromkeys(source for _, source in found))
