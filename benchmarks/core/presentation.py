"""How a benchmark's series are to be shown: attributes that asv copies to its JSON.

``unladen.store.presentation`` reads them; that is the whole border between the two.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, TypeVar

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])

Role = Literal["size", "runs", "latency", "slots", "limit", "hint", "provider", "mix", "steps"]
"""What a parameter stands for, whatever a capability calls it: how large a run is; how many run at
once; seconds a model call; calls that a provider serves at once; requests a minute; whether a
refusal says when to come again; which provider; which mix of runs; how many steps one run has."""


def presented(
    *,
    holds: Mapping[str, float] | None = None,
    roles: Mapping[str, Role] | None = None,
    demo: Collection[str] = (),
) -> Callable[[C], C]:
    """Say of all series of a benchmark class what it holds fixed, by name, such as ``latency_s``,
    and what roles its parameters have. ``demo``: the series that a demo measures: quick ones, each
    of which tells something that the others do not."""

    def declare(benchmark: C) -> C:
        for name, member in list(vars(benchmark).items()):
            if isinstance(member, types.FunctionType) and hasattr(member, "version"):
                held = {**vars(member).get("holds", {}), **(holds or {})}
                said = {"holds": held, "roles": dict(roles or {}), "demo": name in demo}
                setattr(benchmark, name, _with(member, **said))
        if unknown := {*demo} - {*vars(benchmark)}:
            raise ValueError(f"{benchmark.__name__} has no {', '.join(sorted(unknown))}")
        return benchmark

    return declare


def headline(
    function: F, *, of: str, label: str, rank: int, cell: Mapping[str, str] | None = None
) -> F:
    """The series as one of the figures by which a history is told. ``of``: what is done, such as
    ``a plain run``; ``label``: what the figure is; ``cell``: the values of its parameters, as
    people read them; ``rank``: its place among the figures."""
    told = {"of": of, "label": label, "rank": rank, "cell": dict(cell or {})}
    return _with(function, headline=told)


def portal_row(
    function: F,
    *,
    rank: int,
    label: str,
    work: str,
    unit: str,
    cell: Mapping[str, str] | None = None,
    per: float = 1.0,
    inverted: bool = False,
    in_floors: bool = True,
    needs_same: Literal["", "python", "machine"] = "",
) -> F:
    """The series as a row of the portal: a figure that targets are held against each other by. What
    the fields are: ``unladen.store.presentation.PortalRow``."""
    row = {
        "rank": rank,
        "label": label,
        "work": work,
        "unit": unit,
        "cell": dict(cell or {}),
        "per": per,
        "inverted": inverted,
        "in_floors": in_floors,
        "needs_same": needs_same,
    }
    return _with(function, portal=row)


def renewed(function: F, *, version: str) -> F:
    """A question's series with a version of its own: here its figures moved, elsewhere they did
    not."""
    return _with(function, version=version)


def _with(function: F, **attributes: object) -> F:
    """A copy with further attributes: a question's function is shared by all that ask it."""
    assert isinstance(function, types.FunctionType)
    copy = types.FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__doc__, copy.__module__ = function.__doc__, function.__module__
    copy.__qualname__, copy.__annotations__ = function.__qualname__, function.__annotations__
    vars(copy).update(vars(function) | attributes)
    return copy  # type: ignore[return-value]
