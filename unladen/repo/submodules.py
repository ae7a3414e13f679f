"""Submodules of a commit: checked out like the rest, or refused in one line.

A submodule is cloned once from where ``.gitmodules`` says into ``.asv/PROJECT.modules``, or taken
from the user's clone if that has it. Local paths are followed only where the repository itself is
a local one: nobody's URL makes us read files of this machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.repo.patches.git import complaint
from unladen.repo.repository import Repository, is_url, local_repository
from unladen.text.terminal import printable

DEPTH = 5
"""Submodules within submodules that are followed."""

_GITLINK = "160000"


class Unavailable(UserError):
    """A commit cannot be checked out for a reason that lies outside it: says nothing of the SDK."""


@dataclass(frozen=True)
class Submodule:
    """``path``: in the tree that has it; ``commit``: the one that it is at; ``name``, ``url``: as
    ``.gitmodules`` has them, "" if it does not."""

    path: str
    commit: str
    name: str
    url: str


def submodules_of(
    repository: Repository, folder: str | Path, commit: str, paths: Sequence[str]
) -> list[Submodule]:
    """Those below ``paths`` at a commit of the repository in ``folder``; all, without paths."""
    listed = _git(
        repository, folder, "--literal-pathspecs", "ls-tree", "-r", "-z", commit, "--", *paths
    )
    links = [entry.partition("\t") for entry in listed.split("\0") if entry.startswith(_GITLINK)]
    if not links:
        return []
    described = _described(repository, folder, commit)
    return [
        Submodule(path, head.split()[2], *described.get(path, ("", ""))) for head, _, path in links
    ]


def check_out_submodules(
    repository: Repository, folder: str, commit: str, paths: Sequence[str]
) -> None:
    """Fill the submodules below ``paths`` of a tree at ``commit``, those within them too.

    Raises ``Unavailable`` for one that cannot be had.
    """
    source = repository.path
    origin = _origin(repository, source)
    for one in submodules_of(repository, source, commit, paths):
        _fill(repository, Path(folder), source, origin, one, commit[:8], 1)


def _fill(
    repository: Repository,
    parent: Path,
    clone: str,
    origin: str,
    one: Submodule,
    of: str,
    depth: int,
) -> None:
    """``clone``: the repository of the tree ``parent``; ``origin``: the address that relative
    addresses are relative to; ``of``: the commit of ours that all of it is for."""
    what = f"submodule {printable(one.path)} at {of}"
    if depth > DEPTH:
        raise Unavailable(f"{what}: submodules are nested more than {DEPTH} deep")
    if not one.url:
        raise Unavailable(f"{what}: .gitmodules does not say where it is from")
    address = resolved(one.url, origin)
    source = _source(repository, clone, one, address, what)
    folder = parent / one.path
    try:
        _update(repository, source, folder, one.commit)
    except ProcessError as error:
        raise Unavailable(f"{what}: {complaint(error.stderr, error.retcode)}") from error
    for inner in submodules_of(repository, source, one.commit, []):
        _fill(repository, folder, source, address, inner, of, depth + 1)


def _update(repository: Repository, source: str, folder: Path, commit: str) -> None:
    """Make ``folder`` a clean tree of a commit of ``source``."""
    quiet = ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"]
    if folder.is_symlink() or not (folder / ".git").is_dir():
        if folder.is_symlink():
            folder.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        command = ["clone", "--quiet", "--shared", "--no-checkout", "--template="]
        _git(repository, None, *quiet, *command, "--end-of-options", source, str(folder))
    _git(repository, folder, *quiet, "remote", "set-url", "origin", source)
    alternates = folder / ".git" / "objects" / "info" / "alternates"
    objects = _git(repository, source, "rev-parse", "--git-path", "objects").strip()
    alternates.write_text(str(Path(source, objects)) + "\n")
    _git(repository, folder, *quiet, "checkout", "--force", "--detach", commit)
    _git(repository, folder, *quiet, "clean", "-ffdxq")


def _source(repository: Repository, clone: str, one: Submodule, address: str, what: str) -> str:
    """A local repository that has the submodule's commit."""
    if ".." not in PurePosixPath(one.name).parts:
        git_dir = _git(repository, clone, "rev-parse", "--absolute-git-dir").strip()
        own = str(Path(git_dir, "modules", one.name))
        if os.path.isdir(own) and _has(repository, own, one.commit):
            return own
    if not is_url(address) and is_url(_origin(repository, repository.path)):
        raise Unavailable(f"{what} is from a local path, {printable(address)}, of another machine")
    return _fetched(repository, one, address, what)


def _fetched(repository: Repository, one: Submodule, address: str, what: str) -> str:
    """The clone of an address, brought up to date if it lacks the commit."""
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    store = local_repository(repository.project).with_suffix(".modules") / f"{name}.git"
    # A local address has been found to be the user's own.
    allowed = ["-c", "protocol.file.allow=" + ("user" if is_url(address) else "always")]
    try:
        if not store.is_dir():
            partial = store.with_name(f"{store.name}.part-{os.getpid()}")
            partial.parent.mkdir(parents=True, exist_ok=True)
            try:
                command = ["clone", "--quiet", "--mirror", "--end-of-options", address]
                _git(repository, None, *allowed, *command, str(partial), is_ours=False)
                os.replace(partial, store)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
        if not _has(repository, str(store), one.commit):
            command = ["fetch", "--quiet", "--prune", "origin"]
            _git(repository, store, *allowed, *command, is_ours=False)
        if not _has(repository, str(store), one.commit):
            command = ["fetch", "--quiet", "origin", one.commit]
            _git(repository, store, *allowed, *command, is_ours=False)
    except ProcessError as error:
        said = complaint(error.stderr, error.retcode)
        raise Unavailable(f"{what} cannot be fetched from {printable(address)} ({said})") from error
    return str(store)


def resolved(url: str, base: str) -> str:
    """A submodule's address; one that begins with ``./`` or ``../`` is relative to ``base``."""
    if not url.startswith(("./", "../")):
        return url
    base = base.rstrip("/")
    separator = "/"
    while url.startswith(("./", "../")):
        if url.startswith("./"):
            url = url.removeprefix("./")
            continue
        url = url.removeprefix("../")
        at = max(base.rfind("/"), base.rfind(":"))
        separator = base[at] if at >= 0 else "/"
        base = base[: max(at, 0)]
    return f"{base}{separator}{url}"


def _origin(repository: Repository, clone: str) -> str:
    """Where a clone is from; its own path if it is from nowhere."""
    try:
        return _git(repository, clone, "config", "--get", "remote.origin.url").strip() or clone
    except ProcessError:
        return clone


def _described(
    repository: Repository, folder: str | Path, commit: str
) -> dict[str, tuple[str, str]]:
    """Name and address by path, as ``.gitmodules`` of a commit has them."""
    try:
        listed = _git(
            repository, folder, "config", "--blob", f"{commit}:.gitmodules", "--null", "--list"
        )
    except ProcessError:
        return {}  # each submodule is refused for lack of an address
    found: dict[str, dict[str, str]] = {}
    for name, key, value in _entries(listed):
        found.setdefault(name, {})[key] = value
    return {
        entry["path"]: (name, entry["url"])
        for name, entry in found.items()
        if "path" in entry and "url" in entry
    }


def _entries(listed: str) -> Iterator[tuple[str, str, str]]:
    """Name, key and value of each ``submodule.NAME.KEY``."""
    for line in listed.split("\0"):
        key, _, value = line.partition("\n")
        section, _, rest = key.partition(".")
        name, _, last = rest.rpartition(".")
        if section == "submodule" and name:
            yield name, last, value


def _has(repository: Repository, clone: str, commit: str) -> bool:
    try:
        _git(repository, clone, "cat-file", "-e", f"{commit}^{{commit}}")
    except ProcessError:
        return False
    return True


def _git(
    repository: Repository, folder: str | Path | None, *arguments: str, is_ours: bool = True
) -> str:
    """``is_ours``: whether the addresses in the arguments are ours and not the repository's."""
    variables = dict(os.environ) if is_ours else {**os.environ, "GIT_PROTOCOL_FROM_USER": "0"}
    return repository.run_git(
        arguments, None if folder is None else str(folder), variables=variables
    )
