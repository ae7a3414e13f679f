"""asv's ``benchmarks.json``: what each series says of itself."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from unladen.store.bounds import Finite
from unladen.store.json_files import read_json, unreadable
from unladen.store.presentation import NAMES_LIMIT, Headline, Names, PortalRow
from unladen.store.series import SeriesInfo
from unladen.text.terminal import printable

FILE = "benchmarks.json"
VERSION = 2
"""Of its format."""

CELL_LIMIT = 100_000
"""Parameter combinations of a series that are believed."""

CODE_LIMIT = 100
"""Words for values of a series that are believed."""

Words = Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(max_length=CODE_LIMIT)]


class _Described(Struct):
    """What is used of a benchmark's description by asv and by itself."""

    param_names: list[str]
    params: list[list[str]]
    version: str
    kind: str | None = None
    unit: str | None = None
    group: str | None = None
    direction: str | None = None
    tolerance: Annotated[float, Meta(ge=0, lt=1)] | None = None
    codes: Words | None = None
    expected: dict[str, list[str]] | None = None
    about: dict[str, str] | None = None
    question: str | None = None
    holds: Annotated[dict[str, Finite], Meta(max_length=NAMES_LIMIT)] | None = None
    roles: Names | None = None
    headline: Headline | None = None
    portal: PortalRow | None = None
    explain: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no type says."""
        if len(self.param_names) != len(self.params):
            raise ValueError("each parameter must have a name")
        if math.prod(map(len, self.params)) > CELL_LIMIT:
            raise ValueError("too many parameter combinations")
        codes = self.codes or []
        if len({*codes}) < len(codes):
            raise ValueError("codes must be different words")
        expected = self.expected or {}
        if not {word for words in expected.values() for word in words} <= {*codes}:
            raise ValueError("what is expected must be among the codes")


def load_series(results: Path) -> dict[str, SeriesInfo]:
    """The series in a results folder's ``benchmarks.json``, by name, in order.

    Raises ``UserError`` if there is no such file, or it is not one of asv's.
    """
    path = results / FILE
    data = read_json(path, VERSION)
    try:
        return {
            name: _series(name, msgspec.convert(entry, _Described))
            for name, entry in sorted(data.items())
            if name != "version"
        }
    except msgspec.ValidationError as error:
        why = printable(str(error))[:120]
        raise unreadable(path, f"a benchmark is malformed ({why})") from error


def _series(name: str, stored: _Described) -> SeriesInfo:
    return SeriesInfo(
        name=name,
        kind=stored.kind or "",
        unit=printable(stored.unit or ""),
        group=printable(stored.group or ""),
        higher_is_better=stored.direction == "higher",
        tolerance=stored.tolerance or 0.0,
        version=stored.version,
        axes=dict(zip(stored.param_names, map(tuple, stored.params), strict=True)),
        codes=tuple(map(printable, stored.codes or ())),
        expected={
            printable(case): tuple(map(printable, words))
            for case, words in (stored.expected or {}).items()
        },
        about={printable(k): printable(v) for k, v in (stored.about or {}).items()},
        question=printable(stored.question or ""),
        holds={printable(k): value for k, value in (stored.holds or {}).items()},
        roles={printable(k): printable(v) for k, v in (stored.roles or {}).items()},
        headline=stored.headline,
        portal=stored.portal,
        explain=printable(stored.explain or ""),
    )
