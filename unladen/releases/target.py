"""The files that make a target of a history of releases: its conf, a driver if there is none."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.init.files import driver_files, ignored
from unladen.measure.package_index import asks_pypi
from unladen.project.project import CONF, IN_COMMITS
from unladen.project.suite import suite_root
from unladen.project.targets import PLUGIN, driver_folder, driver_of
from unladen.releases.index import WantedPackage
from unladen.releases.plan import FOLDER, PLAN, ReleasePlan
from unladen.releases.release import LOCK

_PAGES = "https://pypi.org/project/"
_CONF = """\
{
    // Written by `unladen releases add`: a commit is a release of the package.
    "version": 1,
    "project": NAME,
    "project_url": URL,
    "show_commit_url": PAGE,
    // What a commit is called where one is shown.
    "commit_names": "tags",
    "repo": REPO,
    "dvcs": "unladen",
    "branches": ["main"],
    "plugins": [PLUGIN],
    "environment_type": "unladen",
    "benchmark_dir": SUITE,
    "env_dir": ENV,
    "results_dir": RESULTS,
    "html_dir": HTML,
    // Each commit has its own: the package is installed with what it needed on its day.
    "lock": LOCK,
    "build_command": [],
    "install_command": [],
    "uninstall_command": [],
    "launch_method": "forkserver",
    "default_benchmark_timeout": 300
}
"""


@dataclass(frozen=True)
class TargetPlace:
    """Where a target is made. ``folder``: of its conf; ``name``: the target's, which is that of its
    driver."""

    folder: Path
    name: str

    @property
    def is_in_targets(self) -> bool:
        """Whether it is one of several in a folder ``targets``."""
        return self.folder.parent.name == "targets"

    @property
    def has_driver(self) -> bool:
        """Whether there is a driver of that name, here or in the suite."""
        return driver_of(driver_folder(self.folder, self.name)).is_file()

    def files(
        self,
        package: WantedPackage,
        plan: ReleasePlan,
        imports: Sequence[str],
        capabilities: Sequence[str],
    ) -> dict[Path, str]:
        """Texts by path, seen from the folder. ``imports``: what a user imports; a driver of these
        ``capabilities`` is begun if there is none."""
        texts = {CONF: self._conf(package), PLAN: plan.text}
        if not self.is_in_targets:
            texts[".gitignore"] = ignored()
        if not self.has_driver:
            texts.update(driver_files(self.name, imports, capabilities))
        return {Path(name): text for name, text in texts.items()}

    def _conf(self, package: WantedPackage) -> str:
        page = f"{_PAGES}{package.name}/" if asks_pypi() else ""
        top = self.folder.parents[1] if self.is_in_targets else self.folder
        up = os.path.relpath(top, self.folder)
        here = "" if up == os.curdir else f"{up}/"
        own = f"/{self.name}" if here else ""
        is_suite = top.resolve() == suite_root().resolve()
        values = {
            "NAME": self.name,
            "URL": page,
            "PAGE": f"{page}{{name}}/" if page else "",
            "REPO": f"patches:{FOLDER}",
            "PLUGIN": PLUGIN,
            "SUITE": f"{here}benchmarks" if is_suite else "unladen:benchmarks",
            "ENV": f"{here}.asv{own}/env",
            "RESULTS": f"{here}results{own}",
            "HTML": f"{here}html/{self.name}",
            "LOCK": f"{IN_COMMITS}{LOCK}",
        }
        filled = re.sub(
            rf"\b({'|'.join(values)})\b(?=[,\]])", lambda word: json.dumps(values[word[1]]), _CONF
        )
        empty = re.compile(r'^ *"(project_url|show_commit_url)": "",\n', re.MULTILINE)
        return empty.sub("", filled)
