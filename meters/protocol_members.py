"""Runtime checks of protocols, the same with every hash seed.

``isinstance`` with a protocol that is checked at runtime looks for its members in the order of a
set of their names, and stops at the first that is missing: what it costs turns on the hash seed.
Here those that an object has come first. So a check costs the most that it can cost, as of all
orders of timers the worse one counts, and no seed decides it. What puts the members in order is not
counted (``meters.calls``, ``meters.bytecodes``), and takes memory only where there is something to
put in order.

CPython 3.11: newer ones keep the members with the protocol, from when it is made. There only their
names put them in order.
"""

import sys
import threading
import typing
from collections.abc import Callable, Iterable
from typing import Any

_NAMES = "_get_protocol_attrs"
_CHECK = "__instancecheck__"

_KIND: type = type(typing.Protocol)
_members: Callable[[type], set[str]] = vars(typing)[_NAMES]
_check: Callable[[type, object], bool] = vars(_KIND)[_CHECK]


class _Asked(threading.local):
    """The object that this thread asks about; itself, if about none."""

    about: object = None


_asked = _Asked()


# Its own calls are told by its code: it has no function inside, be it a comprehension.
def in_order(protocol: type) -> Iterable[str]:
    """The names of a protocol's members: of those that the object that is asked about has, by its
    class or by itself, then of the others; either by their names. Where it has all or none, of
    methods, then of what is none: a check looks first for whether there is any such."""
    names = _members(protocol)
    if sys.version_info >= (3, 12):
        return sorted(names)
    about = _asked.about
    there = methods = 0
    for name in names:
        there += _has(about, name)
        methods += callable(getattr(protocol, name, None))
    has_some = 0 < there < len(names)
    if not has_some and methods in (0, len(names)):
        return names  # in any order as many are looked at
    found: list[str] = []
    for name in sorted(names):
        if _has(about, name) if has_some else callable(getattr(protocol, name, None)):
            found.append(name)
    for name in sorted(names):
        if name not in found:
            found.append(name)
    return found


def check(protocol: type, about: object) -> bool:
    """``isinstance``, as ``typing`` has it."""
    before = _asked.about
    _asked.about = about
    try:
        return _check(protocol, about)
    finally:
        _asked.about = before


def _has(about: Any, name: str) -> bool:
    for each in type(about).__mro__:
        if name in each.__dict__:
            return True
    return name in getattr(about, "__dict__", ())


UNCOUNTED = tuple(each.__code__ for each in (in_order, check, _has))
"""What is not counted."""


def put_in_order() -> None:
    """Check protocols so in this process, for good."""
    setattr(typing, _NAMES, in_order)
    if sys.version_info < (3, 12):
        setattr(_KIND, _CHECK, check)
