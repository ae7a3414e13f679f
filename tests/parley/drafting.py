"""Labels from measured values: what changed, grouped so that a person can read it.

Sizes are written so that they stay true. Virtual times, calls and outcomes are what they are:
exact numbers where all cells of an entry share them, else the ratio, its ends rounded outward to 4
significant digits. Work, memory, imports and growth differ a little between patch releases of an
interpreter and between ways to install it: only ratios, 10 % of the change wider on both sides and
rounded outward to 4 significant digits; where there is no ratio (to 0, or n/a before), the value,
10 % wider and rounded outward to 3. For imports it is 40 %: what the start of an environment has
loaded already is not imported again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from cell_globs import globs_for

from unladen.labels.check import (
    DAMAGE,
    GAIN,
    CellKey,
    CommitValues,
    Value,
    effect_of,
    number_of,
    ratio,
)
from unladen.labels.labels import SAYS, Effect, Kind, Label, LabelledChange, Labels, Range
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, cell_text

WIDER = Decimal("0.1")
WIDER_IMPORT = Decimal("0.4")
RATIO_DIGITS = 4
VALUE_DIGITS = 3
NO_STORY = "?"
"""The story of a commit that nobody has looked at yet."""

ORDER = {effect: number for number, effect in enumerate(Effect)}

NEAR = 0.5
"""A difference is near a series' tolerance if less than this share of it away (two measurements of
one commit were seen to differ by 0.22 %, of a tolerance of 0.5 %)."""


@dataclass(frozen=True)
class Draft:
    """New labels, and what the person who reads them should know, one line each."""

    labels: Labels
    remarks: tuple[str, ...]


def draft(old: Labels, series: Mapping[str, SeriesInfo], history: Sequence[CommitValues]) -> Draft:
    """The labels of a history: changes of exact series from its values, all else from ``old``.

    A commit that ``old`` does not have gets a kind that fits its changes, and ``NO_STORY``.
    """
    subjects = [commit.subject for commit in history]
    remarks = [
        f"{label.subject!r} is no commit any more: its label is dropped"
        for label in old.commits
        if label.subject not in subjects
    ]
    labels = []
    previous: Mapping[CellKey, Value] = {}
    for number, commit in enumerate(history):
        changes = exact_changes(series, previous, commit.cells) if number else []
        label = old.of(commit.subject) or _skeleton(commit.subject, changes)
        sampled = [change for change in label.changes if _is_sampled(change, series)]
        changes = _in_order_of(label.changes, [*changes, *sampled])
        if label.repairs and label.repairs not in subjects[:number]:
            remarks.append(
                f"{label.subject!r} repairs {label.repairs!r}: no earlier commit; dropped"
            )
            label = replace(label, repairs="")
        labels.append(replace(label, changes=tuple(changes)))
        previous = commit.cells
    remarks += near_tolerance(series, history)
    return Draft(Labels(old.interpreter, tuple(labels)), tuple(remarks))


def _in_order_of(
    old: Sequence[LabelledChange], changes: Sequence[LabelledChange]
) -> list[LabelledChange]:
    """The changes: those that were said before as they were, in their order, then others by name.
    In which order cells are found is chance."""
    new = {_without_order(change): change for change in changes}
    kept = [change for change in old if new.pop(_without_order(change), None) is not None]
    return kept + sorted(new.values(), key=lambda change: change.series)


def _without_order(change: LabelledChange) -> tuple[object, ...]:
    return (frozenset(change.at), replace(change, at=()))


def exact_changes(
    series: Mapping[str, SeriesInfo],
    before: Mapping[CellKey, Value],
    after: Mapping[CellKey, Value],
) -> list[LabelledChange]:
    """What happened to exact series from one commit to the next, in the order of ``series``: one
    entry for each series and effect, two if there is a ratio in some cells and none in others."""
    changes = []
    for name, info in series.items():
        if info.kind == "exact":
            cells = [
                params for other, params in after if other == name and (name, params) in before
            ]
            pairs = {params: (before[name, params], after[name, params]) for params in cells}
            changes += list(_entries(info, pairs))
    return changes


def near_tolerance(
    series: Mapping[str, SeriesInfo], history: Sequence[CommitValues]
) -> Iterator[str]:
    """Differences so near to a series' tolerance that another machine may see them otherwise."""
    for old, new in pairwise(history):
        for (name, params), after in new.cells.items():
            was = number_of(old.cells.get((name, params), Status.MISSING))
            now, tolerance = number_of(after), series[name].tolerance
            if was is None or now is None or not tolerance:
                continue
            size = abs(now - was) / (max(abs(was), abs(now)) or 1)
            if abs(size - tolerance) < NEAR * tolerance:
                cell = f"{name}({cell_text(params)})"
                yield f"{new.subject!r}: {cell} changes by {size:.2%}, tolerance {tolerance:.2%}"


def _skeleton(subject: str, changes: Sequence[LabelledChange]) -> Label:
    effects = {change.effect for change in changes}
    if not effects:
        kind = Kind.NEUTRAL
    elif effects <= DAMAGE:
        kind = Kind.REGRESSION
    elif effects <= GAIN:
        kind = Kind.IMPROVEMENT
    else:
        kind = Kind.FEATURE
    return Label(subject, kind, NO_STORY)


def _is_sampled(change: LabelledChange, series: Mapping[str, SeriesInfo]) -> bool:
    return change.series in series and series[change.series].kind == "sampled"


def _entries(
    info: SeriesInfo, pairs: Mapping[Params, tuple[Value, Value]]
) -> Iterator[LabelledChange]:
    groups: dict[tuple[Effect, bool], list[Params]] = {}
    for params, pair in pairs.items():
        effect = effect_of(info, params, *pair)
        if effect is not None:
            groups.setdefault((effect, _share(pair) is None), []).append(params)
    for effect, without_share in sorted(groups, key=lambda group: (ORDER[group[0]], group[1])):
        chosen = groups[effect, without_share]
        at = globs_for(list(pairs), chosen)
        yield LabelledChange(
            info.name, effect, at, **_sizes(info, effect, [pairs[p] for p in chosen])
        )


def _sizes(
    info: SeriesInfo, effect: Effect, pairs: Sequence[tuple[Value, Value]]
) -> dict[str, Range]:
    """The stated quantities of an entry, by their names in ``LabelledChange``."""
    values = {
        "before": [number for value, _ in pairs if (number := number_of(value)) is not None],
        "after": [number for _, value in pairs if (number := number_of(value)) is not None],
    }
    shares = [share for pair in pairs if (share := _share(pair)) is not None]
    exactly = info.is_behaviour
    wider = Decimal(0) if exactly else WIDER_IMPORT if info.group == "import" else WIDER
    if "ratio" not in SAYS[effect]:
        return {name: _values(values[name], wider) for name in SAYS[effect]}
    shared = {
        name: Range(_neat(found[0]), _neat(found[0]))
        for name, found in values.items()
        if len(set(found)) == 1
    }
    if exactly and len(shared) == 2:
        return shared
    if shares:
        return {**(shared if exactly else {}), "ratio": _ratios(shares, wider)}
    return {name: _values(values[name], wider) for name in ("before", "after")}


def _share(pair: tuple[Value, Value]) -> float | None:
    """The ratio of a pair, if that says something: to or from 0, or across it, it does not."""
    share = ratio(*pair)
    return share if share is not None and share > 0 else None


def _values(numbers: Sequence[float | int], wider: Decimal) -> Range:
    low, high = min(numbers), max(numbers)
    if not wider:
        return Range(_neat(low), _neat(high))
    less, more = _decimal(low), _decimal(high)
    less, more = less - wider * abs(less), more + wider * abs(more)
    return _outward(less, more, VALUE_DIGITS)


def _ratios(ratios: Sequence[float], wider: Decimal) -> Range:
    low, high = _decimal(min(ratios)), _decimal(max(ratios))
    low, high = low - wider * abs(low - 1), high + wider * abs(high - 1)
    return _outward(low, high, RATIO_DIGITS)


def _outward(low: Decimal, high: Decimal, digits: int) -> Range:
    return Range(
        _neat(float(_rounded(low, digits, ROUND_FLOOR))),
        _neat(float(_rounded(high, digits, ROUND_CEILING))),
    )


def _rounded(value: Decimal, digits: int, rounding: str) -> Decimal:
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - digits), rounding=rounding)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _neat(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
