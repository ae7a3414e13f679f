"""What runs at a worker: it says what it is, and measures one commit after the other.

A commit is measured by our own command line, in a process that ends when the worker does, however
that ends; so what a worker measures is what ``unladen run`` measures.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import unladen
from unladen.asv_bridge import processes
from unladen.errors import UserError
from unladen.measure.carrying import NO_CARRY
from unladen.measure.cluster.kit import code_digest, digest_of, unpack, write_conf
from unladen.measure.cluster.messages import Delivery, Introduction, Kit, MeasuredFile, Order
from unladen.measure.cluster.slots import REPOSITORY, RESULTS, VARIABLE, slot, slots_folder
from unladen.repo.patches.git import without_git
from unladen.repo.repository import local_repository
from unladen.store.opened import SUFFIX as OPENED
from unladen.store.records import record_path
from unladen.store.results_folder import results_files
from unladen.text.terminal import last_line, one_line, printable

_NOTHING_STORED, _SOME_FAILED = 0, 3
"""Exit codes of ``unladen run`` after which there may be results."""

_kits: dict[str, Kit] = {}


def introduce(kit: Kit) -> Introduction:
    """Take what is to be measured with, and say what this worker is."""
    _kits[kit.digest] = kit
    return Introduction(
        host=socket.gethostname(),
        process=os.getpid(),
        folder=str(slots_folder()),
        unladen=unladen.__version__,
        code=code_digest(),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        kit=kit.digest,
    )


def measure(order: Order) -> Delivery:
    """Measure the commit; never raises for what became of that."""
    before = _cpu()
    try:
        with slot(order.target) as folder:
            kit = _prepared(order, folder)
            why, is_late = _run(order, kit, folder)
            files = () if is_late else _files(folder / RESULTS / order.machine)
            digest = digest_of(kit)
    except (UserError, OSError) as error:
        why, is_late, files, digest = printable(one_line(str(error))), False, (), order.kit
    return Delivery(
        commit=order.commit,
        kit=digest,
        files=files,
        why="" if files else why,
        is_late=is_late,
        cpu=_cpu() - before,
    )


def _prepared(order: Order, folder: Path) -> Path:
    """The kit's folder in a slot. Raises ``UserError`` if the worker does not have that kit."""
    found = folder / f"kit-{order.kit[:16]}"
    if digest_of(found) != order.kit:
        if order.kit not in _kits:
            raise UserError("this worker was not told what to measure with")
        for old in folder.glob("kit-*"):
            shutil.rmtree(old)
        unpack(_kits[order.kit], found)
    return found


def _run(order: Order, kit: Path, folder: Path) -> tuple[str, bool]:
    """Run ``unladen run``: why there are no results, if there are none, and whether time was up."""
    conf = write_conf(kit, folder)
    command = [sys.executable, "-m", "unladen", "--config", str(conf), "run", f"{order.commit}^!"]
    command += ["--machine", order.machine, NO_CARRY]
    command += [word for name in order.series for word in ("--bench", rf"^{re.escape(name)}(\(|$)")]
    if _has(folder / REPOSITORY / local_repository(order.target).name, order.commit):
        command.append("--no-pull")
    # What is set there would get into benchmark processes, as all that is ours does.
    variables = {name: text for name, text in os.environ.items() if name != VARIABLE}
    process = processes.start(command, conf.parent, variables, subprocess.STDOUT)
    try:
        said, _ = process.communicate(timeout=order.seconds)
    except subprocess.TimeoutExpired:
        return f"took more than {order.seconds:.0f} s", True
    finally:
        processes.end(process)
    (folder / "log.txt").write_text(said, encoding="utf-8")
    if process.returncode in (_NOTHING_STORED, _SOME_FAILED):
        return f"nothing was stored: {one_line(last_line(said))}", False
    ours = [line for line in said.splitlines() if line.startswith("unladen: ")]
    why = ours[-1].removeprefix("unladen: ") if ours else one_line(last_line(said))
    return printable(why) or f"exit code {process.returncode}", False


def _has(repository: Path, commit: str) -> bool:
    """Whether a mirror has the commit already, so that nobody has to be asked for it."""
    if not repository.is_dir():
        return False
    query = ["git", "-C", str(repository), "cat-file", "-e", f"{commit}^{{commit}}"]
    done = subprocess.run(
        query,
        env=without_git(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _files(machine: Path) -> tuple[MeasuredFile, ...]:
    beside = {path.name: path.read_bytes() for path in machine.glob(f"*{OPENED}")}
    return tuple(
        MeasuredFile(path.name, path.read_bytes(), record_path(path).read_bytes(), beside)
        for path in results_files(machine)
        if record_path(path).is_file()
    )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
