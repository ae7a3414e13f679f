"""CPU seconds: work counts, in every thread; waiting does not."""

import threading
import time

from meters.cpu import cpu_seconds


def burn(seconds: float) -> str:
    """Compute until this thread has used that much CPU."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    return "burnt"


def test_computing_counts_and_the_result_is_returned() -> None:
    timed = cpu_seconds(lambda: burn(0.02))
    assert timed.seconds >= 0.02
    assert timed.result == "burnt"


def test_work_of_other_threads_counts() -> None:
    def in_thread() -> None:
        worker = threading.Thread(target=burn, args=(0.02,))
        worker.start()
        worker.join()

    assert cpu_seconds(in_thread).seconds >= 0.02


def test_waiting_counts_for_a_small_part_only() -> None:
    assert cpu_seconds(lambda: time.sleep(0.3)).seconds < 0.15
