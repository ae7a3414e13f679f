"""Where work is done and time is spent waiting, and what changing that would save."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unladen.report.charts import Bar, bars
from unladen.report.commit_results import CommitResults, Params, Series
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, joined, sentence
from unladen.report.figures import Fact, Figure, FigureSource, percent, share
from unladen.report.wording import Wording

MOST = 3
_LOCATION = re.compile(r"(?P<file>\S+):(?P<line>\d+) in (?P<function>\S+)")
_AMOUNT = re.compile(r"(?P<part>[\d,]+) of [\d,]+ bytecodes")
_HOTTEST = re.compile(r"most of its own on line (?P<line>\d+)")
_ALL = "all"
_RANK = "rank"
"""The parameter that counts functions, or places, from the one that costs most."""
_CASE = "scenario"
"""What the other parameters tell apart."""


@dataclass(frozen=True)
class _Bottleneck:
    """A candidate. ``share``: the part of ``whole``, in words, that it takes."""

    share: Figure
    whole: str
    location: str
    spans: Spans


def write(results: CommitResults, words: Wording) -> Section | None:
    """The biggest bottlenecks by measured share, then the profiles they are from."""
    found = [*_of_work(results, words), *_of_waits(results, words)]
    if not found:
        return None
    found.sort(key=lambda each: -each.share.value)
    blocks: list[Block] = [*_opening(results, words)]
    for number, each in enumerate(found[:MOST], start=1):
        text = Prose()
        text.say("{}. {}", Fact(str(number)), each.spans)
        blocks += text.paragraph()
    blocks += _work_table(results, words)
    blocks += _waits_table(results, words)
    first = found[0]
    finding = sentence(
        "The biggest bottleneck in the SDK's code is {}: {}.",
        Fact(_short(first.location), code=True),
        [first.share, f" of {first.whole}"],
    )
    return Section("Bottlenecks", blocks, [(2, finding)])


def _opening(results: CommitResults, words: Wording) -> list[Block]:
    text = Prose()
    work = results.asked(words.capability, "hotspots.bytecodes_with_libraries")
    waits = results.asked(words.capability, "hotspots.seconds")
    parts: list[Spans] = []
    if work is not None:
        parts.append(
            sentence(
                "of the bytecodes that the SDK's functions and the libraries they call execute in "
                f"a plain {words.one}{{}}",
                words.size(work),
            )
        )
    if waits is not None:
        parts.append(
            sentence(
                f"of the virtual time of {words.a_run}{{}} that calls made at once would save",
                words.size(waits),
            )
        )
    text.say("Ranked by measured share: {}.", joined(parts, ", and "))
    beyond = results.asked(words.capability, "hotspots.beyond_critical_path")
    if beyond is not None and beyond.has(**{_RANK: _ALL}):
        wholes = beyond.figures(**{_RANK: _ALL})
        if wholes and not any(figure.value > 0 for _, figure in wholes):
            text.say(
                f"No virtual time can be saved{_in_cases(beyond)}: beyond the critical path of the "
                "model calls lie {}. All waiting is the model's, so what is left to change is "
                "work.",
                wholes[0][1],
            )
    text.say(
        f"{words.a_run.capitalize()}{{}} takes {{}} of CPU time on all sides, the mock world "
        "included; a share of the work saved is a share of the SDK's part of that, and saves no "
        "virtual time.",
        words.size(work) if work is not None else None,
        _cpu_of(results, words, work),
    )
    return text.paragraph()


def _cpu_of(results: CommitResults, words: Wording, work: Series | None) -> Figure | None:
    """The CPU time of a run of the size whose work is ranked."""
    cpu = results.asked(words.capability, "scaling.cpu")
    if cpu is None or work is None or words.parts not in work.info.holds:
        return None
    where = {cpu.axis("size"): f"{work.info.holds[words.parts]:g}"}
    return cpu.at(**where) if cpu.has(**where) else None


def _of_work(results: CommitResults, words: Wording) -> list[_Bottleneck]:
    series = results.asked(words.capability, "hotspots.bytecodes_with_libraries")
    if series is None:
        return []
    own = _own_amounts(results, words)
    found = []
    for cell in range(len(series.info.cells)):
        figure, note = _part(series, cell), series.note(cell)
        location = _LOCATION.search(note)
        if figure is None or location is None:
            continue
        text = Prose()
        text.say(
            "{} ({}) makes up {} of the work, which is the most that changing it can save.",
            Fact(_short(location["function"]), code=True),
            _where(location, series.source(cell)),
            figure,
        )
        _say_split(text, note, own.get(_key(location)), series, cell)
        _say_hottest(text, note, series.source(cell))
        found.append(_Bottleneck(figure, "the work", location["function"], tuple(text.spans)))
    return found


def _part(series: Series, cell: int) -> Figure | None:
    """The share of all work that is done in the function of a rank."""
    figure, whole = series.figure(cell), series.at(**{_RANK: _ALL})
    if figure is None or whole is None or series.params(cell)["rank"] == _ALL:
        return None
    return share(figure, whole)


def _own_amounts(results: CommitResults, words: Wording) -> dict[tuple[str, str], int]:
    """Bytecodes executed in the functions themselves, as far as they were ranked."""
    series = results.asked(words.capability, "hotspots.bytecodes")
    found: dict[tuple[str, str], int] = {}
    if series is not None:
        for cell in range(len(series.info.cells)):
            note = series.note(cell)
            location, amount = _LOCATION.search(note), _AMOUNT.search(note)
            if location and amount:
                found[_key(location)] = int(amount["part"].replace(",", ""))
    return found


def _say_split(text: Prose, note: str, own: int | None, series: Series, cell: int) -> None:
    """How much of it is in libraries."""
    amount = _AMOUNT.search(note)
    if amount is None:
        return
    source = (series.source(cell),)
    whole = int(amount["part"].replace(",", ""))
    counted = Figure(whole, f"{whole:,}", source)
    if own is None or own > whole:
        text.say("That is {} bytecodes, library code included.", counted)
        return
    in_libraries = Figure((whole - own) / whole, percent((whole - own) / whole), source)
    text.say("That is {} bytecodes, {} of them in libraries.", counted, in_libraries)


def _say_hottest(text: Prose, note: str, source: FigureSource) -> None:
    hottest = _HOTTEST.search(note)
    if hottest is not None:
        line = Fact(hottest["line"], sources=(source,))
        text.say("Most of its own work is done on line {}.", line)


def _key(location: re.Match[str]) -> tuple[str, str]:
    return location["file"], location["function"]


def _of_waits(results: CommitResults, words: Wording) -> list[_Bottleneck]:
    beyond, seconds = (
        results.asked(words.capability, "hotspots.beyond_critical_path"),
        results.asked(words.capability, "hotspots.seconds"),
    )
    if beyond is None or seconds is None:
        return []
    found = []
    for cell in range(len(beyond.info.cells)):
        params, figure = beyond.params(cell), beyond.figure(cell)
        if figure is None or params[_RANK] == _ALL or figure.value <= 0:
            continue
        spent = seconds.figure(cell)
        whole = seconds.at(**{**params, _RANK: _ALL})
        location = _LOCATION.search(beyond.note(cell))
        part = share(figure, whole) if whole else None
        if spent is None or whole is None or location is None or part is None:
            continue
        text = Prose()
        text.say(
            "{} ({}) waits for {}{}, {} of which calls made at once would save: {} of the whole "
            "{}.",
            Fact(_short(location["function"]), code=True),
            _where(location, beyond.source(cell)),
            spent,
            [f" in the {_CASE} ", Fact(case, code=True)] if (case := _case(params)) else "",
            figure,
            part,
            whole,
        )
        calls = _calls(beyond.note(cell))
        if calls:
            text.say("Waited for meanwhile: {}.", Fact(calls, sources=(beyond.source(cell),)))
        found.append(_Bottleneck(part, "the virtual time", location["function"], tuple(text.spans)))
    return found


def _in_cases(series: Series) -> str:
    """Which runs are spoken of, where there are several kinds."""
    return f" in the {_CASE}s that were measured" if _has_cases(series) else ""


def _has_cases(series: Series) -> bool:
    """Whether something besides the rank tells values apart."""
    return set(series.info.axes) > {_RANK}


def _case(params: Params) -> str:
    return ", ".join(point for axis, point in params.items() if axis != _RANK)


def _calls(note: str) -> str:
    line = next((line for line in note.splitlines() if line.startswith("model calls: ")), "")
    return line.removeprefix("model calls: ")


def _work_table(results: CommitResults, words: Wording) -> list[Block]:
    series = results.asked(words.capability, "hotspots.bytecodes_with_libraries")
    if series is None:
        return []
    rows: list[list[Spans]] = []
    drawn: list[Bar] = []
    sources: list[FigureSource] = []
    for cell in range(len(series.info.cells)):
        figure, location = _part(series, cell), _LOCATION.search(series.note(cell))
        if figure is None or location is None:
            continue
        rows.append([*_location_cells(location), [figure]])
        drawn.append(Bar(_short(location["function"]), figure.value, figure.text))
        sources += figure.sources
    if not rows:
        return []
    head: list[Spans] = [["function"], ["defined at"], ["share of the work"]]
    caption = ["The hottest functions, the library code that they call included."]
    plot = Plot(
        f"{words.capability}-work",
        bars("Share of the SDK's work, libraries included", drawn),
        ["The hottest functions of the SDK."],
        sources,
    )
    return [Table(caption, head, rows, text_columns=2), plot]


def _waits_table(results: CommitResults, words: Wording) -> list[Block]:
    seconds, beyond = (
        results.asked(words.capability, "hotspots.seconds"),
        results.asked(words.capability, "hotspots.beyond_critical_path"),
    )
    if seconds is None:
        return []
    has_cases = _has_cases(seconds)
    rows: list[list[Spans]] = []
    for cell in range(len(seconds.info.cells)):
        params, figure = seconds.params(cell), seconds.figure(cell)
        location = _LOCATION.search(seconds.note(cell))
        if figure is None or location is None or params[_RANK] == _ALL:
            continue
        saved = beyond.figure(cell) if beyond is not None else None
        case: list[Spans] = [[Fact(_case(params))]] if has_cases else []
        rows.append([*case, *_location_cells(location), [figure], [saved or "–"]])
    if not rows:
        return []
    head: list[Spans] = [[_CASE]] if has_cases else []
    head += [["function"], ["waits at"], ["virtual time"], ["could be saved"]]
    caption = [f"Where {words.a_run} waits, and how much of it calls made at once would save."]
    return [Table(caption, head, rows, text_columns=len(head) - 2)]


def _location_cells(location: re.Match[str]) -> Sequence[Spans]:
    return [[Fact(_short(location["function"]), code=True)], [_where(location)]]


def _where(location: re.Match[str], *sources: FigureSource) -> Fact:
    return Fact(f"{location['file']}:{location['line']}", code=True, sources=sources)


def _short(function: str) -> str:
    return function.replace("<locals>.", "")
