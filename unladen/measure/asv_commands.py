"""What ``run``, ``continuous`` and ``find`` do on our command line beyond what asv does.

Before: the results folder is checked, ``run`` gets the commits in scope, and the machine is
described. After: where the results are, and what failed. What only workers need is loaded when
there are some.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.asv_bridge.console import log
from unladen.asv_bridge.exact_only import only_exact
from unladen.asv_bridge.machine import check_machine, ensure_machine, machine_folder
from unladen.asv_bridge.publish import without_asvs_pages
from unladen.asv_bridge.run import existing_hashes
from unladen.errors import UserError
from unladen.history.lines import lines_of
from unladen.history.ranges import chosen_commits
from unladen.measure.carrying import carrying
from unladen.measure.existing import uses_existing_python
from unladen.measure.lock import hold
from unladen.measure.results_check import check_results
from unladen.measure.run_options import add_run_options
from unladen.measure.saved import (
    left_out,
    saved_failures,
    saved_wrong,
    what_is_saved_adds_up,
)
from unladen.project import targets
from unladen.project.project import Project
from unladen.repo.repository import Repository, repository_of
from unladen.store.owner import check_folders
from unladen.store.records import record_path

COMMANDS = ("run", "continuous", "find")
SOME_FAILED = 3
_ASV_SOME_FAILED = 2


@dataclass(frozen=True)
class Scope:
    """The commits of a run. ``implied``: the user named none."""

    commits: Sequence[str]
    implied: bool


def add_options(name: str, parser: ArgumentParser) -> None:
    """Add to the parser of asv's command of this name the options that are ours."""
    if name == "Publish":
        parser.add_argument(
            "--with-asv",
            action="store_true",
            help="write asv's own pages too, of the range if one is given; they need a web server, "
            "a network and most of the time",
        )
    if name == "Run":
        add_run_options(parser)


def publish(args: Namespace) -> int:
    """Run asv's ``publish``, for our pages only unless asv's are wanted. Raises ``UserError``."""
    if args.with_asv:
        args.func(args)
        return 0
    if args.range is not None:
        raise UserError("a range is only of asv's own pages: give --with-asv, or no range")
    with without_asvs_pages():
        args.func(args)
    return 0


def measure(args: Namespace, origin: Path) -> int:
    """Run one of ``COMMANDS``; its exit code, ``SOME_FAILED`` if a benchmark failed.

    ``origin``: the folder the user is in; asv has gone to that of the conf. Raises ``UserError``.
    """
    project = targets.load_project(Path(args.config) if args.config else None)
    if getattr(args, "cluster", None) is not None:
        from unladen.measure.cluster.command import check_options

        check_options(args)
    check_folders(project)
    hold(project.env_dir, project.name)
    scope = None
    if not uses_existing_python(args.env_spec):
        repository = repository_of(project)
        if repository is not None:
            if not getattr(args, "no_pull", False):
                repository.pull()
            check_own_results(project, repository, args.machine)
            if args.command == "run":
                scope = choose_commits(args, project, repository, origin)
    ensure_machine(args.machine)
    with carrying(args.command == "run" and not getattr(args, "no_carry", False)):
        if getattr(args, "cluster", None) is not None:
            code = _with_workers(args, project, scope)
        else:
            with only_exact(getattr(args, "exact_only", False)):
                code = int(args.func(args) or 0)
    log.flush()
    if args.command == "find":
        return code
    _tell_where(args, project, scope, origin)
    return _judged(code, origin)


def _with_workers(args: Namespace, project: Project, scope: Scope | None) -> int:
    """Exact series on workers, the others here; asv's exit code. Raises ``UserError``."""
    from unladen.measure.cluster.command import measure_on_cluster, patterns

    repository = repository_of(project)
    if scope is None or repository is None:
        raise UserError("--cluster needs commits of a repository of ours: name a range")
    done = measure_on_cluster(args, project, repository, machine_folder(args.machine))
    code = _ASV_SOME_FAILED if done.outcome and done.outcome.left else 0
    if done.others:
        args.bench = patterns(done.others)
        with what_is_saved_adds_up():
            code = int(args.func(args) or 0) or code
    return code


def check_own_results(project: Project, repository: Repository, machine: str | None) -> str:
    """Refuse to add to a damaged results folder, or from a wrong clone (``UserError``); the name of
    the machine's folder. What is left out of it is said on standard error."""
    folder = machine_folder(machine)
    results = project.results
    check_machine(results / folder)
    for line in check_results(results, folder, repository, project.name):
        print(f"unladen: {line}", file=sys.stderr)
    return folder


def choose_commits(
    args: Namespace, project: Project, repository: Repository, origin: Path
) -> Scope | None:
    """Put the commits to run into ``args.range``; None if asv is to find them itself.

    No range: as ``ALL``, without the series that have a good value. ``HASHFILE:`` is asv's own. For
    others see ``unladen.history.ranges``. Raises ``UserError`` if there are none.
    """
    implied = args.range is None
    if args.range and args.range.startswith("HASHFILE:"):
        args.range = _from_origin(args.range, origin)
        return None
    commits = chosen_commits(
        project, repository, args.range, lambda: existing_hashes(project.results_dir)
    )
    if not commits:
        raise UserError(_nothing_in(args, project, repository))
    if implied and not _says_what_to_skip(args):
        args.skip_existing_successful = True
    args.range = commits
    return Scope(commits, implied)


def _nothing_in(args: Namespace, project: Project, repository: Repository) -> str:
    """That there is no commit to measure, and what to do."""
    said = f"nothing to measure: no commit of {project.name} in"
    if args.range is None:
        branches = _branches(project, repository)
        return f'{said} branches {branches}: see "branches" and "paths" in {project.conf}'
    return f"{said} range {args.range!r}: to measure one commit: {_command(args)} run COMMIT^!"


def _branches(project: Project, repository: Repository) -> str:
    return ", ".join(line.branch for line in lines_of(project, repository))


def _from_origin(specification: str, origin: Path) -> str:
    """``HASHFILE:name`` with the name as seen from the user's folder."""
    name = specification.removeprefix("HASHFILE:")
    return specification if name == "-" else f"HASHFILE:{origin / name}"


def _says_what_to_skip(args: Namespace) -> bool:
    return any(
        (
            args.skip_existing,
            args.skip_existing_successful,
            args.skip_existing_failed,
            args.skip_existing_commits,
            args.append_samples,
        )
    )


def _tell_where(args: Namespace, project: Project, scope: Scope | None, origin: Path) -> None:
    if saved_failures:
        folders = sorted({_shown(file.parent, origin) for file in saved_failures})
        number = len(saved_failures)
        print(f"Results of {number} commit{'s' * (number > 1)}: {', '.join(folders)}")
        print(f"To see them: {_command(args)} table")
    elif scope and scope.implied and args.skip_existing_successful:
        print(
            f"Nothing to measure: all {len(scope.commits)} commits in scope have a good value "
            "for every selected series."
        )
        print(f"To measure one again: {_command(args)} run COMMIT^!")
    elif getattr(args, "dry_run", False):
        print("Dry run: nothing was saved.")


def _judged(code: int, origin: Path) -> int:
    tell_left_out()
    bad = [
        _told("values failed", saved_failures, origin),
        _told("values are of wrong outcomes", saved_wrong, origin),
    ]
    if any(bad):
        print(*filter(None, bad), sep="\n", file=sys.stderr)
    elif code == _ASV_SOME_FAILED and not left_out:
        print(
            "unladen: some benchmarks failed and nothing was saved; see --show-stderr",
            file=sys.stderr,
        )
    if code in (0, _ASV_SOME_FAILED):
        return SOME_FAILED if any(bad) or code else 0
    return code


def _told(what: str, saved: Mapping[Path, Sequence[object]], origin: Path) -> str:
    """Of how many saved values this is said, and where the reasons are; "" if of none."""
    files = [file for file, entries in saved.items() if entries]
    if not files:
        return ""
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    number = sum(len(saved[file]) for file in files)
    where = _shown(record_path(files[0]), origin)
    return f"unladen: {number} {what}; reasons in {where}{more}"


def tell_left_out() -> None:
    """Say on standard error which commits were not measured because they could not be had."""
    for why in left_out.values():
        print(f"unladen: left out: {why}", file=sys.stderr)


def _command(args: Namespace) -> str:
    if args.target:
        return f"unladen --target {args.target}"
    return f"unladen --config {args.config}" if args.config else "unladen"


def _shown(path: Path, origin: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(origin)) if resolved.is_relative_to(origin) else str(resolved)
