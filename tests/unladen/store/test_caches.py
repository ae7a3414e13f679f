"""A cache file is believed if it is whole and of what is asked for, and is made anew otherwise."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from unladen.store import cache_folder, caches

ARRAYS = {
    "numbers": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    "codes": np.arange(5, dtype=np.uint8),
    "nothing": np.empty((0, 3)),
}


def _loaded(file: Path, fingerprint: str = "one") -> dict[str, NDArray[Any]] | None:
    def decoded(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        assert arrays.keys() == ARRAYS.keys()
        return {**arrays}

    return caches.load(file, fingerprint, decoded)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "folder" / "one.readings.npz"
    caches.save(made, "one", ARRAYS)
    return made


def _assert_whole(found: Mapping[str, NDArray[Any]] | None) -> None:
    assert found is not None
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
        assert found[name].flags.f_contiguous == array.flags.f_contiguous


def test_what_is_saved_is_loaded(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _assert_whole(_loaded(file))
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert capsys.readouterr().err == ""


def test_what_is_of_something_else_is_not_believed_and_nothing_is_said(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _loaded(file, "another one") is None
    assert _loaded(file.with_name("not there")) is None
    assert _loaded(file / "below a file") is None
    monkeypatch.setattr(caches, "FORMAT", caches.FORMAT + 1)
    assert _loaded(file) is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", [b"", b"PK", b"\0" * 400, b"\x93NUMPY\x01\0", None])
def test_a_damaged_file_is_named_and_not_believed(
    file: Path, damage: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert _loaded(file) is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"unladen: the cache {file} is damaged (")
    caches.save(file, "one", ARRAYS)
    _assert_whole(_loaded(file))
    assert capsys.readouterr().err == ""


def test_of_a_file_with_another_byte_nothing_false_is_believed(file: Path) -> None:
    whole = file.read_bytes()
    for at in range(len(whole)):
        content = bytearray(whole)
        content[at] ^= 0x55
        file.write_bytes(bytes(content))
        try:
            found = _loaded(file)
        except AssertionError:  # an array's name: whoever decodes it looks for another
            continue
        if found is not None:
            _assert_whole(found)


def test_what_cannot_be_decoded_is_damaged(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert caches.load(file, "one", lambda arrays: arrays["no such array"]) is None
    assert "is damaged ('no such array')" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said_and_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").write_text("a file where the folder should be")
    caches.save(tmp_path / "folder" / "one.npz", "one", ARRAYS)
    said = capsys.readouterr().err
    assert said.startswith("unladen: cannot keep what was read")
    assert "XDG_CACHE_HOME" in said
    assert len(said.splitlines()) == 1


def test_what_nobody_uses_is_removed(file: Path) -> None:
    long_ago = time.time() - (caches.DAYS + 1) * 86_400
    used, unused = file.with_name("used"), file.with_name("unused")
    caches.save(used, "one", ARRAYS)
    unused.write_bytes(b"")
    for one in (used, unused):
        os.utime(one, (long_ago, long_ago))
    _assert_whole(_loaded(used))
    caches.save(file, "one", ARRAYS)
    assert sorted(one.name for one in file.parent.iterdir()) == sorted([file.name, used.name])


def test_where_caches_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one = caches.cache_file("readings", "folder", "environment")
    assert one.parent == tmp_path / "unladen" / "results"
    assert one != caches.cache_file("readings", "folder", "another")
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder.user_caches() == tmp_path / "home" / ".cache" / "unladen"


def test_other_code_has_another_digest() -> None:
    found = {caches.code_digest("store"), caches.code_digest("text", "store")}
    assert len(found | {caches.code_digest("store")}) == 2
