"""A report as files: the Markdown, and its plots in a folder beside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from unladen.report.document import Document, Plot
from unladen.report.markdown import plots_of, render


def contents(document: Document, output: Path) -> dict[Path, str]:
    """What each file holds, by its path. ``output``: the Markdown file; its plots lie in the
    folder of the same name without ending."""
    folder = output.with_suffix("") if output.suffix else output.with_name(f"{output.name}-plots")

    def address(plot: Plot) -> str:
        return f"{quote(folder.name)}/{plot.name}.svg"

    files = {folder / f"{plot.name}.svg": plot.svg for plot in plots_of(document)}
    return {output: render(document, address), **files}


def write_files(document: Document, output: Path) -> int:
    """Write them; the number of files. Raises ``OSError``."""
    files = contents(document, output)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    return len(files)
