"""A Piper voice that beeps for every sound of speech: real file, real runtime, nothing to train."""

import json
from pathlib import Path

from tools.speech.onnx_file import FLOAT, INT64, Graph

SOUNDS = "^$_ aąbcćdeęfghijklmnńoóprsśtuvwyzźżɑɐɒæʌəɛɜɪʊɔɲɕʑʂʐɡʲŋɹɾɫθðʃʒːˈˌ,.?!;:-'\"̃"
BEEP_S = 0.05


def write_beeper(
    folder: Path, *, rate: int = 16_000, language: str = "pl", size: float = 0.5
) -> Path:
    """The voice's `.onnx` file, made in `folder`.

    Args:
        folder: is made.
        rate: samples per second.
        language: espeak-ng's, which turns text into sounds.
        size: of a sample at the loudest; NaN makes nothing but NaN.
    """
    graph = Graph("beeper")
    ids = graph.input("input", INT64, [1, "sounds"])
    graph.input("input_lengths", INT64, [1])
    graph.input("scales", FLOAT, [3])
    samples = int(rate * BEEP_S)
    count = graph.apply("Mul", graph.apply("Size", ids), graph.constant(samples, "int64"))
    zero, one = graph.constant(0, "int64"), graph.constant(1, "int64")
    steps = graph.apply("Cast", graph.apply("Range", zero, count, one), to=FLOAT)
    wave = graph.apply("Sin", graph.apply("Mul", steps, graph.constant(2764.6 / rate)))
    sound = graph.apply("Mul", wave, graph.constant(size))
    shape = graph.constant([1, 1, -1], "int64")
    graph.output("output", graph.apply("Reshape", sound, shape), FLOAT, [1, 1, "time"])
    config = {
        "audio": {"sample_rate": rate},
        "espeak": {"voice": language},
        "num_symbols": len(SOUNDS),
        "num_speakers": 1,
        "phoneme_type": "espeak",
        "phoneme_id_map": {sound: [place] for place, sound in enumerate(SOUNDS)},
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "voice.onnx"
    path.write_bytes(graph.model("tests"))
    path.with_name("voice.onnx.json").write_text(json.dumps(config))
    return path
