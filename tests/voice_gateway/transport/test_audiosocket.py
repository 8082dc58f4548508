import asyncio
from ipaddress import ip_network
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from tests.common.lines import AudioSocketCaller, tone
from tests.voice_gateway.transport.conftest import Call, Gateway, audiosocket_server
from voice_gateway.transport import audiosocket
from voice_gateway.transport.port import HungUp, Start

KNOWN = uuid4()


async def test_a_wideband_call_is_answered_in_wideband(gateway: Gateway) -> None:
    async with audiosocket_server(gateway) as port:
        caller = await AudioSocketCaller.connect(port, KNOWN)
        caller.wide()
        transport = await gateway.calls.get()
        call = Call(transport, caller, gateway)
        collecting = asyncio.create_task(call.collect())
        await caller.say(tone(100))
        await transport.play(tone(200))
        await transport.leave("queue")
        await caller.left.wait()
        await collecting
        assert len(call.sound()) == len(tone(100))
        assert caller.ear.rate == 16_000
        assert caller.errors == []
        assert caller.good_bye


async def test_silence_flows_all_the_time(gateway: Gateway) -> None:
    """Asterisk drops a call on which nobody sends anything for two seconds."""
    async with audiosocket_server(gateway) as port:
        caller = await AudioSocketCaller.connect(port, KNOWN)
        await asyncio.sleep(0.6)
        assert len(caller.ear.pieces) >= 15
        assert all(pcm == bytes(320) for _, pcm in caller.ear.pieces)
        await caller.cut()


async def refused(gateway: Gateway, octets: bytes, *, end: bool = False) -> str:
    """Why a connection that begins so is refused; it is closed then."""
    with capture_logs() as logs:
        async with audiosocket_server(gateway) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(octets)
            if end:
                writer.write_eof()
            async with asyncio.timeout(10):
                assert await reader.read() == b""
            writer.close()
    assert gateway.calls.empty()
    (why,) = [line["error"] for line in logs if line["event"] == "audiosocket.refused"]
    return str(why)


async def test_who_names_no_call_is_refused(gateway: Gateway) -> None:
    assert "the first frame is SLIN" in await refused(gateway, b"\x10\x00\x02\0\0")
    assert "no type" in await refused(gateway, b"GET / HTTP/1.1\r\n\r\n")
    assert "17 octets" in await refused(gateway, b"\x01\x00\x11" + bytes(17))
    assert "before it named" in await refused(gateway, b"\x01\x00\x10" + bytes(9), end=True)
    assert "before it named" in await refused(gateway, b"", end=True)


async def test_who_says_nothing_is_refused(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiosocket, "UUID_S", 0.1)
    assert "no UUID" in await refused(gateway, b"\x01\x00")


async def nobody(call: UUID) -> Start | None:
    return None


async def test_a_call_that_was_not_announced_is_refused(gateway: Gateway) -> None:
    gateway.admit = nobody  # type: ignore[method-assign]
    why = await refused(gateway, b"\x01\x00\x10" + KNOWN.bytes)
    assert "was not announced" in why
    assert str(KNOWN) in why


async def test_trusted_networks_need_not_announce_calls(gateway: Gateway) -> None:
    handler = audiosocket.make_handler(gateway.on_call, nobody, [ip_network("127.0.0.0/8")])
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    caller = await AudioSocketCaller.connect(server.sockets[0].getsockname()[1], KNOWN)
    transport = await gateway.calls.get()
    assert transport.start == Start(call_id=str(KNOWN), transport="audiosocket")
    gateway.finish.set()
    await caller.left.wait()
    server.close()


@pytest.mark.parametrize(
    ("octets", "reason", "line"),
    [
        (b"\x00\x00\x00", "caller", None),
        (b"\x10\x01\x40" + bytes(100), "lost", "audiosocket.truncated"),
        (b"\x10\xff\xff", "lost", "audiosocket.bad_frame"),
        (b"\x01\x00\x10" + bytes(16), "lost", "audiosocket.bad_frame"),
        (b"\xff\x00\x01\x04", "lost", "audiosocket.bad_frame"),
        (b"\x77\x00\x00", "lost", "audiosocket.bad_frame"),
    ],
)
async def test_what_ends_a_call(
    gateway: Gateway, octets: bytes, reason: str, line: str | None
) -> None:
    with capture_logs() as logs:
        async with audiosocket_server(gateway) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"\x01\x00\x10" + KNOWN.bytes)
            transport = await gateway.calls.get()
            writer.write(octets)
            writer.write_eof()
            async with asyncio.timeout(10):
                events = [event async for event in transport.events()]
            assert events[-1] == HungUp(reason)
            gateway.finish.set()
            async with asyncio.timeout(10):
                await reader.read()
                await gateway.ended.wait()
            writer.close()
    if line:
        assert line in [entry["event"] for entry in logs]


async def test_too_many_connections_without_a_call_are_refused(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiosocket, "MOST_UNNAMED", 0)
    assert "too many" in await refused(gateway, b"")


async def test_a_call_that_fails_is_given_back(gateway: Gateway) -> None:
    async def fail(transport: object) -> None:
        raise RuntimeError("broken")

    gateway.on_call = fail  # type: ignore[method-assign]
    async with audiosocket_server(gateway) as port:
        caller = await AudioSocketCaller.connect(port, KNOWN)
        async with asyncio.timeout(10):
            await caller.left.wait()
        assert caller.good_bye
