"""Which releases are measured."""

from __future__ import annotations

import pytest
from packaging.version import Version

from unladen.errors import UserError
from unladen.releases.choice import checked_every, chosen, version_named

ALL = ("0.9", "1.0.0", "1.0.1", "1.0.10", "1.0.9", "1.1", "1.1.post1", "2.0", "10.0", "1!0.1")


def picked(every: str, since: str | None = None) -> list[str]:
    versions = map(Version, reversed(ALL))
    return [str(one) for one in chosen(versions, every, Version(since) if since else None)]


@pytest.mark.parametrize(
    ("every", "since", "expected"),
    [
        ("minor", None, ["0.9", "1.0.10", "1.1.post1", "2.0", "10.0", "1!0.1"]),
        ("minor", "1.0.11", ["1.1.post1", "2.0", "10.0", "1!0.1"]),
        ("patch", "1.0.9", ["1.0.9", "1.0.10", "1.1", "1.1.post1", "2.0", "10.0", "1!0.1"]),
        ("3", None, ["0.9", "1.0.9", "1.1.post1", "1!0.1"]),
        ("4", None, ["0.9", "1.0.10", "10.0", "1!0.1"]),
        ("1", "2.0", ["2.0", "10.0", "1!0.1"]),
        ("minor", "1!1", []),
    ],
)
def test_choice(every: str, since: str | None, expected: list[str]) -> None:
    assert picked(every, since) == expected


@pytest.mark.parametrize("every", ["0", "-1", "1.5", "major", "", "³"])
def test_what_is_no_choice_is_refused(every: str) -> None:
    with pytest.raises(UserError, match="--every"):
        checked_every(every)


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(UserError, match="--since today: is no version"):
        version_named("today", "--since")
