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
from pathlib import Path

import msgspec

from unladen.errors import UserError
from unladen.load.acceptance import Criterion, figure_names, is_figure
from unladen.results.bounds import Bounded
from unladen.store.json_files import unreadable
from unladen.store.toml_files import declared, parsed, read_toml
from unladen.text.names import did_you_mean
from unladen.text.terminal import printable

_SHIPPED = "criteria"
"""The folder of those that come with Unladen, one file for a profile."""


class _WrittenCriterion(Bounded, frozen=True, forbid_unknown_fields=True, kw_only=True):
    figure: str
    kind: str = ""
    name: str = ""
    required: bool = False


class _WrittenCriteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    criterion: list[_WrittenCriterion]


_WHAT = "criteria"


def read_criteria(path: Path) -> list[Criterion]:
    """The criteria of a file. Raises ``UserError``, one line with the file."""
    return _checked(read_toml(path, _WrittenCriteria, _WHAT), path)


def shipped_criteria(profile: str) -> list[Criterion]:
    """Those that come with Unladen for a profile; none if there are none for it."""
    file = importlib.resources.files(__package__) / _SHIPPED / f"{profile}.toml"
    if not profile.isidentifier() or not file.is_file():
        return []
    path = Path(file.name)
    tables = parsed(file.read_text("utf-8"), path, _WHAT)
    return _checked(declared(tables, _WrittenCriteria, path, _WHAT), path)


def _checked(written: _WrittenCriteria, path: Path) -> list[Criterion]:
    return [_criterion(one, path, n) for n, one in enumerate(written.criterion, start=1)]


def _criterion(written: _WrittenCriterion, path: Path, number: int) -> Criterion:
    if not is_figure(written.figure):
        near = did_you_mean(written.figure, figure_names())
        raise _wrong(path, number, f"there is no figure {printable(written.figure)!r}{near}")
    if why := written.why_unbounded():
        raise _wrong(path, number, why)
    ((bound, limit),) = written.bounds.items()
    return Criterion(written.figure, bound, limit, written.kind, written.name, written.required)


def _wrong(path: Path, number: int, why: str) -> UserError:
    return unreadable(path, f"criterion {number}: {why}")
