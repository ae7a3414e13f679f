"""Putting things in the place of others for a while."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import ModuleType
from typing import Any

_MISSING = object()

# Modules whose names are the interpreter's own, which imports with them.
_INTERPRETERS = ("_thread", "_queue", "importlib")


class Replacements:
    """What was put in the place of something else, and is put back by `undo`, the latest first."""

    def __init__(self) -> None:
        self._undo = ExitStack()
        self._names: list[tuple[object, object]] = []

    def attribute(self, owner: object, name: str, value: object) -> None:
        """Set an attribute, or an entry of an instance that hides the one of its class."""
        before = vars(owner).get(name, _MISSING)
        setattr(owner, name, value)
        if before is _MISSING:
            self.at_undo(lambda: delattr(owner, name))
        else:
            self.at_undo(lambda: setattr(owner, name, before))

    def if_there(self, owner: object, name: str, value: object) -> None:
        """`attribute`, if `owner` has it."""
        if hasattr(owner, name):
            self.attribute(owner, name, value)

    def everywhere(self, old: object, new: object) -> None:
        """Let `rebind` rebind the global names of all modules that mean `old`, but those of this
        package's. What modules bound meanwhile is put back too."""
        if not self._names:
            self.at_undo(lambda: _rebind({id(new): old for old, new in reversed(self._names)}))
        self._names.append((old, new))

    def rebind(self) -> None:
        """Do what `everywhere` has asked for: all at once, as there are thousands of names."""
        _rebind({id(old): new for old, new in self._names})

    def at_undo(self, callback: Callable[[], None]) -> None:
        """Have `callback` called by `undo`."""
        self._undo.callback(callback)

    def undo(self) -> None:
        """Put everything back, also if some of it raises, which is raised at the end."""
        self._undo.close()


def _rebind(by_id: dict[int, object]) -> None:
    """Let the names of what has one of these ids mean what stands beside it."""
    own = __name__.partition(".")[0] + "."
    for name, module in list(sys.modules.items()):
        # Not `isinstance`, which believes what an object says of itself.
        if not issubclass(type(module), ModuleType) or name.startswith((own, *_INTERPRETERS)):
            continue
        # Not `vars`, which would make a lazy module load.
        namespace: dict[str, Any] = ModuleType.__getattribute__(module, "__dict__")
        if by_id.keys().isdisjoint(map(id, namespace.values())):  # most, which is seen at once
            continue
        for key in [key for key, value in namespace.items() if id(value) in by_id]:
            namespace[key] = by_id[id(namespace[key])]
