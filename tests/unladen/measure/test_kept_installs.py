"""Environments that are kept, one for each lock: which one a lock has, and which are removed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from unladen.errors import UserError
from unladen.measure import kept_installs
from unladen.measure.kept_installs import (
    REFUSAL,
    CannotInstall,
    KeptInstalls,
    LockNotInstalled,
    Unreachable,
)


class MadeUv:
    """Makes folders in place of environments. ``size``: bytes of each; ``codes``: the exit codes of
    the next calls, 0 when they are used up."""

    def __init__(self) -> None:
        self.size = 1000
        self.codes: list[int] = []
        self.asked: list[Sequence[str]] = []

    def __call__(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.asked.append(arguments)
        code = self.codes.pop(0) if self.codes else 0
        if arguments[0] == "venv":
            Path(arguments[-1]).mkdir()
            Path(arguments[-1], "files").write_bytes(b"x" * self.size)
        return subprocess.CompletedProcess(arguments, code, "", "error: it is not there\n")


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> MadeUv:
    made = MadeUv()
    monkeypatch.setattr(kept_installs, "run_uv", made)
    monkeypatch.setattr(kept_installs, "_in_use", type(kept_installs._in_use)(maxlen=1))
    return made


@pytest.fixture
def kept(tmp_path: Path) -> KeptInstalls:
    return KeptInstalls(tmp_path / "kept", "/usr/bin/python3")


def test_a_lock_has_one_environment_whatever_its_comments_say(
    kept: KeptInstalls, uv: MadeUv
) -> None:
    first = kept.provide("# yesterday\na==1\nb==2\n")
    number = len(uv.asked)
    assert kept.provide("# today\na==1\n\nb==2\n") == first
    assert len(uv.asked) == number
    assert kept.provide("a==1\nb==3\n") != first
    assert KeptInstalls(kept.folder, "/usr/bin/python4").at("a==1\nb==2\n") != first


def test_what_uv_remembers_is_used_before_the_index(kept: KeptInstalls, uv: MadeUv) -> None:
    uv.codes = [0, 1, 0]
    kept.provide("a==1\n")
    assert [("--offline" in one) for one in uv.asked] == [False, True, False]


@pytest.mark.parametrize(
    ("codes", "error"), [([0, 2, 1], CannotInstall), ([0, 1, 2], Unreachable), ([2], Unreachable)]
)
def test_of_what_fails_nothing_is_left(
    kept: KeptInstalls, uv: MadeUv, codes: list[int], error: type[Exception]
) -> None:
    uv.codes = codes
    with pytest.raises(error, match="it is not there"):
        kept.provide("a==1\n")
    assert kept.find("a==1\n") is None
    assert list(kept.folder.glob("*")) == []


def test_a_lock_that_says_why_there_is_nothing_is_not_tried(kept: KeptInstalls, uv: MadeUv) -> None:
    with pytest.raises(CannotInstall, match=r"^it needs a moon$"):
        kept.provide(f"{REFUSAL}it needs a moon\n")
    assert uv.asked == []


def test_what_asv_tells_of_a_lock_that_is_not_installed_says_why() -> None:
    error = LockNotInstalled("requirements.txt", "it needs a moon", "much output")
    assert str(error) == "requirements.txt: it needs a moon"
    assert (error.stdout, error.stderr) == ("much output", "it needs a moon")


def test_one_that_was_not_made_whole_is_made_again(kept: KeptInstalls, uv: MadeUv) -> None:
    found = kept.provide("a==1\n")
    (found / kept_installs._WHOLE).unlink()
    assert kept.find("a==1\n") is None
    number = len(uv.asked)
    assert kept.provide("a==1\n") == found
    assert len(uv.asked) == 2 * number


def test_the_longest_unused_are_removed_when_all_are_too_large(
    kept: KeptInstalls, uv: MadeUv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNLADEN_KEPT_GIGABYTES", "0.0000025")
    names = [f"a=={number}\n" for number in range(4)]
    for age, name in zip((300, 100, 200), names[:3], strict=True):
        _used(kept.provide(name), age)
    kept.provide(names[3])
    assert [kept.find(name) is not None for name in names] == [False, True, True, True]


def test_what_nobody_uses_for_long_is_removed(kept: KeptInstalls, uv: MadeUv) -> None:
    old, new = kept.provide("a==1\n"), kept.provide("a==2\n")
    _used(old, 31 * 86_400)
    _used(new, 29 * 86_400)
    kept.provide("a==3\n")
    assert [kept.find(f"a=={number}\n") is not None for number in (1, 2, 3)] == [False, True, True]
    assert kept.clear() == 2


@pytest.mark.parametrize("given", ["much", "-1", "nan"])
def test_a_space_that_is_none_is_refused(
    kept: KeptInstalls, uv: MadeUv, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("UNLADEN_KEPT_GIGABYTES", given)
    with pytest.raises(UserError, match="must be a number of gigabytes"):
        kept.provide("a==1\n")


def _used(folder: Path, seconds_ago: float) -> None:
    at = time.time() - seconds_ago
    os.utime(folder / kept_installs._WHOLE, (at, at))
