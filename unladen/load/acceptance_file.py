"""Acceptance criteria in TOML.

    [[criterion]]
    name = "Chat answers 95 of 100 within 10 s"   # optional
    kind = "chat"                                 # of which requests; all if it is left out
    figure = "latency.p95"
    below = 10                                    # or above, at_most, at_least
    required = true                               # not met where it could not be measured

``figure`` is one of ``latency``, ``response_time`` or ``first_token`` with
``.p50``, ``.p90``, ``.p95``, ``.p99``, ``.mean`` or ``.max``, in seconds; ``error_rate``,
``right_rate``, ``available_rate`` (right, or refused in order by 429 or 503), ``broken_rate``
(replies that began and broke off), ``longest_gap``, ``requests``, ``requests_per_s``,
``recovery_s``; or ``facts.NAME``, which the engine measured.
"""

from __future__ import annotations

import importlib.resources
import math
import tomllib
from pathlib import Path

import msgspec

from unladen.errors import UserError
from unladen.load.acceptance import Bound, Criterion, figure_names, is_figure
from unladen.store.json_files import check_size, unreadable
from unladen.text.names import did_you_mean
from unladen.text.terminal import printable

_SHIPPED = "criteria"
"""The folder of those that come with Unladen, one file for a profile."""


class _WrittenCriterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    figure: str
    kind: str = ""
    name: str = ""
    required: bool = False
    below: float | None = None
    above: float | None = None
    at_most: float | None = None
    at_least: float | None = None


class _WrittenCriteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    criterion: list[_WrittenCriterion]


def read_criteria(path: Path) -> list[Criterion]:
    """The criteria of a file. Raises ``UserError``, one line with the file."""
    check_size(path)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise unreadable(path, "it is not there") from None
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, printable(str(error))[:120]) from error
    return _parsed(text, path)


def shipped_criteria(profile: str) -> list[Criterion]:
    """Those that come with Unladen for a profile; none if there are none for it."""
    file = importlib.resources.files(__package__) / _SHIPPED / f"{profile}.toml"
    if not profile.isidentifier() or not file.is_file():
        return []
    return _parsed(file.read_text("utf-8"), Path(file.name))


def _parsed(text: str, path: Path) -> list[Criterion]:
    try:
        written = msgspec.convert(tomllib.loads(text), _WrittenCriteria)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise unreadable(path, f"it holds no criteria: {printable(str(error))[:120]}") from error
    return [_criterion(one, path, n) for n, one in enumerate(written.criterion, start=1)]


def _criterion(written: _WrittenCriterion, path: Path, number: int) -> Criterion:
    given = {bound: getattr(written, bound.value) for bound in Bound}
    bounds = {bound: limit for bound, limit in given.items() if limit is not None}
    if len(bounds) != 1:
        raise _wrong(path, number, f"it needs one of {', '.join(Bound)}")
    if not is_figure(written.figure):
        near = did_you_mean(written.figure, figure_names())
        raise _wrong(path, number, f"there is no figure {printable(written.figure)!r}{near}")
    ((bound, limit),) = bounds.items()
    if not math.isfinite(limit):
        raise _wrong(path, number, f"{bound} must be a finite number")
    return Criterion(written.figure, bound, limit, written.kind, written.name, written.required)


def _wrong(path: Path, number: int, why: str) -> UserError:
    return unreadable(path, f"criterion {number}: {why}")
