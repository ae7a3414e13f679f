"""Turning the output of programs into short text that names no machine."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size


def one_line(text: str) -> str:
    """``text`` on one line, runs of white space as single spaces."""
    return " ".join(text.split())


def last_line(text: str) -> str:
    """The last line of ``text`` that is not blank, stripped; "" if there is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def tail(text: str, limit: int) -> str:
    """The last ``limit`` characters of ``text``, with a mark where something was cut off."""
    return text if len(text) <= limit else "[...]\n" + text[-limit:]


def head(text: str, limit: int) -> str:
    """The first characters of ``text``, at most ``limit``, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def shorten_paths(text: str, names: Mapping[str, str]) -> str:
    """``text`` with the folders ``{path: name}`` replaced by their names, inner folders first.

    A path is replaced as a whole folder only (``/home/ann`` is not found in ``/home/anna``), with
    or without symbolic links resolved. The root folder and relative paths are ignored.
    """
    folders: dict[str, str] = {}
    for path, name in names.items():
        for spelling in (path, os.path.realpath(path)):
            folder = spelling.rstrip(os.sep)
            if os.path.isabs(folder):
                folders.setdefault(folder, name)
    for folder in sorted(folders, key=len, reverse=True):
        whole_folder = rf"(?<![\w.>~-]){re.escape(folder)}(?![\w.-])"
        text = re.sub(whole_folder, folders[folder].replace("\\", r"\\"), text)
    return text


def printable(text: str) -> str:
    """``text`` on one line, with what a terminal would obey or hide (escape sequences, other
    control and formatting characters) replaced by U+FFFD. For text that others wrote."""
    line = one_line(text)
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)


def printable_lines(text: str) -> str:
    """As ``printable``, line by line: their ends and their indentation stay, blank lines do not."""
    lines = (line.expandtabs(4).rstrip() for line in text.splitlines())
    return "\n".join(
        " " * (len(line) - len(line.lstrip())) + printable(line) for line in lines if line
    )


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal; East Asian wide characters take two."""
    return cell_len(text)


def fitted(text: str, columns: int) -> str:
    """``text`` cut so that it takes at most ``columns`` on a terminal, with a mark if it was."""
    if width(text) <= columns:
        return text
    return set_cell_size(text, max(columns - 3, 0)).rstrip() + "..."[: max(columns, 0)]


def first_of(cells: Sequence[str], columns: int) -> str:
    """As many of the cells as ``columns`` hold, and the number of the others: ``20, 50 +3``."""
    if cells == [""]:
        return ""
    for named in range(len(cells), 0, -1):
        rest = len(cells) - named
        joined = "; " if any("," in cell for cell in cells) else ", "
        text = joined.join(cells[:named]) + (f" +{rest}" if rest else "")
        if width(text) <= columns:
            return text
    return fitted(f"{len(cells)} cells" if len(cells) > 1 else cells[0], columns)
