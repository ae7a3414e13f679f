"""Whose measurements to read: one machine and one environment of a target."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from asv import util

from unladen.machine import machine_folder
from unladen.results_file import environment_suffix
from unladen.results_folder import machine_folders, results_files


@dataclass(frozen=True)
class Source:
    """A machine's ``folder`` of results, and the ``environment`` as its files' names have it."""

    folder: Path
    environment: str


@dataclass(frozen=True)
class Choice:
    """The source that was chosen, and the others that there are."""

    source: Source
    others: tuple[Source, ...]


def choose_source(
    project: str, results: Path, machine: str | None = None, environment: str | None = None
) -> Choice:
    """The source with the most results; of several, this machine's, then the latest written.

    ``machine``, ``environment``: only those of that name. Raises ``UserError`` if there is none.
    """
    folders = [folder for folder in machine_folders(results) if machine in (None, folder.name)]
    counts: Counter[Source] = Counter()
    written: dict[Source, float] = {}
    for folder in folders:
        for file in results_files(folder):
            source = Source(folder, environment_suffix(file))
            if environment in (None, source.environment):
                counts[source] += 1
                written[source] = max(written.get(source, 0.0), file.stat().st_mtime)
    if not counts:
        named = [name for name in (machine, environment) if name]
        where = f" on {' in '.join(named)}" if named else ""
        raise util.UserError(f"nothing is measured of {project}{where} in {results}")
    own = machine_folder()
    ranked = sorted(counts, key=lambda s: (counts[s], s.folder.name == own, written[s]))
    return Choice(ranked[-1], tuple(reversed(ranked[:-1])))
