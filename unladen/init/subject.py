"""What can be found out about the SDK in whose repository ``unladen init`` is run."""

from __future__ import annotations

import configparser
import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from unladen.errors import UserError
from unladen.init.packages import Package, chosen, package_at, packages_in
from unladen.repo.patches.git import GitError, users_git
from unladen.text.terminal import one_line, printable

_COMMIT_PAGES = {"github.com": "/commit/", "codeberg.org": "/commit/", "gitlab.com": "/-/commit/"}
"""Where the page of a commit is on a host, below that of the repository."""

BUILT_BY = ("pyproject.toml", "setup.cfg", "setup.py")
"""Files that say how a distribution is built."""

Choose = Callable[[Sequence[Package]], Package | None]
"""Picks the package of an SDK, or not, where that cannot be found out."""


@dataclass(frozen=True)
class Subject:
    """An SDK and its repository.

    ``root``: the top of the work tree. ``project``: the SDK's name, fit for a folder;
    ``distribution``: as an index has it, "" if it says none; ``source``: the folder of the
    repository that it is built from, "" for the top. ``branch``: whose history is measured.
    ``url``, ``commit_url``: pages of the repository and (less the hash) of a commit, "" if they are
    not known. ``python``: the version that measures.
    """

    root: Path
    project: str
    distribution: str
    source: str
    package: Package
    branch: str
    url: str
    commit_url: str
    python: str


def look_at(
    folder: Path,
    *,
    path: str | None = None,
    import_root: str | None = None,
    choose: Choose = lambda packages: None,
) -> Subject:
    """The SDK in the repository that ``folder`` is in.

    ``path``: its package, seen from the top; None: found out, or chosen. Raises ``UserError``.
    """
    try:
        root = Path(users_git(["rev-parse", "--show-toplevel"], folder))
        users_git(["rev-parse", "--verify", "--quiet", "HEAD"], root)
    except GitError as error:
        raise UserError(
            f"{folder}: init wants to be run in the git repository of an SDK with at least one "
            f"commit ({error})"
        ) from error
    called = str(_metadata(root).get("name") or root.name)
    package = _package(root, called, path, import_root, choose)
    source = _source_of(root, package)
    metadata = _metadata(root / source)
    _check_python(str(metadata.get("requires-python", "")))
    distribution = str(metadata.get("name") or "")
    name = distribution or root.name
    url = _page_of(_quietly(["remote", "get-url", "origin"], root))
    host = url.removeprefix("https://").partition("/")[0]
    pages = _COMMIT_PAGES.get(host)
    return Subject(
        root=root,
        project=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "sdk",
        distribution=distribution,
        source=source,
        package=package,
        branch=_branch(root),
        url=url,
        commit_url=url + pages if pages else "",
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


def _package(
    root: Path, name: str, path: str | None, import_root: str | None, choose: Choose
) -> Package:
    files = users_git(["ls-files", "-z", "--", "*.py"], root).split("\0")
    if path is not None:
        path = path.strip("/")
        if not any(file == path or file.startswith(f"{path}/") for file in files):
            raise UserError(f"--package {printable(path)}: no Python files of the repository there")
        try:
            return package_at(path, import_root)
        except ValueError as error:
            raise UserError(f"--import-root: {error}") from error
    packages = packages_in(filter(None, files))
    found = chosen(packages, name) or choose(packages)
    if found is None:
        seen = ", ".join(package.path for package in packages[:8])
        raise UserError(
            f"which package is the SDK? say it with --package PATH"
            f"{f'; there are {seen}' if seen else ', seen from the top of the repository'}"
        )
    return found


def _source_of(root: Path, package: Package) -> str:
    """The nearest folder above the package that says how to build it; the top if none does."""
    above = PurePosixPath(package.path).parents
    found = (one for one in above if any((root / one / file).is_file() for file in BUILT_BY))
    source = next(found, PurePosixPath())
    return "" if source == PurePosixPath() else str(source)


def _metadata(root: Path) -> dict[str, Any]:
    """``name`` and ``requires-python`` of the distribution, as far as it says them."""
    file = root / "pyproject.toml"
    if file.is_file():
        try:
            data = tomllib.loads(file.read_text(errors="replace"))
        except tomllib.TOMLDecodeError as error:
            raise UserError(f"{file}: {one_line(str(error))}") from error
        project = data.get("project")
        if isinstance(project, dict) and project.get("name"):
            return project
        poetry = data.get("tool", {}).get("poetry")
        if isinstance(poetry, dict) and poetry.get("name"):
            return {"name": poetry["name"]}
    file = root / "setup.cfg"
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise UserError(f"{file}: {one_line(str(error))}") from error
    return {
        "name": parser.get("metadata", "name", fallback=""),
        "requires-python": parser.get("options", "python_requires", fallback=""),
    }


def _check_python(wanted: str) -> None:
    running = ".".join(map(str, sys.version_info[:3]))
    try:
        fits = running in SpecifierSet(wanted)
    except InvalidSpecifier:
        fits = True  # pip says what is wrong with it, when it looks for the SDK's packages
    if not fits:
        raise UserError(
            f"the SDK wants Python {printable(wanted)}, and this is {running}: install unladen in "
            "one that fits"
        )


def _branch(root: Path) -> str:
    """The remote's default branch, ``main`` or ``master``, the first that is here; else the one
    that is checked out."""
    remote = _quietly(["symbolic-ref", "--short", "refs/remotes/origin/HEAD"], root)
    names = filter(None, [remote.removeprefix("origin/"), "main", "master"])
    here = (name for name in names if _quietly(["rev-parse", "--verify", _ref(name)], root))
    return next(here, None) or _quietly(["symbolic-ref", "--short", "HEAD"], root) or "HEAD"


def _ref(branch: str) -> str:
    return f"refs/heads/{branch}"


def _page_of(address: str) -> str:
    """The web page of a remote, without the name and the password that its address may hold; ""
    for one that has none."""
    match = re.fullmatch(
        r"(?:(?:https?|ssh|git)://)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?[:/]([\w./~-]+?)(?:\.git)?/?",
        address,
    )
    if match is None or address.startswith(("/", ".", "file:")):
        return ""
    return f"https://{match[1]}/{match[2].lstrip('/')}"


def _quietly(arguments: list[str], root: Path) -> str:
    """What git says, "" if there is nothing of the kind."""
    try:
        return users_git(arguments, root)
    except GitError:
        return ""
