import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import espeakng_loader
import numpy as np
import pytest

from frontline.errors import RefusedError
from frontline.espeak import MAX_CHARACTERS, STRESS, Espeak
from frontline.settings import PROJECT

SAY_TWICE = """
import hashlib
from frontline.espeak import Espeak
speaker = Espeak()
speaker.speak("dzień dobry", "pl+f2", rate=190)
print(hashlib.sha256(speaker.speak("dzień dobry", "pl+m3").samples.tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def speaker() -> Espeak:
    return Espeak()


def test_words_have_their_phones(speaker: Espeak) -> None:
    said = speaker.speak("tak proszę", "pl")
    names = [(word.text, "".join(phone.ipa for phone in word.phones)) for word in said.words]
    assert names == [("tak", "tˈak"), ("proszę", "prˈɔʃɛ")]


def test_phones_come_in_order_inside_the_sound(speaker: Espeak) -> None:
    said = speaker.speak("where is my order", "en-us+f2")
    starts = [phone.start for phone in said.phones]
    assert starts == sorted(starts)
    assert 0 <= starts[0] < starts[-1] < len(said.samples)
    assert any(phone.ipa[:1] in STRESS for phone in said.phones if phone.ipa)


def test_speech_is_loud_and_of_the_length_of_speech(speaker: Espeak) -> None:
    said = speaker.speak("gdzie jest moje zamówienie", "pl+m1")
    assert said.rate_hz == speaker.rate_hz == 22050
    assert 1.0 < said.duration_s < 4.0
    assert int(np.abs(said.samples.astype(np.int32)).max()) > 5000


def test_a_faster_rate_is_shorter(speaker: Espeak) -> None:
    text = "proszę podać numer zamówienia"
    lengths = [speaker.speak(text, "pl", rate=rate).duration_s for rate in (120, 170, 240)]
    assert all(slow > fast for slow, fast in pairwise(lengths))


def test_two_processes_speak_the_same_samples() -> None:
    command = [sys.executable, "-c", SAY_TWICE]
    first, second = (
        subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert first == second
    assert len(first.strip()) == 64


@pytest.mark.parametrize(
    ("text", "language"), [("gdzie jest moje zamówienie", "pl"), ("where is my order", "en-us")]
)
def test_words_are_pronounced_as_they_are_spoken(speaker: Espeak, text: str, language: str) -> None:
    unstressed = str.maketrans("", "", STRESS)
    spoken = "".join(phone.ipa for phone in speaker.speak(text, language).phones)
    pronounced = "".join(speaker.pronounce(text, language))
    assert pronounced.translate(unstressed) == spoken.translate(unstressed)


def test_all_clauses_are_pronounced(speaker: Espeak) -> None:
    assert "".join(speaker.pronounce("Tak. Nie, tak!", "pl")) == "tˈakɲʲɛtˈak"
    assert speaker.pronounce("", "pl") == ()


@pytest.mark.parametrize("voice", ["", "xx", "pl+nobody", "pl+../m1"])
def test_an_unknown_voice_is_refused(speaker: Espeak, voice: str) -> None:
    with pytest.raises(RefusedError, match="no voice"):
        speaker.speak("tak", voice)


def test_a_very_long_text_is_refused(speaker: Espeak) -> None:
    with pytest.raises(RefusedError, match="too many"):
        speaker.speak("a" * (MAX_CHARACTERS + 1), "pl")


@pytest.mark.parametrize("text", ["", "...", "a\0b", "\ud800", "👍"])
def test_odd_texts_do_no_harm(speaker: Espeak, text: str) -> None:
    assert speaker.speak(text, "pl").duration_s < 3


def test_data_in_a_deep_folder_is_found(tmp_path: Path) -> None:
    """espeak-ng cuts long paths."""
    deep = tmp_path / ("x" * 90) / ("y" * 90)
    deep.mkdir(parents=True)
    (deep / "espeak-ng-data").symlink_to(espeakng_loader.get_data_path())
    code = f"""
import espeakng_loader
espeakng_loader.get_data_path = lambda: {str(deep / "espeak-ng-data")!r}
from frontline.espeak import Espeak
print(Espeak().speak("tak", "pl+m3").duration_s > 0.2)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
