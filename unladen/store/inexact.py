"""What of a target's exact series does not repeat to the digit, found by measuring it twice:
``inexact.toml`` beside its driver, with an entry for each reason:

    [[inexact]]
    series = ["talk.loudly.*.track_function_calls"]
    within = 0.001
    why = "the SDK goes through a set of classes until one fits"

``series``: patterns of names; ``within``: the relative difference up to which two values of these
are no change; ``why``: one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from unladen.store.toml_files import read_toml

FILE = "inexact.toml"

Line = Annotated[str, Meta(pattern=r"\A\S[^\n]*\Z")]


class _Inexact(Struct, frozen=True, forbid_unknown_fields=True):
    series: Annotated[tuple[Line, ...], Meta(min_length=1)]
    within: Annotated[float, Meta(gt=0, lt=1)]
    why: Line


class _Written(Struct, frozen=True, forbid_unknown_fields=True):
    inexact: Annotated[tuple[_Inexact, ...], Meta(min_length=1)]


@dataclass(frozen=True)
class DeclaredInexact:
    """What a target declares; nothing by default."""

    entries: tuple[_Inexact, ...] = ()

    def tolerance(self, series: str) -> float:
        """The relative difference up to which two values of a series are no change; 0 if nothing is
        declared of it."""
        return max((one.within for one in self._of(series)), default=0.0)

    def why(self, series: str) -> str:
        """Why a series does not repeat; "" if nothing is declared of it."""
        return "; ".join(one.why for one in self._of(series))

    def _of(self, series: str) -> list[_Inexact]:
        return [
            one for one in self.entries if any(fnmatchcase(series, each) for each in one.series)
        ]


def declared_inexact(folder: Path) -> DeclaredInexact:
    """What is declared in a driver's folder; nothing where there is no such file. Raises
    ``UserError``, one line with the file."""
    path = folder / FILE
    if not path.is_file():
        return DeclaredInexact()
    return DeclaredInexact(read_toml(path, _Written, "declarations of what is inexact").inexact)
