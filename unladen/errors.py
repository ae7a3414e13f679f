"""What a user did wrong, or what is not as it must be: one line that says what to do.

The command line prints it without a traceback and ends with exit code 2; plain ``asv`` with its 1.
"""

from __future__ import annotations


class UserError(Exception):
    """Its message is for the user, one line. What asv calls so is this class too."""
