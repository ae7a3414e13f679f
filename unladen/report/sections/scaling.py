"""How one negotiation grows with its agents."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.report.charts import Line, lines
from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.document import (
    Block,
    Plot,
    Prose,
    Section,
    Spans,
    Table,
    joined,
    listed,
    sentence,
)
from unladen.report.figures import Fact, Figure, compared
from unladen.report.settings import MODEL_SECONDS, setting

AGENTS = "negotiation.scaling.Agents"
GROWTH = "negotiation.scaling.Growth"

_COLUMNS = (
    ("virtual time", "track_makespan"),
    ("SDK's bytecodes", "track_sdk_bytecodes"),
    ("CPU time", "time_cpu"),
    ("most memory", "track_traced_peak"),
    ("memory kept", "track_retained_bytes"),
)

_WORDS = {
    "virtual time": "the virtual time",
    "SDK's bytecodes": "the SDK's own work",
    "CPU time": "the CPU time",
    "most memory": "the memory peak",
    "memory kept": "the memory kept",
}

_LINEAR = 1.05
"""A local exponent up to which growth is called linear: as with a test's rounding, not a law."""
_CONSTANT = 0.05


def write(results: CommitResults) -> Section | None:
    """Tables, growth laws and a plot."""
    known = [
        (label, series)
        for label, name in _COLUMNS
        if (series := results.series(f"{AGENTS}.{name}")) is not None
    ]
    if not known:
        return None
    sizes = known[0][1].points("agents")
    text = Prose()
    text.say(
        "A plain negotiation was measured with {} agents, {} a model call.",
        listed([Fact(_size(size)) for size in sizes]),
        setting(MODEL_SECONDS, "s"),
    )
    _say_growth(text, known, sizes)
    rows: list[list[Spans]] = [
        [[Fact(_size(size))], *([one.at(agents=size) or "–"] for _, one in known)] for size in sizes
    ]
    head: list[Spans] = [["agents"], *([label] for label, _ in known)]
    table = Table(["One plain negotiation, by its number of agents."], head, rows, text_columns=0)
    laws, findings = _laws(results)
    blocks: list[Block] = [*text.paragraph(), table, *laws, *_plot(known, sizes)]
    return Section("Scaling with the number of agents", blocks, findings)


def _say_growth(text: Prose, known: Sequence[tuple[str, Series]], sizes: Sequence[str]) -> None:
    parts: list[Spans] = []
    for label, series in known:
        first, last = series.at(agents=sizes[0]), series.at(agents=sizes[-1])
        if first and last and first.value != last.value and (more := compared(last, first)):
            parts.append([_WORDS.get(label, label), " from ", first, " to ", last, ", ", more])
    text.say(
        "From {} to {} agents these grow: {}.",
        Fact(_size(sizes[0])),
        Fact(_size(sizes[-1])),
        joined(parts, "; ") or None,
    )


def _laws(results: CommitResults) -> tuple[list[Block], list[tuple[int, Spans]]]:
    exponent = results.series(f"{GROWTH}.track_exponent")
    steepest = results.series(f"{GROWTH}.track_largest_local_exponent")
    if exponent is None or steepest is None:
        return [], []
    error = results.series(f"{GROWTH}.track_fit_error")
    rows: list[list[Spans]] = []
    local: list[tuple[str, Figure]] = []
    for params, figure in exponent.figures():
        quantity = params["quantity"]
        largest = steepest.at(quantity=quantity)
        fit = error.at(quantity=quantity) if error else None
        if largest is not None:
            local.append((quantity, largest))
        rows.append(
            [[Fact(_words(quantity))], [figure], [largest or "–"], [fit or "–"],
             [_law(largest or figure)]]
        )  # fmt: skip
    caption = sentence("Growth laws: value ~ agents to the power of the exponent.")
    head: list[Spans] = [
        ["quantity"], ["exponent"], ["largest between two sizes"], ["fit error"], ["growth"]
    ]  # fmt: skip
    text = Prose()
    finding = _judge(text, local)
    return [Table(caption, head, rows), *text.paragraph()], [(2, finding)] if finding else []


def _judge(text: Prose, local: Sequence[tuple[str, Figure]]) -> list[str | Figure | Fact]:
    if not local:
        return []
    worst, figure = max(local, key=lambda pair: pair[1].value)
    above = [(name, each) for name, each in local if each.value > _LINEAR]
    if above:
        text.say(
            "Faster than linearly grow {}.",
            listed([[Fact(_words(name)), " (exponent up to ", each, ")"] for name, each in above]),
        )
        return sentence(
            "Some of it grows faster than the number of agents: {} with an exponent up to {}.",
            Fact(_words(worst)),
            figure,
        )
    text.say(
        "Nothing grows faster than linearly: the steepest step between two sizes, that of {}, has "
        "the exponent {}. Exponents below one come from the fixed cost of a negotiation, which "
        "many agents share.",
        Fact(_words(worst)),
        figure,
    )
    return sentence(
        "No quantity grows faster than the number of agents; the steepest local exponent is {}.",
        figure,
    )


def _plot(known: Sequence[tuple[str, Series]], sizes: Sequence[str]) -> list[Block]:
    """Growth of what grows, each as a multiple of its value at the smallest size."""
    drawn, sources = [], []
    for label, series in known:
        figures = [(as_number(size), series.at(agents=size)) for size in sizes]
        present = [(size, figure) for size, figure in figures if figure and figure.value > 0]
        if len(present) < 2 or present[0][1].value == present[-1][1].value:
            continue
        base = present[0][1].value
        drawn.append(Line(label, [(size, figure.value / base) for size, figure in present]))
        sources += [source for _, figure in present for source in figure.sources]
    if not drawn:
        return []
    svg = lines(
        "Growth with the number of agents",
        drawn[:4],
        x_label="agents",
        y_label="times the smallest",
        log=True,
        x_text=lambda x: f"{x:,.0f}",
    )
    caption = ["Growth with the number of agents, both axes logarithmic."]
    return [Plot("scaling", svg, caption, sources)]


def _law(local: Figure) -> str:
    if local.value <= _CONSTANT:
        return "constant"
    if local.value <= _LINEAR:
        return "at most linear"
    return "faster than linear"


def _words(quantity: str) -> str:
    return quantity.replace("_", " ").replace("sdk", "SDK's")


def _size(size: str) -> str:
    return f"{as_number(size):,g}"
