"""asv's own commands find benchmarks by the names that are shown, and say which they do not."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from asv.benchmarks import Benchmarks

from unladen.errors import UserError
from unladen.text.names import called, no_series, shown_name

_LISTING = "just-discover"
"""What ``asv run --bench`` takes for no benchmark at all."""


def install() -> None:
    """Let asv find benchmarks by the names that are shown, and refuse patterns that find none.
    Idempotent."""
    if not hasattr(Benchmarks.__init__, "unladen"):
        Benchmarks.__init__ = _finding(Benchmarks.__init__)
        Benchmarks.load = classmethod(_loading(Benchmarks.load.__func__))


def _finding(init: Any) -> Any:
    def find_benchmarks(self: Any, conf: Any, benchmarks: Iterable[Any], regex: Any = None) -> None:
        every = list(benchmarks)
        patterns = [regex] if isinstance(regex, str) else list(regex or [])
        if not patterns or patterns == [_LISTING]:
            init(self, conf, every, regex)
            return
        init(self, conf, every, widened(patterns, every))
        if not self:
            names = [benchmark["name"] for benchmark in every]
            raise UserError(no_series(" or ".join(patterns), names))

    find_benchmarks.unladen = True  # type: ignore[attr-defined]
    return find_benchmarks


def _loading(load: Any) -> Any:
    """asv adds advice to whatever goes wrong while it loads, patterns included."""

    def load_benchmarks(cls: Any, conf: Any, regex: Any = None) -> Any:
        every = load(cls, conf)
        return cls(conf, every.values(), regex) if regex else every

    return load_benchmarks


def widened(patterns: Sequence[str], benchmarks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Patterns on asv's names that find what these do on asv's names or on those that are shown.

    A pattern that is the whole name of one series finds that one only. Raises ``UserError`` for
    what is no regular expression.
    """
    names = [str(benchmark["name"]) for benchmark in benchmarks]
    left: list[str] = []
    exactly: dict[str, None] = {}
    for pattern in patterns:
        try:
            wanted = re.compile(pattern)
        except re.error as error:
            why = f"not a regular expression: {pattern!r}: {error}"
            raise UserError(why) from error
        exact = called(pattern, names)
        if len(exact) == 1:
            exactly[rf"{re.escape(exact[0])}(?:\(|$)"] = None
            continue
        left.append(pattern)
        for benchmark in benchmarks:
            name = str(benchmark["name"])
            for params in _params(benchmark):
                if wanted.search(shown_name(name) + params):
                    exactly[f"{re.escape(name + params)}$"] = None
    # As one: ``re`` keeps 512 patterns, and compiles those beyond for each name that asv tries.
    return [*left, f"^(?:{'|'.join(exactly)})"] if exactly else left


def _params(benchmark: Mapping[str, Any]) -> Iterator[str]:
    """The combinations of a benchmark's parameters, as asv adds them to its name."""
    if not benchmark["params"]:
        yield ""
        return
    for combination in itertools.product(*benchmark["params"]):
        yield f"({', '.join(combination)})"
