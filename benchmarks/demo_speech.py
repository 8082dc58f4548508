"""How well the demo recognisers hear voices that they have not learnt from, over the telephone.

python -m benchmarks.demo_speech [--json] [--size ci|full] [--sentences 40]

A word error rate is the share of words that were missed, added or heard as others, in percent.
`domain`: training sentences of the bot with fresh numbers, which the language model knows.
`digits`: order numbers, postcodes, telephone numbers in all groupings, made up afresh.
`unseen`: sentences of tests/nlu that nothing was learnt from; one Polish word in twenty is not even
in the vocabulary. Speech is espeak-ng's in variants that were held out, over random lines: level,
band, tilt, noise 8 to 45 dB below the speech, G.711.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import vosk

from benchmarks.report import report
from frontline.espeak import Espeak
from frontline.lang import Language
from frontline.settings import PROJECT
from frontline.speech_models import LANGUAGES
from tools.speech.channel import Sound, telephone
from tools.speech.lexicon import VOICES
from tools.speech.make import make_demo_models, parts
from tools.speech.mfcc import RATE_HZ
from tools.speech.patterns import Caller
from tools.speech.recogniser import HELD_OUT
from tools.speech.texts import Sentence, Texts, normal

CHUNK = RATE_HZ // 10
LONGEST = 14
PER_CALL = 6
"""Utterances that one recogniser hears, as in a call."""


class Ear:
    """A model, and what hearing with it has cost."""

    def __init__(self, model: Path) -> None:
        begun = time.perf_counter()
        self._model = vosk.Model(str(model))
        self.load_s = time.perf_counter() - begun
        self.cpu_s = self.audio_s = 0.0
        self._heard = 0
        self._recogniser: Any = None

    def hear(self, sound: Sound) -> Sentence:
        """The words of an utterance."""
        begun = time.process_time()
        if self._heard % PER_CALL == 0:
            self._recogniser = vosk.KaldiRecognizer(self._model, RATE_HZ)
        self._heard += 1
        chunks = (sound[start : start + CHUNK] for start in range(0, len(sound), CHUNK))
        said = [
            json.loads(self._recogniser.Result())["text"]
            for chunk in chunks
            if self._recogniser.AcceptWaveform(chunk.tobytes())
        ]
        said.append(json.loads(self._recogniser.FinalResult())["text"])
        self.cpu_s += time.process_time() - begun
        self.audio_s += len(sound) / RATE_HZ
        return tuple(word for word in " ".join(said).split() if word != "[unk]")


def errors(reference: Sentence, heard: Sentence) -> int:
    """Words missed, added or replaced (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(reference, start=1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def sentences(language: Language, number: int) -> Iterator[tuple[str, list[Sentence]]]:
    """What is said, by kind."""
    texts = Texts(language, seed=99)
    dice = random.Random(77)
    usual = [words for words in texts.sentences if 2 <= len(words) <= LONGEST]
    yield "domain", dice.sample(usual, number)
    caller = Caller(language, random.Random(78))
    ways = (
        caller.order_number,
        caller.postcode,
        caller.phone,
        lambda: caller.number(caller.digits(6)),
    )
    yield "digits", [normal(ways[n % len(ways)]()) for n in range(number)]
    lines = (PROJECT / "tests" / "nlu" / language / "speech.tsv").read_text("utf-8").splitlines()
    fresh = [normal(line.split("\t")[1]) for line in lines if not any(map(str.isdigit, line))]
    yield "unseen", dice.sample([words for words in fresh if len(words) <= LONGEST], number)


def word_error_rate(
    ear: Ear, speaker: Espeak, voice: str, spoken: Sequence[Sentence]
) -> tuple[int, int]:
    """Errors and words of sentences in one voice."""
    dice = np.random.default_rng(5)
    wrong = 0
    for words in spoken:
        rate, pitch = int(dice.integers(150, 190)), int(dice.integers(35, 65))
        said = speaker.speak(" ".join(words), voice, rate=rate, pitch=pitch)
        sound = np.pad(said.samples, (int(0.3 * said.rate_hz),) * 2)
        wrong += errors(words, ear.hear(telephone(sound, said.rate_hz, dice)))
    return wrong, sum(map(len, spoken))


def measure(folder: Path, number: int) -> dict[str, float]:
    """Word error rates, real-time factor and load time of both languages' models."""
    metrics: dict[str, float] = {}
    speaker = Espeak()
    for language in LANGUAGES:
        ear = Ear(folder / f"vosk-{language}")
        for kind, spoken in sentences(language, number):
            wrong = total = 0
            for variant in HELD_OUT:
                voice = f"{VOICES[language]}+{variant}"
                missed, said = word_error_rate(ear, speaker, voice, spoken)
                metrics[f"{language}_{kind}_{variant}_wer"] = 100 * missed / said
                wrong, total = wrong + missed, total + said
            metrics[f"{language}_{kind}_wer"] = 100 * wrong / total
        metrics[f"{language}_rtf"] = ear.cpu_s / ear.audio_s
        metrics[f"{language}_load_ms"] = 1000 * ear.load_s
    return metrics


def main() -> None:
    """Make the models in a folder of their own, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", choices=("ci", "full"), default="full")
    parser.add_argument("--sentences", type=int, default=40)
    chosen = parser.parse_args()
    vosk.SetLogLevel(-1)
    with tempfile.TemporaryDirectory() as place:
        before, begun = _children_cpu_s(), time.perf_counter()
        folder = make_demo_models(Path(place), chosen.size, parts(), lambda _name, _done: None)
        making = {
            "make_cpu_s": _children_cpu_s() - before,
            "make_wall_s": time.perf_counter() - begun,
        }
        metrics = measure(folder, chosen.sentences)
    notes = f"size {chosen.size}; WER in percent over a telephone line, voices held out"
    report("demo_speech", making | metrics, {}, notes)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
