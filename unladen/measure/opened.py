"""What the record says of the files that a results file's values are from (``records.Opened``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.asv_bridge.results import CommitRun
from unladen.measure.carrying import CarriedFrom
from unladen.measure.known_environments import BenchmarkEnvironment
from unladen.store.opened import OpenedPaths, load_opened
from unladen.store.records import Opened, Record


@dataclass(frozen=True)
class OpenedPart:
    """Of some of the values. ``paths``: None if they are not known whole; ``refusal``: then why."""

    setting: str
    paths: OpenedPaths | None
    refusal: str = ""


def opened_for(done: CommitRun, env: BenchmarkEnvironment, old: Record | None) -> Opened | None:
    """Of all values that are in the file now: those measured now, those carried, and those that
    were there, which ``old`` is the record of. None if nothing is known of some of them."""
    folder = done.file.parent
    parts: list[OpenedPart | None] = []
    if done.runs:
        parts.append(_seen(env))
    if isinstance(done.carried, CarriedFrom):
        parts.append(recorded(done.carried.measured.record, folder))
    if _are_kept(done):
        parts.append(recorded(old, folder))
    return joined(parts, folder)


def joined(parts: Sequence[OpenedPart | None], folder: Path) -> Opened | None:
    """Of all values together, None among ``parts`` for those of which nothing is known; their list
    is put into ``folder``."""
    known = [one for one in parts if one is not None]
    if not known or len(known) < len(parts) or len({one.setting for one in known}) > 1:
        return None
    setting = known[0].setting
    together = OpenedPaths()
    for one in known:
        if one.refusal:
            return Opened("", setting, one.refusal)
        if one.paths is None:
            return None
        together |= one.paths
    return Opened(together.save(folder), setting)


def _seen(env: BenchmarkEnvironment) -> OpenedPart | None:
    """Of the processes that were run for this."""
    seen = env.seen
    if seen is None:
        return None
    return OpenedPart(env.setting, OpenedPaths.of(seen.files, seen.folders), seen.refusal)


def recorded(record: Record | None, folder: Path) -> OpenedPart | None:
    """What a record says, whose list is in ``folder``; None if it says nothing."""
    opened = record.opened if record else None
    if opened is None:
        return None
    return OpenedPart(opened.setting, load_opened(folder, opened.paths), opened.refusal)


def _are_kept(done: CommitRun) -> bool:
    """Whether some of the values were there before."""
    carried = done.carried.series if isinstance(done.carried, CarriedFrom) else {}
    others = done.values.keys() - done.runs.keys() - carried.keys()
    return bool(others) or any(one.kept and one.was_stored for one in done.runs.values())
