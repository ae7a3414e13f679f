"""``python -m unladen``, and what the command ``unladen`` runs."""

from __future__ import annotations

import sys

from unladen.interrupts import INTERRUPTED, Interrupts
from unladen.store.no_collection import no_collection


def main() -> int:
    """Run the command line; the exit code."""
    interrupts = Interrupts()
    interrupts.install()
    try:
        # Not before: what it imports takes half a second, in which one may be interrupted as well.
        with no_collection():
            from unladen.cli import main as run

        return run()
    except KeyboardInterrupt:
        print("unladen: interrupted", file=sys.stderr)
        return INTERRUPTED
    finally:
        interrupts.finish()


if __name__ == "__main__":
    sys.exit(main())
