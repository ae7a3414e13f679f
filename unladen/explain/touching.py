"""Which function of a diff has to do with an attribute or a global, or with the class that holds
by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unladen.explain.code import MODULE, Function, Key
from unladen.explain.contexts import HeldStep
from unladen.explain.diffs import CommitFiles
from unladen.explain.matching import Matching


@dataclass(frozen=True)
class _Names:
    """The names that a function has to do with, before the commit and after it."""

    before: frozenset[str]
    after: frozenset[str]

    def has(self, name: str) -> bool:
        return name in self.before or name in self.after

    def is_changed(self, name: str) -> bool:
        return (name in self.before) != (name in self.after)


class Touching:
    """The functions that a commit changed, by what they touch.

    ``files``: before and after; ``entered``: how often each function ran, before or after.
    """

    def __init__(
        self,
        matching: Matching,
        files: tuple[CommitFiles, CommitFiles],
        entered: Mapping[Key, int],
    ) -> None:
        self._entered = entered
        old, new = files
        earlier = {now: was for was, now in matching.new_keys.items()}
        self._reads: dict[Key, _Names] = {}
        self._sets: dict[Key, _Names] = {}
        for key in matching.why:
            was = _function(old, earlier.get(key, key))
            now = _function(new, key)
            self._reads[key] = _Names(_reads(was), _reads(now))
            self._sets[key] = _Names(_sets(was), _sets(now))

    def holder(self, owner: HeldStep, name: str) -> Key | None:
        """The changed function that is most likely to have what ``owner`` holds by ``name`` held,
        or let go: one that touches that name, or else one of the owner's class. Rather one that
        touches it in only one of the commits, that ran, and that is of that class; one that makes
        an owner last."""
        names = (name, name.removeprefix(".")) if owner.key.name == MODULE else (name,)
        found = [
            (key, any(touched.is_changed(one) for one in names))
            for key, touched in self._reads.items()
            if any(touched.has(one) for one in names)
        ]
        if not found:
            found = [(key, False) for key in self._reads if _is_of(key, owner)]
        return self._first(found, owner)

    def setter(self, owner: HeldStep, name: str) -> Key | None:
        """The changed function that sets an attribute in only one of the commits, likewise."""
        found = [(key, True) for key, touched in self._sets.items() if touched.is_changed(name)]
        return self._first(found, owner)

    def _first(self, found: list[tuple[Key, bool]], owner: HeldStep) -> Key | None:
        def rank(one: tuple[Key, bool]) -> tuple[object, ...]:
            key, is_changed = one
            times = self._entered.get(key, 0)
            is_maker = key.bare_name in ("__init__", "__new__", "__post_init__")
            return (is_maker, not is_changed, not times, not _is_of(key, owner), -times, str(key))

        return min(found, key=rank)[0] if found else None


def _is_of(key: Key, owner: HeldStep) -> bool:
    """Whether a function is one of the owner's class."""
    is_in = key.name == owner.key.name or key.name.startswith(f"{owner.key.name}.")
    return key.file == owner.key.file and is_in


def _function(files: CommitFiles, key: Key) -> Function | None:
    source = files.source(key.file)
    return None if source is None else source.functions.get(key.name)


def _reads(function: Function | None) -> frozenset[str]:
    return frozenset() if function is None else function.reads


def _sets(function: Function | None) -> frozenset[str]:
    return frozenset() if function is None else function.sets
