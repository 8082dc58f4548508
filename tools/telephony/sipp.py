"""A caller from the telephone network: sipp does the SIP, `Line` the sound."""

import contextlib
import re
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from frontline.errors import UnavailableError
from tools.telephony.line import Line
from tools.telephony.pbx import Pbx, end
from tools.telephony.pbx_config import TRUNK

SCENARIO = Path(__file__).with_name("caller.xml")
ANSWER_LIMIT_S = 20.0


class SippCall:
    """A call that was answered."""

    def __init__(self, line: Line, process: "subprocess.Popen[bytes]", port: int, id_: str) -> None:
        self.line = line
        self._process = process
        self._port = port
        self._id = id_

    @property
    def is_over(self) -> bool:
        """Has either side hung up?"""
        return self._process.poll() is not None

    def wait_until_over(self, limit_s: float = 20.0) -> None:
        """Wait until the other side hangs up.

        Raises:
            UnavailableError: it did not.
        """
        try:
            self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise UnavailableError(f"after {limit_s:.0f} s the call is still there") from None

    def hang_up(self) -> None:
        """End the call from this side."""
        if self.is_over:
            return
        # The scenario waits for a request of this name and then says goodbye.
        lines = ["INFO sip:caller SIP/2.0", f"Via: SIP/2.0/UDP {TRUNK}:9;branch=z9hG4bK-hang-up"]
        lines += ["From: <sip:test@test>;tag=1", "To: <sip:test@test>", f"Call-ID: {self._id}"]
        lines += ["CSeq: 1 INFO", "Content-Length: 0", "", ""]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto("\r\n".join(lines).encode(), (TRUNK, self._port))
        self.wait_until_over()


@contextlib.contextmanager
def sipp_call(pbx: Pbx, number: str, *, caller: str = "+48600123456") -> Iterator[SippCall]:
    """Call a number; yields once it was answered, and hangs up afterwards.

    Args:
        pbx: whom to call.
        number: which line.
        caller: the number it calls from.

    Raises:
        UnavailableError: nobody answers.
    """
    name = f"sipp-{secrets.token_hex(4)}"
    folder = pbx.folder / name
    folder.mkdir()
    (folder / "caller.xml").write_text(SCENARIO.read_text(encoding="utf-8"), encoding="utf-8")
    inside = f"{pbx.place}/{name}"
    call_id, port = f"{name}@frontline", _free_port()
    with Line(TRUNK) as line, (folder / "output").open("wb") as output:
        command = ["chroot", str(pbx.chroot), "sipp", f"127.0.0.1:{pbx.ports.sip}"]
        command += ["-sf", f"{inside}/caller.xml", "-s", number, "-i", TRUNK, "-p", str(port)]
        command += ["-m", "1", "-l", "1", "-nostdin", "-cid_str", call_id, "-trace_logs"]
        command += ["-log_file", f"{inside}/log", "-key", "media", str(line.port)]
        command += ["-key", "caller", caller, "-mi", TRUNK]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            line.connect("127.0.0.1", _answered(process, folder))
            call = SippCall(line, process, port, call_id)
            yield call
            call.hang_up()
        finally:
            end(process)


def _answered(process: "subprocess.Popen[bytes]", folder: Path) -> int:
    """The PBX's RTP port, as its answer tells."""
    deadline, log = time.monotonic() + ANSWER_LIMIT_S, folder / "log"
    while True:
        said = log.read_text(encoding="utf-8") if log.exists() else ""
        found = re.search(r"media at (\d+)", said)
        if found:
            return int(found[1])
        if process.poll() is not None or time.monotonic() > deadline:
            told = (folder / "output").read_text(encoding="utf-8", errors="replace")[-2000:]
            raise UnavailableError(f"the call was not answered:\n{told}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((TRUNK, 0))
        port: int = probe.getsockname()[1]
        return port
