"""``python -m targets.check NAME``: is the driver well formed?

Prints what it offers, a capability a line: ``CAPABILITY: yes``. Exit code 0, or 2 with one line on
standard error.
"""

from __future__ import annotations

import pkgutil
import sys

from targets import protocols
from targets.loading import DriverError, load


def main(arguments: list[str]) -> int:
    """Check the one target that is named."""
    if len(arguments) != 1:
        print("usage: python -m targets.check NAME", file=sys.stderr)
        return 2
    try:
        target = load(arguments[0])
    except DriverError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    offered = {capability.name for capability in target.capabilities}
    known = {module.name for module in pkgutil.iter_modules(protocols.__path__)}
    for name in sorted(known | offered):
        print(f"{name}: {'yes' if name in offered else 'no'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
