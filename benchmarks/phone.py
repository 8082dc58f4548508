"""A phone line to be measured: the front line, or a peer, behind the same real Asterisk."""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import percentile, report
from frontline.errors import UnavailableError
from frontline.settings import PROJECT, Settings
from tests.common.stack import free_port, running_stack
from tools.telephony.capture import Captured, calls, capturing
from tools.telephony.chroot import chroot_folder, is_made, refuse_without_root
from tools.telephony.pbx import Pbx, end, free_ports, running_pbx
from tools.telephony.pbx_config import PASSWORD, Door
from tools.telephony.sipp import SippCall, sipp_call
from tools.telephony.timeline import Frame
from tools.telephony.voices import alaw

PEER = "asterisk-ai-voice-agent==0.1.6"
PEER_START_S = 120.0
PEER_LINE = "700"
LINES = {"websocket": "8101", "audiosocket": "8201"}
"""The Polish line over each transport; tools/telephony/pbx_config.py has them."""
VOICES = ("pl+f3", "pl+m5")
CALLERS = (1, 4)
Script = Callable[[SippCall], int]
"""What a caller does; returns how often they spoke."""


class Trial(NamedTuple):
    """What is measured."""

    script: Script
    texts: Sequence[str]
    """What the callers say."""
    times: Callable[[Sequence[Frame], Sequence[Frame]], Sequence[float]]
    """Seconds, of what the caller and the bot sent."""
    counted: str
    """The name of their number …"""
    missing: str
    """… and of how many of the callers' words came to nothing."""
    answer_s: float
    """How long the peer's answers last."""


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


def measure(
    pbx: Pbx, number: str, trial: Trial, crowds: Sequence[int] = CALLERS, prefix: str = ""
) -> dict[str, float]:
    """Times in crowds of so many callers."""
    metrics: dict[str, float] = {}
    for callers in crowds:
        captured, spoken = call_many(pbx, number, trial.script, callers)
        times = [each for call in captured for each in trial.times(call.caller, call.bot)]
        name = f"{prefix}c{callers}_" if callers > 1 else prefix
        metrics |= {
            f"{name}p50_ms": percentile(times, 50) * 1000,
            f"{name}p95_ms": percentile(times, 95) * 1000,
            f"{name}{trial.counted}": len(times),
            f"{name}{trial.missing}": spoken - len(times),
        }
    return metrics


def side_by_side(name: str, trial: Trial) -> None:
    """Measure the front line and the peer, and print; or say what is missing."""
    if not can_call():
        return
    for voice in VOICES:
        for text in trial.texts:
            alaw(text, voice)  # said before anything is measured
    peer: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fl-") as folder, front_line(Path(folder)) as pbx:
        metrics = measure(pbx, LINES["websocket"], trial)
        metrics |= measure(pbx, LINES["audiosocket"], trial, CALLERS[:1], "audiosocket_")
    if "--no-peer" not in sys.argv[1:]:
        with peer_line(trial.answer_s) as pbx:
            peer = measure(pbx, PEER_LINE, trial)
    notes = f"peer: {PEER} over AudioSocket, with stubs instead of hearing, thinking and speaking"
    report(name, metrics, peer, notes)
