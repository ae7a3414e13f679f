"""Random conversations between clients and servers, and what each side notices of them.

Each conversation says who speaks when, so what a side notices, and in which order, follows from
what was said to it: on a network in memory and on the machine's own it must be the same, however
slow either is. Between conversations nothing is ordered, so each has its own log.

As a program it prints a digest of everything that happens in some conversations, with instants.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import random
import socket
import struct
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from mocks.clock import VirtualClock
from mocks.net import Counts, Network

LINGER_OFF = struct.pack("ii", 1, 0)
_HEADER = struct.Struct("!I")
_SERVERS = 2
_NUMBERS = b"".join(b"%07d" % number for number in range(20_000))
_ANY_TIME = random.SystemRandom()


@dataclass(frozen=True)
class Turn:
    """One side says so many bytes, in pieces, and the other hears them all."""

    by_client: bool
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Relay:
    """The server has another conversation, as a client, before it goes on."""

    conversation: Conversation


@dataclass(frozen=True)
class Pause:
    """One side does nothing for so many units of time; the other waits for it."""

    by_client: bool
    units: int


@dataclass(frozen=True)
class Conversation:
    """A client connects to a server, they take turns, and it ends.

    Attributes:
        server: its number; None is one that nobody serves.
        ending: name of a function below that ends it, by either side.
        raw: whether client and server use sockets themselves, instead of streams.
    """

    server: int | None
    raw: tuple[bool, bool]
    steps: tuple[Turn | Relay | Pause, ...]
    ending: str


@dataclass(frozen=True)
class Program:
    """Clients side by side, each with conversations one after the other."""

    clients: tuple[tuple[Conversation, ...], ...]


def program(chance: random.Random) -> Program:
    """Some program."""
    clients = range(chance.randint(1, 4))
    return Program(
        tuple(tuple(_conversation(chance, 1) for _ in range(chance.randint(1, 3))) for _ in clients)
    )


def _conversation(chance: random.Random, depth: int) -> Conversation:
    server = chance.choice([None, *range(_SERVERS)] + [*range(_SERVERS)] * 2)
    raw = (chance.random() < 0.5, server == 0)
    steps = tuple(_step(chance, depth) for _ in range(chance.randint(0, 4)))
    return Conversation(server, raw, steps, chance.choice(sorted(endings(raw))))


def _step(chance: random.Random, depth: int) -> Turn | Relay | Pause:
    kind = chance.choice(["turn", "turn", "turn", "pause", "relay"])
    if kind == "relay" and depth:
        return Relay(_conversation(chance, depth - 1))
    by_client = chance.random() < 0.5
    if kind == "pause":
        return Pause(by_client, chance.randint(0, 3))
    sizes = [1, 10, 1000, 5000, 5000, 100_000]
    return Turn(by_client, tuple(chance.choice(sizes) for _ in range(chance.randint(1, 3))))


class Side(Protocol):
    """One end of a connection."""

    async def say(self, data: bytes) -> None: ...
    async def hear(self, count: int) -> bytes: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...
    def break_off(self) -> None: ...


@dataclass
class StreamSide:
    """By asyncio's streams."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def hear(self, count: int) -> bytes:
        return await self.reader.read(count)

    def finish(self) -> None:
        self.writer.write_eof()

    def close(self) -> None:
        self.writer.close()

    def break_off(self) -> None:
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_OFF)
        self.writer.transport.abort()


@dataclass
class SocketSide:
    """By a socket and the loop."""

    sock: socket.socket
    loop: asyncio.AbstractEventLoop

    async def say(self, data: bytes) -> None:
        await self.loop.sock_sendall(self.sock, data)

    async def hear(self, count: int) -> bytes:
        return await self.loop.sock_recv(self.sock, count)

    def finish(self) -> None:
        self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.sock.close()

    def break_off(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_OFF)
        self.sock.close()


Event = tuple[Any, ...]


@dataclass
class Log:
    """What happened: to each side, and altogether with its instant."""

    clock: Callable[[], float]
    sides: dict[str, list[Event]] = field(default_factory=dict)
    everything: list[tuple[float, str, Event]] = field(default_factory=list)

    def note(self, who: str, *event: Any) -> None:
        """`event` happened to `who`."""
        self.sides.setdefault(who, []).append(event)
        self.everything.append((self.clock(), who, event))


class World:
    """Servers at addresses, and conversations that are known by their numbers."""

    def __init__(self, unit_s: float, log: type[Log]) -> None:
        self.unit_s = unit_s
        self.loop = asyncio.get_running_loop()
        self.log = log(self.loop.time)
        self.known: list[tuple[str, Conversation]] = []
        self.addresses: list[tuple[str, int]] = []
        self.nobody = ("", 0)
        self._serving: list[asyncio.Task[None]] = []
        self._kept: list[asyncio.Task[None] | None] = []
        self._served = 0
        self._one_more = asyncio.Event()

    async def run(self, program: Program) -> None:
        """Play it to its end."""
        reserved = self._bound()
        self.nobody = reserved.getsockname()
        streams = await asyncio.start_server(self._serve_stream, "127.0.0.1", 0)
        raw = self._bound()
        raw.listen()
        self.addresses = [raw.getsockname(), streams.sockets[0].getsockname()]
        self._serving.append(asyncio.create_task(self._accept(raw)))
        await asyncio.gather(
            *(self._client(f"{number}", each) for number, each in enumerate(program.clients))
        )
        while self._served < len(self.known):
            self._one_more.clear()
            await self._one_more.wait()
        for task in self._serving:
            task.cancel()
        streams.close()
        raw.close()
        reserved.close()

    def _bound(self) -> socket.socket:
        sock = socket.socket()
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))
        return sock

    async def _client(self, name: str, conversations: tuple[Conversation, ...]) -> None:
        for number, each in enumerate(conversations):
            await self._converse(f"{name}.{number}", each)

    async def _converse(self, name: str, conversation: Conversation) -> None:
        who = f"{name} client"
        served = conversation.server
        address = self.nobody if served is None else self.addresses[served]
        try:
            side = await self._dial(address, raw=conversation.raw[0])
        except ConnectionRefusedError:
            self.log.note(who, "refused")
            return
        self.log.note(who, "connected")
        self.known.append((name, conversation))
        await side.say(_HEADER.pack(len(self.known) - 1))
        await self._play(who, side, conversation, is_client=True)

    async def _dial(self, address: tuple[str, int], *, raw: bool) -> Side:
        if not raw:
            return StreamSide(*await asyncio.open_connection(*address))
        sock = socket.socket()
        sock.setblocking(False)
        try:
            await self.loop.sock_connect(sock, address)
        except BaseException:
            sock.close()
            raise
        return SocketSide(sock, self.loop)

    async def _accept(self, listener: socket.socket) -> None:
        while True:
            sock, _ = await self.loop.sock_accept(listener)
            self._serving.append(asyncio.create_task(self._serve(SocketSide(sock, self.loop))))

    async def _serve_stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self._serve(StreamSide(reader, writer))

    async def _serve(self, side: Side) -> None:
        # Once the other side is at its end, asyncio may hold nobody that waits for something else.
        self._kept.append(asyncio.current_task())
        try:
            header = await hear_exactly(side, _HEADER.size)
            name, conversation = self.known[_HEADER.unpack(header)[0]]
            await self._play(f"{name} server", side, conversation, is_client=False)
        except (OSError, EOFError) as error:
            self.log.note("a server", repr(error))
        finally:
            self._served += 1
            self._one_more.set()

    async def _play(
        self, who: str, side: Side, conversation: Conversation, *, is_client: bool
    ) -> None:
        for number, step in enumerate(conversation.steps):
            if isinstance(step, Relay):
                if not is_client:
                    await self._converse(f"{who}.{number}", step.conversation)
            elif isinstance(step, Pause):
                if step.by_client == is_client:
                    await asyncio.sleep(step.units * self.unit_s)
            elif step.by_client == is_client:
                for piece in step.pieces:
                    await side.say(_pattern(piece))
            else:
                data = await hear_exactly(side, sum(step.pieces))
                self.log.note(who, "heard", len(data), zlib.crc32(data))
        ending = Ending(self, who, side)
        await getattr(ending, f"{conversation.ending}_{'client' if is_client else 'server'}")()


class Ending:
    """The ways in which a conversation ends, each with the part of the client and the server's."""

    def __init__(self, world: World, who: str, side: Side) -> None:
        self.world = world
        self.who = who
        self.side = side

    async def hear_end(self) -> None:
        """Hear whatever comes, until the end or an error, and note which."""
        heard = b""
        try:
            while piece := await self.side.hear(1 << 16):
                heard += piece
            self.world.log.note(self.who, "end", len(heard), zlib.crc32(heard))
        except OSError as error:
            self.world.log.note(self.who, type(error).__name__, len(heard), zlib.crc32(heard))

    async def closed_by_client_client(self) -> None:
        self.side.close()

    async def closed_by_client_server(self) -> None:
        await self.hear_end()
        self.side.close()

    async def closed_by_server_client(self) -> None:
        await self.hear_end()
        self.side.close()

    async def closed_by_server_server(self) -> None:
        await self.side.say(_pattern(30_000))
        self.side.close()

    async def finished_first_client(self) -> None:
        self.side.finish()
        await self.hear_end()
        self.side.close()

    async def finished_first_server(self) -> None:
        await self.hear_end()
        await self.side.say(_pattern(12_345))
        self.side.close()

    async def broken_off_client(self) -> None:
        await hear_exactly(self.side, 1)
        self.side.break_off()

    async def broken_off_server(self) -> None:
        """Speaks first, so that it has heard everything before it hears of the end."""
        await self.side.say(b"!")
        await self.hear_end()
        self.side.close()

    async def given_up_client(self) -> None:
        """Waits in vain."""
        try:
            await asyncio.wait_for(self.side.hear(1), 2 * self.world.unit_s)
        except TimeoutError:
            self.world.log.note(self.who, "timed out")
        self.side.close()

    async def given_up_server(self) -> None:
        await self.hear_end()
        self.side.close()

    async def unread_client(self) -> None:
        await self.side.say(_pattern(10))
        await self.hear_end()
        self.side.close()

    async def unread_server(self) -> None:
        """Closes with bytes unread, which resets the other side. Needs sockets on both."""
        await hear_exactly(self.side, 1)
        await self.side.say(b"bye")
        self.side.close()

    async def spoken_to_nobody_client(self) -> None:
        self.side.close()

    async def spoken_to_nobody_server(self) -> None:
        """Goes on speaking after the end, until told that nobody hears. Needs sockets."""
        await self.hear_end()
        for _ in range(1000):
            try:
                await self.side.say(b"anybody?")
            except OSError as error:
                self.world.log.note(self.who, type(error).__name__)
                break
            await asyncio.sleep(self.world.unit_s)
        self.side.close()


def endings(raw: tuple[bool, bool]) -> set[str]:
    """Those whose outcome is certain for such a client and such a server.

    Streams tell of a reset as soon as they hear of it, even if bytes before it are not read.
    """
    found = {"closed_by_client", "closed_by_server", "finished_first", "broken_off", "given_up"}
    if all(raw):
        found.add("unread")
    if raw[1]:
        found.add("spoken_to_nobody")
    return found


async def hear_exactly(side: Side, count: int) -> bytes:
    """So many bytes. Raises EOFError at the other side's end."""
    data = bytearray()
    while len(data) < count:
        piece = await side.hear(min(count - len(data), 1 << 16))
        if not piece:
            raise EOFError(f"{len(data)} of {count} bytes")
        data += piece
    return bytes(data)


def _pattern(size: int) -> bytes:
    """Bytes in which a lost, doubled or misplaced block shows."""
    return _NUMBERS[:size]


async def play(program: Program, unit_s: float, log: type[Log] = Log) -> Log:
    """What happens in `program`, with pauses of so many seconds each."""
    world = World(unit_s, log)
    await world.run(program)
    return world.log


def options(chance: random.Random) -> dict[str, Any]:
    """Of some network."""
    return {
        "delay_s": chance.choice([0.0, 0.0, 0.1, 1 / 3]),
        "bytes_per_s": chance.choice([math.inf, math.inf, 1e6, 123_456.7]),
        "window_bytes": chance.choice([1000, 65_536, 262_144]),
    }


def on_network(program: Program, *, log: type[Log] = Log, **of_network: Any) -> tuple[Log, Counts]:
    """What happens in `program` on a network in memory, and what that counts."""
    with VirtualClock() as clock, Network(clock.loop, **of_network) as network:
        return clock.run(play(program, 0.5, log)), network.counts()


def digest(seeds: range, log: type[Log]) -> str:
    """Of everything that happens in the programs of `seeds`, with instants and counts."""
    seen = hashlib.sha256()
    for seed in seeds:
        chance = random.Random(seed)
        happened, counts = on_network(program(chance), log=log, **options(chance))
        seen.update(repr((happened.everything, counts)).encode())
    return seen.hexdigest()


class OnBusyMachine(Log):
    """A log that is kept where others take the processor away at random moments."""

    def note(self, who: str, *event: Any) -> None:
        """See `Log.note`."""
        time.sleep(_ANY_TIME.uniform(0.0, 0.004))
        super().note(who, *event)


if __name__ == "__main__":
    print(digest(range(16), OnBusyMachine if sys.argv[1:] == ["busy"] else Log))
