"""A phone line to be measured: the front line, or a peer, behind the same real Asterisk."""

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from frontline.errors import UnavailableError
from frontline.settings import PROJECT, Settings
from tests.common.stack import free_port, running_stack
from tools.telephony.capture import Captured, calls, capturing
from tools.telephony.chroot import chroot_folder, is_made, refuse_without_root
from tools.telephony.pbx import Pbx, end, free_ports, running_pbx
from tools.telephony.pbx_config import PASSWORD, Door
from tools.telephony.sipp import SippCall, sipp_call

PEER = "asterisk-ai-voice-agent==0.1.6"
PEER_START_S = 120.0
PEER_LINE = "700"
LINES = {"websocket": "8101", "audiosocket": "8201"}
"""The Polish line over each transport; tools/telephony/pbx_config.py has them."""
Script = Callable[[SippCall], int]
"""What a caller does; returns how often they spoke."""


def can_call() -> bool:
    """Is there an Asterisk to call? Otherwise says why not."""
    try:
        refuse_without_root()
        if not is_made(chroot_folder()):
            raise UnavailableError("there is no Asterisk to measure with: `make test-telephony`")
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return False
    return True


@contextlib.contextmanager
def front_line(folder: Path) -> Iterator[Pbx]:
    """A front line of its own, and an Asterisk in front of it."""
    voice, audiosocket = free_port(), free_port()
    settings = {"voice": "true", "voice_password": PASSWORD, "voice_port": str(voice)}
    with running_stack(folder, audiosocket_port=str(audiosocket), **settings) as stack:
        user = Settings(data_dir=stack.data_dir).voice_user
        with running_pbx(Door(free_ports(voice, audiosocket), user)) as pbx:
            yield pbx


@contextlib.contextmanager
def peer_line(answer_s: float) -> Iterator[Pbx]:
    """The peer and an Asterisk in front of it; its answers last `answer_s` seconds."""
    uv = shutil.which("uv") or str(PROJECT / ".tools" / "uv" / "bin" / "uv")
    audiosocket, register = free_port(), free_port()
    program = str(Path(__file__).with_name("peers") / "ai_voice_agent.py")
    command = [uv, "run", "--no-project", "--isolated", "--python", sys.executable]
    command += ["--with", PEER, "python", program, str(audiosocket), str(register), str(answer_s)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        _wait_for(register, process)
        own = f"PEER_URL=http://127.0.0.1:{register}\nPEER_AUDIOSOCKET=127.0.0.1:{audiosocket}\n"
        with running_pbx(Door(free_ports(), globals=own)) as pbx:
            yield pbx
    finally:
        end(process)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PEER_START_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise UnavailableError(f"{PEER} does not start")
        time.sleep(0.2)


def call_many(pbx: Pbx, number: str, script: Script, callers: int) -> tuple[list[Captured], int]:
    """So many callers at once; what was on the wire of each, and how often they all spoke.

    Raises:
        UnavailableError: a call was not answered, or a caller waited in vain.
    """
    spoken: list[int] = []
    failures: list[Exception] = []

    def one(place: int) -> None:
        try:
            time.sleep(0.3 * place)
            with sipp_call(pbx, number, caller=f"+4860000000{place}") as call:
                spoken.append(script(call))
        except (UnavailableError, OSError) as error:
            failures.append(error)

    with capturing(pbx) as wire:
        threads = [threading.Thread(target=one, args=(place,)) for place in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise UnavailableError(f"{len(failures)} of {callers} calls failed: {failures[0]}")
    return list(calls(wire, pbx).values()), sum(spoken)
