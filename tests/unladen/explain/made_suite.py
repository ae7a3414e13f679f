"""A suite as tests write it, to ask which of its code measures a series."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from unladen.explain import measuring_code
from unladen.explain.measuring_code import MeasuringCode
from unladen.project import suite_modules


def forget_code() -> None:
    """Have all files read again: a process takes the suite to stay as it is."""
    for cached in (
        measuring_code._digest,
        measuring_code._text,
        measuring_code._needed,
        suite_modules.parsed,
        suite_modules.imported_modules,
    ):
        cached.cache_clear()


def made_suite(folder: Path, files: Mapping[str, str]) -> MeasuringCode:
    """A suite of these files, by their paths, with a target ``sdk``."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    forget_code()
    return MeasuringCode(folder, folder / "targets" / "sdk")
