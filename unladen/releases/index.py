"""What the package index has: a package's versions, when one was uploaded, and what it needed then.

Asked are pip and uv, so that their settings, names and passwords count and none are read here.
"""

from __future__ import annotations

import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec
from msgspec import Struct
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from unladen.errors import UserError
from unladen.measure.package_index import UNREACHABLE, complaint, index_address, run_pip, run_uv
from unladen.releases.release import Release, Upload
from unladen.text.terminal import last_line, one_line, printable

RUNNER = "asv-runner"

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
TIMEOUT = 60
"""Seconds that the index may be silent."""

_YANKED = re.compile(r"is yanked(?: \(reason: \"?(?P<why>.*?)\"?\))?\s*$", re.MULTILINE)
_COMPILE = ("pip", "compile", "-", "--quiet", "--no-header", "--no-annotate")


class _Listed(Struct):
    """What ``pip index versions --json`` says."""

    versions: list[str]


class _File(Struct):
    """A file of a project, as the JSON of the simple API has it."""

    filename: str
    yanked: bool | str = False


class _Page(Struct):
    files: list[_File]


@dataclass(frozen=True)
class WantedPackage:
    """``name``: as the index has it; ``extras``: what else of it is installed."""

    name: str
    extras: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        """As pip takes it, without a version."""
        return f"{self.name}[{','.join(self.extras)}]" if self.extras else self.name

    def having(self, extras: Iterable[str]) -> WantedPackage:
        """With these extras too."""
        return WantedPackage(self.name, tuple(sorted({*self.extras, *extras})))


def package_named(text: str) -> WantedPackage:
    """``NAME`` or ``NAME[EXTRA,...]``. Raises ``UserError``."""
    try:
        found = Requirement(text)
    except InvalidRequirement:
        found = None
    if found is None or found.specifier or found.url or found.marker:
        raise UserError(f"{printable(text)!r}: is no package, such as NAME or NAME[EXTRA]")
    return WantedPackage(canonicalize_name(found.name), tuple(sorted(found.extras)))


def versions_of(package: WantedPackage, *, with_previews: bool = False) -> list[Version]:
    """Those that the index has of a package, yanked ones too, lowest first. Raises ``UserError`` if
    it cannot be asked or has none."""
    options = ["--ignore-requires-python", "--json"]
    done = run_pip(["index", "versions", package.name, "--pre", *options])
    if done.returncode:
        # pip says the same of an index that does not answer.
        asked = run_uv([*_COMPILE, "--no-deps"], f"{package.name}\n")
        why = complaint(asked.stderr) if asked.returncode == UNREACHABLE else last_line(done.stderr)
        raise UserError(f"{package.name}: {printable(why)}")
    try:
        listed = msgspec.json.decode(last_line(done.stdout), type=_Listed).versions
    except msgspec.DecodeError as error:
        raise UserError(f"{package.name}: pip listed its versions otherwise than known") from error
    named = {*listed, *_yanked(package)}
    found = sorted(one for text in named if (one := _version(text)) is not None)
    final = [one for one in found if with_previews or not one.is_prerelease]
    if not final:
        raise UserError(f"{package.name}: the index has no releases of it but previews: add --pre")
    return final


def resolved(package: WantedPackage, release: Version, needs: Sequence[str]) -> Release:
    """A release with what it needed on the day of its upload. ``needs``: what is installed besides.

    What cannot be had is said in it. Raises ``UserError`` if the index cannot be asked.
    """
    pin = f"{package.requirement}=={release}"
    upload, why = _upload(package, release)
    if upload is None:
        at = datetime.fromtimestamp(0, UTC)
        return Release(package.name, str(release), at, None, (), why)
    runner = f"{RUNNER}=={version('asv_runner')}"
    as_of = [f"--exclude-newer={upload.end_of_day:%Y-%m-%dT%H:%M:%SZ}"]
    # The runner is ours and not the release's: it may be younger than that.
    as_of.append(f"--exclude-newer-package={RUNNER}=false")
    said, why = _asked([*_COMPILE, *_here(), *as_of], [pin, runner, *needs])
    pins = tuple(line.strip() for line in said.splitlines() if not line.startswith(("#", "-")))
    return Release(package.name, str(release), upload.at, upload, pins, why)


def public_modules(package: WantedPackage, release: Version) -> list[str]:
    """The packages and modules that a release brings, outermost ones only, as they are imported:
    those that a user may import. Raises ``UserError`` if it brings none."""
    with tempfile.TemporaryDirectory(prefix="unladen-release-") as folder:
        options = ["--quiet", "--no-deps", "--target", folder, *_here()]
        _asked(["pip", "install", *options, f"{package.name}=={release}"], [])
        top = Path(folder)
        files = [PurePosixPath(file.relative_to(top)) for file in top.rglob("*.py")]
    names = _outermost(files)
    if not names:
        raise UserError(f"{package.name} {release}: has no module that a user could import")
    return names


def _outermost(files: Sequence[PurePosixPath]) -> list[str]:
    folders = {file.parent for file in files if file.name == "__init__.py"}
    found = [one for one in folders if not folders.intersection(one.parents) and one.parts]
    found += [file.with_suffix("") for file in files if len(file.parts) == 1]
    names = {".".join(one.parts) for one in found if all(map(_is_public, one.parts))}
    return sorted(names)


def _is_public(part: str) -> bool:
    aside = ("test", "tests", "testing", "docs", "examples", "scripts", "benchmarks", "bin")
    return part.isidentifier() and not part.startswith("_") and part not in aside


def _yanked(package: WantedPackage) -> set[str]:
    """The versions of a package of which a file was yanked, which pip does not list; none where the
    index does not speak JSON to everybody."""
    address = index_address()
    if urlsplit(address).scheme not in ("http", "https"):
        return set()
    asked = Request(f"{address.rstrip('/')}/{package.name}/", headers={"Accept": SIMPLE_JSON})
    try:
        with urlopen(asked, timeout=TIMEOUT) as answer:
            files = msgspec.json.decode(answer.read(), type=_Page).files
    except (OSError, ValueError, HTTPException, msgspec.DecodeError):
        return set()
    names = [one.filename for one in files if one.yanked is not False]
    return {str(one) for one in map(_version_in, names) if one is not None}


def _version_in(file: str) -> Version | None:
    try:
        if file.endswith(".whl"):
            return parse_wheel_filename(file)[1]
        return parse_sdist_filename(file)[1]
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return None


def _upload(package: WantedPackage, release: Version) -> tuple[Upload | None, str]:
    """When a release was uploaded; None, and why, if that cannot be known."""
    form = ["pip", "compile", "-", "--no-deps", "--no-header", "--format", "pylock.toml"]
    # A release of the last minutes is not in what uv remembers of the index.
    for refresh in ([], ["--refresh-package", package.name]):
        done = run_uv([*form, *_here(), *refresh], f"{package.name}=={release}\n")
        _check_reached(done.returncode, done.stderr)
        if not done.returncode:
            break
    else:
        return None, complaint(done.stderr)
    locked = tomllib.loads(done.stdout)["packages"][0]
    files: list[dict[str, Any]] = [*locked.get("wheels", ()), *_listed(locked.get("sdist"))]
    times = [_time(file["upload-time"]) for file in files if "upload-time" in file]
    if not times:
        return None, "the index does not say when it was uploaded"
    found = _YANKED.search(done.stderr)
    yanked = one_line(found["why"] or "no reason given") if found else ""
    url, hashes = str(files[0].get("url", "")), files[0].get("hashes", {})
    return Upload(min(times), url.rpartition("/")[2], str(hashes.get("sha256", "")), yanked), ""


def _listed(one: Any) -> list[Any]:
    return [] if one is None else [one]


def _time(said: Any) -> datetime:
    found = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _here() -> list[str]:
    """For the Python that measures."""
    return ["--python", sys.executable]


def _asked(arguments: Sequence[str], requirements: Sequence[str]) -> tuple[str, str]:
    """What uv printed; "", and why, if there is no answer. Raises ``UserError`` if the index cannot
    be asked."""
    done = run_uv(arguments, "\n".join([*requirements, ""]))
    _check_reached(done.returncode, done.stderr)
    return ("", complaint(done.stderr)) if done.returncode else (done.stdout, "")


def _check_reached(exit_code: int, stderr: str) -> None:
    if exit_code == UNREACHABLE:
        raise UserError(f"the package index cannot be asked: {printable(complaint(stderr))}")


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
