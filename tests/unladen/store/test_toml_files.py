"""Files that people write: one line says what is wrong with one."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from unladen.errors import UserError
from unladen.store.json_files import SIZE_LIMIT
from unladen.store.toml_files import declared, parsed, read_tables, read_toml


class Ships(msgspec.Struct, forbid_unknown_fields=True):
    """What the files of these tests hold."""

    masts: int


def test_what_is_declared_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ships.toml"
    file.write_text("masts = 3")
    assert read_toml(file, Ships, "ships") == Ships(3)
    assert read_tables(file, "ships") == {"masts": 3}
    assert declared(parsed("masts = 3", file, "ships"), Ships, file, "ships") == Ships(3)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"masts", "it holds no ships: it is not TOML: Expected '='"),
        (b"masts = 'three'", "it holds no ships: Expected `int`, got `str`"),
        (b"", "it holds no ships: Object missing required field `masts`"),
        (b"masts = 3\nsails = 3", "it holds no ships: Object contains unknown field `sails`"),
        (b"a = " + b"[" * 100_000, "it holds no ships: it is not TOML: "),
        (b"\xff", "'utf-8' codec can't decode byte"),
        (b"#" * (SIZE_LIMIT + 1), "it is larger than 32 MB"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_file(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "ships.toml"
    file.write_bytes(content)
    with pytest.raises(UserError) as refused:
        read_toml(file, Ships, "ships")
    line = str(refused.value)
    assert line.startswith(f"{file} is not readable: {why}")
    assert "\n" not in line


def test_what_is_no_file_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, why in (("pipe", "it is not a file"), (".", "it is not a file"), ("x", "not there")):
        with pytest.raises(UserError, match=why):
            read_tables(tmp_path / name, "ships")
