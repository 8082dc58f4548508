import os
import stat
import wave
from pathlib import Path

import pytest

from voice_gateway.recorder import Recorder, path_of


def test_only_what_comes_between_start_and_stop_is_kept(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "new", "call-1")
    recorder.take(b"\1\0" * 320)
    recorder.start()
    recorder.take(b"\2\0" * 320)
    recorder.stop()
    recorder.take(b"\3\0" * 320)
    path = path_of(tmp_path / "new", "call-1")
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
        assert file.readframes(10_000) == b"\2\0" * 320
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_consent_there_is_no_file(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "new", "call-1")
    recorder.take(b"\1\0" * 320)
    recorder.stop()
    assert not (tmp_path / "new").exists()


def test_consent_taken_back_deletes_what_was_kept(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "call-1")
    recorder.start()
    recorder.take(b"\2\0" * 320)
    recorder.forget()
    assert not path_of(tmp_path, "call-1").exists()
    recorder.start()
    assert recorder.is_on
    recorder.stop()


def test_a_full_disk_ends_the_recording_and_not_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    recorder = Recorder(tmp_path, "call-1")
    recorder.start()
    recorder.take(b"\1\0" * 320)
    assert not recorder.is_on
