"""Change core modules at random places, and see whether their tests notice: ``make mutants``.

    python tests/mutants/run.py [--each 14] [--seed 1] [--module PART] [--all]

Each mutant runs in a copy of the repository, as many at a time as there are cores. What a mutant
could be told from the code by is tests that fail or take too long. ``equivalent.toml`` lists those
that nothing can tell, with the reason. Exit code 1: fewer than 95 % of the others are noticed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from mutations import Mutant, mutants_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOAL = 0.95
SLACK = 5
"""A mutant may take so many times as long as the code, and ``LEAST`` seconds."""
LEAST = 20.0

KILLED, TIMED_OUT, SURVIVED, EQUIVALENT = "killed", "timed out", "survived", "equivalent"


@dataclass(frozen=True)
class Planned:
    """A mutant of a module, and the tests to run."""

    module: str
    mutant: Mutant
    tests: Sequence[str]

    @property
    def place(self) -> str:
        """Where it is, as a compiler says it."""
        return f"{self.module}:{self.mutant.line} in {self.mutant.function or 'the module'}"


@dataclass(frozen=True)
class Equivalent:
    """A change that nothing can tell from the code, and why."""

    module: str
    function: str
    before: str
    after: str
    why: str

    def is_of(self, planned: Planned) -> bool:
        """Whether it is this mutant."""
        one = planned.mutant
        other = (planned.module, one.function, one.before, one.after)
        return (self.module, self.function, self.before, self.after) == other


def main(arguments: Sequence[str] | None = None) -> int:
    """Choose, run and report; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--each", type=int, default=14, help="mutants a module (default: 14)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice (default: 1)")
    parser.add_argument("--module", default="", help="only modules whose path contains this")
    parser.add_argument("--all", action="store_true", help="all mutants of the modules")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args(arguments)
    modules = {name: tests for name, tests in read_modules().items() if args.module in name}
    planned = choose(modules, sys.maxsize if args.all else args.each, args.seed)
    known = read_equivalent()
    open_ones = [one for one in planned if not any(other.is_of(one) for other in known)]
    ends = Counter({EQUIVALENT: len(planned) - len(open_ones)})
    with tempfile.TemporaryDirectory() as folder:
        testers = [Tester(copy_of_repository(Path(folder, str(n)))) for n in range(args.workers)]
        limits = {name: testers[0].time_limit(tests) for name, tests in modules.items()}
        free: SimpleQueue[Tester] = SimpleQueue()
        for tester in testers:
            free.put(tester)

        def end_of(one: Planned) -> str:
            tester = free.get()
            try:
                return tester.end_of(one, limits[one.module])
            finally:
                free.put(tester)

        with ThreadPoolExecutor(args.workers) as pool:
            for one, end in zip(open_ones, pool.map(end_of, open_ones), strict=True):
                ends[end] += 1
                if end == SURVIVED:
                    print(f"{one.place}\n  - {one.mutant.before}\n  + {one.mutant.after}")
                    sys.stdout.flush()
        for tester in testers:
            tester.close()
    told = ends[KILLED] + ends[TIMED_OUT]
    share = told / max(1, len(open_ones))
    print(f"seed {args.seed}, {len(planned)} mutants of {len(modules)} modules: {dict(ends)}")
    print(f"{told} of {len(open_ones)} that are not equivalent are noticed: {share:.1%}")
    return 0 if share >= GOAL else 1


def read_modules() -> Mapping[str, Sequence[str]]:
    """The tests of each module, as paths."""
    table = tomllib.loads((HERE / "modules.toml").read_text())["tests"]
    return {name: [f"tests/{test}" for test in tests] for name, tests in table.items()}


def read_equivalent() -> list[Equivalent]:
    """The mutants that nothing can tell from the code."""
    table = tomllib.loads((HERE / "equivalent.toml").read_text())
    return [Equivalent(**one) for one in table.get("mutant", [])]


def choose(modules: Mapping[str, Sequence[str]], each: int, seed: int) -> list[Planned]:
    """So many mutants of each module, the same ones for a seed while the module is the same."""
    chosen = []
    for name, tests in modules.items():
        found = mutants_of((ROOT / name).read_text())
        chance = random.Random(f"{seed} {name}")
        some = chance.sample(found, min(each, len(found)))
        some.sort(key=lambda one: (one.line, one.after))
        chosen += [Planned(name, mutant, tests) for mutant in some]
    return chosen


def copy_of_repository(folder: Path) -> Path:
    """The files that git knows or would add, as they are now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith("results/") or not (ROOT / name).is_file():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


class Tester:
    """Runs tests in a copy of the repository."""

    def __init__(self, copy: Path) -> None:
        """Starts its process, which ends when it is closed."""
        self.copy = copy
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "server.py")],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def time_limit(self, tests: Sequence[str]) -> float:
        """Seconds for a mutant. Raises ``SystemExit`` if the tests fail for the code as it is."""
        began = time.monotonic()
        if self._ended(tests, 1200) != 0:
            raise SystemExit(f"these fail without any mutant: {' '.join(tests)}")
        return max(LEAST, SLACK * (time.monotonic() - began))

    def end_of(self, planned: Planned, limit: float) -> str:
        """How a mutant ends."""
        file = self.copy / planned.module
        code = file.read_text()
        _write(file, planned.mutant.code)
        try:
            ended = self._ended(planned.tests, limit)
        finally:
            _write(file, code)
        return TIMED_OUT if ended is None else KILLED if ended else SURVIVED

    def _ended(self, tests: Sequence[str], limit: float) -> int | None:
        """pytest's exit code once a test failed or all passed; None beyond the limit."""
        options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-m", "not slow"]
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([limit, [*options, *tests]]) + "\n")
        process.stdin.flush()
        ended: int | None = json.loads(process.stdout.readline())
        return ended


_seconds = itertools.count(1_000_000_000)


def _write(file: Path, code: str) -> None:
    """Python takes a module for unchanged if its size and second are: each has a second of its
    own."""
    file.write_text(code)
    second = next(_seconds)
    os.utime(file, (second, second))


if __name__ == "__main__":
    sys.exit(main())
