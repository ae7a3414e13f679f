"""What a difference of retained memory is made of, by what holds it, and by type.

Objects are reached from what holds them, the last one on the way of which a run leaves no more
behind. Their *cause* is a function that the commit changed and that touches the attribute or the
global by which they are held, or sets an attribute on the way to them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unladen.explain.code import Key
from unladen.explain.contexts import OWN, HeldStep, Side
from unladen.explain.diffs import CommitFiles
from unladen.explain.matching import Matching
from unladen.explain.sums import SumOfCauses, by_cause, direction
from unladen.explain.touching import Touching

Sizes = tuple[int, int]
"""Before and after."""

RUNNING = "what runs"
"""What holds that which nothing holds that stays."""


@dataclass(frozen=True)
class HeldPlace:
    """``cause``: None if no changed function has to do with it; ``holder``: what holds the objects,
    such as ``Store._kept (dict)``, ``module``: where its class is; ``way``: what lies between, to
    what they are."""

    cause: Key | None
    module: str
    holder: str
    way: Sequence[str]

    @property
    def text(self) -> str:
        """All of the way."""
        return " > ".join([self.holder, *self.way])


@dataclass(frozen=True)
class HeldPart:
    """What is retained in one place. ``change``: bytes; ``objects``: how many."""

    place: HeldPlace
    change: int
    objects: Sizes
    line: int = 0


@dataclass(frozen=True)
class RetainedType:
    """What is retained of one type: bytes, and how many objects."""

    type: str
    sizes: Sizes
    objects: Sizes

    @property
    def change(self) -> int:
        """Bytes after less those before."""
        return self.sizes[1] - self.sizes[0]


@dataclass(frozen=True)
class HoldersOfRetained(SumOfCauses[HeldPart]):
    """In bytes. ``types``: those that differ, the biggest in the direction of the difference
    first."""

    types: Sequence[RetainedType] = ()

    @property
    def to_blame(self) -> list[Key]:
        """The causes that have a share in the difference, and not in what works against it, and
        that have to do with what stays."""
        sign = direction(self.before, self.after)
        return [
            one.key
            for one in self.causes
            if one.key is not None
            and one.change * sign > 0
            and any(part.place.holder != RUNNING for part in one.parts)
        ]


def explain_holders(
    held: tuple[Side, Side],
    worked: tuple[Side, Side],
    matching: Matching,
    files: tuple[CommitFiles, CommitFiles],
) -> HoldersOfRetained:
    """``held``: what was recorded of what holds; ``worked``: of what ran; ``files``: before and
    after."""
    touching = Touching(matching, files, _entered(worked, matching))
    changes: defaultdict[HeldPlace, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number, side in enumerate(held):
        for one in side.held:
            place = _place(one.steps, _cause(one.steps, touching))
            changes[place][0] += one.size if number else -one.size
            changes[place][1 + number] += one.objects
    parts = [
        HeldPart(place, change, (before, after))
        for place, (change, before, after) in changes.items()
    ]
    totals = held[0].retained, held[1].retained
    sign = direction(*totals)
    found = by_cause(parts, matching, sign, lambda one: one.place.text)
    return HoldersOfRetained(*totals, found, types=_types(held, sign))


def _entered(sides: tuple[Side, Side], matching: Matching) -> Mapping[Key, int]:
    """How often each function of the SDK's ran, in the commit in which it ran more often."""
    found: Counter[Key] = Counter()
    for number, side in enumerate(sides):
        times: Counter[Key] = Counter()
        for context in side.contexts:
            if context.function.is_own:
                key = context.function.key
                times[key if number else matching.now(key)] += context.entered
        found |= times
    return found


def _cause(steps: Sequence[HeldStep], touching: Touching) -> Key | None:
    """That of the first step of the SDK's that the commit has to do with."""
    for number, (owner, one) in enumerate(pairwise(steps)):
        if owner.origin == OWN and one.name:
            find = touching.setter if number else touching.holder
            if cause := find(owner, one.name):
                return cause
    return None


def _place(steps: Sequence[HeldStep], cause: Key | None) -> HeldPlace:
    owner, *rest = steps
    if not rest or not rest[0].name:
        return HeldPlace(cause, "", RUNNING, tuple(_way(steps)))
    one = rest[0]
    name = owner.key.name
    words = owner.words.removeprefix("class ").removeprefix("module ")
    module = words.removesuffix(f".{name}") if words.endswith(f".{name}") else ""
    holder = f"{_short(owner) if module else words}{one.name} ({_short(one)})"
    return HeldPlace(cause, module, holder, tuple(_way(rest[1:])))


def _way(steps: Iterable[HeldStep]) -> Iterator[str]:
    """Each step, with the name by which it holds the next one."""
    said = ""
    for one in steps:
        if one.name and one.origin != OWN:
            said = f"{said}{one.name} ({_short(one)})"
            continue
        if said or one.name:
            yield said + one.name
        said = _short(one)
    if said:
        yield said


def _short(step: HeldStep) -> str:
    """What it is, without the module of its class."""
    name = step.key.name
    return name if step.words.endswith(f".{name}") else step.words


def _types(held: tuple[Side, Side], sign: int) -> list[RetainedType]:
    sizes: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    objects: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for number, side in enumerate(held):
        for one in side.held:
            kind = one.steps[-1].type
            sizes[kind][number] += one.size
            objects[kind][number] += one.objects
    found = [
        RetainedType(kind, (size[0], size[1]), (objects[kind][0], objects[kind][1]))
        for kind, size in sizes.items()
    ]
    differing = [one for one in found if one.change or one.objects[0] != one.objects[1]]
    return sorted(differing, key=lambda one: (-one.change * sign, one.type))
