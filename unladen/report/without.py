"""Why a benchmark has no value, or none that is right, for some of its combinations."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Bullets, Prose, Spans, sentence
from unladen.report.figures import Fact
from unladen.store.series import Status, cell_text

_WORDS = {
    Status.NOT_APPLICABLE: "not applicable",
    Status.FAILED: "failed",
    Status.WRONG: "a wrong outcome",
}
_NAMED = 3


def without(results: CommitResults, *class_names: str) -> list[Block]:
    """Each reason once, with its combinations; nothing where all have values, or where nothing was
    measured. A combination counts as having one if any series of its class has."""
    series = [one for one in results.all_series() if _class_of(one) in class_names]
    told = {
        (_class_of(one), params)
        for one in series
        for cell, params in enumerate(one.info.cells)
        if one.status(cell) is Status.MEASURED
    }
    found: dict[tuple[Status, str], dict[str, None]] = {}
    for one in series:
        for cell, params in enumerate(one.info.cells):
            status = one.status(cell)
            if status in _WORDS and (_class_of(one), params) not in told:
                found.setdefault((status, _reason(one, cell)), {})[cell_text(params)] = None
    if not found:
        return []
    text = Prose()
    text.say("Without a value:")
    lines = [_line(*key, [*cases], bool(told)) for key, cases in found.items()]
    return [*text.paragraph(), Bullets(lines)]


def _class_of(series: Series) -> str:
    return series.name.rpartition(".")[0]


def _reason(series: Series, cell: int) -> str:
    return " ".join(series.reason(cell).split()) or "no reason was given"


def _line(status: Status, reason: str, cases: list[str], has_others: bool) -> Spans:
    """The combinations are named where others have a value."""
    known = [case for case in cases if case]
    if not has_others or not known:
        return sentence(f"{_WORDS[status]}: {{}}", Fact(reason))
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    shown = Fact("; ".join(known[:_NAMED]) + more)
    return sentence(f"{{}}: {_WORDS[status]}: {{}}", shown, Fact(reason))
