"""A network in memory: servers and clients on one loop, without a descriptor of the kernel.

`Network(loop)` puts it on a loop, such as one whose clock is virtual. asyncio's own servers,
transports and streams run on it unmodified, and with them whatever is built on those.
"""

from mocks.net.counts import Counts
from mocks.net.elsewhere import elsewhere
from mocks.net.link import Link
from mocks.net.names import Address
from mocks.net.network import Network

__all__ = ["Address", "Counts", "Link", "Network", "elsewhere"]
