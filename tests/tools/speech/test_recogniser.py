import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
import vosk

from frontline.errors import UnavailableError
from frontline.espeak import Espeak
from frontline.settings import PROJECT
from tools.speech.channel import telephone
from tools.speech.lexicon import Dictionary
from tools.speech.recogniser import HEARD, PHONES, write_graph

vosk.SetLogLevel(-1)


def tiny(folder: Path, utterances: int) -> Path:
    command = [sys.executable, str(PROJECT / "tests/tools/speech/tiny.py")]
    subprocess.run(
        [*command, str(folder), str(utterances)],
        cwd=PROJECT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(PROJECT)},
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return vosk.Model(str(tiny(tmp_path_factory.mktemp("tiny") / "model", 200)))


@pytest.fixture(scope="module")
def speaker() -> Espeak:
    return Espeak()


def said(speaker: Espeak, text: str, voice: str = "pl+m3") -> np.ndarray:
    utterance = speaker.speak(text, voice)
    padded = np.pad(utterance.samples.astype(np.float32) * 0.5, 6000)
    return soxr.resample(padded, utterance.rate_hz, 16000).astype(np.int16)


def heard(recogniser: Any, sound: np.ndarray) -> dict[str, Any]:
    recogniser.AcceptWaveform(sound.tobytes())
    return json.loads(recogniser.FinalResult())


def test_vosk_hears_sentences_with_the_times_of_words(model: Any, speaker: Espeak) -> None:
    recogniser = vosk.KaldiRecognizer(model, 16000)
    recogniser.SetWords(True)
    sound = said(speaker, "gdzie jest moje zamówienie")
    result = heard(recogniser, sound)
    assert result["text"] == "gdzie jest moje zamówienie"
    times = [(word["start"], word["end"]) for word in result["result"]]
    assert times == sorted(times)
    assert times[-1][1] <= len(sound) / 16000
    assert all(word["conf"] > 0.5 for word in result["result"])


def test_vosk_hears_over_a_telephone(model: Any, speaker: Espeak) -> None:
    right = 0
    dice = np.random.default_rng(3)
    for text in ("proszę konsultant", "zamówienie jeden dwa trzy", "tak proszę", "nie"):
        utterance = speaker.speak(text, "pl+f2")
        sound = telephone(np.pad(utterance.samples, 6000), utterance.rate_hz, dice)
        right += heard(vosk.KaldiRecognizer(model, 16000), sound)["text"] == text
    assert right >= 3


def test_a_grammar_at_run_time_is_obeyed(model: Any, speaker: Espeak) -> None:
    recogniser = vosk.KaldiRecognizer(model, 16000, json.dumps(["tak", "nie", "[unk]"]))
    assert heard(recogniser, said(speaker, "tak"))["text"] == "tak"
    assert set(heard(recogniser, said(speaker, "moje zamówienie"))["text"].split()) <= {
        *("tak", "nie", "[unk]"),
    }


def test_words_of_the_vocabulary_are_known_to_vosk(model: Any) -> None:
    assert model.vosk_model_find_word("zamówienie") > 0
    assert model.vosk_model_find_word("lodówka") < 0


def test_two_processes_make_the_same_model(tmp_path: Path) -> None:
    first, second = (tiny(tmp_path / name, 8) for name in ("a", "b"))
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert Path("am/final.mdl") in files
    for name in files:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_a_model_that_could_not_say_its_words_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / PHONES).write_text("t\na\n")
    (tmp_path / HEARD).write_text("{}")
    dictionary = Dictionary(Espeak(), "pl")
    with pytest.raises(UnavailableError, match="pronounces 1 of 2 words"):
        write_graph(tmp_path, [("ta", "zima")], ["ta", "zima"], dictionary)
