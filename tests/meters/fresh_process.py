"""What the meters' tests share: programs in fresh interpreters with a chosen hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import meters

ROOT = Path(meters.__file__).resolve().parent.parent

# Source of ``work()``: coroutines, JSON, sets of strings and exceptions, as an SDK has them.
AGENT_LIKE_PROGRAM = """
import asyncio, json

async def call(i):
    message = {"id": i, "words": [f"word{k}" for k in range(20)]}
    for _ in range(3):
        await asyncio.sleep(0)
        message = json.loads(json.dumps(message))
    try:
        return len(set(message["words"]) | {"x"}), message["missing"]
    except KeyError as error:
        return str(error)

async def main():
    return await asyncio.gather(*(call(i) for i in range(20)))

def work():
    return asyncio.run(main())
"""


def printed_by(program: str, hash_seed: str) -> str:
    """Run ``program`` in a fresh interpreter that can import ``meters``; returns its output."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
