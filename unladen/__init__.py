"""What the numbers say: unladen's command line and its plugin for asv.

``plugin`` is what ``asv.conf.json`` loads: ``repository`` (where commits come from),
``environment`` (where they run) and ``results_hook`` (why something failed, kept in ``records``).
``cli`` is asv's command line with ``--target`` and the commands of ``unladen.commands``.

This package imports asv, and never benchmarks, mocks, targets, meters or an SDK.
"""

__version__ = "0.1.0"
