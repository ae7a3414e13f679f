"""Workers of dask.distributed: of a scheduler that is there, or some processes on this machine.

A task is bound to one worker and never tried again by dask: whose turn it is, ``dispatch`` decides.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import re
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from unladen.errors import UserError
from unladen.measure.cluster import at_worker
from unladen.measure.cluster.messages import (
    Content,
    Delivery,
    Failed,
    Introduction,
    Kit,
    Order,
    Reply,
)
from unladen.measure.cluster.slots import VARIABLE
from unladen.measure.cluster.transport import ClusterGoneError
from unladen.text.terminal import one_line, printable

LOCAL = re.compile(r"local:([1-9][0-9]{0,3})")
_ADDRESS = re.compile(
    r"((tcp|tls|ws|wss)://)?[^\s/:]+(:[0-9]+)|(tcp|tls)://\[[0-9a-fA-F:]+\]:[0-9]+"
)

_CONNECT = 20
"""Seconds for a scheduler to answer."""

_COLLECT = 60
"""Seconds to fetch what a worker has ready."""


_LET_US_END = """
import signal
signal.signal(signal.SIGINT, lambda *_: None)
"""
"""Of a worker here: the terminal's interrupt reaches the command too, which ends its workers. Not
ignored: what it starts would ignore it as well, and be measured so."""


def check_address(address: str) -> None:
    """Raise ``UserError`` unless it is ``local:N`` or a scheduler's, and dask is installed."""
    known = LOCAL if address.startswith("local:") else _ADDRESS
    if not known.fullmatch(address):
        raise UserError(
            f"--cluster {printable(address)}: give local:N for N workers on this machine, or the "
            "address of a scheduler, such as tcp://10.0.0.1:8786"
        )
    _distributed()


@contextlib.contextmanager
def connected(address: str, slots: Path, seconds: float = _CONNECT) -> Iterator[DaskTransport]:
    """Workers within the block. ``slots``: where those on this machine measure; ``seconds``: for a
    scheduler to answer.

    Raises ``UserError`` if the scheduler does not answer.
    """
    distributed = _distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as closing:
        number = LOCAL.fullmatch(address)
        try:
            if number:
                _expect_kills()
                space = closing.enter_context(tempfile.TemporaryDirectory())
                cluster = _local(distributed, int(number[1]), slots, space)
                closing.callback(_end, cluster)
                client = distributed.Client(cluster, set_as_default=False)
            else:
                client = distributed.Client(address, timeout=seconds, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            said = printable(one_line(str(error)))
            raise UserError(
                f"--cluster {printable(address)}: no scheduler answers: {said}"
            ) from error
        closing.callback(client.close, timeout=_CONNECT)
        yield DaskTransport(client, address)


def _local(distributed: Any, workers: int, slots: Path, space: str) -> Any:
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=logging.CRITICAL,
        local_directory=space,
        env={VARIABLE: str(slots)},
        preload=[_LET_US_END],
    )


def _expect_kills() -> None:
    """Python's own process that looks after what processes share says nothing when some of them,
    workers, are killed."""
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore"
    try:
        resource_tracker.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before


def _end(cluster: Any) -> None:
    """End the workers here at once: whatever they are at, nobody wants it any more."""
    for nanny in [*cluster.workers.values()]:
        nanny.auto_restart = False
        if nanny.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(nanny.pid, signal.SIGKILL)
    cluster.close(timeout=_CONNECT)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise UserError(
            "--cluster needs dask.distributed, here and where workers are: "
            "pip install 'unladen[cluster]'"
        ) from error
    return distributed


class DaskTransport:
    """A ``Transport``; workers are called by their addresses."""

    def __init__(self, client: Any, address: str) -> None:
        """``client``: dask's; ``address``: of the scheduler, for people."""
        self._client = client
        self._address = address
        self._futures: dict[str, Any] = {}
        self._done: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def workers(self) -> Mapping[str, str]:
        """See ``Transport``."""
        with self._gone_if_lost():
            found = self._client.sync(
                self._client.scheduler.identity, n_workers=-1, callback_timeout=_COLLECT
            )
        return {
            address: _called(address, one.get("name")) for address, one in found["workers"].items()
        }

    def introduce(self, worker: str, kit: Kit) -> None:
        """See ``Transport``."""
        self._submit(worker, at_worker.introduce, kit)

    def measure(self, worker: str, order: Order) -> None:
        """See ``Transport``."""
        self._submit(worker, at_worker.measure, order)

    def answers(self, seconds: float) -> Sequence[Reply]:
        """See ``Transport``."""
        found = []
        with contextlib.suppress(queue.Empty):
            done = self._done.get(timeout=seconds)
            while True:
                worker, future = done
                if self._futures.get(worker) is future:
                    del self._futures[worker]
                    found.append(Reply(worker, _content(future)))
                done = self._done.get_nowait()
        return found

    def forget(self, worker: str) -> None:
        """See ``Transport``."""
        future = self._futures.pop(worker, None)
        if future is not None and self._client.status == "running":
            with self._gone_if_lost():
                future.cancel()

    def _submit(self, worker: str, task: Callable[..., object], argument: object) -> None:
        with self._gone_if_lost():
            future = self._client.submit(
                task, argument, workers=[worker], allow_other_workers=False, pure=False, retries=0
            )
        self._futures[worker] = future
        future.add_done_callback(lambda done: self._done.put((worker, done)))

    @contextlib.contextmanager
    def _gone_if_lost(self) -> Iterator[None]:
        if self._client.status != "running":
            raise self._gone()
        try:
            yield
        except (OSError, TimeoutError) as error:
            raise self._gone() from error

    def _gone(self) -> ClusterGoneError:
        gone: ClusterGoneError = ClusterGoneError(
            f"the scheduler at {printable(self._address)} is gone"
        )
        return gone


def _content(future: Any) -> Content:
    """What a task gave."""
    try:
        said = future.result(timeout=_COLLECT)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        what = f"{type(error).__name__}: {one_line(str(error))}"
        return Failed(printable(what)[:300])
    if isinstance(said, Introduction | Delivery):
        return said
    return Failed("gave an answer of another kind")


def _called(address: str, name: object) -> str:
    """A worker for people: its address, and its name if it has one of its own."""
    own = "" if name in (None, "", address) else f" ({printable(str(name))})"
    return printable(address) + own
