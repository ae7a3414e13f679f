"""Terminals for tests: one of a given size that a command runs on, and a stream that takes itself
for one."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    """A stream that says it is a terminal; its size is that of ``COLUMNS`` and ``LINES``."""

    def isatty(self) -> bool:
        return True


def unstyled(text: str) -> str:
    """Text of a terminal without colours."""
    return _STYLES.sub("", text)


def on_terminal(
    words: Sequence[str], columns: int, lines: int, environment: Mapping[str, str] | None = None
) -> str:
    """What ``unladen`` with these arguments prints on a terminal, errors left out."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    plain = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "unladen", *words],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**plain, "TERM": "xterm-256color", **(environment or {})},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait() == 0
    return said.decode().replace("\r\n", "\n")


def in_a_pipe(words: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """What it prints in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "unladen", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
    ).stdout
