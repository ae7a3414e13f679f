"""What ``"plugins": [".unladen.plugin"]`` in an ``asv.conf.json`` loads.

Importing it registers the repository (``"dvcs": "unladen"``) and the environment
(``"environment_type": "unladen"``); asv then calls ``setup``.
"""

from unladen import environment, repository, results_hook

__all__ = ["environment", "repository", "setup"]


def setup() -> None:
    """Make asv write files atomically and keep the reasons of failures. Idempotent."""
    results_hook.install()
