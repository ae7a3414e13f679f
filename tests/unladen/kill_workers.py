"""A history measured on a cluster whose workers, scheduler and command are killed again and again.

    python tests/unladen/kill_workers.py FOLDER --commits 40 --kills 50 --seed 1

Whom it hits and when is drawn from the seed, the moment by what the command says it has got to. In
the end each commit must have each value once, the right one, and nothing else may be there. Prints
what was killed and what was found; exit code 1 if anything is lost or wrong. Takes some ten seconds
of CPU for each kill.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]

from asv.results import Results  # noqa: E402
from tiny_project import MACHINE, TinyProject, empty_history, write_project  # noqa: E402

BENCHMARKS = """
class Work:
    params = ["value", "other"]
    param_names = ["what"]

    def track_value(self, what):
        import tiny
        return getattr(tiny, what)()

    track_value.unit = "calls"
    track_value.kind = "exact"

def track_commit():
    import os
    return int(os.environ["ASV_COMMIT"][:8], 16)

track_commit.unit = "count"
track_commit.kind = "exact"
"""

WORKERS = 3
_NO_PAGES = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
PLACES = ("worker", "worker", "worker", "worker", "scheduler", "command")
"""What is killed, as often as it is named here."""


def value_of(number: int) -> list[int]:
    """What the benchmark must find at a commit of the history, by its number."""
    return [1000 + number, 7 * number]


def write(folder: Path, commits: int) -> TinyProject:
    """A project with a history in which each commit has values of its own."""
    history = empty_history(folder / "clone")
    for number in range(commits):
        value, other = value_of(number)
        code = f"def value(): return {value}\n\ndef other(): return {other}\n"
        history.commit(str(number), {"lib/tiny/__init__.py": code}, 1 + number % 28)
    project = write_project(folder / "project", history)
    (project.folder / "benchmarks" / "work.py").write_text(BENCHMARKS)
    return project


@dataclass
class Cluster:
    """A scheduler with workers, and the command that measures on them."""

    project: TinyProject
    log: Path
    port: int = 0
    numbers: int = 0
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    command: subprocess.Popen[str] | None = None

    def start_scheduler(self) -> None:
        """A new one, at a port of its own, with new workers."""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port)
        )
        self.workers = [self.start_worker() for _ in range(WORKERS)]

    def start_worker(self) -> subprocess.Popen[bytes]:
        """One more worker."""
        self.numbers += 1
        space = self.log.parent / "space" / str(self.numbers)
        space.mkdir(parents=True)
        named = ("--name", f"w{self.numbers}", "--nthreads", "1", "--memory-limit", "0")
        own = ("--no-nanny", "--host", "127.0.0.1", "--local-directory", str(space))
        return self._start("dask_worker", f"tcp://127.0.0.1:{self.port}", *named, *own)

    def start_command(self) -> subprocess.Popen[str]:
        """The command, from where it left off."""
        words = ["--target", "tiny", "--verbose", "run", "ALL", "--machine", MACHINE]
        words += ["--cluster", f"tcp://127.0.0.1:{self.port}", "--exact-only", "--skip-existing"]
        self.command = subprocess.Popen(
            [sys.executable, "-m", "unladen", *words],
            cwd=self.project.folder,
            env=self.variables(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self.command

    def variables(self) -> dict[str, str]:
        """Of all that is started."""
        slots = str(self.log.parent / "slots")
        return self.project.variables(UNLADEN_CLUSTER_DIR=slots)

    def end(self) -> None:
        """Kill what is left."""
        for process in [self.scheduler, self.command, *self.workers]:
            if process is not None:
                kill(process)

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *words, *_NO_PAGES],
                cwd=self.project.folder,
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def kill(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """As the kernel does it when memory runs out."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def measure(project: TinyProject, kills: int, seed: int, log: Path) -> Counter[str]:
    """Measure everything, killing so often meanwhile; how often what was killed."""
    chance = random.Random(seed)
    killed: Counter[str] = Counter()
    cluster = Cluster(project, log)
    try:
        cluster.start_scheduler()
        while True:
            command = cluster.start_command()
            assert command.stderr is not None
            wait = chance.randint(1, 3)
            with log.open("a") as told:
                for line in command.stderr:
                    told.write(line)
                    told.flush()
                    if " goes to " not in line and " measured by " not in line:
                        continue
                    wait -= 1
                    if wait > 0 or killed.total() >= kills:
                        continue
                    wait = chance.randint(1, 3)
                    strike(cluster, chance, killed)
                    if cluster.command is None:
                        break
            if cluster.command is not None and cluster.command.wait() == 0:
                return killed
            cluster.command = None
            if cluster.scheduler is None:
                for worker in cluster.workers:
                    kill(worker)
                cluster.start_scheduler()
    finally:
        cluster.end()


def strike(cluster: Cluster, chance: random.Random, killed: Counter[str]) -> None:
    """Kill one of them; of workers another one takes its place."""
    place = chance.choice(PLACES)
    killed[place] += 1
    if place == "worker":
        number = chance.randrange(len(cluster.workers))
        kill(cluster.workers[number])
        cluster.workers[number] = cluster.start_worker()
    elif place == "scheduler" and cluster.scheduler is not None:
        kill(cluster.scheduler)
        cluster.scheduler = None
    elif cluster.command is not None:
        kill(cluster.command)
        cluster.command = None


def wrong(project: TinyProject) -> list[str]:
    """A line for each thing that is not as it must be."""
    found = []
    files = {file.name for file in project.results.glob("*-*.json")}
    for number, commit in enumerate(project.history.commits.values()):
        paths = [project.results / name for name in files if name.startswith(commit[:8])]
        if len(paths) != 1 or not paths[0].with_suffix(".record").is_file():
            found.append(f"{commit[:8]}: {len(paths)} files")
            continue
        files.discard(paths[0].name)
        results = Results.load(str(paths[0]), machine_name=MACHINE)
        values = {"work.Work.track_value": value_of(number)}
        values["work.track_commit"] = [int(commit[:8], 16)]
        if results.commit_hash != commit or results._results != values:
            found.append(f"{commit[:8]}: {json.dumps(results._results)} of {results.commit_hash}")
    return found + [f"{name}: of no commit" for name in sorted(files)]


def children() -> list[psutil.Process]:
    """The processes that this one has started, and theirs."""
    return psutil.Process(os.getpid()).children(recursive=True)


def main(words: Sequence[str] | None = None) -> int:
    """Do it all, in a new folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=40)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(words)
    given.folder.mkdir(parents=True)
    folder = given.folder.resolve()
    others = children()  # as a test has them that runs this
    project = write(folder, given.commits)
    killed = measure(project, given.kills, given.seed, folder / "log.txt")
    bad = wrong(project)
    alive = [one for one in children() if one not in others and one.is_running()]
    print(
        f"{given.commits} commits, killed: {dict(killed)}; {len(bad)} wrong, {len(alive)} left over"
    )
    print("\n".join(bad))
    return 1 if bad or alive or killed.total() < given.kills else 0


if __name__ == "__main__":
    sys.exit(main())
