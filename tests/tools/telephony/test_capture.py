import struct
from pathlib import Path

import pytest

from frontline.errors import UnavailableError
from tools.telephony.capture import read_pcap

HEADER = bytes.fromhex("d4c3b2a1 0200 0400 00000000 00000000 00000800 01000000")
ETHERNET = bytes(12) + b"\x08\x00"


def packet(at: float, source: int, destination: int, data: bytes, protocol: int = 17) -> bytes:
    udp = struct.pack(">HHHH", source, destination, 8 + len(data), 0) + data
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, protocol, 0, b"\x7f\0\0\1",
                     b"\x7f\0\0\2") + udp  # fmt: skip
    frame = ETHERNET + ip
    return struct.pack("<IIII", int(at), round(at % 1 * 1e6), len(frame), len(frame)) + frame


def test_udp_packets_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    other = packet(1.5, 1, 2, b"tcp", protocol=6)
    path.write_bytes(HEADER + packet(1.25, 5060, 20_000, b"one") + other + packet(2, 7, 8, b""))
    first, second = read_pcap(path)
    assert (first.at, first.source, first.destination, first.data) == (1.25, 5060, 20_000, b"one")
    assert second.data == b""


def test_a_packet_that_is_cut_off_ends_the_file(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    path.write_bytes(HEADER + packet(1, 1, 2, b"one") + packet(2, 1, 2, b"two")[:10])
    assert [datagram.data for datagram in read_pcap(path)] == [b"one"]


@pytest.mark.parametrize("data", [b"", b"no capture at all, just text", HEADER[:20] + bytes(4)])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "wire"
    path.write_bytes(data)
    with pytest.raises(UnavailableError):
        list(read_pcap(path))
