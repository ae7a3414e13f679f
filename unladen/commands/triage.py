"""``unladen triage``: what a person says of what a commit changed."""

from __future__ import annotations

import argparse
import getpass
import json
import subprocess
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.lines import aligned, item_line
from unladen.changes.model import Direction
from unladen.changes.standing import told_items
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import called, percent
from unladen.commands.stored import add_source, asv_on_stderr, tell
from unladen.compare.triage import judged, judged_unmeasured, open_commits
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.repo.commits import commit_called, full_hash
from unladen.repo.repository import open_repository
from unladen.results.changes import load_changes
from unladen.results.squashed_triage import with_brought
from unladen.store.triage import (
    Authored,
    TriageEntry,
    TriageFile,
    TriageWord,
    changing,
    entry_as_json,
    load_triage,
)
from unladen.text.counts import count_text
from unladen.text.dates import day
from unladen.text.names import shown_name, spellings
from unladen.text.terminal import fitted, printable

DESCRIPTION = """\
Say what becomes of what a commit changed: it is accepted because, it is noise, it is reported as
#12. What is said lies in triage.json beside the results, to be committed with them, and is shown
wherever the change is. An accepted regression does not stand as open any more, and does not fail a
gate. Without a commit: what is open, and what has been said. See docs/triage.md.
"""

EPILOG = """\
exit codes:
  0  done
  2  bad usage or environment: one line on standard error says what to do; nothing is written
"""

OPEN = 20
"""Open commits that are listed, unless ``--all``."""

_WIDTH = 100


class Triage(TargetCommand):
    """Records what somebody says of changes."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "triage",
            help="Say of what a commit changed that it is accepted, noise or reported",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("commit", nargs="?", metavar="COMMIT", help="that did it")
        parser.add_argument(
            "series",
            nargs="*",
            metavar="SERIES",
            help="only these: a name, or a glob on name or name(params) (default: all that it "
            "made worse)",
        )
        said = parser.add_mutually_exclusive_group()
        said.add_argument("--accepted", metavar="WHY", help="it is worse, and may stay so")
        said.add_argument("--noise", metavar="WHY", help="sampled figures that scatter: no change")
        said.add_argument(
            "--reported", metavar="AS", help="it stays open; those who can repair it know: '#12'"
        )
        said.add_argument("--reopen", action="store_true", help="take back what was said of it")
        parser.add_argument(
            "--up-to",
            metavar="PERCENT",
            type=percent,
            help="with --accepted: of SERIES of a commit that is not measured here, how much worse "
            "a gate may find them",
        )
        parser.add_argument(
            "--by", metavar="NAME", help="who says it (default: git's user.name, or else the login)"
        )
        parser.add_argument("--all", action="store_true", help=f"list all, not {OPEN} commits")
        parser.add_argument("--json", action="store_true", help="print what has been said, as JSON")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Say it, or list it. Raises ``UserError``."""
        said = _said(args)
        if args.commit is None:
            if said or args.reopen:
                raise UserError("of which COMMIT?")
            return _list(project, args)
        if not said and not args.reopen:
            raise UserError("give --accepted WHY, --noise WHY, --reported AS or --reopen")
        if args.up_to is not None and not (args.accepted and args.series):
            raise UserError("--up-to goes with --accepted WHY and SERIES")
        print(_reopen(project, args) if args.reopen else _say(project, args, *said))
        return 0


def _said(args: Any) -> tuple[TriageWord, str] | tuple[()]:
    for said in TriageWord:
        why = getattr(args, said.value)
        if why is not None:
            if not why.strip():
                raise UserError(f"--{said.value} wants words")
            return said, why.strip()
    return ()


def _say(project: Project, args: Any, said: TriageWord, why: str) -> str:
    changes = _history(project, args, None if args.up_to is not None else args.commit)
    commit = commit_called(open_repository(project), args.commit)
    if args.up_to is not None:
        known = [one.series for one in changes.history.series]
        series = judged_unmeasured(known, args.series, args.up_to / 100)
    elif changes.commits:
        series = judged(changes.commits[0], said, args.series)
    else:
        raise UserError(
            f"{printable(args.commit)} changed nothing: there is nothing to be said; to see what "
            f"is open: {called(args)} triage"
        )
    by = args.by or _user(project)
    when = int(time.time() * 1000)
    new = TriageEntry(commit.hash, said, why, by, when, series, Authored.of(commit))
    with changing(project.results) as versions:
        versions.append(versions[-1].having(new))
    values = sum(len(one.cells) for one in series.values())
    return (
        f"{commit.beginning}: {new.text}, by {new.by}: {count_text(values, 'value')} of "
        f"{len(series)} series"
    )


def _reopen(project: Project, args: Any) -> str:
    repository = open_repository(project)
    commit = full_hash(repository, args.commit)
    line = _history(project, args).history.commits
    with changing(project.results) as versions:
        left = with_brought(versions[-1], project, repository, line, line[-1].hash)
        names = _names_said(left.on(line), commit, args.series)
        formerly = [old for old, new in left.moved(line).items() if new == commit]
        for one in (commit, *formerly):
            left = left.without(one, names)
        versions.append(left)
    return f"{commit[:8]}: {len(names)} series open again"


def _names_said(file: TriageFile, commit: str, patterns: Sequence[str]) -> list[str]:
    """The series of which something is said at a commit, those that are called so."""
    said = [name for one in file.entries if one.commit == commit for name in one.series]
    found = [
        name
        for name in said
        if not patterns
        or any(fnmatchcase(one, pattern) for one in spellings(name) for pattern in patterns)
    ]
    if not found:
        of = f" of {' '.join(patterns)}" if said and patterns else ""
        raise UserError(f"nothing is said of {commit[:8]}{printable(of)}")
    return found


def _history(project: Project, args: Any, commit: str | None = None) -> HistoryChanges:
    with asv_on_stderr():
        return load_changes(project, commit, args.machine, args.env, None, args.branch)


def _user(project: Project) -> str:
    """Who says it, as git knows them."""
    command = ["git", "-C", str(project.conf.parent), "config", "user.name"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if name := done.stdout.strip():
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UserError("who says it? git has no user.name: give --by NAME") from error


def _list(project: Project, args: Any) -> int:
    file = load_triage(project.results)
    if args.json:
        entries = [entry_as_json(one) for one in file.entries]
        print(json.dumps({"version": 1, "target": project.name, "entries": entries}, indent=2))
        tell(file.remarks)
        return 0
    changes = _history(project, args)
    tell(changes.history.remarks)
    line = changes.history.commits
    file = with_brought(file, project, open_repository(project), line, line[-1].hash)
    print("\n\n".join(filter(None, [_open(changes, args), _all_said(changes, file)])))
    return 0


def _open(changes: HistoryChanges, args: Any) -> str:
    found = open_commits(changes)
    if not found:
        return f"{changes.history.target}: nothing is open."
    shown = found if args.all else found[:OPEN]
    more = f", the newest {OPEN}; --all: all" if len(shown) < len(found) else ""
    commits = count_text(len(found), "commit")
    lines = [f"{changes.history.target}: {commits} with open regressions{more}"]
    for commit in shown:
        head = f"{commit.commit.short} {day(commit.commit.date)} {commit.commit.subject}"
        items = [
            item
            for item in told_items(commit, Direction.REGRESSION)
            if any(one.is_open for one in item.changes)
        ]
        lines += [fitted(head, _WIDTH), *aligned([item_line(items[0])])]
    how = f"{called(args)} triage {found[0].commit.short} --accepted WHY"
    return "\n".join([*lines, f"To say something of one: {how}, --noise WHY or --reported '#12'."])


def _all_said(changes: HistoryChanges, file: TriageFile) -> str:
    if not file.entries:
        return ""
    known = {commit.hash: commit for commit in changes.history.commits}
    lines = ["What has been said:"]
    said = file.on(changes.history.commits).entries
    for one in sorted(said, key=lambda entry: -entry.date):
        commit = known.get(one.commit)
        subject = f" {commit.subject}" if commit else ""
        name = commit.short if commit else one.commit[:8]
        lines += [
            fitted(f"{name}{subject}", _WIDTH),
            fitted(f"  {one.text}; {one.by}, {day(one.date)}, {_series(one)}", _WIDTH),
        ]
    return "\n".join(lines)


def _series(entry: TriageEntry) -> str:
    first, *others = map(shown_name, entry.series)
    return f"{first} and {len(others)} more" if others else first
