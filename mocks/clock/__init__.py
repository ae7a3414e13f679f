"""Virtual time: asyncio programs whose waiting costs no real time.

`run(coro)` or a `VirtualClock` runs a program on a `VirtualLoop`, whose clock jumps to the next
timer when nothing is runnable. A program that can never go on raises `Hang`. `install()` makes
`time.monotonic` and its siblings show the virtual clock to the program.
"""

from mocks.clock.hang import Hang, OutOfTime, Waiting, await_chain
from mocks.clock.lasting import Background, LastingClock
from mocks.clock.loop import VirtualLoop
from mocks.clock.shims import install, uninstall
from mocks.clock.spin import SPIN_EXIT, Spin, SpinWatch
from mocks.clock.ties import ReversedLoop
from mocks.clock.virtual import VirtualClock, run

__all__ = [
    "SPIN_EXIT",
    "Background",
    "Hang",
    "LastingClock",
    "OutOfTime",
    "ReversedLoop",
    "Spin",
    "SpinWatch",
    "VirtualClock",
    "VirtualLoop",
    "Waiting",
    "await_chain",
    "install",
    "run",
    "uninstall",
]
