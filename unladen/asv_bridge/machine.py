"""Naming the machine without asking, and without what changes under it."""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from asv import util
from asv.machine import Machine, MachineCollection

from unladen.errors import UserError
from unladen.store.json_files import read_json
from unladen.text.terminal import printable

VERSION: int = Machine.api_version
"""Of the format of asv's descriptions of machines."""

DESCRIPTION = "machine.json"
"""asv's description of a machine, in its folder of results."""

_HARDWARE = ("arch", "cpu", "num_cpu")
"""What does not change under a machine: its kernel does, and its memory by a few pages."""


def install() -> None:
    """Describe an unknown machine where asv would ask, and refuse to write into another machine's
    folder. Does nothing the second time.

    asv refuses to ask where there is no terminal. ``asv machine``, which is called to ask, does.
    """
    if not hasattr(Machine.load, "unladen"):
        Machine.load = classmethod(_describing(Machine.load.__func__))
        Machine.save = _refusing(Machine.save)


def ensure_machine(name: str | None = None) -> bool:
    """Describe the machine in ``~/.asv-machine.json`` unless it is there; whether it was written.

    ``name``: as ``--machine`` gives it; the host's name if None. asv makes the operating system a
    part of every series' key, so it is written without its release: a kernel update must not
    disconnect a series. Raises ``UserError`` if the file is malformed or cannot be written.
    """
    name = name or Machine.get_unique_machine_name()
    if _described(name) is not None:
        return False
    description = {**Machine.get_defaults(), "machine": name, "os": platform.system()}
    try:
        MachineCollection.save(name, description)
    except OSError as error:
        path = MachineCollection.get_machine_file_path()
        raise UserError(f"cannot describe this machine in {path}: {error}") from error
    return True


def machine_folder(name: str | None = None) -> str:
    """The folder below a results folder that asv writes this machine's results to.

    ``name``: as for ``ensure_machine``. Raises ``UserError`` if the file is malformed.
    """
    name = name or Machine.get_unique_machine_name()
    description = _described(name)
    return name if description is None else str(description["machine"])


def is_this_machine(folder: Path) -> bool:
    """Whether a machine's folder of results is this machine's: it has the name of this host or one
    that ``~/.asv-machine.json`` describes, and nothing in it says that it is another machine's."""
    described = _described(folder.name)
    if folder.name != machine_folder() and described is None:
        return False
    return not _contradiction(folder, described)


def check_machine(folder: Path) -> None:
    """Refuse to add results to another machine's folder: ``UserError``, one line."""
    name = printable(folder.name)
    if why := _contradiction(folder, _described(folder.name)):
        raise UserError(
            f"{printable(str(folder))} holds the results of another machine ({why}): name this one "
            f"with --machine; if it is the same, describe it so: unladen machine --machine {name}"
        )


def _contradiction(folder: Path, described: Mapping[str, Any] | None) -> str:
    """In what a folder's machine and this one differ, "" if in nothing that is known."""
    path = folder / DESCRIPTION
    if not path.is_file():
        return ""
    try:
        there = read_json(path, VERSION)
    except UserError:
        return ""  # whoever adds to the folder is told
    here = described or Machine.get_defaults()
    for key in _HARDWARE:
        found, wanted = (_text(description.get(key)) for description in (there, here))
        if found and wanted and found != wanted:
            return f"{key} {found}, here {wanted}"
    return ""


def _text(stored: object) -> str:
    return printable(stored) if isinstance(stored, str) else ""


def _refusing(save: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(save)
    def save_own(self: Any, results_dir: str) -> None:
        check_machine(Path(results_dir, str(self.machine)).resolve())
        save(self, results_dir)

    return save_own


def _describing(load: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(load)
    def load_described(cls: type, *args: Any, **kwargs: Any) -> Any:
        asks = kwargs.get("interactive") and not kwargs.get("force_interactive")
        if asks and kwargs.get("_path") is None:
            ensure_machine(kwargs.get("machine_name"))
        return load(cls, *args, **kwargs)

    load_described.unladen = True  # type: ignore[attr-defined]
    return load_described


def _described(name: str) -> dict[str, Any] | None:
    """What ``~/.asv-machine.json`` says of the machine, found as asv finds it."""
    path = MachineCollection.get_machine_file_path()
    known = util.load_json(path, MachineCollection.api_version) if os.path.isfile(path) else {}
    # asv takes a single entry for this host whatever its name is.
    if name not in known and len(known) == 1 and name == Machine.get_unique_machine_name():
        (name,) = known
    found: dict[str, Any] | None = known.get(name)
    return found


def cpu_model() -> str:
    """The model of this machine's CPU, as asv describes it."""
    return str(util.get_cpu_info())
