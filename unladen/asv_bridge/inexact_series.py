"""What a target declares inexact (``unladen.store.inexact``) is a tolerance of its series, to
whoever asks asv what benchmarks there are."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from asv.benchmarks import Benchmarks

from unladen.asv_bridge.confs import project_from
from unladen.project.targets import driver_folder
from unladen.store.inexact import declared_inexact


def install() -> None:
    """Let asv find series so. Does nothing the second time."""
    if not hasattr(Benchmarks.discover, "unladen_widens"):
        Benchmarks.discover = classmethod(_widening(Benchmarks.discover.__func__))


def _widening(discover: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(discover)
    def discover_and_widen(cls: type, conf: Any, *args: Any, **kwargs: Any) -> Any:
        project = project_from(conf)
        declared = declared_inexact(driver_folder(project.folder, project.name))
        found = discover(cls, conf, *args, **kwargs)
        for name, one in found._all_benchmarks.items():
            if within := declared.tolerance(name):
                one["tolerance"] = max(one.get("tolerance", 0.0), within)
        return found

    discover_and_widen.unladen_widens = True  # type: ignore[attr-defined]
    return discover_and_widen
