"""Functions of module `time` that answer virtual time inside a virtual loop."""

import sys
import threading
import time
from asyncio import _get_running_loop
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from mocks.clock import real
from mocks.clock.loop import VirtualLoop

# 2026-01-01T00:00:00Z, the wall-clock time at virtual instant 0.
_EPOCH = 1_767_225_600

# Modules of the standard library that wait for real and must bind the real clock.
_WAITING_MODULES = (
    "concurrent.futures.process",
    "concurrent.futures.thread",
    "multiprocessing.connection",
    "multiprocessing.queues",
    "multiprocessing.synchronize",
    "queue",
    "sched",
    "socketserver",
    "subprocess",
    "threading",
)


def _virtual_loop() -> VirtualLoop | None:
    """The virtual loop that is running in the calling thread."""
    loop = _get_running_loop()
    return loop if isinstance(loop, VirtualLoop) else None


def _time() -> float:
    loop = _virtual_loop()
    return real.time() if loop is None else _EPOCH + loop.time()


def _time_ns() -> int:
    loop = _virtual_loop()
    return real.time_ns() if loop is None else _EPOCH * 10**9 + _nanoseconds(loop)


def _monotonic() -> float:
    loop = _virtual_loop()
    return real.monotonic() if loop is None else loop.time()


def _monotonic_ns() -> int:
    loop = _virtual_loop()
    return real.monotonic_ns() if loop is None else _nanoseconds(loop)


def _perf_counter() -> float:
    loop = _virtual_loop()
    return real.perf_counter() if loop is None else loop.time()


def _perf_counter_ns() -> int:
    loop = _virtual_loop()
    return real.perf_counter_ns() if loop is None else _nanoseconds(loop)


def _sleep(seconds: float, /) -> None:
    loop = _virtual_loop()
    if loop is None or not 0 <= seconds <= threading.TIMEOUT_MAX:
        # The real function rejects the lengths that are left, with its own errors.
        real.sleep(seconds)
    else:
        loop.move_to(loop.time() + seconds)


def _nanoseconds(loop: VirtualLoop) -> int:
    return round(loop.time() * 1e9)


_SHIMS: dict[str, Callable[..., Any]] = {
    "time": _time,
    "time_ns": _time_ns,
    "monotonic": _monotonic,
    "monotonic_ns": _monotonic_ns,
    "perf_counter": _perf_counter,
    "perf_counter_ns": _perf_counter_ns,
    "sleep": _sleep,
}


def _real_view() -> ModuleType:
    """A copy of module `time` that keeps the real functions."""
    view = ModuleType("time", time.__doc__)
    vars(view).update(vars(time))
    for name in _SHIMS:
        setattr(view, name, getattr(real, name))
    return view


_REAL_VIEW = _real_view()


def install() -> None:
    """Make the clocks of module `time` answer virtual time inside a running `VirtualLoop`.

    Replaces `time`, `monotonic`, `perf_counter`, their `_ns` twins and `sleep`. In a thread
    that is running a `VirtualLoop` the clocks read virtual time (`time.time` from
    2026-01-01T00:00:00Z on), and `sleep` moves the virtual clock at once, without running
    callbacks. In other threads, on other loops and outside loops all are real, as are
    `process_time` and `thread_time` everywhere. Does nothing if it was done already.

    Modules outside the standard library that did `from time import monotonic` before get the
    replacement; the standard library keeps the real clock, since its blocking waits need it.

    Blind spots, all of which read the real clock: `datetime.now`, `time.localtime`, `gmtime`
    and `strftime` without an argument, and `time.clock_gettime`; other threads; functions
    captured before the call anywhere but in a module's namespace (default arguments, class
    attributes, `default_factory`). So call it before the program under test is imported.
    """
    if time.time is _time:
        return
    for name in _WAITING_MODULES:
        import_module(name)
    to_shim = {id(getattr(real, name)): shim for name, shim in _SHIMS.items()}
    for name, shim in _SHIMS.items():
        setattr(time, name, shim)
    for name, namespace in _namespaces():
        if name.partition(".")[0] in sys.stdlib_module_names:
            _rebind(namespace, {id(time): _REAL_VIEW})
        else:
            _rebind(namespace, to_shim)


def uninstall() -> None:
    """Undo `install`, also in modules that were imported since. Does nothing if not installed."""
    for name in _SHIMS:
        setattr(time, name, getattr(real, name))
    to_real: dict[int, object] = {id(shim): getattr(real, name) for name, shim in _SHIMS.items()}
    to_real[id(_REAL_VIEW)] = time
    for _, namespace in _namespaces():
        _rebind(namespace, to_real)


def _namespaces() -> list[tuple[str, dict[str, object]]]:
    """Name and globals of every imported module, without this package and module `time`."""
    found = []
    for name, module in list(sys.modules.items()):
        own = name == __package__ or name.startswith(f"{__package__}.")
        # Not `isinstance`, which believes what an object says of itself.
        if issubclass(type(module), ModuleType) and module is not time and not own:
            # Not `vars`, which would make a lazy module load.
            found.append((name, ModuleType.__getattribute__(module, "__dict__")))
    return found


def _rebind(namespace: dict[str, object], replacements: Mapping[int, object]) -> None:
    """Replace global names of a module. `replacements` goes from the id of the old object."""
    for name, value in list(namespace.items()):
        if id(value) in replacements:
            namespace[name] = replacements[id(value)]
