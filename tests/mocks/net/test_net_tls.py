"""TLS on a network in memory: real between two sides that speak it, none where an alias leads."""

from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest
from net_programs import HERE, model, now, run, uvicorn_at

from mocks.net import Network


def anonymous(*, server: bool) -> ssl.SSLContext:
    """TLS that needs no certificate."""
    protocol = ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT
    context = ssl.SSLContext(protocol)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH:@SECLEVEL=0")
    return context


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


def test_two_sides_may_speak_tls() -> None:
    async def program(network: Network) -> tuple[bytes, bool, float]:
        async with await asyncio.start_server(shout, *HERE, ssl=anonymous(server=True)):
            reader, writer = await asyncio.open_connection(*HERE, ssl=anonymous(server=False))
            is_ciphered = writer.get_extra_info("cipher") is not None
            writer.write(b"hello\n")
            got = await reader.read()
            writer.close()
            return got, is_ciphered, now()

    got, is_ciphered, at = run(program, delay_s=0.25)
    assert (got, is_ciphered) == (b"HELLO\n", True)
    # To connect, two more ways there and back, the question, and the answer.
    assert at == 0.5 + 1.0 + 0.25 + 0.25


def test_a_connection_may_be_raised_to_tls() -> None:
    async def raised(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"go\n")
        await writer.drain()
        transport = await asyncio.get_running_loop().start_tls(
            writer.transport,
            writer.transport.get_protocol(),
            anonymous(server=True),
            server_side=True,
        )
        assert transport is not None
        transport.write(b"secret")
        transport.close()

    async def program(network: Network) -> bytes:
        async with await asyncio.start_server(raised, *HERE):
            reader, writer = await asyncio.open_connection(*HERE)
            assert await reader.readline() == b"go\n"
            await writer.start_tls(anonymous(server=False))
            got = await reader.read()
            writer.close()
            return got

    assert run(program) == b"secret"


def test_an_alias_leads_tls_to_a_plain_server() -> None:
    async def program(network: Network) -> tuple[bytes, object, tuple[int, int], object]:
        network.alias(("Secure.Example", 443), to=HERE)
        async with await asyncio.start_server(shout, *HERE):
            reader, writer = await asyncio.open_connection("secure.example", 443, ssl=True)
            version = writer.get_extra_info("ssl_object").version()
            writer.write(b"hello\n")
            got = await reader.read()
            writer.close()
            await writer.wait_closed()
        here = network.counts(HERE)
        assert here == network.counts(("secure.example", 443))
        return got, version, (here.bytes_in, here.bytes_out), network.refused

    assert run(program) == (b"HELLO\n", "TLSv1.3", (6, 6), ())


def test_tls_to_a_plain_server_without_alias_fails() -> None:
    async def program(network: Network) -> None:
        async with uvicorn_at(model), httpx.AsyncClient() as client:
            with pytest.raises(httpx.ConnectError, match="SSL"):
                await client.get("https://{}:{}".format(*HERE))

    run(program)
