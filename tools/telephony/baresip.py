"""A telephone that nobody here has written: baresip, as an agent's and as a caller's."""

import contextlib
import json
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frontline.errors import UnavailableError
from tools.telephony.pbx import Pbx, end
from tools.telephony.pbx_config import PASSWORD
from tools.telephony.voices import tone, write_wav

START_LIMIT_S = 15.0
WAV_HEADER = 44
CONFIG = """
sip_listen 127.0.0.1:{sip}
audio_source aufile,{place}/speaks.wav
audio_player aufile,{place}/hears.wav
audio_alert aufile,{place}/alert.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports {rtp}-{rtp_end}
ctrl_tcp_listen 127.0.0.1:{control}
module_path /usr/lib/baresip/modules
module_tmp uuid.so
module_tmp account.so
module g711.so
module aufile.so
module_app menu.so
module_app ctrl_tcp.so
"""


class Baresip:
    """A running telephone."""

    def __init__(self, folder: Path, place: str, control: socket.socket) -> None:
        self._folder = folder
        self._place = place
        self._control = control
        self._control.setblocking(False)
        self._told = b""

    def dial(self, uri: str) -> None:
        """Call somebody."""
        self._command("dial", uri)

    def hang_up(self) -> None:
        """End the call."""
        self._command("hangup")

    def press(self, keys: str) -> None:
        """Press keys during the call."""
        for key in keys:
            self._command("sndcode", key)
            time.sleep(0.15)
            self._command("sndcode", "\x04")  # the key is let go
            time.sleep(0.15)

    def say(self, samples: bytes) -> None:
        """Speak into the call; returns when it is said. `samples` as of `voices.pcm`."""
        name = f"says-{secrets.token_hex(4)}.wav"
        write_wav(self._folder / name, samples + bytes(16_000 * 60))
        self._command("ausrc", f"aufile,{self._place}/{name}")
        time.sleep(len(samples) / 16_000)

    def heard(self) -> bytes:
        """What came over the line so far; as of `voices.pcm`."""
        path = self._folder / "hears.wav"
        data = path.read_bytes()[WAV_HEADER:] if path.exists() else b""
        return data[: len(data) // 2 * 2]

    def wait_for(self, event: str, limit_s: float = 20.0) -> None:
        """Wait until the telephone tells of an event, `CALL_ESTABLISHED` for example.

        Raises:
            UnavailableError: it does not; with what it told.
        """
        deadline = time.monotonic() + limit_s
        while event.encode() not in self._told:
            with contextlib.suppress(BlockingIOError):
                self._told += self._control.recv(65536)
            if time.monotonic() > deadline:
                raise UnavailableError(f"baresip tells nothing of {event}: {self._told[-800:]!r}")
            time.sleep(0.05)

    def _command(self, name: str, parameters: str = "") -> None:
        """A netstring with JSON, as its module ctrl_tcp wants it."""
        command: dict[str, Any] = {"command": name, "params": parameters, "token": name}
        data = json.dumps(command).encode()
        self._control.sendall(b"%d:%s," % (len(data), data))


@contextlib.contextmanager
def baresip(pbx: Pbx, account: str, *, answers: bool = False) -> Iterator[Baresip]:
    """A telephone with an account at the PBX.

    Args:
        pbx: where it is logged in.
        account: of deploy/asterisk/pjsip.conf, or `caller`.
        answers: it registers and answers by itself, with a tone of 440 Hz; else it only calls.

    Raises:
        UnavailableError: it does not start.
    """
    name = f"baresip-{secrets.token_hex(4)}"
    folder, place = pbx.folder / name, f"{pbx.place}/{name}"
    folder.mkdir()
    sip, control, rtp = _ports()
    settings = {"sip": sip, "control": control, "rtp": rtp, "rtp_end": rtp + 40, "place": place}
    (folder / "config").write_text(CONFIG.format(**settings), encoding="utf-8")
    mode = "auto" if answers else "manual"
    (folder / "accounts").write_text(
        f"<sip:{account}@127.0.0.1:{pbx.ports.sip}>;auth_user={account};auth_pass={PASSWORD};"
        f"audio_codecs=PCMA;regint={60 if answers else 0};answermode={mode}\n",
        encoding="utf-8",
    )
    (folder / "contacts").write_text("\n", encoding="utf-8")
    write_wav(folder / "speaks.wav", tone(60) if answers else bytes(16_000 * 120))
    write_wav(folder / "alert.wav", bytes(1600))
    output, before = folder / "output", len(pbx.log())
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["chroot", str(pbx.chroot), "baresip", "-4", "-f", place],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        with _connect(control, process, output) as connection:
            if answers:
                pbx.wait_for(f"to AOR '{account}'", after=before)
            yield Baresip(folder, place, connection)
    finally:
        end(process)


def _connect(port: int, process: "subprocess.Popen[bytes]", output: Path) -> socket.socket:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                said = output.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise UnavailableError(f"baresip does not start:\n{said}") from None
            time.sleep(0.1)


def _ports() -> tuple[int, int, int]:
    """SIP, control and the first for RTP, free now."""
    with contextlib.ExitStack() as stack:
        found = []
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_DGRAM):
            probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
            probe.bind(("127.0.0.1", 0))
            found.append(probe.getsockname()[1])
    return found[0], found[1], found[2] // 2 * 2 - 64
