"""The data that Python writes is what the scripts' types say (unladen/site/types/data.d.ts)."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from published import Site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TSC = ROOT / "node_modules" / ".bin" / "tsc"
TYPES = ROOT / "unladen" / "site" / "types" / "data.d.ts"


@pytest.fixture(scope="module")
def tsc() -> Path:
    """The compiler, which ``make check`` installs; without it the tests are skipped, but never
    where CI runs them."""
    if not TSC.is_file():
        reason = "tsc is not installed: make check-js"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return TSC


def found_by(tsc: Path, folder: Path, data: dict[str, str]) -> list[str]:
    """What the compiler says of data, JSON by the names of their files: a missing, a further or
    another value each."""
    source = folder / "data.ts"
    lines = [
        f"export const data{n}: DataFiles[{json.dumps(name)}] = {text};"
        for n, (name, text) in enumerate(data.items())
    ]
    source.write_text("\n".join(lines), "utf-8")
    command = [str(tsc), "--noEmit", "--strict", "--types", "", "--ignoreConfig"]
    done = subprocess.run(
        [*command, str(TYPES), str(source)], capture_output=True, text=True, check=False, cwd=folder
    )
    return done.stdout.splitlines() + done.stderr.splitlines()


def data_of(folder: Path) -> dict[str, str]:
    """The JSON of a target's data files, by their names."""
    found = {}
    for file in sorted((folder / "data").glob("*.js")):
        call = re.fullmatch(r'Unladen\.receive\("([^"]+)",(.*)\);\n', file.read_text(), re.DOTALL)
        assert call, file
        found[call[1]] = call[2]
    return found


@pytest.mark.parametrize("target", ["sdk", "hostile", "bare"])
def test_the_data_is_of_the_types(tsc: Path, site: Site, target: str, tmp_path: Path) -> None:
    data = data_of(site.root / target)
    assert {"site", "commits", "environment", "faults", "changes-0", "series-0"} <= set(data)
    assert found_by(tsc, tmp_path, data) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("site", '"chunk":', '"chunks":'),
        ("site", '"kinds":["value"', '"kinds":["number"'),
        ("site", '"chunk":', '"more":1,"chunk":'),
        ("commits", '"hash":["', '"hash":[1,"'),
        ("environment", '"runs":[[0,', '"runs":[["0",'),
    ],
)
def test_other_data_is_not(
    tsc: Path, site: Site, tmp_path: Path, name: str, old: str, new: str
) -> None:
    text = data_of(site.root / "sdk")[name]
    assert old in text
    assert found_by(tsc, tmp_path, {name: text.replace(old, new, 1)}) != []
