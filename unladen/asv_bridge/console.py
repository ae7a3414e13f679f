"""asv's log, which writes to standard output: ``log.info``, ``log.warning``, ``log.flush``."""

from asv.console import log

__all__ = ["log"]
