"""The made-up site once it is published: where its pages are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Site:
    """A published site. ``root``: the portal's folder."""

    root: Path

    def changes(self, target: str) -> dict[str, Any]:
        """The changes of a target, as published for programs."""
        data: dict[str, Any] = json.loads((self.root / target / "changes.json").read_text())
        return data

    def commits(self, target: str) -> list[str]:
        """The hashes of all commits of a target, oldest first."""
        text = (self.root / target / "data" / "commits.js").read_text()
        data: dict[str, list[str]] = json.loads(text.partition(",")[2].removesuffix(");\n"))
        return data["hash"]

    def kinds(self, target: str) -> dict[str, tuple[Path, str]]:
        """One page of each kind of a target, by its name: file and fragment."""
        folder = self.root / target
        change = self.changes(target)["changes"][0]
        return {
            "portal": (self.root / "index.html", ""),
            "commits": (folder / "index.html", ""),
            "commit": (folder / "commit.html", f"#{change['commit']}"),
            "comparison": (folder / "compare.html", ""),
            "list of series": (folder / "series.html", ""),
            "series": (folder / "series.html", f"#{change['series']}"),
            "scaling": (folder / "scaling.html", ""),
            "concurrency": (folder / "concurrency.html", ""),
            "latency": (folder / "latency.html", ""),
            "faults": (folder / "faults.html", ""),
            "faults of all": (self.root / "faults.html", ""),
            "service": (folder / "service.html", ""),
            "loads": (folder / "loads.html", ""),
            "report": (folder / "report.html", ""),
            "digest": (folder / "digest.html", ""),
            "environment": (folder / "environment.html", ""),
        }


KINDS = (
    *("portal", "commits", "commit", "comparison", "list of series", "series"),
    *("scaling", "concurrency", "latency", "faults", "report", "environment"),
    *("service", "loads", "faults of all", "digest"),
)
