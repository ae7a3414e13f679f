"""The suite asks for a target when it is imported; tests import it for the floor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from suite import ROOT

os.environ.setdefault("UNLADEN_TARGET", "bare")


@pytest.fixture(scope="session")
def discovered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What asv's own discovery finds, by series."""
    found = tmp_path_factory.mktemp("discovery") / "found.json"
    subprocess.run(
        [sys.executable, "-m", "asv.benchmark", "discover", "benchmarks", str(found)],
        cwd=ROOT,
        env=os.environ | {"UNLADEN_TARGET": "bare"},
        check=True,
    )
    return {series["name"]: series for series in json.loads(found.read_text())}
