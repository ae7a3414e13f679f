"""``unladen migrate``: stored results get the names that series have now."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.stored import tell
from unladen.errors import UserError
from unladen.labels.renaming import renamed_labels
from unladen.measure.lock import hold
from unladen.project.project import Project
from unladen.store.owner import check_results_folder
from unladen.store.renaming import Renamed, rename_series
from unladen.text.counts import count_text
from unladen.text.former_names import new_names
from unladen.text.terminal import printable

DESCRIPTION = """\
Series were renamed: rename them in the target's results too, in the records and verdicts beside
them, and in files of labels that are named. Values, versions and dates stay as they are. It may be
run again: what has its new name stays. All files are changed, or none; commands that measure are
kept out meanwhile.

exit codes: 0 done, or nothing was left to rename; 1 some files are not readable: they are named and
stay as they are, and the others are done; 2 something is not as it must be, and nothing is renamed:
one line on standard error says what.
"""


class Migrate(TargetCommand):
    """Renames series in stored results."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "migrate",
            help="Give stored results the names that series have now",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "--labels",
            metavar="FILE",
            # Made absolute at once: asv goes to the folder of the conf.
            type=_absolute,
            action="append",
            default=[],
            help="a file of labels (docs/labels.md) in which to rename them; may be repeated",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Rename; the exit code. Raises ``UserError``, one line."""
        results = project.results
        check_results_folder(results, project.name)
        if not results.is_dir():
            raise UserError(f"there are no results in {printable(str(results))}")
        hold(project.env_dir, project.name)
        names = new_names()
        texts = {path: renamed_labels(path, names) for path in args.labels}
        labels = {path: text for path, text in texts.items() if text is not None}
        renamed = rename_series(results, names, labels)
        tell(renamed.skipped)
        for line in _told(renamed, results, list(labels)) or ["nothing to rename"]:
            print(line)
        return 1 if renamed.skipped else 0


def _told(renamed: Renamed, results: Path, labels: Sequence[Path]) -> list[str]:
    """A line on each place where something was renamed."""
    lines = [f"{printable(str(path))}: series renamed" for path in labels]
    if count := len(renamed.files) - len(labels):
        files = count_text(count, "file")
        what = f"{len(renamed.series)} series renamed in {files}"
        lines.insert(0, f"{printable(str(results))}: {what}")
    return lines


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))
