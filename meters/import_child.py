"""The program that ``imports`` runs in a fresh interpreter: QUESTION NAME,NAME PATH...

It answers on standard output with one number; whatever the imported modules print goes to standard
error. It loads as little as it can, because a module loaded here costs the measured import nothing:
the modules that every ordinary interpreter has at its start (through ``site``), and built-in ones.
"""

import gc
import os
import site  # noqa: F401  # under -S it only loads what it needs and leaves sys.path alone
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from meters.opcodes import LocalTrace


def cpu_seconds(names: list[str]) -> float:
    """CPU seconds of importing ``names``."""
    started = time.process_time()
    import_all(names)
    return time.process_time() - started


def modules(names: list[str]) -> int:
    """Modules that importing ``names`` adds."""
    before = len(sys.modules)
    import_all(names)
    return len(sys.modules) - before


def bytecodes(names: list[str]) -> int:
    """Bytecodes executed while importing ``names``."""
    finders = dict(sys.path_importer_cache)
    from meters import opcodes

    # Finding our own module must not have done a part of the search that is measured.
    sys.path_importer_cache.clear()
    sys.path_importer_cache.update(finders)
    trace, read = opcodes.tally()

    def enter(frame: "FrameType", event: str, argument: "Any") -> "LocalTrace":
        return opcodes.follow(frame, trace)

    gc.disable()
    opcodes.start(enter)
    for name in names:
        __import__(name)
    sys.settrace(None)
    return read()


def import_all(names: list[str]) -> None:
    """Import each module by its full name."""
    for name in names:
        __import__(name)


def main() -> None:
    """Answer the question on the command line."""
    question, names, *path = sys.argv[1:]
    sys.path[:] = path
    answer_to = os.dup(1)
    os.dup2(2, 1)
    ask = {"cpu_seconds": cpu_seconds, "modules": modules, "bytecodes": bytecodes}[question]
    answer = ask(names.split(","))
    os.write(answer_to, repr(answer).encode())
    # No interpreter shutdown: a thread that an import started must not delay or spoil the answer.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
