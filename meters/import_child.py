"""The program that ``imports`` runs in a fresh interpreter: QUESTION NAME,NAME PATH...

It answers on standard output with one number, or a literal; whatever the imported modules print
goes to standard error. It loads as little as it can, because a module loaded here costs the
measured import nothing: the modules that every ordinary interpreter has at its start (through
``site``), and built-in ones.
"""

import gc
import os
import site  # noqa: F401  # under -S it only loads what it needs and leaves sys.path alone
import sys
import time
from _frozen_importlib_external import SourceFileLoader  # what importlib.machinery would load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
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
    opcodes = own_module("opcodes")
    trace, read = opcodes.tally()
    follow: Callable[[FrameType, LocalTrace], LocalTrace] = opcodes.follow

    def enter(frame: "FrameType", event: str, argument: "Any") -> "LocalTrace":
        return follow(frame, trace)

    asked = [module_and_name(name) for name in names]
    gc.disable()

    def counted() -> None:
        opcodes.start(enter)
        for module, name in asked:
            __import__(module)
            if name:
                getattr(sys.modules[module], name)
        sys.settrace(None)

    with_room(counted)
    return int(read())


def with_room(call: "Callable[[], None]") -> None:
    """``call()`` in a frame so large that the frames of what it calls lie behind it.

    CPython gets memory for frames in pieces of 16 kB, and gives one back with the first frame in
    it: code at the end of a piece, whose every opcode calls a function, has the system make and
    take away a page for each.
    """
    call()


with_room.__code__ = with_room.__code__.replace(co_stacksize=1 << 16)


def counted_tree(names: list[str]) -> "list[Any]":
    """What importing ``names`` loads, with bytecodes; read by ``import_tree``."""
    opcodes, tree = own_module("opcodes"), own_module("import_tree_child")
    asked = [module_and_name(name) for name in names]
    gc.disable()
    return list(tree.counted(asked, opcodes))


def timed_tree(names: list[str]) -> "list[Any]":
    """What importing ``names`` loads, with CPU seconds; read by ``import_tree``."""
    return list(own_module("import_tree_child").timed([module_and_name(name) for name in names]))


def own_module(name: str) -> "Any":
    """The module beside this file. It is not searched for, which would do a part of the search that
    is measured, and takes no name that the imported modules may want."""
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    module = type(sys)(f"unladen_{name}")
    code = SourceFileLoader(module.__name__, file).get_code(module.__name__)
    assert code is not None  # only of what has no source
    exec(code, vars(module))
    return module


def module_and_name(asked: str) -> "tuple[str, str]":
    """``module:name``, for ``from module import name``, in its two parts; the latter "" for a
    module alone."""
    module, _, name = asked.partition(":")
    return module, name


def import_all(names: list[str]) -> None:
    """Import each module by its full name, or a name from it."""
    for asked in names:
        module, name = module_and_name(asked)
        __import__(module)
        if name:
            getattr(sys.modules[module], name)


def main() -> None:
    """Answer the question on the command line."""
    question, names, *path = sys.argv[1:]
    sys.path[:] = path
    answer_to = os.dup(1)
    os.dup2(2, 1)
    ask: dict[str, Callable[[list[str]], object]] = {
        "cpu_seconds": cpu_seconds,
        "modules": modules,
        "bytecodes": bytecodes,
        "counted_tree": counted_tree,
        "timed_tree": timed_tree,
    }
    answer = ask[question](names.split(","))
    os.write(answer_to, repr(answer).encode())
    # No interpreter shutdown: a thread that an import started must not delay or spoil the answer.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
