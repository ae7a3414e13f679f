"""Which import runs what, inside the fresh interpreter of ``import_child``.

It imports nothing but ``sys`` and what is built in, as ``opcodes`` does: a module loaded here costs
the measured import nothing.
"""

import sys
from _thread import get_ident
from time import process_time

# The name makes type checkers treat the block as true; importing it would load ``typing``.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    Row = tuple[int, str, str, int, str, str, float, list[str]]

_IMPORT_SYSTEM = frozenset({"importlib", "_frozen_importlib", "_frozen_importlib_external"})
_FIND_AND_LOAD = sys.modules["_frozen_importlib"]._find_and_load


class Loading:
    """A module that is being loaded, below the one whose code asked for it. It is the local trace
    function of what runs for it.

    ``number``: its place among all; ``amount``: bytecodes or seconds of its own; ``added``: the
    modules that came meanwhile and not below.
    """

    __slots__ = ("above", "added", "amount", "frame", "importer", "name", "number")

    def __init__(
        self,
        above: "Loading | None",
        number: int,
        name: str,
        importer: "tuple[str, int, str]",
        frame: "FrameType | None",
    ) -> None:
        self.above = above
        self.number = number
        self.name = name
        self.importer = importer
        self.frame = frame
        self.amount: float = 0
        self.added: list[str] = []

    def __call__(self, frame: "FrameType", event: str, argument: "Any") -> "Loading":
        """What CPython calls for each instruction of a frame, and when it ends."""
        if event == "opcode":
            self.amount += 1
        elif event == "return" and frame is self.frame:
            self.frame = None
            _TREE.look(self)
        return self


class Tree:
    """All that is loaded, below a root that stands for what asked first."""

    def __init__(self) -> None:
        self.root = Loading(None, 0, "", ("", 0, ""), None)
        self.all = [self.root]
        self._before = frozenset(sys.modules)
        self._seen = set(sys.modules)

    def begin(self, above: Loading, name: str, frame: "FrameType | None") -> Loading:
        """A module is going to be loaded. ``frame``: of the import system."""
        self.look(above)
        made = Loading(above, len(self.all), name, _importer(frame), frame)
        self.all.append(made)
        return made

    def look(self, running: Loading) -> None:
        """Put down the modules that are new to what is running."""
        for name in list(sys.modules):
            if name not in self._seen:
                self._seen.add(name)
                running.added.append(name)

    def rows(self) -> "list[Row]":
        """Each with the number of the one above (-1: none), its name, the importing file, line and
        function, its own file, its amount, and the modules that it added and that stayed."""
        self.look(self.root)
        return [
            (
                -1 if one.above is None else one.above.number,
                one.name,
                *one.importer,
                _file(one.name),
                one.amount,
                [name for name in one.added if name in sys.modules and name not in self._before],
            )
            for one in self.all
        ]


_TREE = Tree()


def counted(asked: "list[tuple[str, str]]", opcodes: "Any") -> "list[Row]":
    """Import what is asked for, each a module and a name in it or ""; amounts are bytecodes.
    ``opcodes``: the module of that name."""
    find = _FIND_AND_LOAD.__code__
    root = _TREE.root

    def enter(frame: "FrameType", event: str, argument: "Any") -> "Loading":
        running = frame.f_trace
        if type(running) is not Loading:
            back = frame.f_back
            above = back.f_trace if back is not None else None
            running = above if type(above) is Loading else root
            if frame.f_code is find and frame.f_locals["name"] not in sys.modules:
                running = _TREE.begin(running, frame.f_locals["name"], frame)
        followed: Loading = opcodes.follow(frame, running)
        return followed

    opcodes.start(enter)
    for module, name in asked:
        __import__(module)
        if name:
            getattr(sys.modules[module], name)
    sys.settrace(None)
    return _TREE.rows()


def timed(asked: "list[tuple[str, str]]") -> "list[Row]":
    """Import what is asked for, as for ``counted``; amounts are CPU seconds of the process. What
    other threads import belongs to what this one imports meanwhile."""
    own_thread = get_ident()
    running = _TREE.root
    since = process_time()

    def switch(to: Loading) -> None:
        nonlocal running, since
        now = process_time()
        running.amount += now - since
        running = to
        since = process_time()

    def find_and_load(name: str, import_: "Any") -> "Any":
        if name in sys.modules or get_ident() != own_thread:
            return _FIND_AND_LOAD(name, import_)
        above = running
        switch(_TREE.begin(above, name, sys._getframe()))
        try:
            return _FIND_AND_LOAD(name, import_)
        finally:
            _TREE.look(running)
            switch(above)

    sys.modules["_frozen_importlib"]._find_and_load = find_and_load  # type: ignore[attr-defined]
    since = process_time()
    for module, name in asked:
        __import__(module)
        if name:
            getattr(sys.modules[module], name)
    switch(_TREE.root)
    return _TREE.rows()


def _importer(frame: "FrameType | None") -> "tuple[str, int, str]":
    """Who asks for a module: file, line, function; nothing if it is asked for on the command line.
    ``frame``: of the import system."""
    back = None if frame is None else frame.f_back
    while back is not None and back.f_globals.get("__name__") in _IMPORT_SYSTEM:
        back = back.f_back
    if back is None or back.f_globals is globals():
        return "", 0, ""
    return back.f_code.co_filename, back.f_lineno, back.f_code.co_qualname


def _file(name: str) -> str:
    """That of a module; "" if it has none."""
    module = sys.modules.get(name)
    if not isinstance(module, type(sys)):
        return ""
    # Not by its name, which would load a module that is loaded when it is first used.
    file = object.__getattribute__(module, "__dict__").get("__file__")
    return file if isinstance(file, str) else ""
