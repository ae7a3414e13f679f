"""The objects that ``tracemalloc`` traces, by the way that leads to each: for ``meters.holders``.

Before 3.12 it does not tell of instances with attributes whether they are traced: all of these are
there.
A way begins at a module, or where no module leads, at what only running code refers to. Of several
ways to an object it is the shortest, and of those as short the first by its names. What goes on in
the same way, as in a linked list, is counted as if it were there twice.
"""

import gc
import sys
import tracemalloc
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, ModuleType

from meters.object_edges import ATOMS, ATTRIBUTES, ObjectKind, ObjectKinds, is_untold

TABLES = frozenset({dict, list, set, bytearray})
"""Types whose instances grow: of one that was made before anything was traced, the growth is."""


@dataclass(frozen=True, slots=True)
class WaysSeen:
    """What was seen at one look, by the text of its way: a line for each step, the name by which it
    is held and the words of its kind. ``numbers``: the place of each in ``objects``, how many there
    are, and in ``sizes``, their bytes; ``kinds``: type, file and name by words, a line each;
    ``tables``: bytes of what may grow and is not traced, by address, which nothing else has then.

    The collector tracks nothing in it, so that no later look sees it.
    """

    numbers: Mapping[str, int]
    objects: "array[int]"
    sizes: "array[int]"
    kinds: Mapping[str, str]
    tables: Mapping[int, int]


def look(hidden: Iterable[object] = (), earlier: WaysSeen | None = None) -> WaysSeen:
    """Look at all live objects. ``hidden``: those that do not count, nor what only they hold;
    ``earlier``: the look that this one will be compared with."""
    return _Look(_Graph(hidden), {} if earlier is None else earlier.tables).seen()


class _Graph:
    """All live objects. ``levels``: the nearest to the roots first; ``above``: of each, by its
    address, those of the level before that refer to it, none of a root."""

    def __init__(self, hidden: Iterable[object]) -> None:
        self.levels: list[list[object]] = []
        self.above: dict[int, list[object]] = {}
        self._seen: set[int] = set()
        own = (self, self.levels, self.above, self._seen)
        self._seen.update(id(one) for one in _all_below((*own, *hidden)))
        objects = gc.get_objects()
        self._below([sys.modules[name] for name in sorted(sys.modules)])
        rest = self._unseen(objects)
        self._below(_unheld(rest))
        while rest := self._unseen(rest):
            self._below([min(rest, key=_type_name)])

    def _unseen(self, objects: Iterable[object]) -> list[object]:
        return _without(objects, self._seen)

    def _below(self, roots: Iterable[object]) -> None:
        level = list({id(one): one for one in self._unseen(roots)}.values())
        seen, above = self._seen, self.above
        seen.update(map(id, level))
        while level:
            self.levels.append(level)
            found: dict[int, object] = {}
            for one in level:
                if type(one) in ATOMS:
                    continue
                for each in gc.get_referents(one):
                    number = id(each)
                    if number in seen:
                        continue
                    if number in found:
                        above[number].append(one)
                    else:
                        found[number] = each
                        above[number] = [one]
            seen.update(found)
            level = list(found.values())


class _Way:
    """A way to objects."""

    __slots__ = ("above", "below", "edge", "kind", "objects", "size", "text")

    def __init__(self, above: "_Way | None", edge: str, kind: ObjectKind) -> None:
        self.above = above
        self.edge = edge
        self.kind = kind
        step = f"{edge} {kind.words}"
        self.text: str = step if above is None else f"{above.text}\n{step}"
        self.below: dict[tuple[str, str], _Way] = {}
        self.objects = 0
        self.size = 0

    def on(self, edge: str, kind: ObjectKind) -> "_Way":
        """The way that goes on from here."""
        key = edge, kind.words
        known = self.below.get(key)
        if known is None:
            known = self.below[key] = self._repeated(key) or _Way(self, edge, kind)
        return known

    def _repeated(self, key: tuple[str, str]) -> "_Way | None":
        """The nearest way above of the same edge and kind, if there are two."""
        nearest = None
        way: _Way | None = self
        while way is not None:
            if (way.edge, way.kind.words) == key:
                if nearest is not None:
                    return nearest
                nearest = way
            way = way.above
        return None


class _Look:
    def __init__(self, graph: _Graph, tables: Mapping[int, int]) -> None:
        self._graph = graph
        self._kinds = ObjectKinds()
        self._roots: dict[str, _Way] = {}
        self._ways: dict[int, _Way] = {}
        self._tables: dict[int, int] = {}
        self._counted: list[tuple[object, int, int]] = []
        for level in graph.levels:
            for one in level:
                self._count(one, tables)

    def seen(self) -> WaysSeen:
        """What counts, by its way."""
        self._find_ways()
        for one, objects, size in self._counted:
            way = self._ways[id(one)]
            way.objects += objects
            way.size += size
        numbers: dict[str, int] = {}
        kinds: dict[str, str] = {}
        counts, sizes = array("q"), array("q")
        for way in _with_all_below(self._roots.values()):
            numbers[way.text] = len(numbers)
            counts.append(way.objects)
            sizes.append(way.size)
            said = "\n".join((way.kind.type, way.kind.file, way.kind.name))
            kinds[way.kind.words] = min(said, kinds.get(way.kind.words, said))
        return WaysSeen(numbers, counts, sizes, kinds, self._tables)

    def _count(self, one: object, tables: Mapping[int, int]) -> None:
        if is_untold(type(one)) or tracemalloc.get_object_traceback(one) is not None:
            self._counted.append((one, 1, self._kinds.size(one)))
        elif type(one) in TABLES:
            size = self._tables[id(one)] = sys.getsizeof(one)
            if more := size - tables.get(id(one), size):
                self._counted.append((one, 0, more))

    def _find_ways(self) -> None:
        above = self._graph.above
        wanted = {id(one) for one, _, _ in self._counted}
        pending = list(wanted)
        while pending:
            for one in above.get(pending.pop(), ()):
                if id(one) not in wanted:
                    wanted.add(id(one))
                    pending.append(id(one))
        for level in self._graph.levels:
            for one in level:
                if id(one) in wanted:
                    self._ways[id(one)] = self._way(one)

    def _way(self, one: object) -> _Way:
        kind = self._kinds.of(one)
        ways = [self._on(each, one, kind) for each in self._graph.above.get(id(one), ())]
        if ways:
            return min(ways, key=lambda way: way.text)
        return self._roots.setdefault(kind.words, _Way(None, "", kind))

    def _on(self, above: object, one: object, kind: ObjectKind) -> _Way:
        way = self._ways[id(above)]
        if way.edge == ATTRIBUTES and way.above is not None:
            return way.above.on(self._kinds.key(above, one), kind)
        return way.on(self._kinds.edge(above, one), kind)


def _with_all_below(ways: Iterable[_Way]) -> Iterator[_Way]:
    pending = list(ways)
    while pending:
        way = pending.pop()
        yield way
        pending += [one for one in way.below.values() if one.above is way]


def _type_name(one: object) -> str:
    return f"{type(one).__module__}.{type(one).__qualname__}"


def _unheld(objects: Sequence[object]) -> list[object]:
    """Those that none of them refers to."""
    held: set[int] = set()
    for one in objects:
        held.update(map(id, gc.get_referents(one)))
    return _without(objects, held)


def _without(objects: Iterable[object], numbers: set[int]) -> list[object]:
    # In a function of its own: what a comprehension captures is a cell from the first line on.
    return [one for one in objects if id(one) not in numbers]


def _all_below(objects: Iterable[object]) -> Iterator[object]:
    """These, and what they lead to otherwise than through what everything leads to."""
    pending = list(objects)
    found = {id(one) for one in pending}
    while pending:
        one = pending.pop()
        yield one
        for each in gc.get_referents(one):
            kind = type(each)
            is_common = kind in ATOMS or issubclass(kind, type | ModuleType | FunctionType)
            if id(each) not in found and not is_common:
                found.add(id(each))
                pending.append(each)
