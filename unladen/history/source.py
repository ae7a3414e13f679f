"""Whose measurements to read: one machine and one environment of a target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.asv_bridge.machine import is_this_machine, machine_folder
from unladen.errors import UserError
from unladen.repo.commits import SHORT
from unladen.store.owner import check_results_folder
from unladen.store.results_file import environment_files, environment_suffix
from unladen.store.results_folder import machine_folders, results_files
from unladen.text.names import did_you_mean
from unladen.text.terminal import printable


@dataclass(frozen=True)
class Source:
    """A machine's ``folder`` of results, and the ``environment`` as its files' names have it."""

    folder: Path
    environment: str

    def __str__(self) -> str:
        """Its name for people."""
        return printable(f"{self.folder.name} ({self.environment})")


@dataclass(frozen=True)
class Choice:
    """The source that was chosen, and the others that there are. ``is_own``: whether it is this
    machine's; ``was_named``: whether the user named machine or environment."""

    source: Source
    others: tuple[Source, ...]
    is_own: bool = True
    was_named: bool = False

    @property
    def lenders(self) -> tuple[Source, ...]:
        """The sources whose exact values stand in for those that the chosen one lacks: what a user
        names is shown alone."""
        return () if self.was_named else self.others

    @property
    def remarks(self) -> list[str]:
        """What to say to the user of whose results are shown: nothing if they are this machine's
        and the only ones, or if the user has named them."""
        if self.was_named:
            return []
        if self.is_own:
            return self.others_remark
        line = f"shown is {self.source}: nothing is measured on this machine"
        return [line + (f"; also measured: {self._others}" if self.others else "")]

    @property
    def others_remark(self) -> list[str]:
        """The same for readers who may be anywhere: nothing if there are no others."""
        line = f"shown is {self.source}; also measured: {self._others}"
        return [line] if self.others else []

    @property
    def _others(self) -> str:
        return ", ".join(map(str, self.others))


def choose_source(
    project: str, results: Path, machine: str | None = None, environment: str | None = None
) -> Choice:
    """This machine's results if it has any, else those of the source with the most.

    Of several environments of this machine, the one with the most results, then the latest
    written. ``machine``, ``environment``: only those of that name. Raises ``UserError`` if there is
    none, or the folder is another target's.
    """
    check_results_folder(results, project)
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
        near = did_you_mean(machine or "", [one.name for one in machine_folders(results)])
        raise UserError(f"nothing is measured of {project}{where} in {results}{near}")
    host = machine_folder()
    own = {source.folder for source in counts if is_this_machine(source.folder)}

    def rank(source: Source) -> tuple[bool, bool, int, float]:
        is_host = source.folder in own and source.folder.name == host
        return source.folder in own, is_host, counts[source], written[source]

    ranked = sorted(counts, key=rank, reverse=True)
    is_named = machine is not None or environment is not None
    return Choice(ranked[0], tuple(ranked[1:]), ranked[0].folder in own, is_named)


def beginnings(sources: Sequence[Source]) -> set[str]:
    """The beginnings of the hashes of all commits that these sources measured."""
    files = (environment_files(source.folder, source.environment) for source in sources)
    return {file.name[:SHORT] for found in files for file in found}
