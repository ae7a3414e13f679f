"""Print what the actions need of an ``asv.conf.json``, one line each: the project, then the
absolute paths of its results, environments, pages and lock file. Exit code 2 if it can't be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from asv import util

KEYS = ("results_dir", "env_dir", "html_dir", "lock")


def main(name: str) -> int:
    """Print them; the exit code."""
    path = Path(name)
    try:
        conf = util.load_json(str(path), js_comments=True)
        folder = path.resolve().parent
        lines = [str(conf["project"]), *(str((folder / conf[key]).resolve()) for key in KEYS)]
    except (util.UserError, OSError, ValueError, KeyError, TypeError) as error:
        said = f"not set: {error}" if isinstance(error, KeyError) else " ".join(str(error).split())
        print(f"unladen: {name}: not a readable conf: {said}", file=sys.stderr)
        return 2
    if (
        lines[0] in ("", ".", "..")
        or any(c in line for line in lines for c in "\r\n")
        or ("/" in lines[0])
    ):
        print(f"unladen: {name}: the project or a path has a name that won't do", file=sys.stderr)
        return 2
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
