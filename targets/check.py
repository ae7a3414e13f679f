"""``python -m targets.check NAME``: is the driver well formed?

Exit code 0, or 2 with one line on standard error.
"""

from __future__ import annotations

import sys

from targets.loading import DriverError, load


def main(arguments: list[str]) -> int:
    """Check the one target that is named."""
    if len(arguments) != 1:
        print("usage: python -m targets.check NAME", file=sys.stderr)
        return 2
    try:
        load(arguments[0])
    except DriverError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
