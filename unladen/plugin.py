"""What ``"plugins": [".unladen.plugin"]`` in an ``asv.conf.json`` loads.

Importing it registers the repository (``"dvcs": "unladen"``) and the environment
(``"environment_type": "unladen"``) and the publisher of the site; asv then calls ``setup``.
"""

from unladen.asv_bridge import (
    carrying,
    confs,
    exact_only,
    inexact_series,
    known_ranges,
    machine,
    processes,
    publish,
    results,
    results_guard,
    run,
    step_detection,
    workers,
)
from unladen.asv_bridge.environment_setup import before_setup, tell_environments
from unladen.asv_bridge.existing_python import use_for_existing
from unladen.asv_bridge.runner import choice
from unladen.history.ranges import hashes_of
from unladen.measure import environment, existing, lock
from unladen.measure.carrying import carry
from unladen.measure.recording import HOOKS
from unladen.repo import repository
from unladen.site.publishing import PUBLISHING

__all__ = ["environment", "publish", "repository", "setup"]


def setup() -> None:
    """Make asv write files and sites atomically, keep the reasons of failures, leave out results
    that it cannot use, keep other commands out of the environments it sets up, tell these what they
    run, select only what is exact where that is wanted, heed what a target declares inexact, leave
    no process behind, find the suite where it is installed, take hashes for commits and never
    names, run benchmarks in a Python that is there as in ours, and describe a machine that it does
    not know without asking. Idempotent."""
    confs.install()
    run.install(hashes_of)
    choice.install()
    before_setup(lock.hold)
    processes.install()
    workers.install()
    tell_environments()
    exact_only.install()
    inexact_series.install()
    use_for_existing(existing.ExistingPython)
    results.install(HOOKS)
    carrying.install(carry)
    results_guard.install()
    publish.install(PUBLISHING)
    step_detection.install()
    known_ranges.install()
    machine.install()
