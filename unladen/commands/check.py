"""``unladen check``: is the target's driver sound?"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import called
from unladen.commands.stored import asv_on_stderr
from unladen.errors import UserError
from unladen.measure.driver_check import Soundness, Tried, try_driver
from unladen.measure.environment import UnladenEnvironment
from unladen.measure.one_commit import environment_with
from unladen.measure.scenario_check import RUNS_OF_ALL, is_clean, lines_of, repeated, share_of
from unladen.project.project import Project
from unladen.project.targets import driver_folder, load_target
from unladen.repo.commits import commit_called
from unladen.repo.repository import open_repository

DESCRIPTION = """\
Load the driver in the SDK's environment, which is made if it is not there, and try each capability
that it offers with the SDK of one commit. Prints a line for each:

  works        the mock model's answers became the right outcome
  not offered  the driver does not have it: its series are n/a
  n/a          the SDK does not have it at this commit, says the driver
  wrong        it ended, and its outcome is not what was asked for
  fails        it raised, or could not be measured

With --run, each capability that works is then asked for one run of each scenario, three times:
under two hash seeds, and beside a process that keeps a core busy. A line for each says what it
hit: calls to the model by role, events of the SDK, work in threads, and what left virtual time;
and which exact figures are otherwise in one of the runs, with the three values and why, as far as
that can be told. A wrong outcome is told, and is the SDK's. It takes minutes.

With --run --all, every cell of each capability that works is measured twice, the second time under
another hash seed and beside a busy process. Told is what differs, and in how many series nothing
does. It takes as long as two runs of all that is exact.

When all is sound, the last line says what to do next.

exit codes: 0 sound; 1 a capability is wrong or fails, or with --run a scenario fails or a figure is
inexact; 2 the driver is malformed, or something is not as it must be: one line on standard error
says what.
"""


class Check(TargetCommand):
    """Prints what the driver offers, and whether it works."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "check",
            help="Check that the driver is sound",
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
            "--run", action="store_true", help="run each scenario three times: do figures repeat?"
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="with --run: all cells, twice, and the share of exact series",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Try it all; the exit code. Raises ``UserError``, one line."""
        if args.all and not args.run:
            raise UserError("--all goes with --run")
        load_target(project.conf)
        with asv_on_stderr():
            repository = open_repository(project)
            repository.pull()
            named = args.commit or repository.get_branch_commits(project.branches[0])[0]
            commit = commit_called(repository, named)
            env = environment_with(project, repository, commit.hash)
            tried = try_driver(env)
        print(f"{project.name} {commit.short} {commit.subject}")
        driver = driver_folder(project.folder, project.name) / "driver"
        is_sound = not any(one.soundness.is_bad for one in tried)
        for one in tried:
            print(_line(one, driver / f"{one.capability}.py"), flush=True)
            if args.run and one.soundness is Soundness.WORKS:
                run = _run_all if args.all else _run
                is_sound &= run(env, one.capability)
        if is_sound:
            print(_next_step(tried, driver, called(args), commit.beginning))
        return 0 if is_sound else 1


def _run(env: UnladenEnvironment, capability: str) -> bool:
    """Run each scenario, and print what came of it; whether all repeat."""
    with asv_on_stderr():
        found, left_out = repeated(env, capability)
    for line in lines_of(found, left_out):
        print(line)
    return is_clean(found)


def _run_all(env: UnladenEnvironment, capability: str) -> bool:
    """Measure all cells, and print what does not repeat; whether all do."""
    with asv_on_stderr():
        found, _ = repeated(env, capability, RUNS_OF_ALL)
    *lines, _ = lines_of([one for one in found if not is_clean([one])], 0)
    for line in [*lines, f"  {share_of(found)}"]:
        print(line)
    return is_clean(found)


def _next_step(tried: Sequence[Tried], driver: Path, command: str, commit: str) -> str:
    """What to do when nothing is wrong. ``driver``: its folder; ``command``: how unladen is called
    for the target; ``commit``: the beginning of the hash."""
    working = [one.capability for one in tried if one.soundness is Soundness.WORKS]
    if not working and any(one.soundness is Soundness.UNAVAILABLE for one in tried):
        return f"The SDK has nothing of it at this commit: try another: {command} check COMMIT"
    if any(_drives_example(driver / f"{one}.py") for one in working):
        return f"Put the SDK in place of the example, then check again: {command} check"
    return f"Now measure: {command} run {commit}^!"


def _line(tried: Tried, module: Path) -> str:
    why = f": {tried.why}" if tried.why else ""
    example = ""
    if tried.soundness is not Soundness.ABSENT and _drives_example(module):
        example = f" (the example, not the SDK: edit {module.parent.name}/{module.name})"
    return f"{tried.capability}: {tried.soundness}{why}{example}"


def _drives_example(module: Path) -> bool:
    """Whether the driver is still the one that ``init`` wrote."""
    if not module.is_file():
        return False
    imports = (
        alias.name
        for node in ast.walk(ast.parse(module.read_bytes()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )
    return f"{module.stem}_example" in imports
