"""Random histories for property tests: merges, branches, rebases, dates in any order.

A change of the SDK is a number; what a commit's tree holds is a set of changes, a merge holds those
of its parents, and the value of a tree tells which changes are in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from made_lines import FILE
from made_repository import Made

FLOOR = 2**20


@dataclass
class Model:
    """``tips``: branches and the commits at their tips; ``brought``: by commit, the changes in its
    tree."""

    commits: list[Made] = field(default_factory=list)
    tips: dict[str, str] = field(default_factory=dict)
    trees: dict[str, frozenset[int]] = field(default_factory=dict)
    signs: dict[int, int] = field(default_factory=dict)

    def add(self, branch: str, parents: Sequence[str], changes: frozenset[int], day: int) -> None:
        """A commit with this tree at the tip of a branch."""
        name = f"c{len(self.commits)}"
        self.trees[name] = changes
        files = {FILE: str(self.value(name))}
        if parents and changes == self.trees[parents[0]]:
            files["docs"] = name
        self.commits.append(Made(name, tuple(parents), files, day))
        self.tips[branch] = name

    def value(self, name: str) -> int:
        """What is measured of a commit."""
        return FLOOR + sum(self.signs[change] * 2**change for change in self.trees[name])

    def parents(self, name: str) -> Sequence[str]:
        """Of a commit."""
        return self.commits[int(name[1:])].parents

    def line(self, tip: str) -> list[str]:
        """First parents up to a commit, oldest first."""
        names = [tip]
        while parents := self.parents(names[-1]):
            names.append(parents[0])
        return names[::-1]

    def in_scope(self, name: str) -> bool:
        """Whether it changes the tree."""
        parents = self.parents(name)
        return not parents or self.trees[name] != self.trees[parents[0]]

    def scope(self, tip: str) -> list[str]:
        """Those of the line that change the tree."""
        return [name for name in self.line(tip) if self.in_scope(name)]

    def ancestors(self, name: str) -> set[str]:
        """The commit and all that lead to it."""
        found, open_ones = {name}, [name]
        while open_ones:
            for parent in self.parents(open_ones.pop()):
                if parent not in found:
                    found.add(parent)
                    open_ones.append(parent)
        return found

    def merge_bases(self, one: str, other: str) -> set[str]:
        """The newest common ancestors."""
        common = self.ancestors(one) & self.ancestors(other)
        below = {a for c in common for a in self.ancestors(c) if a != c}
        return common - below


DAYS = st.integers(0, 5)
BRANCHES = ("main", "release", "pr")


@st.composite
def models(draw: st.DrawFn, steps: int = 14) -> Model:
    """Histories of up to so many steps, with a branch ``main`` at least."""
    model = Model()
    number = 0

    def changes(before: frozenset[int]) -> frozenset[int]:
        nonlocal number
        if not draw(st.booleans()):
            return before
        model.signs[number] = draw(st.sampled_from((1, -1)))
        number += 1
        return before | {number - 1}

    model.add("main", (), frozenset(), draw(DAYS))
    for _ in range(draw(st.integers(1, steps))):
        branch = draw(st.sampled_from(BRANCHES))
        other = draw(st.sampled_from(sorted(model.tips)))
        kind = draw(st.sampled_from(("commit", "commit", "commit", "merge", "rebase")))
        if branch not in model.tips:
            model.tips[branch] = model.tips[other]
        tip, theirs = model.tips[branch], model.tips[other]
        if kind == "commit" or branch == other:
            model.add(branch, (tip,), changes(model.trees[tip]), draw(DAYS))
        elif kind == "merge" and theirs not in model.ancestors(tip):
            union = model.trees[tip] | model.trees[theirs]
            model.add(branch, (tip, theirs), changes(union), draw(DAYS))
        elif kind == "rebase" and branch != "main":
            own = [name for name in model.line(tip) if name not in model.ancestors(theirs)]
            model.tips[branch] = theirs
            for name in own:
                brought = model.trees[name] - model.trees[model.parents(name)[0]]
                tree = model.trees[model.tips[branch]] | brought
                day = model.commits[int(name[1:])].day
                model.add(branch, (model.tips[branch],), tree, day)
    return model


@dataclass(frozen=True)
class Step:
    """One change of the value along a line: at ``commit``, somewhere from ``suspect`` on."""

    commit: str
    suspect: str
    before: int
    after: int


def steps_of(model: Model, shown: Sequence[str], measured: Mapping[str, int]) -> list[Step]:
    """What there is to see on a line of commits, oldest first, of which some are measured."""
    steps = []
    last: str | None = None
    suspect = ""
    for name in shown:
        suspect = suspect or name
        if name not in measured:
            continue
        if last is not None and measured[last] != measured[name]:
            steps.append(Step(name, suspect, measured[last], measured[name]))
        last, suspect = name, ""
    return steps
