"""What a worker measures with: the suite, the target's driver and lock, its conf.

All of it is sent, so that a worker needs no copy of its own that might be another one. Whatever is
the same gives the same digest, on every machine.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import unladen
from unladen.errors import UserError
from unladen.measure.cluster.messages import Kit
from unladen.measure.cluster.slots import REPOSITORY
from unladen.measure.variables import own_driver_folder
from unladen.project.project import CONF, Project
from unladen.repo.patches.series import PREFIX as PATCHES
from unladen.repo.patches.series import series_folder
from unladen.repo.repository import is_url, local_repository

SUITE, TARGET, PATCH_SERIES, LOCK = "suite", "target", "patches", "lock"
"""Folders of an unpacked kit: the benchmarks and what they import; the conf, and the driver where
that is not the suite's; the SDK's history, where it is kept as patches; the lock, likewise."""

ROOMS = ("meters", "mocks", "targets")
"""What benchmarks import, in the folder that holds theirs."""

_LEFT_OUT = {"__pycache__", ".asv", ".git", "node_modules"}

_OF_THIS_MACHINE = ("labels", "html_dir", "env_dir", "results_dir", "benchmark_dir", "lock")
"""Keys of a conf that name files: where these are in a kit, ``write_conf`` says."""


def pack(project: Project) -> Kit:
    """The kit of a target. Raises ``UserError`` for a file that cannot be read."""
    places = dict(_places(project))
    try:
        files = _tar({name: path.read_bytes() for name, path in sorted(places.items())})
    except OSError as error:
        raise UserError(f"cannot pack what workers measure with: {error}") from error
    conf = {key: text for key, text in project.written.items() if key not in _OF_THIS_MACHINE}
    conf |= _named(project)
    return Kit(project.name, conf, zlib.compress(files, 6), _digest(conf, _contents(files)))


def unpack(kit: Kit, folder: Path) -> None:
    """Put the kit into a new folder. Raises ``UserError`` if it is not what its digest says."""
    files = zlib.decompress(kit.files)
    if _digest(kit.conf, _contents(files)) != kit.digest:
        raise UserError("what was sent to measure with has arrived damaged")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(files)) as archive:
        archive.extractall(folder, filter="data")
    (folder / _KIT).write_text(json.dumps(kit.conf, sort_keys=True), encoding="utf-8")


def digest_of(folder: Path) -> str:
    """The digest of what lies in the folder of an unpacked kit now; "" if there is none."""
    try:
        conf = json.loads((folder / _KIT).read_text("utf-8"))
        contents = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for top in (SUITE, TARGET, PATCH_SERIES, LOCK)
            for path in _files(folder / top)
            if path.name != CONF or path.parent not in _conf_folders(folder)
        }
    except (OSError, ValueError):
        return ""
    return _digest(conf, contents)


def write_conf(folder: Path, slot: Path) -> Path:
    """Write the conf that measures with the kit in ``folder``; environments and results are in
    ``slot``. Its path."""
    conf = json.loads((folder / _KIT).read_text("utf-8"))
    named = {key: conf.pop(f"kit_{key}") for key in ("benchmark_dir", "lock")}
    places = {key: str(folder / place) for key, place in named.items() if place}
    if patches := conf.pop("kit_patches"):
        places["repo"] = f"{PATCHES}{folder / patches}"
    own = {name: str(slot / name.removesuffix("_dir")) for name in _OF_A_SLOT}
    path = folder / str(conf.pop("kit_conf")) / CONF
    path.parent.mkdir(parents=True, exist_ok=True)
    _keep_repository(path.parent, slot)
    path.write_text(json.dumps({**conf, **places, **own}, indent=1), encoding="utf-8")
    return path


def _keep_repository(folder: Path, slot: Path) -> None:
    """What is mirrored below the conf's folder is for the kits to come too."""
    (slot / REPOSITORY).mkdir(exist_ok=True)
    link = folder / local_repository("").parent.name
    if not link.is_symlink():
        link.symlink_to(slot / REPOSITORY)


def code_digest() -> str:
    """Of our own code: other code measures otherwise, whatever version it says it is."""
    package = Path(unladen.__file__).parent
    files = (path for path in package.rglob("*.py") if "_suite" not in path.parts)
    contents = {path.relative_to(package).as_posix(): path.read_bytes() for path in files}
    return _digest({}, contents)


_KIT = "kit.json"
_OF_A_SLOT = ("env_dir", "results_dir", "html_dir")


def _places(project: Project) -> Iterator[tuple[str, Path]]:
    """The files of a kit, by their paths in it."""
    own = {folder.resolve() for folder in (project.env_dir, project.results_dir, project.html_dir)}
    trees = [(f"{SUITE}/{room}", project.root / room) for room in ROOMS]
    trees.append((f"{SUITE}/{project.benchmark_dir.name}", project.benchmark_dir.resolve()))
    driver = own_driver_folder(project)
    if not _is_in_suite(project, driver):
        trees.append((TARGET, driver))
    if patches := series_folder(project.repo):
        trees.append((PATCH_SERIES, patches))
    for name, folder in trees:
        for path in _files(folder):
            if own.isdisjoint(path.resolve().parents) and path.name != CONF:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
    if project.lock is not None:
        yield _lock_place(project), project.lock


def _named(project: Project) -> Mapping[str, object]:
    """Where in the kit is what a conf names, for ``write_conf``."""
    repo = project.repo
    if not series_folder(repo) and not is_url(repo):
        repo = repo if "://" in repo else str(Path(project.folder, repo).resolve())
    in_suite = _is_in_suite(project, own_driver_folder(project))
    in_commits = {"lock": project.written["lock"]} if project.commit_lock else {}
    return {
        **in_commits,
        "repo": repo,
        "kit_benchmark_dir": f"{SUITE}/{project.benchmark_dir.name}",
        "kit_lock": _lock_place(project),
        "kit_patches": PATCH_SERIES if series_folder(project.repo) else "",
        "kit_conf": f"{SUITE}/targets/{project.name}" if in_suite else TARGET,
    }


def _is_in_suite(project: Project, driver: Path) -> bool:
    return driver == project.root / "targets" / project.name


def _lock_place(project: Project) -> str:
    return f"{LOCK}/{project.lock.name}" if project.lock else ""


def _conf_folders(folder: Path) -> set[Path]:
    """Where ``write_conf`` may have put a conf, which is no part of the kit."""
    return {folder / TARGET, *(folder / SUITE / "targets").glob("*")}


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _LEFT_OUT.intersection(path.relative_to(folder).parts):
            yield path


def _tar(contents: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _contents(tar: bytes) -> dict[str, bytes]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            found[entry.name] = content.read() if content else b""
    return found


def _digest(conf: Mapping[str, object], contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps(dict(conf), sort_keys=True).encode())
    for name, content in sorted(contents.items()):
        digest.update(f"\n{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
