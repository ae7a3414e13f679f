"""``html/faults.html``: what becomes of faults, all published SDKs beside each other.

One file beside the portal, style included; its links lead into the targets' folders.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from unladen.errors import UserError
from unladen.site.fault_table import FaultsColumn, fault_tables
from unladen.site.faults_file import NAME, read_faults
from unladen.site.files import write_text
from unladen.site.links import folder_way
from unladen.site.pages import render

PAGE = "faults.html"


def write_faults_portal(root: Path, portal: str) -> bool:
    """Write the page of the targets in ``root``, the folder of the portal, whose file is called
    ``portal``; whether there is anything to show. What cannot be read is left out, and named."""
    columns, problems = _published(root)
    tables = fault_tables(columns)
    page = root / PAGE
    if not tables:
        page.unlink(missing_ok=True)
        return False
    package = importlib.resources.files("unladen.site") / "static"
    style = "\n".join((package / name).read_text("utf-8") for name in ("unladen.css", "faults.css"))
    html = render(
        "portal_faults.html",
        title="What becomes of faults, SDK by SDK",
        target="",
        home=portal,
        portal=portal,
        navigation=[],
        root="",
        scripts=[],
        data=[],
        style=style,
        columns=[one for one in columns if one.faults.outcomes],
        tables=tables,
        problems=problems,
    )
    write_text(page, html)
    return True


def _published(root: Path) -> tuple[list[FaultsColumn], list[str]]:
    columns, problems = [], []
    for path in sorted(root.glob(f"*/{NAME}")):
        try:
            columns.append(FaultsColumn(read_faults(path), folder_way(path.parent)))
        except UserError as error:
            problems.append(f"{error}; publish it again".replace(f"{root}/", ""))
    return columns, problems
