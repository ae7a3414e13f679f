"""Which files of targets a wheel has."""

from __future__ import annotations

from pathlib import Path

from hatch_build import _files


def test_a_wheel_has_the_drivers_of_packages_and_no_targets_of_a_checkout(tmp_path: Path) -> None:
    files = (
        "targets/protocol.py",
        "targets/parley/driver.py",
        "targets/own/asv.conf.json",
        "targets/own/driver.py",
        "targets/kit/asv.conf.json",
        "targets/kit/releases.toml",
        "targets/kit/releases/0001-kit-1.0.patch",
        "targets/kit/driver/__init__.py",
        "targets/kit/driver/agent.py",
        "targets/kit/driver/__pycache__/agent.py",
    )
    for name in files:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    assert [str(file.relative_to(tmp_path)) for file in _files(tmp_path)] == [
        "targets/kit/driver/__init__.py",
        "targets/kit/driver/agent.py",
        "targets/kit/releases.toml",
        "targets/parley/driver.py",
        "targets/protocol.py",
    ]
