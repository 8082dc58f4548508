import pytest

from tools.telephony.rtp import ALAW, KEYS, SILENCE, Packet, decode, key_payloads, level

SOUND = Packet(ALAW, 1, 160, 0xDEADBEEF, b"\xd5\xd5")
KEY = Packet(KEYS, 0xFFFF, 320, 1, b"\x05\x0a\x00\xa0", marker=True)


@pytest.mark.parametrize(
    ("packet", "wire"),
    [
        (SOUND, bytes.fromhex("80 08 0001 000000a0 deadbeef d5d5")),
        (KEY, bytes.fromhex("80 e5 ffff 00000140 00000001 050a00a0")),
    ],
)
def test_packets_are_as_rfc_3550_draws_them(packet: Packet, wire: bytes) -> None:
    assert packet.encode() == wire
    assert decode(wire) == packet


def test_sources_and_extensions_are_passed_over() -> None:
    wire = bytes.fromhex("91 08 0001 000000a0 deadbeef 00000007 bede0001 01020304 d5d5")
    assert decode(wire) == SOUND


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        bytes.fromhex("80 08 0001 000000a0 deadbe"),
        bytes.fromhex("80 c8 0006 deadbeef 00000000 00000000"),  # RTCP
        b"INVITE sip:7001@127.0.0.1 SIP/2.0\r\n",
        bytes.fromhex("90 08 0001 000000a0 deadbeef be"),  # an extension that is cut off
    ],
)
def test_what_is_no_sound_is_none(wire: bytes) -> None:
    assert decode(wire) is None


def test_a_key_is_pressed_held_and_let_go() -> None:
    payloads = list(key_payloads("#"))
    assert payloads[0] == bytes.fromhex("0b 0a 00a0")
    assert payloads[-3:] == [bytes.fromhex("0b 8a 03c0")] * 3


def test_silence_has_no_level() -> None:
    assert level(SILENCE) < 10
    assert level(b"") == 0
    assert level(b"\xaa\x2a" * 80) > 30_000
