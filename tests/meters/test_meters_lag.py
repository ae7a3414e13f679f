"""Loop lag: a step that holds the loop is found, and the loop is left as it was."""

import asyncio
import time

import pytest

from meters.lag import LoopLag


def burn(seconds: float) -> None:
    """Compute until this thread has used that much CPU."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_callback_that_computes_is_the_longest_stretch() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        with LoopLag(loop) as lag:
            await asyncio.sleep(0)
            loop.call_soon(burn, 0.02)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return lag.longest

    assert asyncio.run(main()) >= 0.02


@pytest.mark.slow
def test_long_work_cut_by_awaits_is_shorter_than_in_one_piece() -> None:
    async def main(pieces: int) -> float:
        with LoopLag(asyncio.get_running_loop()) as lag:
            for _ in range(pieces):
                burn(0.3 / pieces)
                await asyncio.sleep(0)
        return lag.longest

    assert asyncio.run(main(1)) >= 0.3
    assert asyncio.run(main(30)) < 0.15


def test_waiting_is_no_lag() -> None:
    async def main() -> float:
        with LoopLag(asyncio.get_running_loop()) as lag:
            await asyncio.sleep(0.3)
        return lag.longest

    assert asyncio.run(main()) < 0.15


def test_work_of_the_block_itself_counts_without_any_await() -> None:
    async def main() -> float:
        with LoopLag(asyncio.get_running_loop()) as lag:
            burn(0.02)
        return lag.longest

    assert asyncio.run(main()) >= 0.02


def test_it_can_be_entered_around_the_run() -> None:
    async def main() -> None:
        await asyncio.sleep(0)
        burn(0.02)
        await asyncio.sleep(0)

    loop = asyncio.new_event_loop()
    try:
        with LoopLag(loop) as lag:
            burn(0.1)
            assert lag.longest == 0.0
            loop.run_until_complete(main())
        assert lag.longest >= 0.02
    finally:
        loop.close()


def test_the_selector_is_left_as_it_was() -> None:
    async def main() -> None:
        selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
        before = dict(vars(selector))
        with LoopLag(asyncio.get_running_loop()):
            await asyncio.sleep(0)
            outer = selector.select
            with LoopLag(asyncio.get_running_loop()):
                await asyncio.sleep(0)
            assert selector.select == outer
            await asyncio.sleep(0)
        assert vars(selector) == before
        await asyncio.sleep(0)

    asyncio.run(main())


def test_a_loop_without_a_selector_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="AbstractEventLoop"):
        LoopLag(asyncio.AbstractEventLoop())  # type: ignore[abstract]
