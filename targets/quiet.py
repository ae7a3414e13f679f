"""Logging that goes nowhere: records are made, as in a service whose handlers are elsewhere."""

from __future__ import annotations

import logging


def drop_records() -> None:
    """Take away every handler that is there, so that records of any logger go nowhere."""
    loggers = [one for one in logging.Logger.manager.loggerDict.values()
               if isinstance(one, logging.Logger)]  # fmt: skip
    for logger in [logging.getLogger(), *loggers]:
        # Where a record finds no handler at all, it goes to standard error.
        logger.handlers[:] = [logging.NullHandler()]
