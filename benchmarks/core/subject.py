"""The target under test and the state of its SDK at this commit."""

from __future__ import annotations

import os
import sys
import traceback
from functools import cache
from pathlib import PurePath
from typing import Any, TypeVar

from benchmarks.core.rooms import import_sdk, late_import
from meters.protocol_members import put_in_order
from mocks.randomness import draw_alike
from targets.environment import prepare
from targets.loading import current_name, load, package_files
from targets.protocol import Capability, Lacking, Target

C = TypeVar("C", bound=Capability[Any, Any])


class SdkBroken(Exception):
    """The SDK under test cannot be imported at this commit."""


_broken: list[str] = []


def target() -> Target:
    """The target under test. Raises ``DriverError``."""
    return load(current_name())


def preload() -> None:
    """Import the SDK. A failure is kept, and raised by every benchmark that needs the SDK: the
    suite itself must load at commits where the SDK does not."""
    _broken.clear()
    put_in_order()
    draw_alike()
    prepare(target())
    for asked in target().imports:
        module, _, name = asked.partition(":")
        try:
            import_sdk(module)
            if name:
                getattr(sys.modules[module], name)
        except Exception as error:  # noqa: BLE001 - whatever a broken commit raises
            line = "".join(traceback.format_exception_only(error)).strip()
            _broken.append(f"import {asked} fails: {line}")
            return
    if reason := late_import():
        _broken.append(reason)


def require_sdk() -> None:
    """Raise ``SdkBroken`` where the SDK cannot be imported."""
    if _broken:
        raise SdkBroken(_broken[0])


def capability(kind: type[C]) -> C:
    """What the target offers of this kind. ``Lacking`` where it has none."""
    require_sdk()
    offered = target().capability(kind)
    if offered is None:
        raise Lacking(f"{target().name} has no {kind.name} capability")
    return offered


@cache
def own_files() -> tuple[str, ...]:
    """The folders of the SDK's own code."""
    return package_files(target())


def package_path(file: str) -> str:
    """One of the SDK's own files from the folder that its package is in: ``package/module.py``;
    empty for any other file."""
    path = os.path.realpath(file)
    for package in own_files():
        if path == package or path.startswith(package + os.sep):
            return PurePath(path).relative_to(PurePath(package).parent).as_posix()
    return ""


def is_own_error(error: BaseException) -> bool:
    """Whether an error's class is defined in one of the SDK's own packages."""
    return any(f"{type(error).__module__}.".startswith(f"{own}.") for own in target().own)
