"""What asv's loop asks for processes, in place of asv's spawners."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from asv.console import log
from asv.runner import Spawner
from asv.util import UserError

from unladen.asv_bridge.runner.forks import ForkedProcesses
from unladen.asv_bridge.runner.plan import Plan
from unladen.asv_bridge.runner.work import Told, Work
from unladen.store.series import LIVE


class ForkingSpawner(Spawner):  # type: ignore[misc]  # asv has no types
    """One commit's, whose processes are those of ``work``."""

    def __init__(self, env: Any, root: str, plan: Plan, jobs: int, told: Told) -> None:
        """Start the server. ``jobs``: how many processes with exact figures there may be at a
        time; with several, ``told`` hears how far they are."""
        super().__init__(env, root)
        self._processes = ForkedProcesses(env, self.benchmark_dir)
        self.work = Work(self._processes, plan, jobs, told)

    def preimport(self) -> tuple[bool, str]:
        """Wait until the suite is imported: whether it is, and what was printed."""
        try:
            return True, self._processes.imported()
        except Exception as error:  # noqa: BLE001 - whatever it is, asv goes on to tell it
            said = str(error) if isinstance(error, UserError) else traceback.format_exc()
            return False, f"asv: benchmark runner crashed\n{said}".rstrip()

    def create_setup_cache(
        self, benchmark_id: str, timeout: float | None, params_str: str
    ) -> tuple[str | None, str | None]:
        """The folder of a benchmark's cache; None if it failed, and why."""
        if benchmark_id in self.env.in_group(LIVE):
            # It gets variables, a key among them, that the server must not have.
            folder, reason = super().create_setup_cache(benchmark_id, timeout, params_str)
            return folder, reason
        found = self.work.cache(benchmark_id, timeout, params_str)
        return found.folder, found.reason

    def run(
        self,
        name: str,
        params_str: str,
        profile_path: str,
        result_file_name: str,
        timeout: float | None,
        cwd: str,
    ) -> tuple[str, int]:
        """A cell's output and exit code; its result is in the file."""
        cell = self.work.cell(name, params_str, timeout, cwd, profile_path)
        Path(result_file_name).write_text(cell.result)
        return cell.output, cell.code

    def close(self) -> None:
        """End all that was started."""
        printed = self._processes.close()
        self.work.close()
        if printed and not self.interrupted:
            with log.indent():
                log.error("unladen: the process that benchmarks are forked from:")
                log.error(printed)
