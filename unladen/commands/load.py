"""``unladen load``: many users at once, and what they get."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from unladen.asv_bridge.console import log
from unladen.commands.command import Command
from unladen.commands.load_options import (
    add_processes,
    add_traffic,
    check_engine,
    check_keep,
    kept_name,
    profile,
)
from unladen.commands.side_by_side import (
    absolute_folder,
    file_to_read,
    whole_number,
)
from unladen.errors import UserError
from unladen.interrupts import INTERRUPTED
from unladen.load.acceptance import Criterion, JudgedCriterion, judge
from unladen.load.acceptance_file import read_criteria, shipped_criteria
from unladen.load.engines.addresses import checked_url
from unladen.load.engines.options import LoadOptions
from unladen.load.engines.real import load_of_process, load_of_url
from unladen.load.engines.virtual import ENGINE, virtual_load
from unladen.load.files import JSON, JUNIT, ROWS, drop_empty, make_folder, write_files
from unladen.load.keeping import keep_load
from unladen.load.page import PAGE
from unladen.load.play import PlayedLoad, play
from unladen.load.report import LoadReport
from unladen.load.search import NO_ERRORS, find_capacity
from unladen.load.text import show
from unladen.measure.environment import UnladenEnvironment
from unladen.measure.one_commit import environment_with
from unladen.project import targets
from unladen.project.project import Project
from unladen.repo.commits import Commit, commit_called
from unladen.repo.repository import Repository, open_repository
from unladen.results.bounds import Met
from unladen.text.screen import Screen

MOST_TRIED = 256
"""Users of a search for capacity, unless -u says otherwise."""

MET, NOT_MET, BROKEN_OFF, NOTHING_MEASURED = 0, 1, 2, 3

DESCRIPTION = """\
Let many users ask a service, and report what they get: latency and time to the first token from
when each request was due, errors by class, every user, capacity beside what a planning formula
says. Writes DIR/load.html, one page that needs no network, load.json, load.xml (JUnit) and
rows.jsonl, a line for each request.

  --virtual    the service, its users and a mock model in one process on the virtual clock: exact,
               and half an hour of load takes seconds (default for a target)
  --process    the target's service as a real process, with a mock model, in real time
  --url URL    a service that is running; asked as the target's driver says (--target), or as an
               OpenAI-compatible endpoint whose base is URL. A header Authorization is taken from
               UNLADEN_LOAD_AUTHORIZATION.

The last two run on Locust, in an environment of its own that is made the first time.

profiles (-u, -d, --ramp-up, --think, --mix and --timeout change one):
  crowd        50 users, one more each 0.5 s, for 60 s; think 1 to 5 s (default)
  baseline     one user for a minute
  ramp         15 users, one more each second, 10 minutes; think 5 to 20 s
  soak         10 users for half an hour
  spike        5 users for 3 minutes, 25 in the middle one
  steady       requests arrive at 5 a second, however long the replies take (open loop)
  FILE.toml    your own (docs/load.md)

exit codes: 0 the criteria are met, or there are none; 1 one is not met; 2 bad usage, or the load
broke off: one line on standard error says why; 3 nothing was measured; 130 interrupted. What there
is is reported in each case. --accept FILE holds the load against your criteria; without it those of
the profile apply, if it has some.
"""


class Load(Command):
    """Plays a load and reports it."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "load",
            help="Load a service with many users",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "commit",
            nargs="?",
            metavar="COMMIT",
            help="of the SDK (default: the newest of the conf's first branch)",
        )
        parser.add_argument(
            "--profile",
            metavar="NAME|FILE",
            type=profile,
            default="",
            help="who asks when, as above (default: crowd)",
        )
        engine = parser.add_mutually_exclusive_group()
        engine.add_argument("--virtual", action="store_true", help="on the virtual clock")
        engine.add_argument("--process", action="store_true", help="a real process")
        engine.add_argument("--url", metavar="URL", help="a service that is running")
        add_traffic(parser)
        add_processes(parser)
        parser.add_argument(
            "--capacity",
            action="store_true",
            help="find how many users (up to -u, or 256) meet the criteria, or get no error",
        )
        parser.add_argument(
            "--allow-remote", action="store_true", help="needed with a --url on another machine"
        )
        parser.add_argument(
            *("-o", "--output"),
            metavar="DIR",
            type=absolute_folder,
            default="load-report",
            help="the folder of the report (default: load-report)",
        )
        parser.add_argument(
            "--accept", metavar="FILE", type=file_to_read, help="acceptance criteria (TOML)"
        )
        parser.add_argument(
            "--player",
            metavar="MODULE",
            help="a module of the target's that plays a load of its own virtually, and prints its "
            "lines (docs/load.md)",
        )
        parser.add_argument(
            "--keep",
            metavar="NAME",
            type=kept_name,
            help="keep its figures by this name beside the target's driver, for site and report",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: argparse.Namespace) -> int:
        """Play, report; the exit code. Raises ``UserError``."""
        check_engine(args)
        check_keep(args)
        criteria = read_criteria(args.accept) if args.accept else None
        make_folder(args.output)
        try:
            if args.capacity:
                wanted = criteria or shipped_criteria(args.profile) or [*NO_ERRORS]
                return _report(_searched(args, wanted), wanted, args)
            with contextlib.closing(_lines(args)) as lines:
                return _report(_kept(lines, args.output / ROWS, _tell), criteria, args)
        except UserError:
            drop_empty(args.output)
            raise


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _lines(args: argparse.Namespace) -> Generator[str, None, None]:
    """The load's lines; what must be there for it is made first."""
    options = _options(args)
    if args.url is not None:
        url = checked_url(args.url, allow_remote=args.allow_remote)
        named = args.target is not None or args.config is not None
        project = _project(args) if named else None
        yield from load_of_url(url, options, _workers(args), project, args.allow_remote)
        return
    env = _environment(_project(args), args.commit)
    _tell(f"playing the load on {'a real process' if args.process else 'the virtual clock'}")
    if args.process:
        yield from load_of_process(env, options, _workers(args), args.server_workers or "1")
    else:
        yield from virtual_load(env, options, args.player or ENGINE)


def _kept(lines: Iterable[str], rows: Path, tell: Callable[[str], None]) -> PlayedLoad:
    with rows.open("w", encoding="utf-8") as kept:
        return play(lines, kept, tell)


def _searched(args: argparse.Namespace, criteria: Sequence[Criterion]) -> PlayedLoad:
    """The load of the largest number of users that meets the criteria."""
    try:
        most = whole_number(args.users) if args.users else MOST_TRIED
    except argparse.ArgumentTypeError as error:
        raise UserError(f"--users {error}") from None
    env = _environment(_project(args), args.commit)

    def play_with(users: int, rows: Path) -> PlayedLoad:
        options = replace(_options(args), users=str(users))
        with contextlib.closing(virtual_load(env, options)) as lines:
            return _kept(lines, rows, lambda _: None)

    with tempfile.TemporaryDirectory(prefix="unladen-load-") as folder:
        found = find_capacity(play_with, criteria, most, Path(folder), _tell)
        shutil.copyfile(found.rows, args.output / ROWS)
    return found.played


def _options(args: argparse.Namespace) -> LoadOptions:
    return LoadOptions(**{name: getattr(args, name) for name in LoadOptions.__dataclass_fields__})


def _workers(args: argparse.Namespace) -> str:
    return str(args.workers or "0")


def _project(args: argparse.Namespace) -> Project:
    return targets.load_project(Path(args.config) if args.config else None)


def _commit(project: Project, named: str | None) -> tuple[Repository, Commit]:
    """The commit that is named, by default the newest, and its repository."""
    repository = open_repository(project)
    repository.pull()
    newest = project.branches[0]
    wanted = repository.get_branch_commits(newest)[0] if named is None else named
    return repository, commit_called(repository, wanted)


def _environment(project: Project, named: str | None) -> UnladenEnvironment:
    """With the commit that is named installed."""
    with contextlib.redirect_stdout(sys.stderr):  # asv says there what it makes
        repository, commit = _commit(project, named)
        env = environment_with(project, repository, commit.hash)
        log.flush()
    return env


def _keep(report: LoadReport, trouble: str, args: argparse.Namespace) -> None:
    project = _project(args)
    with contextlib.redirect_stdout(sys.stderr):
        _, commit = _commit(project, args.commit)
    engine = ["--process", f"--server-workers={args.server_workers or 1}"] if args.process else []
    search = ["--capacity"] if args.capacity else []
    search += [f"--player={args.player}"] if args.player else []
    options = [commit.short, *_options(args).arguments(), *engine, *search, f"--keep={args.keep}"]
    _tell(f"kept: {keep_load(project, args.keep, report, commit.hash, options, trouble)}")


def _report(
    played: PlayedLoad, criteria: Sequence[Criterion] | None, args: argparse.Namespace
) -> int:
    """Judge, write and print; the exit code. ``criteria``: None: those of the profile. Raises
    ``UserError`` if there is nothing to report, or the load broke off."""
    report = _reported(played)
    wanted = shipped_criteria(report.plan.profile) if criteria is None else criteria
    judged = judge(wanted, report)
    code = _exit_code(played, report, judged)
    write_files(args.output, report, judged, code)
    if args.keep and code not in (NOTHING_MEASURED, INTERRUPTED):
        _keep(report, played.trouble, args)
    _print(report, judged, args.output)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code == BROKEN_OFF:
        raise UserError(f"the load broke off: {played.trouble or 'it did not come to its end'}")
    return code


def _reported(played: PlayedLoad) -> LoadReport:
    """What there is of the load. Raises ``UserError``, or ``KeyboardInterrupt``, if nothing is."""
    if played.report is not None:
        return played.report
    if played.is_interrupted:
        raise KeyboardInterrupt
    raise UserError(played.trouble or "the load gave no rows")


def _exit_code(played: PlayedLoad, report: LoadReport, judged: Sequence[JudgedCriterion]) -> int:
    if played.is_interrupted:
        return INTERRUPTED
    if played.trouble or not report.is_whole:
        return BROKEN_OFF
    if not report.total.requests or (judged and all(j.met is Met.UNMEASURED for j in judged)):
        return NOTHING_MEASURED
    return NOT_MET if any(one.is_bad for one in judged) else MET


def _print(report: LoadReport, judged: Sequence[JudgedCriterion], folder: Path) -> None:
    show(report, judged, Screen(sys.stdout, is_whole=True))
    print(f"{folder}: {', '.join((PAGE, JSON, JUNIT, ROWS))}", file=sys.stderr)
