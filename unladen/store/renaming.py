"""Series that were renamed, in what is stored of them: whole or not at all.

What is stored under a former name stays as it was measured: only the name is another. Where a file
has a series under both names, it was measured again since it was renamed: that stands.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from unladen.errors import UserError
from unladen.store import benchmarks_file, record_text, records, results_file, verdicts
from unladen.store.json_files import read_json, unreadable
from unladen.store.results_folder import machine_folders, results_files
from unladen.text.terminal import printable

_NEW = ".renamed.part"
_FORMER = ".former.part"
"""End the names of what is about to take a file's place, and of that file meanwhile."""


@dataclass(frozen=True)
class Renamed:
    """``series``: those of which something was renamed, by their former names; ``files``: those
    that were changed; ``skipped``: a line for each that is not readable, and stays as it is."""

    series: frozenset[str]
    files: tuple[Path, ...]
    skipped: tuple[str, ...]


def rename_series(
    results: Path, names: Mapping[str, str], others: Mapping[Path, str] | None = None
) -> Renamed:
    """Rename the series that a folder of results has.

    ``names``: new by former ones. ``others``: the new content of files that are replaced with it.
    Raises ``UserError`` if a file cannot be written; then all are as they were. Whoever measures
    into the folder meanwhile has to be kept out.
    """
    met: set[str] = set()
    skipped: list[str] = []
    _remove_leftovers(results)
    staged = _Staged()
    try:
        for path, text in _renamed_files(results, names, met, skipped):
            staged.add(path, text)
        for path, text in (others or {}).items():
            staged.add(path, text)
        staged.take_place()
    except OSError as error:
        what = printable(str(error.filename or results))
        raise UserError(f"cannot write {what}: {error.strerror}; nothing is renamed") from error
    finally:
        staged.clean_up()
    return Renamed(frozenset(met), tuple(staged.files), tuple(skipped))


class _Renaming:
    """The renaming of the series in one file. ``met``: those that it has, by former names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self.met: set[str] = set()

    def new(self, name: str) -> str:
        """What the series of this name is called."""
        if name in self._names:
            self.met.add(name)
        return self._names.get(name, name)

    def keys(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """A table by names, with those that they have now, in its order."""
        renamed = {name: self.new(name) for name in stored}
        return {
            new: one
            for name, one in stored.items()
            if (new := renamed[name]) == name or new not in stored
        }

    def entries(self, stored: Iterable[Any], measured: Collection[str] = ()) -> list[Any]:
        """Entries that name their series; of those in ``measured``, which were measured under the
        new name, without the ones from before."""
        entries = [(one, one["series"], self.new(one["series"])) for one in stored]
        return [
            {**one, "series": new}
            for one, name, new in entries
            if new == name or new not in measured
        ]


_Rewrite: TypeAlias = Callable[[dict[str, Any], _Renaming], str]


def _renamed_files(
    results: Path, names: Mapping[str, str], met: set[str], skipped: list[str]
) -> Iterator[tuple[Path, str]]:
    """Each file of a folder of results in which something is renamed, with its new text."""
    for path, versions, rewrite in _files(results):
        renaming = _Renaming(names)
        try:
            text = rewrite(read_json(path, *versions), renaming)
        except UserError as error:
            skipped.append(f"{error}; skipped")
            continue
        except (AttributeError, KeyError, TypeError, ValueError):
            skipped.append(f"{unreadable(path, 'it is not in its format')}; skipped")
            continue
        if renaming.met:
            met |= renaming.met
            yield path, text


def _files(results: Path) -> Iterator[tuple[Path, tuple[int, ...], _Rewrite]]:
    """The files that name series, each with the versions of its format and what renames in it."""
    described = results / benchmarks_file.FILE
    if described.exists():
        yield described, (benchmarks_file.VERSION,), _descriptions
    for machine in machine_folders(results):
        for path in results_files(machine):
            measured: set[str] = set()
            yield path, (results_file.VERSION,), partial(_results, measured)
            if (record := records.record_path(path)).exists():
                yield record, records.VERSIONS, partial(_record, measured)
        if (kept := machine / verdicts.FILE).exists():
            yield kept, (verdicts.VERSION,), _verdicts


# Each is written as whoever else writes it does: asv, the records, the verdicts.


def _descriptions(data: dict[str, Any], renaming: _Renaming) -> str:
    found = renaming.keys(data)
    for name, one in found.items():
        if isinstance(one, dict):
            found[name] = {**one, "name": name}
    return json.dumps(found, indent=4, sort_keys=True)


def _results(measured: set[str], data: dict[str, Any], renaming: _Renaming) -> str:
    measured.update(data["results"])
    return json.dumps({**data, "results": renaming.keys(data["results"])})


def _record(measured: Collection[str], data: dict[str, Any], renaming: _Renaming) -> str:
    entries = record_text.flat(data)
    lists = {k: renaming.entries(entries[k], measured) for k in record_text.SAID if k in entries}
    return record_text.text({**entries, **lists})


def _verdicts(data: dict[str, Any], renaming: _Renaming) -> str:
    return json.dumps({**data, "verdicts": renaming.entries(data["verdicts"])}, indent=1) + "\n"


class _Staged:
    """Files that take the place of others, all of them or none."""

    def __init__(self) -> None:
        self.files: list[Path] = []

    def add(self, path: Path, text: str) -> None:
        """Write what is to take the place of ``path``, beside it."""
        target = Path(os.path.realpath(path))
        self.files.append(target)
        new = _beside(target, _NEW)
        new.write_text(text, encoding="utf-8")
        shutil.copymode(target, new)

    def take_place(self) -> None:
        """Let them do so. If one cannot, or this is interrupted, those before it go back."""
        done: list[Path] = []
        try:
            for target in self.files:
                former = _beside(target, _FORMER)
                shutil.copy2(target, former)
                done.append(target)
                os.replace(_beside(target, _NEW), target)
        except BaseException:
            for target in reversed(done):
                os.replace(_beside(target, _FORMER), target)
            raise

    def clean_up(self) -> None:
        """Remove what was written beside the files."""
        for target in self.files:
            for ending in (_NEW, _FORMER):
                _beside(target, ending).unlink(missing_ok=True)


def _remove_leftovers(results: Path) -> None:
    """What a renaming has left beside the files that was killed; the next one completes it."""
    for folder in (results, *machine_folders(results)):
        for ending in (_NEW, _FORMER):
            for file in folder.glob(f"*{ending}"):
                file.unlink()


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
