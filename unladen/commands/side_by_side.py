"""What the commands that measure side by side share: progress, asv's output, files, options."""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from unladen.asv_bridge.command_line import NOT_BUILT
from unladen.asv_bridge.console import log
from unladen.errors import UserError
from unladen.measure.asv_log import AsvLog
from unladen.measure.lock import hold
from unladen.project.project import Project
from unladen.text.progress import Progress
from unladen.text.terminal import one_line

STANDARD_OUTPUT = "-"


@contextlib.contextmanager
def quiet_asv(project: Project, name: str) -> Iterator[Callable[[str], None]]:
    """asv's output goes to ``.asv/.../NAME.log``; gives what tells the user what is done now.

    Raises ``UserError`` if another command is measuring: these commands all measure.
    """
    hold(project.env_dir, project.name)
    progress = Progress(sys.stderr)
    output = AsvLog(project.env_dir.parent / f"{name}.log", progress.tick)
    try:
        with contextlib.redirect_stdout(output):
            try:
                yield progress.stage
            finally:
                log.flush()
    except UserError as error:
        if str(error).startswith(NOT_BUILT):
            raise UserError(f"no commit's benchmarks can be listed: see {output.path}") from error
        raise
    finally:
        progress.end()
        output.close()


def called(args: Any) -> str:
    """How the user called unladen for this target."""
    if args.target:
        return f"unladen --target {args.target}"
    return f"unladen --config {args.config}" if args.config else "unladen"


def write(file: str, text: str) -> None:
    """Write a file, or to standard output for ``-``. Raises ``UserError``."""
    if file == STANDARD_OUTPUT:
        print(text, end="" if text.endswith("\n") else "\n")
        return
    try:
        Path(file).write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write {file}: {one_line(str(error))}") from error


def strict_json(data: Any) -> str:
    """JSON without NaN or infinity."""
    return json.dumps(data, indent=2, allow_nan=False)


def refuse_given(args: argparse.Namespace, options: Iterable[str], why: str) -> None:
    """Raise ``UserError``, ``--OPTION WHY``, for the first of these options that the user gave: it
    would do nothing. ``options``: by attribute, None or False where they are not given."""
    for name in options:
        given = getattr(args, name)
        if given is not None and given is not False:
            raise UserError(f"--{name.replace('_', '-')} {why}")


def output_file(text: str) -> str:
    """A file to write, as ``file_to_write``; ``-`` as it is."""
    return text if text == STANDARD_OUTPUT else str(file_to_write(text))


def file_to_write(text: str) -> Path:
    """A file's absolute path, before asv goes to the conf's folder, for argparse.

    Refuses what could not be written after a long measurement: no name, a folder, a file in a
    folder that is not there.
    """
    path = file_to_read(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {Path(text).parent}")
    return path


def file_to_read(text: str) -> Path:
    """A file's absolute path, before asv goes to the conf's folder, for argparse. That it is not
    there, or not as it must be, says who reads it."""
    if not text:
        raise argparse.ArgumentTypeError("must name a file")
    path = Path(text).absolute()
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder: name a file")
    return path


def absolute_folder(text: str) -> Path:
    """A folder's absolute path, before asv goes to the conf's folder, for argparse."""
    if not text:
        raise argparse.ArgumentTypeError("must name a folder")
    return Path(text).absolute()


def pattern(text: str) -> re.Pattern[str]:
    """A regular expression, for argparse; not an empty one, which everything matches."""
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"not a regular expression: {error}") from error


def whole_number(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not text.isdecimal() or not 0 < int(text) < 10**6:
        raise argparse.ArgumentTypeError(f"must be a whole number above 0, not {text!r}")
    return int(text)


def percent(text: str) -> float:
    """A percentage above 0, for argparse."""
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"must be a percentage above 0, not {text!r}")
    return value


def seconds(text: str) -> float:
    """A number of seconds, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(f"must be a number of seconds, not {text!r}")
    return value
