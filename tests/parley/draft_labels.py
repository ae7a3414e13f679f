"""Measure the sample SDK's history and write what it does into its labels.

``python tests/parley/draft_labels.py`` shows how the labels would change, ``--write`` changes them.
``--committed`` takes the committed results where they stand for a measurement, and measures others.
The changes of exact series come from the measurements; kinds, stories, repairs, drifts and the
changes of sampled series are kept, and a new commit gets a skeleton with the story "?". A person
has to look at the result: a label says what a commit is meant to do.

Exit code 0, 1 if the labels would change (without ``--write``), 2 for bad usage.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

import measured_history
from committed_values import committed_values
from drafting import Draft, draft
from label_text import text_of

from unladen.errors import UserError
from unladen.labels.labels import Labels, load


def main(arguments: list[str] | None = None) -> int:
    """Measure, then show or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the labels")
    parser.add_argument("--committed", action="store_true", help="use the committed results")
    parser.add_argument("--labels", type=Path, default=measured_history.LABELS, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        old = _load(options.labels)
        drafted = _draft(old, options.committed)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    for remark in drafted.remarks:
        print(remark, file=sys.stderr)
    before = options.labels.read_text(encoding="utf-8") if options.labels.is_file() else ""
    after = text_of(drafted.labels)
    if options.write:
        options.labels.write_text(after, encoding="utf-8")
        return 0
    name = options.labels.name
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    sys.stdout.writelines(difflib.unified_diff(*lines, name, f"{name} (measured)"))
    return int(before != after)


def _load(path: Path) -> Labels:
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    old = load(path) if path.is_file() else Labels(running, ())
    if old.interpreter != running:
        raise UserError(f"{path} is about Python {old.interpreter}, this is {running}")
    return old


def _draft(old: Labels, use_committed: bool) -> Draft:
    subject, series = measured_history.parley(), measured_history.series()
    history = measured_history.measure_history(
        subject,
        tell=lambda line: print(f"measuring: {line}", file=sys.stderr),
        stored=committed_values(subject, series) if use_committed else {},
    )
    return draft(old, series, history)


if __name__ == "__main__":
    sys.exit(main())
