"""What holds what a ``meters.memory`` call retains: all that there is more after it than before it.

Kind: exact. Unit: bytes, as ``sys.getsizeof`` counts them; objects.
Cost: two walks over all objects (1 s for 50 000 that the collector knows); 50 MB for these.
Within ``recording``, every ``memory.traced`` call looks at all live objects where it reads its
levels (``meters.memory_looks``). Objects that were allocated before ``tracemalloc`` was started do
not count, but for the tables of containers.
Blind spots: those of ``meters.memory``; what C code holds by itself, and what refers to nothing and
is held by running code only, is not found; an attribute that its class names nowhere has no name; a
``__sizeof__`` written in Python is believed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from meters.memory_looks import CallLooks, looking
from meters.object_edges import ObjectKind
from meters.object_ways import WaysSeen, look


@dataclass(frozen=True, slots=True)
class Step:
    """An object on the way to others. ``edge``: the name by which the one before it holds it,
    ``.NAME``, "" if that has none, as an element has none."""

    edge: str
    kind: ObjectKind


@dataclass(frozen=True, slots=True)
class Held:
    """Objects that are reached in one way: ``size`` bytes and ``objects`` more than before.

    ``steps`` end with what they are, and begin with what holds them by the name of the second step:
    the last one that is no more often there than before. If what holds them has no name, they begin
    where the way does, and the second step has no name either.
    """

    steps: Sequence[Step]
    size: int
    objects: int


class Holdings(CallLooks[WaysSeen, Sequence[Held]]):
    """``calls``: what each ``memory.traced`` call retains, and what holds it."""

    def look(self, earlier: WaysSeen | None) -> WaysSeen:
        """All live objects but what is recorded here, by their ways."""
        return look(hidden=[self], earlier=earlier)

    def compared(self, before: WaysSeen, after: WaysSeen) -> Sequence[Held]:
        """What there is more, or less."""
        return grown(before, after)


@contextmanager
def recording(only: int | None = None) -> Iterator[Holdings]:
    """Within the block, ``memory.traced`` calls keep what holds what they retain; ``only``: the one
    of this number, from 0."""
    kept = Holdings(only)
    with looking(kept):
        yield kept


def grown(before: WaysSeen, after: WaysSeen) -> list[Held]:
    """What there is more, or less, at a look than at an earlier one."""
    found = []
    for text in sorted({*before.numbers, *after.numbers}):
        objects, size = (_more(before, after, name, text) for name in ("objects", "sizes"))
        if objects or size:
            found.append(_held(before, after, text, objects, size))
    return found


def _more(before: WaysSeen, after: WaysSeen, name: str, text: str) -> int:
    was, now = (seen.numbers.get(text) for seen in (before, after))
    less = 0 if was is None else getattr(before, name)[was]
    more = 0 if now is None else getattr(after, name)[now]
    return int(more - less)


def _held(before: WaysSeen, after: WaysSeen, text: str, objects: int, size: int) -> Held:
    lines = text.split("\n")
    steps = [_step(before, after, line) for line in lines]
    sign = 1 if (objects or size) > 0 else -1
    stays = [
        number
        for number in range(len(lines))
        if sign * _more(before, after, "objects", "\n".join(lines[: number + 1])) <= 0
    ]
    named = min(stays[-1] + 1 if stays else 0, len(steps) - 1)
    while named > 0 and not steps[named].edge:
        named -= 1
    return Held(steps[max(named - 1, 0) :], size, objects)


def _step(before: WaysSeen, after: WaysSeen, line: str) -> Step:
    edge, words = line.split(" ", 1)
    said = after.kinds[words] if words in after.kinds else before.kinds[words]
    return Step(edge, ObjectKind(words, *said.split("\n")))
