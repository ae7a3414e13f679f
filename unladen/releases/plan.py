"""What ``releases add`` was asked for, kept beside the conf: ``releases update`` goes on so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from unladen.store.toml_files import read_toml

PLAN = "releases.toml"
FOLDER = "releases"
"""The folder of patches beside it."""


class ReleasePlan(Struct, kw_only=True, forbid_unknown_fields=True):
    """``package``: with its extras; ``every``, ``since``: as ``unladen.releases.choice`` has them,
    "" for all; ``needs``: what is installed besides, such as what a driver imports."""

    package: Annotated[str, Meta(min_length=1)]
    every: str = "minor"
    since: str = ""
    needs: list[str] = []
    previews: bool = False

    @property
    def text(self) -> str:
        """As it is kept."""
        return f"""\
# What `unladen releases update` adds; what is in {FOLDER}/ already stays as it is.
package = {json.dumps(self.package)}
every = {json.dumps(self.every)}
since = {json.dumps(self.since)}
needs = {json.dumps(self.needs)}
previews = {"true" if self.previews else "false"}
"""


def read_plan(folder: Path) -> ReleasePlan:
    """That in a folder. Raises ``UserError``."""
    return read_toml(folder / PLAN, ReleasePlan, "releases to add")
