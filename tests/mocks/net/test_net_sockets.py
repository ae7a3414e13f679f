"""Sockets themselves on a network in memory: made by the program, asked, shared, collected."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import select
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from net_programs import HERE, now, run

from mocks.clock import VirtualClock
from mocks.net import Network


def listener(*address: Any, shared: bool = False) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    if shared:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(address)
    sock.listen()
    return sock


def client() -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    return sock


def test_a_program_may_use_sockets_with_the_loop() -> None:
    async def program(network: Network) -> tuple[bytes, bytes, float, Any, Any]:
        loop = asyncio.get_running_loop()
        server = listener("localhost", 0)
        sock = client()
        accepting = asyncio.create_task(loop.sock_accept(server))
        await loop.sock_connect(sock, server.getsockname())
        accepted, _ = await accepting
        await loop.sock_sendall(sock, b"question")
        asked = await loop.sock_recv(accepted, 100)
        await loop.sock_sendall(accepted, b"answer")
        buffer = bytearray(100)
        count = await loop.sock_recv_into(sock, buffer)
        names = (sock.getpeername(), accepted.getpeername() == sock.getsockname())
        assert sock.fileno() != accepted.fileno() > 0
        for each in (sock, accepted, server):
            each.close()
            assert each.fileno() == -1
        return asked, bytes(buffer[:count]), now(), names, network.counts().open_now

    asked, answer, at, (peer, same), left = run(program, delay_s=0.25)
    assert (asked, answer, same, left) == (b"question", b"answer", True, 0)
    assert at == 1.25
    assert peer[0] == "127.0.0.1"


def test_a_socket_that_was_bound_before_the_loop_ran_is_served() -> None:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    name = sock.getsockname()
    descriptor = sock.fileno()

    async def program(network: Network) -> bytes:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"hello")
            writer.close()

        async with await asyncio.start_server(greet, sock=sock):
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(descriptor)
            reader, writer = await asyncio.open_connection(*name)
            got = await reader.read()
            writer.close()
            return got

    assert run(program) == b"hello"


def test_an_address_is_taken_once_unless_all_share_it() -> None:
    async def program(network: Network) -> list[int]:
        loop = asyncio.get_running_loop()
        one = listener("127.0.0.1", 80)
        for address in (("127.0.0.1", 80), ("0.0.0.0", 80)):
            with pytest.raises(OSError, match="Address already in use") as raised:
                listener(*address)
            assert raised.value.errno == errno.EADDRINUSE
        one.close()
        several = [listener("0.0.0.0", 80, shared=True) for _ in range(3)]
        with pytest.raises(OSError, match="ddress already in use"):
            await loop.create_server(asyncio.Protocol, *HERE[:1], 80)
        taken = []
        for _ in range(6):
            sock = client()
            await loop.sock_connect(sock, ("127.0.0.1", 80))
            ready = select.select(several, [], [], 0)[0]
            taken.append(several.index(ready[0]))
            ready[0].accept()[0].close()
            sock.close()
        return taken

    assert run(program) == [0, 1, 2, 0, 1, 2]


def test_pools_can_ask_whether_a_socket_is_readable() -> None:
    async def program(network: Network) -> list[tuple[Any, ...]]:
        server = listener(*HERE)
        sock = client()
        with pytest.raises(OSError, match="not connected"):
            sock.recv(1)
        sock.connect(HERE)
        with pytest.raises(BlockingIOError):
            sock.recv(1)
        poll = select.poll()
        poll.register(sock, select.POLLIN | select.POLLOUT)
        accepted, _ = server.accept()
        seen = []
        for change in (None, lambda: accepted.send(b"x"), lambda: sock.recv(1), accepted.close):
            if change is not None:
                change()
            number = sock.fileno()
            events = dict(poll.poll(0)).get(number, 0)
            readable, writable, _ = select.select([sock], [sock], [], 0)
            assert bool(readable) == bool(events & select.POLLIN)
            assert bool(writable) == bool(events & select.POLLOUT)
            seen.append((bool(readable), bool(writable)))
        return seen

    assert run(program) == [(False, True), (True, True), (False, True), (True, True)]


def test_descriptors_of_the_process_are_polled_as_ever() -> None:
    async def program(network: Network) -> tuple[Any, ...]:
        reading, writing = os.pipe()
        os.write(writing, b"x")
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        found = poll.poll(0), select.select([reading], [], [], 0)[0] == [reading]
        os.close(writing)
        os.close(reading)
        return reading, *found

    reading, polled, selected = run(program)
    assert polled == [(reading, select.POLLIN)]
    assert selected


def test_the_error_of_a_connection_is_told_once() -> None:
    async def program(network: Network) -> tuple[int, int, int]:
        sock = client()
        started = sock.connect_ex(("10.0.0.1", 80))
        await asyncio.sleep(1.0)
        errors = [sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) for _ in range(2)]
        return started, *errors

    assert run(program, delay_s=0.5) == (errno.EINPROGRESS, errno.ECONNREFUSED, 0)
    assert run(program)[0] == errno.ECONNREFUSED


def test_a_socket_that_nobody_keeps_is_closed() -> None:
    async def program(network: Network) -> tuple[bytes, int]:
        server = listener(*HERE)
        sock = client()
        sock.connect(HERE)
        accepted, _ = server.accept()
        del sock
        gc.collect()
        return accepted.recv(1), network.counts(HERE).open_now

    assert run(program) == (b"", 1)


def test_a_socket_says_what_it_is() -> None:
    async def program(network: Network) -> None:
        server = socket.socket(socket.AF_INET6)
        server.bind(("::1", 80))
        server.listen()
        assert server.getsockname() == ("::1", 80, 0, 0)
        assert (server.family, server.type) == (socket.AF_INET6, socket.SOCK_STREAM)
        assert isinstance(server, socket.socket)
        sock = client()
        sock.connect(("localhost", 80))
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert (sock.getblocking(), sock.gettimeout()) == (False, 0.0)
        assert "laddr=('127.0.0.1'" in repr(sock)
        with pytest.raises(OSError, match="no descriptor"):
            sock.dup()
        with pytest.raises(OSError, match="not connected"):
            server.getpeername()
        sock.close()
        with pytest.raises(OSError, match="Bad file descriptor"):
            sock.send(b"x")

    run(program)


def test_names_have_addresses_that_lead_back() -> None:
    async def program(network: Network) -> None:
        loop = asyncio.get_running_loop()
        (family, kind, proto, _, address), *more = await loop.getaddrinfo("Db.Example.", "http")
        assert (family, kind, proto) == (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        assert not more
        assert address[1] == 80
        assert await loop.getaddrinfo("db.example", 80) == socket.getaddrinfo("db.example", 80)
        assert await loop.getnameinfo(address) == ("db.example", "80")
        assert await loop.getnameinfo(address, socket.NI_NUMERICHOST) == (address[0], "80")
        assert socket.gethostbyname("db.example") == address[0]
        assert socket.gethostbyname("10.0.0.1") == "10.0.0.1"
        other = socket.getaddrinfo("other.example", None)[0][4]
        assert other[0] != address[0]
        with pytest.raises(socket.gaierror):
            await loop.getaddrinfo("10.0.0.1", 80, family=socket.AF_INET6)
        with pytest.raises(ConnectionRefusedError, match=r"db\.example:80"):
            client().connect(address)
        assert network.refused == (("db.example", 80),)

    run(program)


def test_a_unix_socket_is_a_file(tmp_path: Path) -> None:
    path = str(tmp_path / "here")

    async def program(network: Network) -> bytes:
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen()
        assert stat.S_ISSOCK(os.stat(path).st_mode)
        with pytest.raises(OSError, match="in use"):
            socket.socket(socket.AF_UNIX).bind(path)
        sock = socket.socket(socket.AF_UNIX)
        sock.setblocking(False)
        sock.connect(path)
        accepted, name = server.accept()
        assert (name, sock.getpeername()) == ("", path)
        accepted.close()
        with pytest.raises(BrokenPipeError):
            sock.send(b"x")
        for nobody in (str(tmp_path / "nobody"), "\0abstract"):
            with pytest.raises(OSError, match="nobody serves"):
                socket.socket(socket.AF_UNIX).connect(nobody)
        assert len(network.refused) == 2
        return sock.recv(1)

    assert run(program, delay_s=1.0) == b""


def test_datagrams_are_not_carried() -> None:
    async def program(network: Network) -> tuple[Any, ...]:
        loop = asyncio.get_running_loop()
        with pytest.raises(OSError, match="no datagrams"):
            await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, remote_addr=("statsd.example", 8125)
            )
        return network.refused

    assert run(program) == (("statsd.example", 8125),)


def test_two_networks_are_two_worlds() -> None:
    async def serve() -> None:
        async with await asyncio.start_server(lambda reader, writer: None, *HERE):
            _, writer = await asyncio.open_connection(*HERE)
            writer.close()

    async def dial() -> None:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*HERE)

    with (
        VirtualClock() as one,
        VirtualClock() as other,
        Network(one.loop) as first,
        Network(other.loop) as second,
    ):
        one.run(serve())
        other.run(dial())
        assert (first.counts(HERE).opened, first.refused) == (1, ())
        assert (second.counts(HERE).opened, second.refused) == (0, (HERE,))
        with pytest.raises(RuntimeError, match="already"):
            Network(one.loop).__enter__()


def test_a_connection_is_asked_for_once_and_from_the_address_that_was_bound() -> None:
    async def program(network: Network) -> tuple[int, int, Any]:
        server = listener(*HERE)
        sock = client()
        sock.bind(("127.0.0.1", 5555))
        first = [sock.connect_ex(HERE) for _ in range(2)]
        assert first == [errno.EINPROGRESS, errno.EALREADY]
        await asyncio.sleep(1.0)
        accepted, name = server.accept()
        accepted.close()
        return sock.connect_ex(HERE), sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), name

    assert run(program, delay_s=0.25) == (errno.EISCONN, 0, ("127.0.0.1", 5555))


def test_free_ports_begin_anew_when_all_were_given() -> None:
    async def program(network: Network) -> tuple[int, list[int], int]:
        server = listener("127.0.0.1", 0)
        network._stack._next_port = 65534
        ports = []
        for _ in range(4):
            sock = client()
            sock.connect(server.getsockname())
            ports.append(sock.getsockname()[1])
            server.accept()[0].close()
            sock.close()
        return server.getsockname()[1], ports, len(network._stack.ends)

    # That of the server is left out.
    assert run(program) == (49152, [65534, 65535, 49153, 49154], 1)
