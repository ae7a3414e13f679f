"""What a difference of retained memory is made of, by where it was allocated.

Each byte belongs to its *cause*, the nearest function in its traceback that the commit changed, and
there to the line. Where it was allocated says nothing of who holds it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from unladen.explain.code import Key
from unladen.explain.contexts import OWN, AllocationSite, Side, SiteFrame
from unladen.explain.diffs import CommitFiles
from unladen.explain.matching import Matching
from unladen.explain.sums import SumOfCauses, by_cause, direction


@dataclass(frozen=True)
class SitePlace:
    """``cause``: None if nothing in the traceback was changed; ``text``: of the line in it, or of
    the SDK's nearest one; ``where``: the SDK's function that allocates, or the file of what is not
    the SDK's."""

    cause: Key | None
    text: str
    where: str


@dataclass(frozen=True)
class SitePart:
    """What one place contributes. ``line``: of ``place.text``, 0 if it has none; ``change``:
    bytes."""

    place: SitePlace
    line: int
    change: int


@dataclass(frozen=True)
class Retained(SumOfCauses[SitePart]):
    """In bytes."""


def explain_retained(
    before: Side, after: Side, matching: Matching, files: tuple[CommitFiles, CommitFiles]
) -> Retained:
    """Of what the work of a figure retains. ``files``: before and after."""
    totals = before.retained, after.retained
    changes: defaultdict[SitePlace, int] = defaultdict(int)
    lines: dict[SitePlace, int] = {}
    for number, side in enumerate((before, after)):
        for site in side.sites:
            place, line = _placed(site, matching, files[number], is_before=number == 0)
            changes[place] += site.size if number else -site.size
            lines[place] = line
    parts = [SitePart(place, lines[place], change) for place, change in changes.items()]
    causes = by_cause(parts, matching, direction(*totals), lambda one: one.place.where)
    return Retained(*totals, causes)


def _placed(
    site: AllocationSite, matching: Matching, files: CommitFiles, *, is_before: bool
) -> tuple[SitePlace, int]:
    own = [frame for frame in site.frames if frame.origin == OWN]
    keys = [_key(frame, matching, files, is_before) for frame in own]
    where = next((key.name for key in keys if key is not None), site.frames[0].file)
    changed = next((n for n, key in enumerate(keys) if key in matching.why), None)
    shown = own[changed or 0] if own else None
    place = SitePlace(
        cause=None if changed is None else keys[changed],
        text="" if shown is None else files.line(shown.file, shown.line),
        where=where,
    )
    return place, 0 if shown is None else shown.line


def _key(frame: SiteFrame, matching: Matching, files: CommitFiles, is_before: bool) -> Key | None:
    found = files.function_at(frame.file, frame.line)
    return matching.now(found) if is_before and found is not None else found
