"""Putting things in the place of others for a while."""

from collections.abc import Callable
from contextlib import ExitStack

from mocks.inside.names import Names, meaning

_MISSING = object()


class Replacements:
    """What was put in the place of something else, and is put back by `undo`, the latest first."""

    def __init__(self) -> None:
        self._undo = ExitStack()
        self._names: list[tuple[object, object]] = []
        self._rebound: list[tuple[Names, str]] = []

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
            self.at_undo(self._bind_back)
        self._names.append((old, new))

    def rebind(self) -> None:
        """Do what `everywhere` has asked for: all at once, as there are thousands of names."""
        by_id = {id(old): new for old, new in self._names}
        self._rebound = meaning(by_id.keys())
        for names, name in self._rebound:
            names[name] = by_id[id(names[name])]

    def _bind_back(self) -> None:
        by_id = {id(new): old for old, new in reversed(self._names)}
        for names, name in [*self._rebound, *meaning(by_id.keys())]:
            if id(names.get(name)) in by_id:
                names[name] = by_id[id(names[name])]

    def at_undo(self, callback: Callable[[], None]) -> None:
        """Have `callback` called by `undo`."""
        self._undo.callback(callback)

    def undo(self) -> None:
        """Put everything back, also if some of it raises, which is raised at the end."""
        self._undo.close()
