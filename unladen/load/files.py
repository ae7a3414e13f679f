"""The files of a load: its page, JSON, JUnit and rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from unladen.errors import UserError
from unladen.load import junit
from unladen.load.acceptance import JudgedCriterion
from unladen.load.as_json import as_json
from unladen.load.page import PAGE, load_page
from unladen.load.report import LoadReport
from unladen.site.files import write_text
from unladen.text.terminal import printable

ROWS = "rows.jsonl"
JSON = "load.json"
JUNIT = "load.xml"


def make_folder(folder: Path) -> None:
    """Make the folder, and see whether it can be written to, before anything is measured. Raises
    ``UserError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ROWS).open("wb"):
            pass
    except OSError as error:
        said = printable(error.strerror or str(error))
        raise UserError(f"cannot write into {printable(str(folder))}: {said}") from error


def drop_empty(folder: Path) -> None:
    """Delete what ``make_folder`` made, if nothing came."""
    rows = folder / ROWS
    if rows.is_file() and not rows.stat().st_size:
        rows.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def write_files(
    folder: Path, report: LoadReport, judged: Sequence[JudgedCriterion], exit_code: int
) -> None:
    """Write what is made of the rows. The same report gives the same bytes."""
    found = as_json(report, judged, exit_code)
    write_text(folder / PAGE, load_page(report, judged))
    write_text(folder / JSON, json.dumps(found, indent=2, allow_nan=False) + "\n")
    write_text(folder / JUNIT, junit.render(report, judged))
