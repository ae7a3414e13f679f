"""Which global names of modules mean certain objects.

To look at what a name means counts a reference to it, which in a forked process copies the page
that it lies on: thousands of pages, most of what a process costs that does little else. So a
process looks through all modules before it forks for the first time: a server of benchmarks, when
suite and SDK are imported and nothing has been measured. One that was forked looks where something
was found then, and through what it has imported since.

Blind spot: a name of a module from before that fork which is made to mean another object after it.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Set
from itertools import takewhile
from types import ModuleType
from typing import Any

Names = dict[str, Any]
"""The global names of a module, with what they mean."""

# This package's own modules, and the interpreter's, which imports with their names.
_LEFT_ALONE = (__name__.partition(".")[0] + ".", "_thread", "_queue", "importlib")


def meaning(ids: Set[int]) -> list[tuple[Names, str]]:
    """The names, each among those of its module, that mean an object with one of these ids: in all
    modules but this package's own and the interpreter's."""
    found = _known.meaning(ids)
    for names in _names(_known.later_modules()):
        if not ids.isdisjoint(map(id, names.values())):  # most have none, which is seen at once
            found += [(names, name) for name, value in names.items() if id(value) in ids]
    return found


def _names(modules: Iterable[str]) -> Iterator[Names]:
    for name in list(modules):
        module = sys.modules[name]
        # Not `isinstance`, which believes what an object says of itself.
        if issubclass(type(module), ModuleType) and not name.startswith(_LEFT_ALONE):
            # Not `vars`, which would make a lazy module load.
            yield ModuleType.__getattribute__(module, "__dict__")


class _Known:
    """What the names of modules meant when they were looked through."""

    def __init__(self) -> None:
        self._latest: str | None = None
        self._places: dict[int, list[tuple[Names, str]]] = {}

    def look(self) -> None:
        """Look through all modules, the first time."""
        if self._latest is None:
            for names in _names(sys.modules):
                for name, value in names.items():
                    if callable(value):
                        self._places.setdefault(id(value), []).append((names, name))
            self._latest = next(reversed(sys.modules))

    def meaning(self, ids: Set[int]) -> list[tuple[Names, str]]:
        """Where these objects were found, and are still."""
        places = [place for each in ids for place in self._places.get(each, ())]
        return [(names, name) for names, name in places if id(names.get(name)) in ids]

    def later_modules(self) -> Iterator[str]:
        """Those that were imported since, the latest first; all, if that cannot be told."""
        return takewhile(lambda name: name != self._latest, reversed(sys.modules))


_known = _Known()
os.register_at_fork(before=_known.look)
