"""Records are made, and go nowhere."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import logging
from targets.quiet import drop_records

made = []
class Made(logging.Filter):
    def filter(self, record):
        made.append(record.getMessage())
        return True

logging.basicConfig(level=logging.INFO)
logging.getLogger("a.b").addHandler(logging.StreamHandler())
logging.getLogger("a.b").addFilter(Made())
logging.getLogger("apart").propagate = False
drop_records()
logging.getLogger("apart").error("apart")
logging.getLogger("a.b").error("one")
logging.getLogger("a.b").info("two")
logging.getLogger("later").error("three")
print(made)
"""


def test_records_are_made_and_go_nowhere() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("['one', 'two']\n", "")
