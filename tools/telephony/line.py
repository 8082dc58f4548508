"""A caller's end of a telephone line: what it sends and hears as RTP, 20 ms at a time."""

import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from frontline.errors import UnavailableError
from tools.telephony import rtp
from tools.telephony.timeline import VOICED, Frame

LATE_S = 0.2
"""After a stall longer than this the clock starts anew instead of catching up in a burst."""


class Line:
    """Sends silence unless it has something to say, and keeps what it hears.

    As a context manager: left, it is silent and its port free.
    """

    def __init__(self, host: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self.heard: list[Frame] = []
        """Every sound packet that came."""
        self.sound: list[bytes] = []
        """A-law that came, packet by packet."""
        self.said: list[tuple[float, float]] = []
        """When each utterance began and ended, `time.monotonic()`."""
        self._remote: tuple[str, int] | None = None
        self._queue: deque[bytes | str] = deque()
        self._stop = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._sequence = secrets.randbelow(1 << 15)
        self._timestamp = secrets.randbelow(1 << 30)
        self._source = secrets.randbelow(1 << 32)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Fall silent."""
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def connect(self, host: str, port: int) -> None:
        """Begin to send, to the other end."""
        self._remote = (host, port)

    def say(self, alaw: bytes, *, wait: bool = True) -> None:
        """Speak; waits until it is said, unless told not to."""
        self._idle.clear()
        self._queue.append(alaw)
        if wait:
            self._idle.wait()

    def press(self, keys: str) -> None:
        """Press keys, one after the other; waits until it is done."""
        self._idle.clear()
        for key in keys:
            self._queue.append(key)
            self._queue.append(rtp.SILENCE * 5)  # 100 ms between two keys
        self._idle.wait()

    def is_silent(self, quiet_s: float) -> bool:
        """Has the other end said nothing for so long?"""
        last = next((f.at for f in reversed(self.heard) if f.level > VOICED), 0.0)
        return time.monotonic() - last > quiet_s

    def wait_for_answer(self, *, quiet_s: float = 1.0, limit_s: float = 30.0) -> None:
        """Wait until the other end has spoken from now on, and then been quiet.

        Raises:
            UnavailableError: it did not within `limit_s`.
        """
        began = time.monotonic()
        while not (self._voiced_since(began) and self.is_silent(quiet_s)):
            if time.monotonic() > began + limit_s:
                voiced = "speaks on" if self._voiced_since(began) else "says nothing"
                raise UnavailableError(f"after {limit_s:.0f} s the other end {voiced}")
            time.sleep(0.02)

    def wait_for_voice(self, *, limit_s: float = 15.0) -> None:
        """Wait until the other end speaks. Raises as `wait_for_answer`."""
        began = time.monotonic()
        while not self._voiced_since(began):
            if time.monotonic() > began + limit_s:
                raise UnavailableError(f"after {limit_s:.0f} s the other end says nothing")
            time.sleep(0.02)

    def _voiced_since(self, moment: float) -> bool:
        for frame in reversed(self.heard):
            if frame.at < moment:
                return False
            if frame.level > VOICED:
                return True
        return False

    def _run(self) -> None:
        frames = self._frames()
        due = time.monotonic()
        while not self._stop.is_set():
            now = time.monotonic()
            self._receive(now)
            if now < due:
                self._stop.wait(min(due - now, 0.005))
                continue
            due = now if now - due > LATE_S else due
            due += rtp.FRAME_MS / 1000
            packet = next(frames)
            if self._remote:
                self._send(packet)

    def _send(self, packet: rtp.Packet) -> None:
        try:
            self._socket.sendto(packet.encode(), self._remote or ("", 0))
        except OSError:  # the other end has closed its port
            return

    def _receive(self, now: float) -> None:
        while True:
            try:
                data = self._socket.recv(2048)
            except BlockingIOError:
                return
            except OSError:
                continue
            packet = rtp.decode(data)
            if packet and packet.payload_type == rtp.ALAW:
                self.heard.append(Frame(now, rtp.level(packet.payload)))
                self.sound.append(packet.payload)

    def _frames(self) -> Iterator[rtp.Packet]:
        """What goes out, for ever, one packet every 20 ms."""
        while True:
            try:
                next_thing = self._queue.popleft()
            except IndexError:
                self._idle.set()
                yield self._packet(rtp.SILENCE)
                continue
            if isinstance(next_thing, str):
                yield from self._key(next_thing)
            else:
                yield from self._utterance(next_thing)

    def _utterance(self, alaw: bytes) -> Iterator[rtp.Packet]:
        began = time.monotonic()
        for place in range(0, len(alaw), rtp.FRAME_SAMPLES):
            yield self._packet(alaw[place : place + rtp.FRAME_SAMPLES].ljust(160, b"\xd5"))
        self.said.append((began, time.monotonic()))

    def _packet(self, payload: bytes) -> rtp.Packet:
        self._sequence += 1
        self._timestamp += rtp.FRAME_SAMPLES
        return rtp.Packet(rtp.ALAW, self._sequence, self._timestamp, self._source, payload)

    def _key(self, key: str) -> Iterator[rtp.Packet]:
        begun = self._timestamp + rtp.FRAME_SAMPLES
        for number, payload in enumerate(rtp.key_payloads(key)):
            self._sequence += 1
            self._timestamp += rtp.FRAME_SAMPLES
            yield rtp.Packet(
                rtp.KEYS, self._sequence, begun, self._source, payload, marker=number == 0
            )
