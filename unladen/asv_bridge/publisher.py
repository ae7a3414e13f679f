"""The site as a part of ``asv publish``."""

from __future__ import annotations

import os
from typing import Any

from asv.console import log
from asv.publishing import OutputPublisher

from unladen.project.asv_conf import project_from

CLASSIC = "asv.html"
"""What asv's own page is called beside ours: it finds all else by relative paths."""


class Site(OutputPublisher):  # type: ignore[misc]
    """Writes our pages into ``html_dir``; its ``index.html`` becomes the list of commits.

    asv copies its own pages there before the publishers run; afterwards it writes ``index.json``
    and ``info.json`` only. ``html_dir`` is where the site is built
    (``unladen.asv_bridge.site_swap``).
    """

    name = "unladen"
    button_label = "Commits"
    description = "What each commit changed"

    @classmethod
    def publish(cls, conf: Any, repo: Any, benchmarks: Any, graphs: Any, revisions: Any) -> None:
        """Write the site of the conf's target. Raises ``UserError`` as ``load_report`` does."""
        # Not before: every command loads this module, and the site takes a quarter of a second.
        from unladen.site.build import build

        project = project_from(conf)
        folder = project.html_dir
        os.replace(folder / "index.html", folder / CLASSIC)
        written = build(project, folder)
        log.info(f"{written.files} files, {written.data / 1e6:.2f} MB of data")
