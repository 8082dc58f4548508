"""Makes the demo voices: small Piper voices that have learnt from espeak-ng."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

from frontline.lang import Language
from tools.speech.texts import Texts
from tools.speech.voice_context import PLACE_FEATURES, one_hot, width
from tools.speech.voice_graph import Trained, voice_model
from tools.speech.voice_lessons import Lessons, Sentence, chosen, gather, speak
from tools.speech.voice_net import Floats, Net, Rows, train
from tools.speech.voice_sound import HOP, POINT_HZ, POINTS, RATE_HZ, WIDTH

Size = Literal["ci", "full"]
Report = Callable[[str, float], None]
"""Told what is being done and which part of all is."""

LEVEL_DB = -20.0
"""RMS while speaking, full scale 0."""
RATIO = 3.0
"""Of so many decibels above the mean loudness one is left."""
DECIBEL = np.log(10) / 10
"""As a natural logarithm of power, which envelopes are."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much is learnt."""

    sentences: int
    hidden: int
    """Units of each of the two hidden layers that make the sound."""
    epochs: int
    every: int
    """One of so many frames is learnt from in each epoch."""


LENGTH_RATES, SOUND_RATES = (1e-2, 2e-5), (6e-3, 2e-4)
"""Of learning, at the beginning and at the end: on sentences not learnt from, half the error of
Adam's usual ones."""
RECIPES: dict[Size, Recipe] = {
    "ci": Recipe(sentences=150, hidden=192, epochs=12, every=4),
    "full": Recipe(sentences=300, hidden=256, epochs=16, every=3),
}
TEACHERS: dict[Language, tuple[str, str]] = {"pl": ("pl", "pl+m3"), "en": ("en-us", "en-us+f2")}
"""espeak-ng's language, and its voice."""


def make(
    language: Language,
    folder: Path,
    size: Size,
    report: Report = lambda step, part: None,
    pool: Sequence[Sentence] | None = None,
) -> None:
    """Write `voice.onnx` and `voice.onnx.json`.

    The files are the same every time on the same machine with one BLAS thread.

    Args:
        language: of the voice.
        folder: exists.
        size: the recipe.
        report: told of the progress.
        pool: spoken words to choose the sentences to learn from; None = all the telephone's texts.

    Raises:
        UnavailableError: espeak-ng cannot be loaded.
    """
    recipe = RECIPES[size]
    espeak_language, teacher = TEACHERS[language]
    sentences = _sentences(language, recipe.sentences, pool)
    spoken = speak(sentences, espeak_language, teacher, lambda part: report("listening", part / 2))
    lessons = gather(list(spoken))
    trained = learn(lessons, recipe, lambda part: report("learning", (1 + part) / 2))
    (folder / "voice.onnx").write_bytes(voice_model(trained))
    described = json.dumps(describe(trained.ids, espeak_language), ensure_ascii=False, indent=1)
    (folder / "voice.onnx.json").write_text(described + "\n", "utf-8")


def _sentences(language: Language, count: int, pool: Sequence[Sentence] | None) -> list[str]:
    if pool is not None:
        return chosen(pool, count, seed=1)
    texts = Texts(language)
    numbers = [tuple(texts.caller.number(texts.caller.digits(6)).split()) for _ in range(200)]
    some = chosen(numbers, count // 8, seed=2)  # order numbers are said often, and must be right
    return some + chosen([*texts.responses, *texts.sentences], count - len(some), seed=1)


def learn(lessons: Lessons, recipe: Recipe, report: Callable[[float], None]) -> Trained:
    """Train both nets."""
    symbols = len(lessons.ids)

    def context(rows: Rows) -> Floats:
        return one_hot(lessons.contexts[rows], symbols)

    def context_and_place(rows: Rows) -> Floats:
        return np.concatenate([context(lessons.symbol[rows]), lessons.place[rows]], 1)

    lengths = np.log(lessons.durations + 0.5).astype(np.float32)[:, None]
    length_mean, length_spread = lengths.mean(), lengths.std()
    length_net = Net((width(symbols), 96, 1), seed=2)
    targets = (lengths - length_mean) / length_spread
    train(length_net, context, targets, epochs=16, batch=64, rates=LENGTH_RATES)

    parameters = evened(lessons.parameters)
    mean, spread = parameters.mean(0), parameters.std(0) + 1e-3
    weight = np.ones(WIDTH, np.float32)
    weight[-2:] = 3  # pitch and voicing: two of many, but plainly heard
    sizes = (width(symbols) + PLACE_FEATURES, recipe.hidden, recipe.hidden, WIDTH)
    sound_net = Net(sizes, seed=1)
    train(
        sound_net,
        context_and_place,
        (parameters - mean) / spread,
        epochs=recipe.epochs,
        batch=256,
        every=recipe.every,
        rates=SOUND_RATES,
        weight=weight,
        report=report,
    )
    some = np.arange(0, len(parameters), 10)
    said = sound_net.layers(context_and_place(some))[-1] * spread + mean
    mean[:POINTS] += (LEVEL_DB - loudness(said)) * DECIBEL
    return Trained(
        lessons.ids, length_net, float(length_mean), float(length_spread), sound_net, mean, spread
    )


def evened(parameters: Floats) -> Floats:
    """Parameters with loud sounds nearer to the others: fewer peaks at the same loudness."""
    decibels = _decibels(parameters)
    above = np.maximum(0, decibels - loudness(parameters))
    result = parameters.copy()
    result[:, :POINTS] -= (above * (1 - 1 / RATIO) * DECIBEL)[:, None]
    return result


def loudness(parameters: Floats) -> float:
    """RMS of the frames that are not silent, in decibels, full scale 0."""
    decibels = _decibels(parameters)
    speaking = decibels[decibels > np.percentile(decibels, 95) - 30]
    return float(10 * np.log10((10 ** (speaking / 10)).mean()))


def _decibels(parameters: Floats) -> Floats:
    """Of each frame, full scale 0."""
    hertz = np.linspace(0, RATE_HZ / 2, 200)
    table = np.stack([np.interp(hertz, POINT_HZ, row) for row in np.eye(POINTS)]).mean(1)
    power = np.exp(parameters[:, :POINTS].astype(np.float64)) @ table
    decibels: Floats = 10 * np.log10(power / 32768**2)
    return decibels


def describe(ids: Mapping[str, int], espeak_language: str) -> dict[str, Any]:
    """What `voice.onnx.json` says: Piper's configuration."""
    return {
        "dataset": "espeak-ng, synthetic: for tests and demonstrations only",
        "audio": {"sample_rate": RATE_HZ, "quality": "demo"},
        "espeak": {"voice": espeak_language},
        "language": {"code": espeak_language},
        "phoneme_type": "espeak",
        "num_symbols": len(ids),
        "num_speakers": 1,
        "speaker_id_map": {},
        "hop_length": HOP,
        "inference": {"noise_scale": 0.0, "length_scale": 1.0, "noise_w": 0.0},
        "phoneme_id_map": {
            symbol: [ids[known(symbol, ids)]] for symbol in (*ids, *DEFAULT_PHONEME_ID_MAP)
        },
    }


def known(symbol: str, ids: Mapping[str, int]) -> str:
    """The symbol, or the nearest one that was heard; a space if there is none."""
    return next((near for near in (symbol, *NEAR.get(symbol, "")) if near in ids), " ")


NEAR = {
    symbol: near
    for symbols, near in (
        ("əɐʌɜɚɝɘɵɞ", "əɐʌɜaɛɔ"),
        ("aɑæɒ", "aɑæɒɔ"),
        ("oɔɤɒ", "ɔoɑ"),
        ("eɛøœε", "ɛeɪ"),
        ("iɪᵻɨyʏɯ", "ɪiɨᵻ"),
        ("uʊʉ", "uʊ"),
        ("θf", "fs"),
        ("ðvʋⱱβ", "vd"),
        ("hxçχħɦXɸ", "xh"),
        ("rɹɾʁʀɻɽ", "rɹɾ"),
        ("lɫʎɭɬ", "l"),
        ("ʃɕʂ", "ʃɕ"),
        ("ʒʑʐ", "ʒʑ"),
        ("nɲɳŋɴ", "nŋɲ"),
        ("gɡɟɢɣ", "ɡ"),
        ("cqk", "k"),
        ("ʈt", "t"),
        ("ɖd", "d"),
        ("wʍɰ", "wu"),
        ("ʦ", "s"),
        ("mɱ", "m"),
        (";:,", ","),
        ("!", "."),
    )
    for symbol in symbols
}
"""What stands in for a symbol that was not heard, the best first: foreign sounds, for example."""
