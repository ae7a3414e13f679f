"""Counting the connections of Insight's client of its backend, with a made-up client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]

CLIENT = """
import os
import httpx

class JavaClient:
    async def start(self):
        base = os.environ["SPRING_BOOT_BASE_URL"]
        limits = httpx.Limits({limits})
        self.http = httpx.AsyncClient(base_url=base, timeout=15.0, limits=limits)

    async def get(self, path):
        if path.endswith("/13"):
            raise ValueError("unlucky")
        return (await self.http.get(path)).json()

    async def close(self):
        await self.http.aclose()
"""


def played(folder: Path, limits: str, users: int) -> list[dict[str, Any]]:
    """The lines of the load, with such a client."""
    (folder / "services").mkdir()
    (folder / "services" / "__init__.py").touch()
    (folder / "services" / "java_client.py").write_text(CLIENT.format(limits=limits))
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}
    command = [sys.executable, "-m", "targets.insight.pool", f"--users={users}"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("limits", "most", "kept", "seconds"),
    [
        ("max_connections=4, max_keepalive_connections=2", 4, 2, 3.0),
        ("max_connections=None, max_keepalive_connections=None", 12, 12, 1.0),
    ],
)
def test_connections_are_counted_and_requests_wait_for_them(
    tmp_path: Path, limits: str, most: int, kept: int, seconds: float
) -> None:
    plan, users, *rows, end = played(tmp_path, limits, 12)
    assert (plan["engine"], users["users"], len(rows)) == ("virtual", 12, 12)
    assert end["facts"] == {"connections_most": most, "connections_kept": kept}
    assert max(row["ended"] for row in rows) == end["seconds"] == seconds
    assert {row["error"] for row in rows} == {""}


def test_a_request_that_fails_is_an_error(tmp_path: Path) -> None:
    _, _, *rows, _ = played(tmp_path, "max_connections=4", 13)
    failed = [row for row in rows if row["error"]]
    assert [row["user"] for row in failed] == [13]
    assert failed[0]["reason"] == "ValueError: unlucky"
