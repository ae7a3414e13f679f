"""The functions of module `time` inside and outside a virtual loop."""

import asyncio
import concurrent.futures
import multiprocessing.connection
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

from mocks.clock import VirtualClock, install, real, run, uninstall

EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z
NAMES = (
    "time",
    "time_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "sleep",
)


@pytest.fixture
def shims() -> Iterator[None]:
    install()
    yield
    uninstall()


def read_all() -> tuple[float, ...]:
    return tuple(getattr(time, name)() for name in NAMES[:-1])


@pytest.mark.usefixtures("shims")
def test_all_clocks_show_virtual_time() -> None:
    async def main() -> tuple[tuple[float, ...], tuple[float, ...]]:
        begin = read_all()
        await asyncio.sleep(2.5)
        return begin, read_all()

    begin, end = run(main())
    nanoseconds = 2_500_000_000
    assert begin == (EPOCH, EPOCH * 10**9, 0.0, 0, 0.0, 0)
    assert end[:2] == (EPOCH + 2.5, EPOCH * 10**9 + nanoseconds)
    assert end[2:] == (2.5, nanoseconds, 2.5, nanoseconds)
    assert [type(value) for value in end] == [float, int] * 3


@pytest.mark.usefixtures("shims")
def test_a_polling_loop_with_a_deadline_ends() -> None:
    async def main() -> int:
        polls = 0
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            await asyncio.sleep(1)
            polls += 1
        return polls

    assert run(main()) == 60


@pytest.mark.usefixtures("shims")
def test_a_blocking_sleep_moves_the_clock_and_runs_no_callback() -> None:
    events: list[tuple[str, float]] = []

    async def other() -> None:
        await asyncio.sleep(1)
        events.append(("other", time.monotonic()))

    async def main() -> None:
        task = asyncio.create_task(other())
        await asyncio.sleep(0.5)
        time.sleep(10)
        events.append(("main", time.monotonic()))
        await task

    run(main())
    assert events == [("main", 10.5), ("other", 10.5)]


@pytest.mark.usefixtures("shims")
def test_sleep_rejects_what_the_real_one_rejects() -> None:
    async def main() -> None:
        for length, error in ((-1, ValueError), (float("nan"), ValueError), (1e300, OverflowError)):
            with pytest.raises(error):
                time.sleep(length)
        with pytest.raises(TypeError):
            time.sleep("1")  # type: ignore[arg-type]
        assert time.monotonic() == 0.0

    run(main())


@pytest.mark.usefixtures("shims")
def test_process_and_thread_time_stay_real() -> None:
    async def main() -> tuple[float, float]:
        process, thread = time.process_time(), time.thread_time()
        while time.thread_time() == thread:
            sum(range(10000))
        await asyncio.sleep(1e6)
        return time.process_time() - process, time.thread_time() - thread

    process, thread = run(main())
    assert 0 < process < 1e6
    assert 0 < thread < 1e6


@pytest.mark.usefixtures("shims")
def test_outside_a_virtual_loop_all_clocks_are_real() -> None:
    def reads_real_time() -> bool:
        before, shown, after = real.monotonic(), time.monotonic(), real.monotonic()
        earlier, wall, later = real.time_ns(), time.time_ns(), real.time_ns()
        return before <= shown <= after and earlier <= wall <= later

    async def in_real_loop() -> bool:
        return reads_real_time()

    async def in_worker_thread() -> bool:
        return await asyncio.to_thread(reads_real_time)

    async def nap_in_worker_thread() -> float:
        await asyncio.to_thread(time.sleep, 0.02)
        return time.monotonic()

    assert reads_real_time()
    assert asyncio.run(in_real_loop())
    assert run(in_worker_thread())
    assert run(nap_in_worker_thread()) == 0.0
    began = real.monotonic()
    time.sleep(0.02)
    assert real.monotonic() - began >= 0.019


@pytest.fixture
def early_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that bound the clocks before `install`."""
    module = ModuleType("early_sdk")
    exec("from time import monotonic, sleep as nap\nimport time as clock\nother = []", vars(module))
    monkeypatch.setitem(sys.modules, "early_sdk", module)
    return module


def test_references_bound_before_are_replaced_and_given_back(early_module: ModuleType) -> None:
    async def main() -> float:
        await asyncio.sleep(4)
        early_module.nap(1)
        now: float = early_module.monotonic()
        return now

    install()
    try:
        assert run(main()) == 5.0
        assert early_module.clock is time
    finally:
        uninstall()
    assert early_module.monotonic is real.monotonic
    assert early_module.nap is real.sleep


def test_references_bound_while_installed_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("late_sdk")
    monkeypatch.setitem(sys.modules, "late_sdk", module)
    install()
    try:
        exec("from time import time, perf_counter", vars(module))
        assert module.time is time.time
    finally:
        uninstall()
    assert module.time is real.time
    assert module.perf_counter is real.perf_counter


def test_lazy_modules_are_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lazy(ModuleType):
        def __getattribute__(self, name: str) -> object:
            raise AssertionError(f"asked for {name}")

    monkeypatch.setitem(sys.modules, "lazy_sdk", Lazy("lazy_sdk"))
    install()
    uninstall()


def test_install_twice_and_uninstall_restore_every_function() -> None:
    before = {name: getattr(time, name) for name in NAMES}
    modules = {name: sys.modules[name] for name in ("subprocess", "queue", "threading", "asyncio")}
    namespaces = {name: dict(vars(module)) for name, module in modules.items()}
    install()
    shimmed = {name: getattr(time, name) for name in NAMES}
    install()
    assert {name: getattr(time, name) for name in NAMES} == shimmed
    assert all(shimmed[name] is not before[name] for name in NAMES)
    uninstall()
    uninstall()
    for name in NAMES:
        assert getattr(time, name) is before[name] is getattr(real, name)
    for name, module in modules.items():
        assert vars(module) == namespaces[name]


@pytest.mark.usefixtures("shims")
def test_blocking_waits_of_the_standard_library_time_out_for_real() -> None:
    async def main() -> float:
        with pytest.raises(queue.Empty):
            queue.Queue[int]().get(timeout=0.01)
        assert not threading.Event().wait(0.01)
        never: concurrent.futures.Future[int] = concurrent.futures.Future()
        with pytest.raises(TimeoutError):
            list(concurrent.futures.as_completed([never], timeout=0.01))
        reader, writer = multiprocessing.connection.Pipe()
        with reader, writer:
            assert multiprocessing.connection.wait([reader], timeout=0.01) == []
        with pytest.raises(subprocess.TimeoutExpired):
            subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.05)
        return time.monotonic()

    assert run(main()) == 0.0


@pytest.mark.usefixtures("shims")
def test_debug_mode_reports_blocking_sleeps(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        time.sleep(3)

    with VirtualClock(debug=True) as clock:
        clock.run(main())
    assert "took 3.000 seconds" in caplog.text
