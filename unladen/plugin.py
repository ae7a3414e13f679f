"""What ``"plugins": [".unladen.plugin"]`` in an ``asv.conf.json`` loads.

Importing it registers the repository (``"dvcs": "unladen"``) and the environment
(``"environment_type": "unladen"``) and the publisher of the site; asv then calls ``setup``.
"""

from unladen.asv_bridge import conf_branches, full_hashes, publisher, results_guard, site_swap
from unladen.measure import environment, existing, lock, processes, results_hook, workers
from unladen.project import suite_paths
from unladen.repo import repository
from unladen.store import machine, owner

__all__ = ["environment", "publisher", "repository", "setup"]


def setup() -> None:
    """Make asv write files and sites atomically, keep the reasons of failures, leave out results
    that it cannot use, keep other commands out of the environments it sets up, leave no process
    behind, find the suite where it is installed, take hashes for commits and never names, run
    benchmarks in a Python that is there as in ours, and describe a machine that it does not know
    without asking. Idempotent."""
    suite_paths.install()
    conf_branches.install()
    full_hashes.install()
    lock.install()
    processes.install()
    workers.install()
    existing.install()
    results_hook.install()
    results_guard.install()
    site_swap.install()
    owner.install()
    machine.install()
