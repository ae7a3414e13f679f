"""A short list of globs that names some cells of a series and no others."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import product

from unladen.store.reasons import Params
from unladen.store.series import cell_text, plain


def globs_for(cells: Sequence[Params], chosen: Sequence[Params]) -> tuple[str, ...]:
    """Globs on ``cell_text`` that match the chosen ones of the cells; () if that is all of them.

    Greedy: always the glob that names most cells not yet named, the first such in the order of
    the cells; a glob is a value, ``*``, or the first word of several values (``ask_*``) for each
    parameter.
    """
    if len(chosen) == len(cells):
        return ()
    wanted = {cell_text(params) for params in chosen}
    usable = {
        pattern: names for pattern, names in _matches(cells).items() if names <= wanted and names
    }
    found: list[str] = []
    left = set(wanted)
    while left:
        best = max(usable, key=lambda pattern: len(usable[pattern] & left))
        found.append(best)
        left -= usable[best]
    order = [cell_text(params) for params in cells]
    return tuple(sorted(found, key=lambda pattern: min(map(order.index, usable[pattern]))))


def _matches(cells: Sequence[Params]) -> Mapping[str, set[str]]:
    """The cells that each candidate names; plain values first, so that they win a tie."""
    texts = [cell_text(params) for params in cells]
    axes = [list(dict.fromkeys(points)) for points in zip(*cells, strict=True)]
    patterns = [", ".join(parts) for parts in product(*map(_candidates, axes))]
    return {
        pattern: {text for text in texts if fnmatchcase(text, pattern)}
        for pattern in sorted(patterns, key=lambda pattern: pattern.count("*"))
    }


def _candidates(points: Iterable[str]) -> Iterator[str]:
    values = [plain(point) for point in points]
    yield from map(glob.escape, values)
    words = [value.partition("_")[0] for value in values if "_" in value]
    for word in dict.fromkeys(words):
        if words.count(word) > 1:
            yield f"{glob.escape(word)}_*"
    if len(values) > 1:
        yield "*"
