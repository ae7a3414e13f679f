"""What ``python -m benchmarks.attribute`` says of figures of the floor."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from suite import ROOT


def attributed(series: str, index: int, *how: str, hash_seed: str = "random") -> dict[str, Any]:
    """What the command prints of a figure of the floor."""
    found: dict[str, Any] = json.loads(
        _printed("attribute", series, str(index), *how, hash_seed=hash_seed)
    )
    return found


def attributed_together(*asked: tuple[str, int, str]) -> list[dict[str, Any]]:
    """What the command for several figures prints of figures of the floor."""
    lines = _printed("attribute_many", json.dumps(asked)).splitlines()
    return [json.loads(line) for line in lines]


def _printed(command: str, *arguments: str, hash_seed: str = "random") -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{command}", *arguments],
        cwd=ROOT,
        env={"UNLADEN_TARGET": "bare", "PYTHONPATH": "", "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def own_bytecodes(printed: dict[str, Any]) -> int:
    """Those of the SDK's own files."""
    return sum(
        sum(lines.values())
        for _, function, _, _, _, lines, _ in printed["contexts"]
        if printed["functions"][function][0] == "own"
    )


def assert_parts_add_up(series: str, index: int) -> None:
    """What a forked process counted of a figure of bytecodes is the figure."""
    found = attributed(series, index)
    assert found["value"] == own_bytecodes(found) > 0
    assert found["parts"] == []


def plain_value(series: str, index: int) -> float:
    """A figure of the floor, as it is measured."""
    asked = (
        "import sys; from asv_runner.discovery import disc_benchmarks; "
        "from benchmarks.attribute import SUITE; from benchmarks.core import measured; "
        "(one,) = [b for b in disc_benchmarks(str(SUITE)) if b.name == sys.argv[1]]; "
        "index = int(sys.argv[2]); attempt = measured.sole_attempt(one, index); "
        "print(measured.figure_of(one, index, attempt)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, series, str(index)],
        cwd=ROOT,
        env={"UNLADEN_TARGET": "bare", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])
