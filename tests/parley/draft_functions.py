"""Write into the sample SDK's labels which functions each regression and improvement is in.

``python tests/parley/draft_functions.py`` shows how the labels would change, ``--write`` changes
them. The functions are those that a commit's diff changes. Where a person has chosen some of them,
the choice is kept.

Exit code 0, 1 if the labels would change (without ``--write``), 2 for bad usage.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import measured_history
from label_text import text_of

from unladen import plugin
from unladen.asv_bridge import command_line
from unladen.errors import UserError
from unladen.explain.code import MODULE
from unladen.explain.run import pair_of
from unladen.labels.labels import Kind, Label, Labels, load
from unladen.project import targets
from unladen.repo.commits import log_of
from unladen.repo.repository import open_repository

NAMED = frozenset({Kind.REGRESSION, Kind.IMPROVEMENT})
"""Kinds of commits whose functions are named."""


def main(arguments: list[str] | None = None) -> int:
    """Derive, then show or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the labels")
    parser.add_argument("--labels", type=Path, default=measured_history.LABELS, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        after = text_of(with_functions(load(options.labels), changed_functions()))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    before = options.labels.read_text(encoding="utf-8")
    if options.write:
        options.labels.write_text(after, encoding="utf-8")
        return 0
    name = options.labels.name
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    sys.stdout.writelines(difflib.unified_diff(*lines, name, f"{name} (by the diffs)"))
    return int(before != after)


def with_functions(labels: Labels, changed: Mapping[str, Sequence[str]]) -> Labels:
    """The labels with functions. ``changed``: by a commit's subject what its diff changes; what
    stands in a module counts only where it is all, or where a person has chosen it."""

    def named(label: Label) -> Label:
        ours = tuple(changed.get(label.subject, ())) if label.kind in NAMED else ()
        if label.functions and set(label.functions) <= set(ours):
            return label
        inside = tuple(name for name in ours if not name.endswith(f":{MODULE}"))
        return replace(label, functions=inside or ours)

    return Labels(labels.interpreter, tuple(map(named, labels.commits)))


def changed_functions() -> dict[str, list[str]]:
    """What each commit's diff changes, as ``file:name``, by the commit's subject."""
    return dict(_changed())


def _changed() -> Iterator[tuple[str, list[str]]]:
    command_line.set_up(plugin)
    project = targets.load_project(targets.find(measured_history.TARGET))
    repository = open_repository(project)
    commits = log_of(repository, [measured_history.parley().commits[-1].hash])[::-1]
    for before, after in pairwise(commits):
        pair = pair_of(repository, before, after, project.import_roots)
        yield after.subject, [f"{key.file}:{key.name}" for key in pair.changed_functions()]


if __name__ == "__main__":
    sys.exit(main())
