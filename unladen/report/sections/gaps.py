"""What was not measured: n/a, failed, of wrong outcomes, and series without a value."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Bullets, Prose, Section, Spans, listed, sentence
from unladen.report.figures import Fact, Figure
from unladen.store.series import Status, cell_text
from unladen.text.names import shown_name

_MOST = 30
_NAMED = 3
_SCENARIO = re.compile(r"^scenario \w+: ")


def write(results: CommitResults) -> Section:
    """Every reason once, with how many values it concerns."""
    blocks: list[Block] = []
    text = Prose()
    every = list(results.all_series())
    missing = [one for one in every if _has_only(one, Status.MISSING)]
    counted: dict[Status, Figure | None] = {
        status: _count(every, status)
        for status in (Status.NOT_APPLICABLE, Status.FAILED, Status.WRONG)
    }
    absent, failed = counted[Status.NOT_APPLICABLE], counted[Status.FAILED]
    wrong = counted[Status.WRONG]
    if absent is None and failed is None and wrong is None and not missing:
        text.say("Every series has a value for each of its parameter combinations.")
    if absent is not None:
        text.say(
            "{} not applicable: the SDK does not have at this commit what they measure.",
            absent.counted("value is", "values are"),
        )
    if failed is not None:
        text.say("{}: the benchmark raised.", failed.counted("value failed", "values failed"))
    if wrong is not None:
        text.say(
            "{} of wrong outcomes, where the SDK ended without doing what was asked; no figure and "
            "no chart above counts them.",
            wrong.counted("value is", "values are"),
        )
    blocks += text.paragraph()
    for status, words in (
        (Status.FAILED, "Failed"),
        (Status.WRONG, "Of wrong outcomes"),
        (Status.NOT_APPLICABLE, "Not applicable"),
    ):
        items = _reasons(every, status)
        if items:
            prose = Prose()
            prose.say(f"{words}:")
            blocks += [*prose.paragraph(), Bullets(items[:_MOST])]
    if missing:
        prose = Prose()
        prose.say(
            "Not measured at this commit at all, so nothing is said of them: {}.",
            listed([Fact(shown_name(one.name), code=True) for one in missing]),
        )
        blocks += prose.paragraph()
    blocks += _blind_spots(every)
    return Section("What was not measured", blocks)


def _blind_spots(every: list[Series]) -> list[Block]:
    prose = Prose()
    has_live = any(one.info.is_live and not _has_none(one) for one in every)
    if not has_live:
        prose.say("No real model was asked; there are no live figures.")
    prose.say(
        "Beyond that, what no mock can show is not here: the quality of answers, the network, a "
        "provider's own behaviour under load, and databases or services around the SDK."
    )
    return prose.paragraph()


def _has_only(series: Series, status: Status) -> bool:
    return all(series.status(cell) is status for cell in range(len(series.info.cells)))


def _has_none(series: Series) -> bool:
    return not any(series.status(cell) is Status.MEASURED for cell in range(len(series.info.cells)))


def _count(every: list[Series], status: Status) -> Figure | None:
    cells = [(one, n) for one in every for n in range(len(one.info.cells))
             if one.status(n) is status]  # fmt: skip
    if not cells:
        return None
    sources = tuple(dict.fromkeys(one.source(None) for one, _ in cells))
    return Figure(len(cells), f"{len(cells):,}", sources)


def _reasons(every: list[Series], status: Status) -> list[Spans]:
    """Every reason once. Left out: values that are n/a where another series of the same benchmark
    has one, such as the seconds until the end of what never ended."""
    found: defaultdict[str, list[tuple[Series, int]]] = defaultdict(list)
    results = {
        (_benchmark(one), one.info.cells[cell])
        for one in every
        for cell in range(len(one.info.cells))
        if one.status(cell) is Status.MEASURED
    }
    for one in every:
        for cell, params in enumerate(one.info.cells):
            is_told = (_benchmark(one), params) in results
            if one.status(cell) is status and not (is_told and status is Status.NOT_APPLICABLE):
                found[_reason(one, cell)].append((one, cell))
    return [_item(reason, cells, every) for reason, cells in found.items()]


def _reason(series: Series, cell: int) -> str:
    """Without the scenario that some begin with: it is among the parameters."""
    reason = " ".join(series.reason(cell).split()) or "no reason was given"
    return _SCENARIO.sub("", reason)


def _item(reason: str, cells: list[tuple[Series, int]], every: list[Series]) -> Spans:
    """One reason, by benchmark; many benchmarks of a capability that have no value at all, as where
    the SDK does not have it, are only counted."""
    by_class: dict[str, list[tuple[Series, int]]] = {}
    for one, cell in cells:
        by_class.setdefault(_benchmark(one), []).append((one, cell))
    sizes: Counter[str] = Counter()
    for one in every:
        sizes[_benchmark(one)] += len(one.info.cells)
    whole: defaultdict[str, list[str]] = defaultdict(list)
    for name, concerned in by_class.items():
        if len(concerned) == sizes[name]:
            whole[concerned[0][0].info.capability].append(name)
    told: list[Spans] = []
    for capability, names in whole.items():
        if capability and len(names) > _NAMED:
            told.append(_of_benchmarks(capability, [by_class.pop(name) for name in names]))
    told += [_of_class(*pair) for pair in by_class.items()]
    return sentence("{}: {}", Fact(reason), listed(told))


def _benchmark(series: Series) -> str:
    """The class that a series is of."""
    return series.name.rpartition(".")[0]


def _of_benchmarks(capability: str, concerned: list[list[tuple[Series, int]]]) -> Spans:
    cells = [pair for each in concerned for pair in each]
    number = Fact(f"{len(concerned)}")
    return sentence(
        "{} of {} benchmarks of {}", _counted(cells), number, Fact(capability, code=True)
    )


def _of_class(name: str, cells: list[tuple[Series, int]]) -> Spans:
    cases = list(dict.fromkeys(cell_text(one.info.cells[cell]) for one, cell in cells))
    shown = "; ".join(case for case in cases[:_NAMED] if case)
    more = f" and {len(cases) - _NAMED} more" if len(cases) > _NAMED else ""
    where: Spans = [" (", Fact(shown + more), ")"] if shown else []
    return sentence("{} of {}{}", _counted(cells), Fact(name, code=True), where)


def _counted(cells: list[tuple[Series, int]]) -> Figure:
    sources = tuple(dict.fromkeys(one.source(None) for one, _ in cells))
    return Figure(len(cells), f"{len(cells):,}", sources).counted("value", "values")
