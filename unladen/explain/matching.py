"""Which function of one commit is which of another, and which of them the commit changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from unladen.explain.code import MODULE, Function, Key, SourceFile, Sources

ALIKE = 0.5
"""Share of statements in common from which two functions are one that was renamed and changed."""


@dataclass
class Matching:
    """``why``: of each function that the commit changed, what it did, by the key after it (of one
    that is gone: before it); ``new_keys``: the keys after it of functions that were called
    otherwise before."""

    why: dict[Key, str] = field(default_factory=dict)
    new_keys: dict[Key, Key] = field(default_factory=dict)
    is_new: set[Key] = field(default_factory=set)
    is_gone: set[Key] = field(default_factory=set)

    def now(self, before: Key) -> Key:
        """What a function of the commit before is called after it."""
        return self.new_keys.get(before, before)


def match(before: Sources, after: Sources, renamed: Mapping[str, str]) -> Matching:
    """Match the functions of the files that a commit changes. ``renamed``: files by their names
    before."""
    old = _by_key(before)
    new = _by_key(after)
    pairs = {
        key: there
        for key in old
        if (there := Key(renamed.get(key.file, key.file), key.name)) in new
    }
    taken = set(pairs.values())
    left_old = [one for key, one in old.items() if key not in pairs]
    left_new = [one for key, one in new.items() if key not in taken]
    for find in (_same_text, _same_name, _alike):
        for one, other in find(left_old, left_new):
            pairs[one.key] = other.key
        left_old = [one for one in left_old if one.key not in pairs]
        taken = set(pairs.values())
        left_new = [one for one in left_new if one.key not in taken]
    found = Matching(
        new_keys={key: there for key, there in pairs.items() if key != there},
        is_new={one.key for one in left_new},
        is_gone={one.key for one in left_old},
    )
    found.why.update(dict.fromkeys(found.is_new, "new"))
    found.why.update(dict.fromkeys(found.is_gone, "removed"))
    for key, there in pairs.items():
        if old[key].text != new[there].text:
            found.why[there] = "changed" if key.name == there.name else f"was {key.name}"
    return found


def read_constants(before: Sources, after: Sources, matching: Matching) -> None:
    """Functions that read what was assigned otherwise before are changed, too. ``after``: all files
    of the SDK, ``before``: those that the commit changed."""
    for file, source in before.items():
        now = after.get(file)
        if now is None:
            continue
        for (owner, name), value in source.constants.items():
            if now.constants.get((owner, name), value) != value:
                for key in _readers(after, file, owner, name):
                    matching.why.setdefault(key, f"reads {name}, which changed")


def _readers(files: Sources, file: str, owner: str, name: str) -> Iterator[Key]:
    def is_reader(function: Function, source: SourceFile, is_same_file: bool) -> bool:
        if owner != MODULE:
            return f".{name}" in function.reads
        if name in function.reads:
            return is_same_file or name in source.imports
        return name.isupper() and f".{name}" in function.reads

    for other, source in files.items():
        for function in source.functions.values():
            if function.key != Key(file, owner) and is_reader(function, source, other == file):
                yield function.key


def _by_key(files: Sources) -> dict[Key, Function]:
    return {one.key: one for file in files.values() for one in file.functions.values()}


Pairs = Iterator[tuple[Function, Function]]


def _same_text(old: list[Function], new: list[Function]) -> Pairs:
    """Moved or renamed, and the same: those of one name first. Empty ones are alike by chance."""
    by_text: defaultdict[str, list[Function]] = defaultdict(list)
    for one in new:
        by_text[one.text].append(one)
    for one in old:
        there = by_text[one.text]
        if one.text and there:
            chosen = next((o for o in there if o.key.bare_name == one.key.bare_name), there[0])
            there.remove(chosen)
            yield one, chosen


def _same_name(old: list[Function], new: list[Function]) -> Pairs:
    """Moved and changed: the only ones that are called so, and not everything is."""
    ours, theirs = (Counter(one.key.bare_name for one in each) for each in (old, new))
    by_name = {one.key.bare_name: one for one in new}
    for one in old:
        name = one.key.bare_name
        is_common = name.startswith(("__", "<"))
        if not is_common and ours[name] == theirs[name] == 1:
            yield one, by_name[name]


def _alike(old: list[Function], new: list[Function]) -> Pairs:
    """Renamed and changed: those that have most statements in common."""
    where: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(new):
        for statement in one.statements:
            where[statement].append(number)
    found: list[tuple[float, int, int]] = []
    for number, one in enumerate(old):
        shared = Counter(other for statement in one.statements for other in where[statement])
        for other, count in shared.items():
            union = len(one.statements | new[other].statements)
            if count / union >= ALIKE:
                found.append((-count / union, number, other))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, number, other in sorted(found):
        if number not in taken_old and other not in taken_new:
            taken_old.add(number)
            taken_new.add(other)
            yield old[number], new[other]
