"""What LOOM tells Prometheus: the text of its exporter, hung into its one performance monitor."""

from __future__ import annotations

import importlib

from targets.exposition import Exposition
from targets.protocol import Unavailable

_MONITORING = "loom.interpretation.performance_monitor"
_PREFIX = "ai_loom_"
_UNWATCHED = {"enable_system_metrics": False, "enable_prometheus": False}
"""Without a thread that looks at the host, and without a server on a port: its text is read."""


def exposed() -> Exposition:
    """From now on all that anybody records in the monitor is in the text. Once in a process: its
    exporter's metrics are the process's. ``Unavailable`` where there is no exporter."""
    try:
        monitoring = importlib.import_module(_MONITORING)
    except ModuleNotFoundError as error:
        if error.name != _MONITORING:
            raise
        raise Unavailable("LOOM has no performance monitor at this commit") from error
    monitor = monitoring.get_performance_monitor(_UNWATCHED)
    monitor.prometheus_exporter = monitoring.PrometheusExporter({"metrics_prefix": _PREFIX})
    client = importlib.import_module("prometheus_client")
    names = {"turns": f"{_PREFIX}requests_total", "tokens": f"{_PREFIX}tokens_total"}
    return Exposition(lambda: client.generate_latest().decode(), names)
