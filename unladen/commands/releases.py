"""``unladen releases``: a history made of the releases of a package."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.version import Version

from unladen.commands.command import Command
from unladen.errors import UserError
from unladen.init.files import capabilities, write_new
from unladen.measure.environment import kept_installs_of
from unladen.measure.lock import hold
from unladen.project import targets
from unladen.project.project import CONF, Project
from unladen.releases.choice import MINOR, checked_every, chosen, version_named
from unladen.releases.commits import add_commits, known_versions
from unladen.releases.index import (
    WantedPackage,
    package_named,
    public_modules,
    resolved,
    versions_of,
)
from unladen.releases.own_drivers import OwnDriver, own_driver_of
from unladen.releases.plan import FOLDER, ReleasePlan, read_plan
from unladen.releases.release import Release
from unladen.releases.target import TargetPlace
from unladen.repo.patches.series import series_folder
from unladen.text.terminal import printable

AT_ONCE = 4
"""So many releases are asked for at the same time, most of which is waiting for the index."""

DESCRIPTION = f"""\
A history whose commits are the releases of a package, each measured with what it needed on the day
that it came to the package index:

  add PACKAGE   in an empty folder: choose releases, find their packages as of their days, write
                them as commits and tags ({FOLDER}/), a conf, and a driver if unladen has none of
                that package. Then `unladen run` measures. PACKAGE may name extras: NAME[EXTRA]
  update        add the releases that are newer than the newest there
  clean         remove the environments that are kept, one for each set of packages

The index is that of pip's settings (PIP_INDEX_URL, pip.conf), or uv's. A release that was yanked,
or cannot be installed with this Python, is a commit that says so.

exit codes: 0 done; 2 nothing was written, one line says why.
"""


class Releases(Command):
    """Adds releases to a history, and makes a target of it."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "releases",
            help="Make a history of the releases of a package",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("action", choices=("add", "update", "clean"))
        parser.add_argument("package", nargs="?", metavar="PACKAGE", help="for add")
        parser.add_argument(
            "--driver",
            metavar="NAME",
            help="the target's name, and of its driver (default: that of unladen's own driver of "
            "the package, or else the package's)",
        )
        parser.add_argument(
            "--every",
            metavar="WHICH",
            help=f"{MINOR}: of each minor version the last release (default); patch: all; "
            "a number N: every N-th, and the newest",
        )
        parser.add_argument("--since", metavar="VERSION", help="none before this one")
        parser.add_argument("--pre", action="store_true", help="previews (1.0b1) too")
        parser.add_argument(
            "--with",
            dest="needs",
            metavar="REQUIREMENT",
            action="append",
            help="what else is installed, such as what the driver imports; may be repeated",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: Any) -> int:
        """Do what ``args.action`` says. Raises ``UserError``, one line."""
        if args.action == "add":
            return _add(args, Path.cwd())
        given = (args.package, args.driver, args.every, args.since, args.needs)
        if any(given) or args.pre:
            raise UserError(f"releases {args.action} takes no package and none of add's options")
        project = targets.load_project(Path(args.config) if args.config else None)
        return _update(project) if args.action == "update" else _clean(project)


def _add(args: Any, folder: Path) -> int:
    if not args.package:
        raise UserError("releases add needs a package: releases add PACKAGE")
    package = package_named(args.package)
    own = own_driver_of(package)
    place = _place(folder, args.driver, package, own)
    _check(place)
    if own and place.name != own.name:
        own = None
    if own:
        package = package.having(own.package.extras)
    plan = _plan(args, package, own.plan if own else None)
    for name in (CONF, FOLDER):
        if os.path.lexists(folder / name):
            raise UserError(
                f"{folder / name} is there already: `unladen releases update` adds what is new, "
                "`add` wants a folder without"
            )
    versions = _chosen(package, plan)
    if not versions:
        raise UserError(f"{package.name}: there is no release from {plan.since} on")
    releases = _resolved(package, versions, plan)
    last = next((one for one in reversed(releases) if not one.refusal), None)
    if last is None:
        raise UserError(f"{package.name}: none can be installed: {releases[-1].refusal}")
    had_driver = place.has_driver
    imports = [] if had_driver else public_modules(package, Version(last.version))
    head = add_commits(folder / FOLDER, releases)
    written, kept = write_new(folder, place.files(package, plan, imports, []))
    print(f"wrote {FOLDER}/: {_many(len(releases), 'commit')} up to {head[:8]}")
    for path in written:
        print(f"wrote {path}")
    for path in kept:
        print(f"kept {path}, which was there")
    if had_driver:
        besides = f"; with {', '.join(plan.needs)}" if plan.needs else ""
        print(f"the driver is unladen's own, {place.name}{besides}")
    else:
        print(
            _ABOUT_DRIVER.format(imports=", ".join(imports), capabilities=", ".join(capabilities()))
        )
    print("Now measure: unladen run")
    return 0


_ABOUT_DRIVER = """\
driver/ measures what importing {imports} costs. For the rest give it a capability, such as:

    from targets.protocols.NAME import Name       # one of {capabilities}

    def open_name(world):                         # connects the package to world.model
        ...

    TARGET = Target(..., capabilities=[Name(open=open_name)])

https://github.com/unladen/unladen/blob/main/docs/drivers.md says what each must give."""


def _place(
    folder: Path, wanted: str | None, package: WantedPackage, own: OwnDriver | None
) -> TargetPlace:
    """That of the name that is ``wanted``, or else of the suite's ``own`` driver of the package, or
    else of the package."""
    place = TargetPlace(folder, wanted or (own.name if own else package.name))
    if wanted or not place.is_in_targets or place.name == folder.name:
        return place
    return TargetPlace(folder, package.name)


def _plan(args: Any, package: WantedPackage, known: ReleasePlan | None) -> ReleasePlan:
    """What was asked for. ``known``: what the driver needs, if it is one of the suite's."""
    since = str(version_named(args.since, "--since")) if args.since else ""
    needs = [*(known.needs if known else ()), *(args.needs or ())]
    return ReleasePlan(
        package=package.requirement,
        every=checked_every(args.every or MINOR),
        since=since or (known.since if known else ""),
        needs=[*dict.fromkeys(needs)],
        previews=args.pre,
    )


def _check(place: TargetPlace) -> None:
    if place.name != Path(place.name).name or not place.name[:1].isalnum():
        raise UserError(f"--driver {printable(place.name)}: is no name of a target")
    if place.is_in_targets and place.folder.name != place.name:
        raise UserError(
            f"in {place.folder} the target is {place.folder.name}: say --driver {place.folder.name}"
        )


def _update(project: Project) -> int:
    folder = series_folder(project.repo)
    if folder is None:
        raise UserError(f'{project.name} is no history of releases: its "repo" is {project.repo}')
    plan = read_plan(project.folder)
    package = package_named(plan.package)
    known = known_versions(folder)
    newest = max(map(Version, known), default=Version("0"))
    listed = versions_of(package, with_previews=plan.previews)
    for gone in sorted({*map(Version, known)} - {*listed}):
        print(f"{gone} is on the index no more; its commit stays")
    new = [one for one in chosen(listed, plan.every) if one > newest]
    if not new:
        print(f"Nothing is newer than {newest}.")
        return 0
    releases = _resolved(package, new, plan)
    head = add_commits(folder, releases)
    print(f"wrote {FOLDER}/: {_many(len(releases), 'commit')} more, up to {head[:8]}")
    return 0


def _clean(project: Project) -> int:
    hold(project.env_dir, project.name)
    number = sum(one.clear() for one in kept_installs_of(project))
    print(f"removed {_many(number, 'environment')}")
    return 0


def _chosen(package: WantedPackage, plan: ReleasePlan) -> Sequence[Version]:
    since = Version(plan.since) if plan.since else None
    return chosen(versions_of(package, with_previews=plan.previews), plan.every, since)


def _resolved(
    package: WantedPackage, versions: Sequence[Version], plan: ReleasePlan
) -> list[Release]:
    """The releases, lowest version first; each is told when it is found."""
    found: list[Release] = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for release in pool.map(lambda one: resolved(package, one, plan.needs), versions):
            found.append(release)
            _tell(release)
    return _dated(found)


def _dated(releases: Sequence[Release]) -> list[Release]:
    """Those whose day is not known at the time of the one before, or else of the first that is."""
    known = [one.at for one in releases if one.upload]
    if not known:
        return [*releases]
    found: list[Release] = []
    last = known[0]
    for one in releases:
        last = one.at if one.upload else last
        found.append(replace(one, at=last))
    return found


def _tell(release: Release) -> None:
    day = f" of {release.at:%Y-%m-%d}" if release.upload else ""
    said = _many(len(release.pins), "package")
    if release.upload and release.upload.yanked:
        said += f"; yanked: {release.upload.yanked}"
    what = f"cannot be installed: {release.refusal}" if release.refusal else said
    print(printable(f"{release.version}{day}: {what}"), flush=True, file=sys.stdout)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
