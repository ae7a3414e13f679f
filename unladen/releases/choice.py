"""Which of a package's releases are measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packaging.version import InvalidVersion, Version

from unladen.errors import UserError

MINOR = "minor"
PATCH = "patch"


def version_named(text: str, option: str) -> Version:
    """A version. Raises ``UserError`` that names the option."""
    try:
        return Version(text)
    except InvalidVersion as error:
        raise UserError(f"{option} {text}: is no version, such as 1.2.0") from error


def checked_every(every: str) -> str:
    """``minor``, ``patch`` or a number from 1 on. Raises ``UserError``."""
    if every in (MINOR, PATCH) or (every.isdecimal() and int(every) > 0):
        return every
    raise UserError(f"--every {every}: must be {MINOR}, {PATCH} or a number such as 3")


def chosen(
    versions: Iterable[Version], every: str, since: Version | None = None
) -> Sequence[Version]:
    """Those of the versions that are measured, lowest first.

    ``every``: ``minor``: of each minor version the last; ``patch``: all; a number N: every N-th,
    and the last. ``since``: none that is lower.
    """
    known = sorted({one for one in versions if since is None or one >= since})
    if every == PATCH:
        return known
    if every == MINOR:
        last = {(one.epoch, one.major, one.minor): one for one in known}
        return sorted(last.values())
    picked = known[:: int(every)]
    return [*picked, *(known[-1:] if known and known[-1] not in picked else [])]
