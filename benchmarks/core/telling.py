"""Having mocks tell what they count, and for whose sake it happens: for ``benchmarks.attribute``.

What is counted stays the same. Statements are told by their text, values taken out; model calls by
their role; SSL contexts and work that is given to threads by what they are; connections by their
address.
"""

from __future__ import annotations

import queue
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

from benchmarks.core import counted
from benchmarks.core.counted import Ledger, OwnFrame, Place
from benchmarks.core.unseen import unseen
from meters.attribution import Context, line_at
from mocks import machine
from mocks.inside import primitives, ssl_contexts
from mocks.inside.replacing import Replacements
from mocks.model import log
from mocks.net.connection import Dial
from mocks.net.counts import Counts
from mocks.net.names import Address
from mocks.net.network import Network
from mocks.net.stack import Stack
from mocks.sqlite import execution, statements

_LITERAL = re.compile(
    r"""'(?:[^']|'')*'                     # texts
      | \bx'[0-9a-f]*'                     # bytes
      | (?<![\w"`\]])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?\b  # numbers""",
    re.VERBOSE | re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_SEVERAL = re.compile(r"\?(?:\s*,\s*\?)+")
_ROWS = re.compile(r"\(\?\.\.\.\)(?:\s*,\s*\(\?\.\.\.\))+")
TEXT_LIMIT = 300

FunctionOf = Callable[[Any], tuple[str, str] | None]
"""The file and the name of the SDK's function that a code object is; None of others."""


@unseen
def plain(sql: str) -> str:
    """The text of a statement without values, and as if it had one row of them."""
    said = _SPACE.sub(" ", _LITERAL.sub("?", sql)).strip()
    return _ROWS.sub("(?...), ...", _SEVERAL.sub("?...", said))[:TEXT_LIMIT]


class Places:
    """Where things come from: the SDK's functions that run, in whichever thread, above them what
    made the task, or what put into a queue what the thread has taken from it."""

    def __init__(self, own_function: FunctionOf) -> None:
        self._own_function = own_function
        self._put: dict[int, Place] = {}
        self._taken: dict[int, Place] = {}

    @unseen
    def here(self) -> Place:
        """Where whoever asks comes from."""
        found = list(self._frames(sys._getframe(1)))
        if threading.current_thread() is not threading.main_thread():
            found += self._taken.get(threading.get_ident(), ())
        return tuple(found)

    @unseen
    def is_put(self, item: object) -> None:
        """A thread is given something."""
        self._put[id(item)] = self.here()

    @unseen
    def is_taken(self, item: object) -> None:
        """A thread has taken something, and now works for whoever gave it."""
        self._taken[threading.get_ident()] = self._put.pop(id(item), ())

    def _frames(self, frame: FrameType | None) -> Iterator[OwnFrame]:
        while frame is not None and not isinstance(frame.f_trace, Context):
            yield from self._own(frame.f_code, frame.f_lineno)
            frame = frame.f_back
        context = None if frame is None else frame.f_trace
        line = 0 if frame is None else frame.f_lineno
        while isinstance(context, Context):
            yield from self._own(context.code, line)
            if context.caller is not None:
                line = line_at(context.caller.code, context.offset)
            context = context.caller

    def _own(self, code: Any, line: int) -> Iterator[OwnFrame]:
        found = self._own_function(code)
        if found is not None:
            yield (*found, line)


@contextmanager
def told(
    own_function: FunctionOf, made: Callable[[log.Call], object] = lambda call: None
) -> Iterator[None]:
    """Within the block, numbers of what mocks count are ``Counted``, if they may be. ``made`` hears
    of each model call that begins, whose ``place`` is known."""
    places = Places(own_function)
    put = Replacements()
    try:
        for of_kind in (_threads, _statements, _counters, _connections):
            for owner, name, value in of_kind(places):
                put.attribute(owner, name, value)
        put.attribute(log.Call, "__init__", _noting_calls(places, made))
        counted.tellers.append(_number)
        put.at_undo(lambda: counted.tellers.remove(_number))
        yield
    finally:
        put.undo()


Put = tuple[object, str, object]
"""Whose attribute becomes what."""


def _threads(places: Places) -> Iterator[Put]:
    for queues, puts, gets in ((primitives.WorkQueue, "put", "get"), (queue.Queue, "_put", "_get")):
        plain_put: Any = getattr(queues, puts)
        plain_get: Any = getattr(queues, gets)

        def put(self: Any, item: object, *rest: Any, _plain: Any = plain_put, **named: Any) -> Any:
            places.is_put(item)
            return _plain(self, item, *rest, **named)

        def get(self: Any, *rest: Any, _plain: Any = plain_get, **named: Any) -> Any:
            item = _plain(self, *rest, **named)
            places.is_taken(item)
            return item

        yield queues, puts, put
        yield queues, gets, get


def _statements(places: Places) -> Iterator[Put]:
    plain_count = execution._count
    plain_of = statements.Statements.of
    plain_total = statements.Statements.total.fget  # type: ignore[attr-defined]

    def count(state: execution.ConnectionState, does: statements.Statement) -> None:
        place = places.here()
        ledger = _ledger(state.databases.statements)
        for text in state.traced:
            is_does = execution._verb_of(text, does) == does.verb
            ledger.note(does if is_does else None, (plain(text), place))
        plain_count(state, does)

    def total(self: statements.Statements) -> int:
        return _ledger(self).known(plain_total(self))

    def of(self: statements.Statements, *verbs: str, table: str | None = None) -> int:
        def is_meant(what: object) -> bool:
            return isinstance(what, statements.Statement) and (
                (not verbs or what.verb in verbs) and table in (None, what.table)
            )

        return _ledger(self).known(plain_of(self, *verbs, table=table), is_meant)

    yield execution, "_count", count
    yield statements.Statements, "total", property(total)
    yield statements.Statements, "of", of


def _counters(places: Places) -> Iterator[Put]:
    """Of attributes that are counted up one by one."""
    for owner, name, text in (
        (ssl_contexts.SSLContexts, "created", "SSL context"),
        (machine.Machine, "executor_calls", "work for a thread"),
    ):

        def read(self: Any, name: str = name) -> int:
            return _ledger(self).known(vars(self)[name], lambda what: what == name)

        def write(self: Any, value: int, name: str = name, text: str = text) -> None:
            if value == vars(self).get(name, 0) + 1:
                _ledger(self).note(name, (text, places.here()))
            vars(self)[name] = int(value)

        yield owner, name, property(read, write)


def _connections(places: Places) -> Iterator[Put]:
    """Of a network: by address, and who dialled it."""
    plain_dial, plain_join, plain_counts = Stack._dial, Stack._join, Network.counts
    dialled: dict[int, tuple[Dial, Place]] = {}

    def dial(self: Stack, address: Address) -> Dial:
        made = plain_dial(self, address)
        dialled[id(made)] = made, places.here()  # kept alive: no other has its address
        return made

    def join(self: Stack, client: Any, server: Any, asked: Dial) -> None:
        before = self.total.opened
        plain_join(self, client, server, asked)
        if self.total.opened == before or id(asked) not in dialled:
            return
        part = f"connection to {_name_of(asked.dialled)}", dialled[id(asked)][1]
        for address in (None, *dict.fromkeys((asked.dialled, asked.to))):
            _ledger(self).note(address, part)

    def counts(self: Network, address: Address | None = None) -> Counts:
        found = plain_counts(self, address)
        named = None if address is None else self._named(address)
        opened = _ledger(self._stack).known(found.opened, lambda what: what == named)
        return replace(found, opened=opened)

    yield Stack, "_dial", dial
    yield Stack, "_join", join
    yield Network, "counts", counts


def _name_of(address: Address) -> str:
    return address if isinstance(address, str) else ":".join(map(str, address))


def _ledger(owner: object) -> Ledger:
    found: Ledger = vars(owner).setdefault("_told_to_whom_asks", Ledger())
    return found


def _noting_calls(places: Places, made: Callable[[log.Call], object]) -> Callable[..., None]:
    """In place of the constructor of calls: one that has them know where they were made."""
    plain_init = log.Call.__init__

    def init(self: log.Call, role: str, agent: str, mark: str, queued: float) -> None:
        plain_init(self, role, agent, mark, queued)
        vars(self)["place"] = places.here()
        made(self)

    return init


def place_of(call: log.Call) -> Place:
    """Where a model call was made; nowhere if nobody asked for that then."""
    found: Place = vars(call).get("place", ())
    return found


@unseen
def _number(things: Sized) -> int:
    """How many, by role where they are calls."""
    ledger = Ledger()
    for one in things if isinstance(things, list | tuple) else ():
        is_call = isinstance(one, log.Call)
        place = place_of(one) if is_call else ()
        ledger.note(None, (one.role if is_call else str(one), place))
    return ledger.known(len(things))
