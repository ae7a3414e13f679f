"""``unladen demo``: a history measured, published and told, in one go."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from unladen.asv_bridge.command_line import add_machine
from unladen.changes.by_commit import HistoryChanges
from unladen.changes.findings import findings, findings_text
from unladen.changes.screen import findings_parts, show_blocks
from unladen.changes.summary import summarise, summary_blocks, suspected_items
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import seconds
from unladen.commands.stored import tell
from unladen.compare.demo_suspects import BUDGET, Settled, settle, suspects_told
from unladen.errors import UserError
from unladen.history.series_history import CODES
from unladen.interrupts import ASV_INTERRUPTED, INTERRUPTED
from unladen.measure.asv_commands import tell_left_out
from unladen.measure.asv_log import AsvLog
from unladen.measure.lock import hold
from unladen.measure.whole_history import MeasuredHistory, measure_history, publish
from unladen.project import targets
from unladen.project.project import Project
from unladen.project.sample import put_sample
from unladen.repo.repository import open_repository
from unladen.results.changes import load_changes
from unladen.results.explanations import explanation_files
from unladen.results.loads import load_files
from unladen.site.portal import root_of
from unladen.store.owner import check_folders, check_site
from unladen.store.series import Status
from unladen.text.progress import Progress
from unladen.text.screen import Screen


class Demo(TargetCommand):
    """Measures all commits that lack results, publishes the site, and prints the changes."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "demo",
            help="Measure a whole history and show what changed",
            description="Measure all commits that have no results on this machine yet, then what "
            "sampled series alone suggest, side by side; publish the site, and print what changed. "
            "Can be interrupted and continued. In an empty folder it is the sample SDK's history.",
        )
        add_machine(parser)
        parser.add_argument(
            "--budget",
            metavar="SECONDS",
            type=seconds,
            default=BUDGET,
            help="for measuring suspects side by side (default: %(default)g)",
        )
        parser.add_argument(
            "--processes",
            type=int,
            choices=(1, 2),
            help="how many commits are measured at the same time (default: 2 where there are two "
            "cores and 20 commits to measure)",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: Any) -> int:
        """As asv's commands; where there is no conf, with the sample's."""
        if args.config is None and targets.folder_of_conf(Path.cwd()) is None:
            put_sample(Path.cwd())
        return super().run_from_args(args)

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Do it all. 0 even if values failed: histories have broken commits."""
        check_folders(project)
        check_site(project)
        hold(project.env_dir, project.name)
        progress = Progress(sys.stderr)
        output = AsvLog(project.env_dir.parent / "demo.log", progress.tick)
        try:
            measured, settled, history_changes = _work(project, args, progress, output)
        except (KeyboardInterrupt, UserError) as error:
            progress.end()
            if isinstance(error, UserError) and not str(error).startswith(ASV_INTERRUPTED):
                raise
            again = f"unladen --target {args.target}" if args.target else "unladen"
            print(f"unladen: interrupted; continue with {again} demo", file=sys.stderr)
            return INTERRUPTED
        finally:
            output.close()
        progress.end()
        _tell(project, args, measured, settled, history_changes)
        return 0


def _work(
    project: Project, args: Any, progress: Progress, output: AsvLog
) -> tuple[MeasuredHistory, Settled, HistoryChanges]:
    with output.collecting():
        progress.stage("opening the repository")
        repository = open_repository(project)
        repository.pull()
        measured = measure_history(project, repository, args.machine, progress, args.processes)
        progress.stage("looking for suspects")
        history_changes = load_changes(project, None, measured.machine, measured.environment)
        settled = settle(project, history_changes, args.budget, progress.stage)
        progress.stage("publishing the site")
        publish(project, [*explanation_files(project), *load_files(project)])
        history_changes = load_changes(project, None, measured.machine, measured.environment)
    return measured, settled, history_changes


def _tell(
    project: Project,
    args: Any,
    measured: MeasuredHistory,
    settled: Settled,
    history_changes: HistoryChanges,
) -> None:
    unladen = f"unladen --target {args.target}" if args.target else "unladen"
    tell_left_out()
    tell(history_changes.history.remarks)
    above = (
        f"{project.name}: {measured.commits} commits measured on {measured.machine}, "
        f"{measured.new} of them now"
    )
    below = [*suspects_told(settled, len(suspected_items(history_changes)), unladen)]
    for status, told in ((Status.FAILED, "failed"), (Status.WRONG, "are of wrong outcomes")):
        number = sum(
            int((s.statuses == CODES[status]).sum()) for s in history_changes.history.series
        )
        if number:
            below.append(f"{number} values {told}; {unladen} table COMMIT gives the reasons.")
    pages = [f"The site: {_shown(project.html_dir / 'index.html')}"]
    root = root_of(project.name, project.html_dir)
    if root is not None:
        pages.append(f"Open this page first: {_shown(root / 'index.html')}")
    found = findings(history_changes)
    if sys.stdout.isatty():
        blocks = summary_blocks(history_changes, with_suspects=False)
        screen = Screen(sys.stdout, is_whole=False)
        top = [above, *findings_parts(found)]
        show_blocks(blocks, screen, top, [*below, *pages], f"{unladen} changes --all")
        return
    below.append(f"All changes, commit by commit: {unladen} changes")
    text = [findings_text(found), summarise(history_changes, with_suspects=False)]
    print("\n\n".join([above, *filter(None, text), "\n".join([*below, *pages])]))


def _shown(path: Path) -> str:
    resolved, here = path.resolve(), Path.cwd()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(resolved)
