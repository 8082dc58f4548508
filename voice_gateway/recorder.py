"""The sound of a call, kept only while its caller agrees."""

import os
import wave
from pathlib import Path

import structlog

from voice_gateway.audio.format import BYTES_PER_MS, RATE, SAMPLE_BYTES

log = structlog.get_logger()

FOLDER = "recordings"
MOST_MS = 4 * 3600 * 1000


def path_of(folder: Path, call_id: str) -> Path:
    """Where the recording of a call is kept."""
    return folder / f"{call_id}.wav"


class Recorder:
    """Writes what comes from one caller, as it came, into a WAV file for this user only.

    What the bot says is in the record word for word; the caller's voice is what is consented to.
    """

    def __init__(self, folder: Path, call_id: str) -> None:
        self._path = path_of(folder, call_id)
        self._file: wave.Wave_write | None = None
        self._left = MOST_MS * BYTES_PER_MS

    @property
    def is_on(self) -> bool:
        """Is sound kept now?"""
        return self._file is not None

    def start(self) -> None:
        """Keep the sound from now on; without room on the disk nothing is kept."""
        if self._file is not None or self._path.exists():
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = wave.open(os.fdopen(descriptor, "wb"), "wb")  # noqa: SIM115
            self._file.setnchannels(1)
            self._file.setsampwidth(SAMPLE_BYTES)
            self._file.setframerate(RATE)
        except OSError as error:
            log.warning("recorder.cannot_write", error=error.strerror)
            self._file = None

    def take(self, pcm: bytes) -> None:
        """Keep this, while the recording is on."""
        if self._file is None or self._left <= 0:
            return
        try:
            self._file.writeframes(pcm)
            self._left -= len(pcm)
        except OSError as error:
            log.warning("recorder.cannot_write", error=error.strerror)
            self.stop()

    def forget(self) -> None:
        """The caller takes consent back: nothing is kept."""
        self.stop()
        self._path.unlink(missing_ok=True)

    def stop(self) -> None:
        """Keep nothing more."""
        file, self._file = self._file, None
        if file:
            try:
                file.close()
            except OSError as error:
                log.warning("recorder.cannot_write", error=error.strerror)
