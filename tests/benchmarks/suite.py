"""Running the benchmark suite in processes of its own, for tests."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Key = tuple[str, tuple[str, ...]]
Values = dict[Key, float | None]


@dataclass(frozen=True)
class Measured:
    """What ``python -m benchmarks --json`` printed: NaN is n/a, None a failure. ``wrong``: what is
    wrong with the outcomes of those values where something is."""

    values: Values
    wrong: dict[Key, str]
    errors: str
    returncode: int

    def of(self, series: str) -> dict[tuple[str, ...], float | None]:
        """The values of one series by its parameters."""
        found = {params: v for (name, params), v in self.values.items() if name == series}
        assert found, f"{series} was not measured: {self.errors[-2000:]}"
        return found

    def matching(self, pattern: str) -> Measured:
        """The same of the series whose names match only."""
        values = {key: value for key, value in self.values.items() if re.search(pattern, key[0])}
        wrong = {key: text for key, text in self.wrong.items() if key in values}
        return Measured(values, wrong, self.errors, self.returncode)

    def comparable(self) -> dict[Key, float | str | None]:
        """The values with n/a as a word, so that equal runs compare equal."""
        return {
            key: "n/a" if isinstance(value, float) and math.isnan(value) else value
            for key, value in self.values.items()
        }


def measure(
    target: str,
    *arguments: str,
    root: Path = ROOT,
    hash_seed: str = "random",
    path: tuple[Path, ...] = (),
) -> Measured:
    """Measure a target's exact series, ``path`` in front of the modules' search path."""
    # The size of the environment moves addresses, and with them memory peaks.
    environment = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    environment["UNLADEN_TARGET"] = target
    environment["PYTHONHASHSEED"] = hash_seed
    environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--exact", "--json", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    values = {(name, tuple(params)): value for name, params, value, _ in rows}
    wrong = {(name, tuple(params)): text for name, params, _, text in rows if text}
    return Measured(values, wrong, done.stderr, done.returncode)


def agree(one: object, other: object, tolerance: float) -> bool:
    """Whether two exact values are the same, given their series' tolerance."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= tolerance * max(abs(one), abs(other))
    return one == other


def project_with_driver(folder: Path, name: str, driver: str) -> Path:
    """A copy of the suite with one more target, ``name``, whose driver is the given code."""
    # What is compiled comes along; not what another process is writing just now.
    ignored = shutil.ignore_patterns("*.pyc.*", "towow")
    for room in ("benchmarks", "meters", "mocks", "targets"):
        shutil.copytree(ROOT / room, folder / room, ignore=ignored)
    (folder / "targets" / name).mkdir()
    (folder / "targets" / name / "driver.py").write_text(driver)
    return folder
