"""What goes over the loopback: recorded by tcpdump, read from its file."""

import contextlib
import signal
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frontline.errors import UnavailableError
from tools.telephony import rtp
from tools.telephony.pbx import Pbx, end
from tools.telephony.pbx_config import RTP_PORTS
from tools.telephony.timeline import Frame

SIP_METHODS = b"INVITE "
_FILE_HEADER, _PACKET_HEADER = 24, struct.Struct("<IIII")
_MAGIC = 0xA1B2C3D4
_ETHERNET, _ETHERNET_HEADER = 1, 14
_UDP = 17


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP packet."""

    at: float
    """Seconds since 1970, by the kernel."""
    source: int
    destination: int
    """Ports."""
    data: bytes


@dataclass(slots=True)
class Captured:
    """One call's sound in both directions, by the PBX's port for it."""

    caller: list[Frame]
    bot: list[Frame]


@contextlib.contextmanager
def capturing(pbx: Pbx) -> Iterator[Path]:
    """Record the PBX's SIP and RTP; the file is complete when the block is left.

    Raises:
        UnavailableError: tcpdump does not start.
    """
    name = f"{pbx.place}/wire-{time.monotonic_ns()}.pcap"
    ports = f"udp portrange {pbx.ports.rtp}-{pbx.ports.rtp + RTP_PORTS - 1}"
    command = ["chroot", str(pbx.chroot), "tcpdump", "-i", "lo", "-Z", "root", "-s", "2048"]
    command += ["-B", "16384", "-w", name, f"{ports} or udp port {pbx.ports.sip}"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        line = process.stderr.readline() if process.stderr else b""
        if b"listening" not in line:
            raise UnavailableError(f"tcpdump does not start: {line.decode(errors='replace')}")
        yield pbx.chroot / name.lstrip("/")
        time.sleep(1.2)  # its buffer is read once a second
    finally:
        process.send_signal(signal.SIGINT)
        end(process)
        if process.stderr:
            process.stderr.close()


def read_pcap(path: Path) -> Iterator[Datagram]:
    """The UDP packets in a capture of tcpdump on the loopback.

    Raises:
        UnavailableError: not a little-endian pcap file of Ethernet frames.
    Source: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
    """
    data = path.read_bytes()
    if len(data) < _FILE_HEADER or struct.unpack_from("<I", data)[0] != _MAGIC:
        raise UnavailableError(f"{path} is no pcap file")
    if struct.unpack_from("<I", data, 20)[0] != _ETHERNET:
        raise UnavailableError(f"{path} was not captured on a loopback")
    place = _FILE_HEADER
    while place + _PACKET_HEADER.size <= len(data):
        seconds, micros, length, _ = _PACKET_HEADER.unpack_from(data, place)
        place += _PACKET_HEADER.size
        ip = data[place + _ETHERNET_HEADER : place + length]
        place += length
        if len(ip) < 20 or ip[0] >> 4 != 4 or ip[9] != _UDP:
            continue
        udp = ip[(ip[0] & 15) * 4 :]
        if len(udp) >= 8:
            source, destination = struct.unpack_from(">HH", udp)
            yield Datagram(seconds + micros / 1e6, source, destination, udp[8:])


def calls(path: Path, pbx: Pbx) -> dict[int, Captured]:
    """A-law sound of every call with the PBX, by the PBX's port."""
    ports = range(pbx.ports.rtp, pbx.ports.rtp + RTP_PORTS)
    found: dict[int, Captured] = {}
    for datagram in read_pcap(path):
        packet = rtp.decode(datagram.data)
        if packet is None or packet.payload_type != rtp.ALAW:
            continue
        frame = Frame(datagram.at, rtp.level(packet.payload))
        if datagram.destination in ports:
            found.setdefault(datagram.destination, Captured([], [])).caller.append(frame)
        elif datagram.source in ports:
            found.setdefault(datagram.source, Captured([], [])).bot.append(frame)
    return found


def invites(path: Path, pbx: Pbx) -> list[dict[str, str]]:
    """The headers of every INVITE that the PBX sent, names in lower case."""
    found = []
    for datagram in read_pcap(path):
        if datagram.source == pbx.ports.sip and datagram.data.startswith(SIP_METHODS):
            head = datagram.data.split(b"\r\n\r\n")[0].decode("utf-8", "replace")
            lines = (line.partition(":") for line in head.split("\r\n")[1:])
            found.append({name.strip().lower(): value.strip() for name, _, value in lines})
    return found
