"""Loads that are kept of a target: what was measured by ``unladen load --keep NAME``.

They lie beside the target's driver, ``loads/NAME.json``, one object each, and say of which commit
they are and by which options. Exact ones are repeated to the digit by the command that they name.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from unladen.errors import UserError
from unladen.project.project import Project
from unladen.project.targets import driver_folder
from unladen.store.json_files import as_declared, read_json
from unladen.text.terminal import printable

FOLDER = "loads"
VERSION = 1

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Number = Annotated[int, Meta(ge=0)]
Points = Annotated[Sequence[tuple[Seconds, Number]], Meta(max_length=100_000)]


class KeptPeriod(msgspec.Struct, frozen=True, array_like=True):
    """What ended in a few seconds from ``begin``. ``users``: the most at once; ``p50`` and the like
    in seconds, of right replies, None without one."""

    begin: Seconds
    users: Number
    requests: Number
    failed: Number
    p50: float | None
    p95: float | None
    first_token_p50: float | None
    first_token_p95: float | None


class KeptLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A load as it is kept.

    ``options``: of ``unladen load``, the commit first; ``commit``: its whole hash; ``engine``: what
    played it; ``trouble``: why it broke off, "" if it came to its end. ``figures``: by name, as
    acceptance criteria call them, those of one kind of request after its name (``latency.p95``,
    ``chat.latency.p95``, ``errors.server``, ``facts.lost``, ``capacity.users``); in seconds
    where they are durations; None: it has no end.
    """

    target: str
    commit: Annotated[str, Meta(pattern=r"\A[0-9a-f]{40}\Z")]
    options: Sequence[str]
    engine: str
    profile: str
    seconds: Seconds
    trouble: str = ""
    figures: Annotated[Mapping[str, float | None], Meta(max_length=2000)]
    periods: Annotated[Sequence[KeptPeriod], Meta(max_length=100_000)] = ()
    users_over_time: Points = ()

    @property
    def command(self) -> str:
        """What repeats it."""
        return printable(shlex.join(["unladen", "--target", self.target, "load", *self.options]))

    @property
    def is_exact(self) -> bool:
        """Whether it is the same to the digit each time."""
        return self.engine == "virtual"


def check_name(name: str) -> str:
    """``name`` if a load can be kept by it. Raises ``UserError``."""
    if not _NAME.fullmatch(name):
        said = "small letters, digits and hyphens"
        raise UserError(f"a load cannot be kept as {printable(name)[:60]!r}: a name is of {said}")
    return name


def loads_folder(project: Project) -> Path:
    """Where the loads of a target are kept."""
    return driver_folder(project.folder, project.name) / FOLDER


def load_files(project: Project) -> list[Path]:
    """Those of the loads of a target that are kept."""
    return [
        one for one in sorted(loads_folder(project).glob("*.json")) if _NAME.fullmatch(one.stem)
    ]


def kept_loads(project: Project) -> Mapping[str, KeptLoad]:
    """All of a target, by name. Raises ``UserError`` for a file that is none."""
    return {file.stem: read_load(file) for file in load_files(project)}


def read_load(file: Path) -> KeptLoad:
    """One. Raises ``UserError``, one line with the file."""
    return as_declared(file, read_json(file, VERSION), KeptLoad, f"a load of version {VERSION}")


_SHARES = ("error_rate", "right_rate", "available_rate", "broken_rate")
_DURATIONS = ("latency", "response_time", "first_token")


def figure_unit(figure: str) -> str:
    """The unit of a load's figure: ``seconds``, ``fraction``, ``bytes``, or "" of a number."""
    *_, group, last = ["", *figure.split(".")]
    if last in _SHARES:
        return "fraction"
    if group in _DURATIONS or last == "longest_gap" or last.endswith("_s"):
        return "" if last == "requests_per_s" else "seconds"
    return "bytes" if "bytes" in last else ""
