"""How one run grows with its size."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.report.charts import Curve, lines
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
from unladen.report.wording import Wording

_COLUMNS = (
    ("virtual time", "makespan"),
    ("SDK's bytecodes", "sdk_bytecodes"),
    ("CPU time", "cpu"),
    ("most memory", "traced_peak"),
    ("memory kept", "retained_bytes"),
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


def write(results: CommitResults, words: Wording) -> Section | None:
    """Tables, growth laws and a plot."""
    known = [
        (label, series)
        for label, name in _COLUMNS
        if (series := results.asked(words.capability, f"scaling.{name}")) is not None
    ]
    if not known:
        return None
    some = known[0][1]
    size_axis = some.axis("size")
    sizes = some.points(size_axis)
    text = Prose()
    text.say(
        f"A plain {words.one} was measured with {{}} {words.parts}, {{}} a model call.",
        listed([Fact(_size(size)) for size in sizes]),
        some.held("latency_s", "s"),
    )
    _say_growth(text, known, words, size_axis)
    rows: list[list[Spans]] = [
        [[Fact(_size(size))], *([one.at(**{size_axis: size}) or "–"] for _, one in known)]
        for size in sizes
    ]
    head: list[Spans] = [[words.parts], *([label] for label, _ in known)]
    table = Table(
        [f"One plain {words.one}, by its number of {words.parts}."], head, rows, text_columns=0
    )
    laws, findings = _laws(results, words)
    blocks: list[Block] = [*text.paragraph(), table, *laws, *_plot(known, words, size_axis)]
    return Section(f"Scaling with the number of {words.parts}", blocks, findings)


def _say_growth(
    text: Prose, known: Sequence[tuple[str, Series]], words: Wording, size_axis: str
) -> None:
    sizes = known[0][1].points(size_axis)
    parts: list[Spans] = []
    for label, series in known:
        first, last = series.at(**{size_axis: sizes[0]}), series.at(**{size_axis: sizes[-1]})
        if first and last and first.value < last.value and (more := compared(last, first)):
            parts.append([_WORDS.get(label, label), " from ", first, " to ", last, ", ", more])
    text.say(
        f"From {{}} to {{}} {words.parts} these grow: {{}}.",
        Fact(_size(sizes[0])),
        Fact(_size(sizes[-1])),
        joined(parts, "; ") or None,
    )


def _laws(results: CommitResults, words: Wording) -> tuple[list[Block], list[tuple[int, Spans]]]:
    exponent = results.asked(words.capability, "scaling.exponent")
    steepest = results.asked(words.capability, "scaling.largest_local_exponent")
    if exponent is None or steepest is None:
        return [], []
    error = results.asked(words.capability, "scaling.fit_error")
    rows: list[list[Spans]] = []
    local: list[tuple[str, Figure]] = []
    for params, figure in exponent.figures():
        quantity = params["quantity"]
        largest = steepest.at(quantity=quantity)
        fit = error.at(quantity=quantity) if error else None
        if largest is not None:
            local.append((quantity, largest))
        rows.append(
            [[Fact(_quantity(quantity))], [figure], [largest or "–"], [fit or "–"],
             [_law(largest or figure)]]
        )  # fmt: skip
    caption = sentence(f"Growth laws: value ~ {words.parts} to the power of the exponent.")
    head: list[Spans] = [
        ["quantity"], ["exponent"], ["largest between two sizes"], ["fit error"], ["growth"]
    ]  # fmt: skip
    text = Prose()
    finding = _judge(text, local, words)
    return [Table(caption, head, rows), *text.paragraph()], [(2, finding)] if finding else []


def _judge(
    text: Prose, local: Sequence[tuple[str, Figure]], words: Wording
) -> list[str | Figure | Fact]:
    if not local:
        return []
    worst, figure = max(local, key=lambda pair: pair[1].value)
    above = [(name, each) for name, each in local if each.value > _LINEAR]
    if above:
        text.say(
            "Faster than linearly grow {}.",
            listed(
                [[Fact(_quantity(name)), " (exponent up to ", each, ")"] for name, each in above]
            ),
        )
        return sentence(
            f"Some of it grows faster than the number of {words.parts}: {{}} with an exponent up "
            "to {}.",
            Fact(_quantity(worst)),
            figure,
        )
    text.say(
        "Nothing grows faster than linearly: the steepest step between two sizes, that of {}, has "
        f"the exponent {{}}. Exponents below one come from the fixed cost of {words.a_run}, which "
        f"many {words.parts} share.",
        Fact(_quantity(worst)),
        figure,
    )
    return sentence(
        f"No quantity grows faster than the number of {words.parts}; the steepest local exponent "
        "is {}.",
        figure,
    )


def _plot(known: Sequence[tuple[str, Series]], words: Wording, size_axis: str) -> list[Block]:
    """Growth of what grows, each as a multiple of its value at the smallest size."""
    sizes = known[0][1].points(size_axis)
    drawn, sources = [], []
    for label, series in known:
        figures = [(as_number(size), series.at(**{size_axis: size})) for size in sizes]
        present = [(size, figure) for size, figure in figures if figure and figure.value > 0]
        if len(present) < 2 or present[0][1].value == present[-1][1].value:
            continue
        base = present[0][1].value
        drawn.append(Curve(label, [(size, figure.value / base) for size, figure in present]))
        sources += [source for _, figure in present for source in figure.sources]
    if not drawn:
        return []
    title = f"Growth with the number of {words.parts}"
    svg = lines(
        title,
        drawn[:4],
        x_label=words.parts,
        y_label="times the smallest",
        log=True,
        x_text=lambda x: f"{x:,.0f}",
    )
    caption = [f"{title}, both axes logarithmic."]
    return [Plot(f"{words.capability}-scaling", svg, caption, sources)]


def _law(local: Figure) -> str:
    if local.value <= _CONSTANT:
        return "constant"
    if local.value <= _LINEAR:
        return "at most linear"
    return "faster than linear"


def _quantity(quantity: str) -> str:
    return quantity.replace("_", " ").replace("sdk", "SDK's")


def _size(size: str) -> str:
    return f"{as_number(size):,g}"
