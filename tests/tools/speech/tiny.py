"""Makes a tiny recogniser in a process of its own: `tiny.py FOLDER UTTERANCES`."""

import random
import sys
from pathlib import Path

import numpy as np

from frontline.espeak import Espeak
from tools.speech.acoustic import Collector, Plan, train
from tools.speech.lexicon import Dictionary
from tools.speech.recogniser import write_acoustic, write_graph

SENTENCES = [
    ("gdzie", "jest", "moje", "zamówienie"),
    ("proszę", "konsultant"),
    ("tak", "proszę"),
    ("nie",),
    ("zamówienie", "jeden", "dwa", "trzy"),
    ("trzy", "dwa", "jeden", "dwa"),
]
WORDS = sorted({word for sentence in SENTENCES for word in sentence})


def main(folder: Path, utterances: int) -> None:
    dice, order = np.random.default_rng(1), random.Random(2)
    espeak = Espeak()
    dictionary, collector = Dictionary(espeak, "pl"), Collector(dice, 1)
    for number in range(utterances):
        words = SENTENCES[number % 6] if number % 2 else tuple(order.sample(WORDS, 4))
        said = espeak.speak(" ".join(words), ("pl", "pl+m3", "pl+f2")[number % 3])
        dictionary.hear(words, said)
        collector.add(said)
    plan = Plan(utterances, lines=1, epochs=8, hidden=(96,), batch=128)
    acoustic = train(collector.examples(), plan, dice, lambda _: None)
    write_acoustic(folder, acoustic, dictionary)
    write_graph(folder, SENTENCES, WORDS, dictionary)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
