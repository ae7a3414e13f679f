"""What importing the SDK costs, in a fresh interpreter."""

from __future__ import annotations

from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import IMPORT_TOLERANCE, runs, series
from benchmarks.core.subject import require_sdk, target
from meters import imports


@presented(demo=("track_modules", "track_bytecodes"))
class Import:
    """The modules that a user imports to do the work (the driver's ``TARGET.imports``).

    The suite has imported them before, so their byte code caches are warm.
    """

    timeout = 120

    def setup(self) -> None:
        require_sdk()

    @series(version="1", kind="sampled", unit="seconds", group="import")
    @runs(repeat=4, rounds=1)
    def sample_cpu(self) -> float:
        """CPU seconds of the import, byte code caches warm."""
        return imports.import_cpu_seconds(target().imports, warm=True)

    sample_cpu = portal_row(
        sample_cpu,
        rank=50,
        label="Import time",
        work="CPU of importing the target in a fresh process",
        unit="seconds",
        needs_same="machine",
    )

    @series(version="1", kind="exact", unit="modules", group="import")
    def track_modules(self) -> int:
        """Modules that the import loads."""
        return imports.import_modules(target().imports, warm=True)

    @series(
        version="1",
        kind="exact",
        unit="bytecodes",
        group="import",
        tolerance=IMPORT_TOLERANCE,
    )
    def track_bytecodes(self) -> int:
        """Bytecodes that the import executes."""
        return imports.import_bytecodes(target().imports, warm=True)
