"""The options of ``run`` that asv does not have, and what its help says that asv's would not."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

from unladen.asv_bridge.command_line import set_help
from unladen.measure.carrying import NO_CARRY

RUN = """\
Measure the benchmarks at commits of the SDK, and store what they give.

examples:
  unladen run              all commits that have no good value yet
  unladen run HEAD^!       the newest commit, once more
  unladen run v1.2..main   those of main since v1.2
"""

RANGE = """\
which commits, of those on the line of first parents that change the target's paths: A..B; NAME, all
up to that one; ALL, of all branches of the conf; NEW, those after the newest measured; or, whatever
they touch: COMMIT^!, that one; HEAD, the one that is checked out; TAGS, the tagged ones; EXISTING,
those that have results; HASHFILE:FILE, a hash a line (-: standard input); else as `git rev-list`
takes it. Without it: ALL, without what has a good value (docs/changes.md)
"""


def add_run_options(parser: ArgumentParser) -> None:
    """Add to the parser of ``run`` the options that asv does not have, and say what it chooses."""
    parser.description = RUN
    set_help(parser, "range", RANGE)
    parser.add_argument(
        NO_CARRY,
        action="store_true",
        help="measure exact series too where nothing that benchmarks open differs from a "
        "neighbouring commit that is measured",
    )
    parser.add_argument(
        "--exact-only",
        action="store_true",
        help="measure only the series that give the same figures on any machine; with --cluster: "
        "only what workers measure",
    )
    add_jobs(parser)
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="measure exact series on workers of dask.distributed: local:N for N on this machine, "
        "or the address of a scheduler (docs/cluster.md); the rest is measured here after that",
    )
    parser.add_argument(
        "--commit-limit",
        type=_seconds,
        metavar="SECONDS",
        default=3600,
        help="with --cluster: how long a worker may take for a commit (default: %(default)s)",
    )


def add_jobs(parser: ArgumentParser, default: int = 1) -> None:
    """Add ``--jobs`` to a command that measures."""
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=default,
        metavar="N",
        help="how many processes with exact figures are measured side by side, which changes none "
        f"of these figures; what is sampled has the machine to itself (default: "
        f"{'as many as there are cores' if default > 1 else 1})",
    )


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number of processes: give 1 or more")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is no number of seconds")
    return int(text)
