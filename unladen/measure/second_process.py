"""A second process that measures commits of the same target beside this one.

It has environments of its own, beside this one's, and stores into the same folder of results, where
each commit has a file of its own. Whatever ends it leaves commits unmeasured, and nothing else.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from unladen.asv_bridge.workers import end_with
from unladen.errors import UserError
from unladen.interrupts import held
from unladen.measure.asv_log import AsvLog
from unladen.measure.saved import saved_observers
from unladen.project.project import Project

Measure = Callable[[Project], None]
"""Measures, in the environments of this project."""


class Second:
    """The process, as the first one sees it."""

    def __init__(self, process: BaseProcess, saved: Connection) -> None:
        """``saved``: from which comes something for each results file."""
        self._process = process
        self._saved = saved

    def saved(self) -> int:
        """How many results files it has saved since this was asked last."""
        number = 0
        with contextlib.suppress(EOFError, OSError):
            while self._saved.poll():
                self._saved.recv()
                number += 1
        return number

    def is_over(self, seconds: float) -> bool:
        """Whether it has ended, or ends within so many seconds."""
        return bool(wait([self._process.sentinel], seconds))

    def end(self) -> None:
        """End it, and what it has started with it."""
        self._process.terminate()
        self._process.join()


@contextlib.contextmanager
def beside(project: Project, measure: Measure, log: Path) -> Iterator[Second]:
    """``measure`` is under way within the block, in a process that is ended with it. ``log``: where
    all goes that it prints; why it gave up is the last of it."""
    second = replace(project, env_dir=second_env_dir(project))
    second = replace(second, written={**project.written, "env_dir": str(second.env_dir)})
    sys.stdout.flush()
    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(second, measure, writing, log))
    with held():
        process.start()
    writing.close()
    found = Second(process, reading)
    try:
        yield found
    finally:
        found.end()
        reading.close()


def second_env_dir(project: Project) -> Path:
    """Where its environments are."""
    return project.env_dir.with_name(f"{project.env_dir.name}-2")


def _measure(project: Project, measure: Measure, saved: Connection, log: Path) -> None:
    os.setpgrp()  # the terminal's interrupt reaches the first process, which ends this one
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
    output = AsvLog(log, lambda: None)
    saved_observers[:] = [lambda: saved.send(None)]
    with contextlib.redirect_stderr(output):
        try:
            with output.collecting():
                measure(project)
        except UserError as error:
            output.write(f"unladen: {error}\n")
            sys.exit(1)
        except Exception:  # noqa: BLE001 - whatever it is, the first process goes on, or meets it too
            output.write(traceback.format_exc())
            sys.exit(1)
        finally:
            output.close()
