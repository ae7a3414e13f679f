"""Runs many command lines, each in a child of one process that has imported everything: a command
costs a fork in place of an interpreter.

Reads a JSON list of ``[folder, argument, ...]`` from standard input, and prints a list of
``[exit code, standard output, standard error]``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from unladen.cli import main

CRASHED = 70
"""The exit code of a command that ends with an exception."""


def run(folder: str, arguments: list[str]) -> tuple[int, str, str]:
    """One command line in a child of its own."""
    with tempfile.TemporaryDirectory() as kept:
        files = [Path(kept, name) for name in ("out", "err")]
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            for number, file in enumerate(files, start=1):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
            code = CRASHED
            try:
                code = main(arguments)
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                if code == CRASHED:
                    traceback.print_exc()
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        out, err = (file.read_text(errors="replace") for file in files)
    return os.waitstatus_to_exitcode(status), out, err


if __name__ == "__main__":
    print(json.dumps([run(folder, arguments) for folder, *arguments in json.load(sys.stdin)]))
