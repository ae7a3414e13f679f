"""By whom a target was measured: each machine and environment, and what it has."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.history.source import beginnings, choose_source
from unladen.project.project import Project


@dataclass(frozen=True)
class MeasuredBy:
    """A machine and an environment. ``name``: for people; ``measured``: the beginnings of the
    hashes of the commits that have results of them."""

    name: str
    machine: str
    environment: str
    measured: frozenset[str]


def measured_by(project: Project) -> list[MeasuredBy]:
    """All of them, that first whose results ``choose_source`` gives. Raises ``UserError`` if
    nothing is measured."""
    choice = choose_source(project.name, project.results)
    return [
        MeasuredBy(
            str(source), source.folder.name, source.environment, frozenset(beginnings((source,)))
        )
        for source in (choice.source, *choice.others)
    ]
