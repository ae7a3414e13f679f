"""What ``unladen init`` begins a driver with works, for each capability there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import begun, tried

from unladen.init import files
from unladen.measure.driver_check import Soundness, Tried


@pytest.mark.slow
@pytest.mark.parametrize("capability", files.capabilities())
def test_the_example_works(tmp_path: Path, capability: str) -> None:
    assert tried(begun(tmp_path, capability), capability) == Tried(capability, Soundness.WORKS)
