import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from piper import PiperVoice, SynthesisConfig

from frontline.settings import PROJECT
from tools.speech.onnx_file import FLOAT, Graph
from tools.speech.voice import LEVEL_DB, describe, evened, known, loudness, make
from tools.speech.voice_context import clauses, one_hot, places, slots, width
from tools.speech.voice_graph import LEAST_FRAMES, Trained, voice_model
from tools.speech.voice_net import Net
from tools.speech.voice_sound import HOP, POINTS, RATE_HZ, WIDTH, Floats
from tools.speech.voice_vocoder import Vocoder

POOL = [
    tuple(text.split())
    for text in (
        "dzień dobry w czym mogę pomóc",
        "zamówienie jest w drodze i dotrze we wtorek",
        "czy połączyć z konsultantem",
        "proszę podać numer zamówienia i kod pocztowy",
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć zero",
        "zwrot pieniędzy trwa do czternastu dni",
        "dziękujemy za rozmowę życzę miłego dnia",
        "paczka czeka w punkcie odbioru",
        "reklamację przyjęliśmy odpowiemy w ciągu dwóch tygodni",
        "nie znalazłam takiego zamówienia",
        "faktura przyjdzie na podany adres",
        "halo gdzie jest moja przesyłka",
    )
]
AS_IT_IS = SynthesisConfig(normalize_audio=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice that has heard twelve sentences."""
    folder = tmp_path_factory.mktemp("voice")
    make("pl", folder, "ci", pool=POOL)
    return folder


@pytest.fixture(scope="module")
def voice(folder: Path) -> PiperVoice:
    return PiperVoice.load(folder / "voice.onnx")


def said(voice: PiperVoice, text: str) -> Floats:
    chunks = [chunk.audio_float_array for chunk in voice.synthesize(text, AS_IT_IS)]
    return np.concatenate(chunks)


def test_piper_loads_a_small_file_that_speaks_at_16_khz(folder: Path, voice: PiperVoice) -> None:
    assert (folder / "voice.onnx").stat().st_size < 2_500_000
    assert voice.config.sample_rate == RATE_HZ == 16_000
    assert 1.5 < len(said(voice, "Dzień dobry, w czym mogę pomóc?")) / RATE_HZ < 4


def test_two_processes_make_the_same_files(tmp_path: Path) -> None:
    """In one process the second voice differs in a few bits: espeak-ng's oscillator runs on."""
    folders = [tmp_path / name for name in ("first", "second")]
    program = "import sys; from pathlib import Path; from tools.speech.voice import make\n"
    program += f"make('pl', Path(sys.argv[1]), 'ci', pool={POOL!r})"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    makers = []
    for folder in folders:
        folder.mkdir()
        command = [sys.executable, "-c", program, str(folder)]
        makers.append(subprocess.Popen(command, cwd=PROJECT, env=environment))
    assert [maker.wait(120) for maker in makers] == [0, 0]
    for name in ("voice.onnx", "voice.onnx.json"):
        first, second = ((folder / name).read_bytes() for folder in folders)
        assert first == second


def test_the_same_text_sounds_the_same(voice: PiperVoice) -> None:
    first, second = (said(voice, "Zamówienie jest w drodze.") for _ in range(2))
    assert (first == second).all()


def test_it_is_neither_loud_nor_faint_and_begins_and_ends_in_silence(voice: PiperVoice) -> None:
    sound = said(voice, "Proszę podać numer zamówienia.")
    frames = (sound[: len(sound) // 320 * 320].reshape(-1, 320) ** 2).mean(1)
    speaking = frames[frames > np.percentile(frames, 95) / 1000]
    assert 10 * np.log10(speaking.mean()) == pytest.approx(LEVEL_DB, abs=3)
    assert abs(sound).max() < 10 ** (-3 / 20)
    assert abs(sound.mean()) < 1e-3
    assert max(abs(sound[:16]).max(), abs(sound[-16:]).max()) < 1e-3


@pytest.mark.parametrize("text", ["", " ", "...", "!!!"])
def test_nothing_to_say_is_no_sound(voice: PiperVoice, text: str) -> None:
    assert list(voice.synthesize(text)) == []


def test_foreign_words_numbers_and_signs_are_said_without_a_warning(
    voice: PiperVoice, caplog: pytest.LogCaptureFixture
) -> None:
    text = "Weekend w Köln; through the theatre: 123,45 zł (jan@example.com) „hej” — 5% ½ €? ой!"
    with caplog.at_level(logging.WARNING):
        assert len(said(voice, text)) > RATE_HZ
    assert caplog.messages == []


def test_slower_is_longer(voice: PiperVoice) -> None:
    text = "Dzień dobry."
    slow = SynthesisConfig(length_scale=1.5, normalize_audio=False)
    chunks = [chunk.audio_float_array for chunk in voice.synthesize(text, slow)]
    assert len(np.concatenate(chunks)) > 1.3 * len(said(voice, text))


def test_the_time_of_each_sound_is_told(voice: PiperVoice) -> None:
    (chunk,) = voice.synthesize("Dzień dobry.", AS_IT_IS, include_alignments=True)
    assert chunk.phoneme_alignments is not None
    lengths = [sound.num_samples for sound in chunk.phoneme_alignments]
    assert sum(lengths) == len(chunk.audio_float_array)
    letters = {sound.phoneme: sound.num_samples for sound in chunk.phoneme_alignments}
    assert letters["ˈ"] == 0 < letters["b"]


def test_a_symbol_never_heard_is_said_as_a_near_one() -> None:
    ids = {"_": 0, "^": 1, "$": 2, " ": 3, "a": 4, "f": 5}
    assert [known(symbol, ids) for symbol in "afæθ↓"] == ["a", "f", "a", "f", " "]
    configuration = describe(ids, "pl")
    assert configuration["phoneme_id_map"]["θ"] == [5]
    assert json.loads(json.dumps(configuration)) == configuration


def test_loud_sounds_come_nearer_to_the_others() -> None:
    parameters = np.zeros((300, WIDTH), np.float32)
    parameters[100:200, :POINTS] = 10
    parameters[200:, :POINTS] = 14
    before, after = parameters, evened(parameters)
    assert (after[:200] == before[:200]).all()
    assert (after[200:, :POINTS] < before[200:, :POINTS]).all()
    assert loudness(after) < loudness(before)


def test_the_graph_computes_what_the_nets_were_trained_on() -> None:
    symbols = "^tˈadˈo, d.ˈata$"
    ids = {symbol: number for number, symbol in enumerate("_^$taˈ,do. b")}
    trained = _untrained(ids)
    slot = one_hot(slots(symbols, ids), len(ids))
    frames = np.exp(trained.length_net.layers(slot)[-1][:, 0] * 0.5 + 2) - 0.5
    least = [0 if symbol in " ,.ˈ" else LEAST_FRAMES for symbol in symbols]
    durations = np.maximum(np.floor(frames * 1.2 + 0.5), least).astype(np.int64)
    durations[[symbol == "ˈ" for symbol in symbols]] = 0
    symbol, place = places(durations, clauses(symbols))
    inputs = np.concatenate([slot[symbol], place], 1)
    parameters = trained.sound_net.layers(inputs)[-1] * trained.sound_spread + trained.sound_mean

    graph = Graph("sound")
    graph.output(
        "sound", Vocoder(graph).sound(graph.input("x", FLOAT, ["n", WIDTH])), FLOAT, ["samples"]
    )
    wanted = onnxruntime.InferenceSession(graph.model("test")).run(None, {"x": parameters})[0]

    row = [0] * (2 * len(symbols) - 1)
    row[::2] = [ids[symbol] for symbol in symbols]
    session = onnxruntime.InferenceSession(voice_model(trained))
    scales = np.array([0, 1.2, 0], np.float32)
    numbers = np.array([row], np.int64)
    asked = {"input": numbers, "input_lengths": np.array([len(row)]), "scales": scales}
    sound, lengths = session.run(None, asked)
    assert lengths[0, ::2].tolist() == durations.tolist()
    assert not lengths[0, 1::2].any()
    assert sound.shape == (1, 1, HOP * durations.sum())
    assert sound[0, 0] == pytest.approx(wanted, abs=1e-3)


def _untrained(ids: dict[str, int]) -> Trained:
    """Random nets around a plausible voice."""
    mean = np.array([10.0] * POINTS + [0.2] * 5 + [np.log(120), 0.8], np.float32)
    spread = np.array([1.0] * POINTS + [0.1] * 5 + [0.1, 0.2], np.float32)
    inputs = width(len(ids))
    return Trained(
        ids, Net((inputs, 8, 1), 1), 2.0, 0.5, Net((inputs + 12, 16, 16, WIDTH), 2), mean, spread
    )
