"""``unladen run --cluster``: exact series on workers, then everything else on this machine."""

from __future__ import annotations

import re
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unladen.asv_bridge.environment_setup import environments_of, make_ready
from unladen.asv_bridge.results import file_name
from unladen.asv_bridge.run import run
from unladen.asv_bridge.suite import Suite, discover
from unladen.errors import UserError
from unladen.history.conditions import Conditions, conditions_here, conditions_of
from unladen.measure.cluster.control import SERIES, Control, control_of, spread
from unladen.measure.cluster.crew import Assignment, Dispatched
from unladen.measure.cluster.dask_transport import check_address, connected
from unladen.measure.cluster.deliveries import Expected
from unladen.measure.cluster.dispatch import Dispatcher, Limits
from unladen.measure.cluster.folder import Folder, Skip
from unladen.measure.cluster.judge import FolderJudge
from unladen.measure.cluster.kit import code_digest, pack
from unladen.measure.cluster.transport import ClusterGoneError
from unladen.measure.environment import UnladenEnvironment
from unladen.measure.kept_installs import CannotInstall, lock_of
from unladen.measure.saved import left_out, saved_failures, saved_wrong
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.store.records import Record, has_record, record_of
from unladen.store.results_file import ResultsFile, read_results
from unladen.store.series import SeriesInfo
from unladen.text.terminal import printable

CONTROL_TRIES = 5
"""Commits of which one must have exact values, for a worker to be held against."""

_NOT_TOGETHER = (
    *("append_samples", "attribute", "cpu_affinity", "date_period", "dry_run", "env_spec"),
    *("launch_method", "profile", "quick", "set_commit_hash", "steps"),
)
"""Options of ``run`` that say nothing to workers."""


@dataclass(frozen=True)
class DoneByWorkers:
    """What workers did. ``others``: the names of the selected series that are not exact;
    ``outcome``: None if nothing was to be measured by workers."""

    others: Sequence[str]
    outcome: Dispatched | None


def check_options(args: Namespace) -> None:
    """Raise ``UserError`` for what does not go together with ``--cluster``."""
    check_address(args.cluster)
    for name in _NOT_TOGETHER:
        if getattr(args, name, None):
            option = "--environment" if name == "env_spec" else f"--{name.replace('_', '-')}"
            raise UserError(f"--cluster and {option} cannot be used together")


def measure_on_cluster(
    args: Namespace, project: Project, repository: Repository, machine: str
) -> DoneByWorkers:
    """Measure the exact series of the commits in ``args.range`` (full hashes) on workers.

    ``machine``: the name of its folder. Raises ``UserError``; whatever is stored then stays, and
    the same command goes on from there.
    """
    work = _Work.prepared(args, project, repository, machine)
    assignments = work.assignments(args.range, _skip(args))
    if not assignments:
        return DoneByWorkers(work.others, None)
    print(f"{len(assignments)} commits to measure; preparing the control sample", file=sys.stderr)
    # A worker may still be at what a command asked for that has died since.
    limits = Limits(introduction=float(args.commit_limit), commit=float(args.commit_limit))
    judge = work.judge(args.range, limits)
    slots = project.env_dir.parent / "cluster"
    with connected(args.cluster, slots) as transport:
        more = _tell if args.verbose else _keep_quiet
        dispatcher = Dispatcher(transport, judge, assignments, limits, _tell, tell_more=more)
        try:
            outcome = dispatcher.run()
        except ClusterGoneError as error:
            number = dispatcher.outcome().stored
            raise UserError(
                f"{error}: {number} of {len(assignments)} commits are stored, and the same command "
                "measures the rest"
            ) from error
        finally:
            saved_failures.update(judge.failed)
            saved_wrong.update(judge.wrong)
    _report(outcome, len(assignments))
    return DoneByWorkers(work.others, outcome)


def patterns(names: Sequence[str]) -> list[str]:
    """For ``--bench``: these series and no others."""
    return [rf"^{re.escape(name)}(\(|$)" for name in names]


@dataclass(frozen=True)
class _Work:
    """``exact``: the selected exact series; ``conditions``: of each environment here, by name."""

    project: Project
    repository: Repository
    folder: Folder
    exact: Mapping[str, SeriesInfo]
    others: Sequence[str]
    conditions: Mapping[str, Conditions]
    machine: str | None

    @classmethod
    def prepared(
        cls, args: Namespace, project: Project, repository: Repository, machine: str
    ) -> _Work:
        """Make the environments here, and ask the suite for its series."""
        environments = environments_of(project)
        if not all(isinstance(env, UnladenEnvironment) for env in environments):
            raise UserError('--cluster needs "environment_type": "unladen" in asv.conf.json')
        make_ready(environments)
        suite = discover(project, repository, environments, args.range, args.bench)
        series = suite.series()
        if not series:
            raise UserError("no benchmark is selected")
        exact = {name: info for name, info in series.items() if info.is_exact}
        return cls(
            project,
            repository,
            Folder(project.results_dir, machine, _description(suite, args.machine), project.name),
            exact,
            [] if args.exact_only else sorted(set(series) - set(exact)),
            {
                env.name: conditions_here(env.interpreter, env.env_vars, env.driver)
                for env in environments
            },
            args.machine,
        )

    def assignments(self, commits: Sequence[str], skip: Skip) -> list[Assignment]:
        """What is to be measured of each commit, without those of which nothing is."""
        found = []
        for commit in commits:
            lacking = [
                self.folder.lacking(commit, environment, self.exact, skip)
                for environment in self.conditions
            ]
            if names := set().union(*lacking):
                found.append(Assignment(commit, tuple(sorted(names))))
        return found

    def judge(self, commits: Sequence[str], limits: Limits) -> FolderJudge:
        """Who knows what can be believed. Raises ``UserError`` without a control sample."""
        kit = pack(self.project)
        return FolderJudge(
            kit=kit,
            code=code_digest(),
            sample=self._control(commits),
            expected=Expected(self.conditions, self.exact, kit.digest, self._pins()),
            folder=self.folder,
            seconds=limits.commit,
        )

    def _pins(self) -> Callable[[str], Mapping[str, str]] | None:
        """What the lock of a commit names, where each commit has one of its own; of one that is
        installed by commands nothing is known before."""
        if self.project.is_on_path:
            return None
        if not self.project.commit_lock:
            return lambda _: {}
        return lambda commit: pins_at(self.repository, commit, self.project.commit_lock)

    def _control(self, commits: Sequence[str]) -> Control:
        """Of a commit that is measured here, under the conditions of now, or is measured now."""
        for commit in commits:
            if found := self._control_at(commit, self.folder.results, [*self.exact.values()]):
                return found
        for commit in commits[:CONTROL_TRIES]:
            if found := self._measured_control(commit):
                return found
        raise UserError(
            f"the newest {min(len(commits), CONTROL_TRIES)} commits have no exact value to hold "
            "workers against: name a range that has some"
        )

    def _measured_control(self, commit: str) -> Control | None:
        """The same of a commit that is measured here now, and not stored: of so many series, spread
        over all, that enough have a value, for a target has not all capabilities."""
        every = [*self.exact.values()]
        with tempfile.TemporaryDirectory() as scratch:
            project = replace(self.project, results_dir=Path(scratch))
            project = replace(project, written={**project.written, "results_dir": scratch})
            for count in (2 * SERIES, 8 * SERIES, len(every)):
                some = spread(every, count)
                run(project, [commit], patterns([info.name for info in some]), self.machine)
                found = self._control_at(commit, Path(scratch), some)
                if count >= len(every) or (found and len(found.series) == SERIES):
                    break
            for known in (saved_failures, saved_wrong):
                for path in [path for path in known if path.is_relative_to(Path(scratch))]:
                    del known[path]
        return found

    def _control_at(
        self, commit: str, results: Path, series: Sequence[SeriesInfo]
    ) -> Control | None:
        """Of what is stored in a folder of results; None if it is not enough."""
        own = not self.project.is_on_path
        files = _stored(results, self.folder.machine, commit, self.conditions, own)
        return control_of(commit, files, series) if len(files) == len(self.conditions) else None


def _stored(
    results: Path,
    machine: str,
    commit: str,
    conditions: Mapping[str, Conditions],
    own_packages: bool,
) -> dict[str, tuple[ResultsFile, Record]]:
    """By environment, what is stored of a commit, as far as it was measured under these
    conditions; ``own_packages``: with packages of the commit's own."""
    found = {}
    for environment, here in conditions.items():
        path = results / file_name(machine, commit, environment)
        if not path.is_file() or not has_record(path):
            continue
        file, record = read_results(path), record_of(path)
        there = conditions_of(record, file.variables)
        if there is not None and own_packages:
            here = here.with_packages_of(there)
        if record is not None and here.agree(there):
            found[environment] = file, record
    return found


def pins_at(repository: Repository, commit: str, path: str) -> Mapping[str, str]:
    """By name, the versions that the lock at this path of a commit pins; none without it."""
    try:
        lock = lock_of(repository, commit, path)
    except CannotInstall:
        return {}
    # What has a marker may not be meant for this interpreter.
    plain = [
        line for line in lock.splitlines() if not line.startswith(("#", "-")) and ";" not in line
    ]
    pins = (line.partition("==") for line in plain)
    return {name.strip(): version.split()[0] for name, sign, version in pins if sign and version}


def _description(suite: Suite, machine: str | None) -> Mapping[str, Any]:
    return {key: text for key, text in suite.describe(machine).items() if key != "version"}


def _skip(args: Namespace) -> Skip:
    return Skip(
        successful=args.skip_existing_successful or args.skip_existing,
        failed=args.skip_existing_failed or args.skip_existing,
        commits=args.skip_existing_commits,
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _keep_quiet(_line: str) -> None:
    """For those who have not asked for more."""


def _report(outcome: Dispatched, commits: int) -> None:
    useful = sum(1 for one in outcome.workers if one.delivered)
    print(
        f"Measured {outcome.stored} of {commits} commits on {useful} "
        f"worker{'s' * (useful != 1)}, {outcome.cpu:.0f} s of their CPU:"
    )
    for one in outcome.workers:
        if one.delivered and one.said:
            where = f"{one.said.host}, {one.said.system}, in {one.said.folder}"
            print(f"  {one.called}: {one.delivered}, on {printable(where)}")
    for line in outcome.named:
        print(f"unladen: {line}", file=sys.stderr)
    for commit, why in outcome.left.items():
        left_out[commit] = f"{commit[:8]}: {why}"
