"""Naming the machine without asking, and without what changes under it."""

from __future__ import annotations

import os
import platform

from asv import util
from asv.machine import Machine, MachineCollection


def ensure_machine(name: str | None = None) -> bool:
    """Describe the machine in ``~/.asv-machine.json`` unless it is there; whether it was written.

    ``name``: as ``--machine`` gives it; the host's name if None. asv makes the operating system a
    part of every series' key, so it is written without its release: a kernel update must not
    disconnect a series. Raises ``UserError`` if the file is malformed or cannot be written.
    """
    host = Machine.get_unique_machine_name()
    name = name or host
    path = MachineCollection.get_machine_file_path()
    known = util.load_json(path, MachineCollection.api_version) if os.path.isfile(path) else {}
    # asv takes a single entry for this host whatever its name is.
    if name in known or (len(known) == 1 and name == host):
        return False
    description = {**Machine.get_defaults(), "machine": name, "os": platform.system()}
    try:
        MachineCollection.save(name, description)
    except OSError as error:
        raise util.UserError(f"cannot describe this machine in {path}: {error}") from error
    return True
