"""Makes a demo recogniser: a Vosk model that has learnt from espeak-ng's voices."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from frontline.errors import UnavailableError
from frontline.espeak import Espeak
from frontline.lang import Language
from frontline.lang.text import words as listed
from tools.speech import mfcc
from tools.speech.acoustic import CONTEXT, Acoustic, Collector, Plan, Progress, train
from tools.speech.graph import Phones, lexicon_graph, word_ids
from tools.speech.kaldi import write_model
from tools.speech.language_model import back_off_model, count
from tools.speech.lexicon import VOICES, Dictionary, lexicon
from tools.speech.openfst import Property
from tools.speech.patterns import said_by_chance
from tools.speech.speakers import data_with, speaker
from tools.speech.texts import Sentence, Texts, normal

Size = Literal["ci", "full"]

HELD_OUT = ("m5", "f4", "adam", "belinda")
"""Variants of espeak-ng's voices that are only for measuring."""
VARIANTS = listed(
    "m1 m2 m3 m4 m6 m7 m8 f1 f2 f3 f5 Alex Alicia Andrea Andy Annie anika antonio aunty "
    "benjamin boris caleb david Denis Diogo ed edward edward2 Gene Gene2 gustave Henrique "
    "Hugo ian iven iven2 iven3 iven4 Jacky john kaukovalta Lee linda marcelo Marco Mario max "
    "Michael michel miguel Mike mike2 Nguyen norbert pablo paul pedro quincy Reed rob robert "
    "sandro shelby steph steph2 steph3 travis victor zac"
)
"""Those that are trained on: people, not robots."""

PLANS: dict[Size, Plan] = {
    "ci": Plan(utterances=1500, lines=2, epochs=3, hidden=(320, 256, 192)),
    "full": Plan(utterances=3200, lines=2, epochs=3, hidden=(384, 384, 256)),
}
SPEAKERS = 220
"""Made-up ones that are trained on, too."""
LONGEST = 12
"""Words in a sentence that is trained on; a longer one is cut somewhere."""
ORDER = 3
"""Words in the longest sequences that the language model knows."""
NUMBERS = 8000
"""Sentences with numbers in the language model."""

LEAST_KNOWN = 0.95
"""Share of the vocabulary that must have a pronunciation."""

PHONES, HEARD = "am/phones.txt", "am/heard.json"
"""What the network tells apart, and how words sounded in the sentences of its training."""

MODEL_CONFIGURATION = """--min-active=200
--max-active=2500
--beam=12.0
--lattice-beam=4.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


def make(language: Language, folder: Path, size: Size, progress: Progress) -> None:
    """Write a Vosk model.

    Args:
        language: which one it hears.
        folder: to be made.
        size: `ci` is small and quick to make.
        progress: is told the share that is done.
    """
    texts = Texts(language)
    plan = PLANS[size]
    dice = np.random.default_rng(1)
    throats = random.Random(5)  # noqa: S311  made-up speakers
    with data_with([speaker(throats) for _ in range(SPEAKERS)]) as (data, made):
        espeak = Espeak(data)
        dictionary = Dictionary(espeak, language)
        collector = Collector(dice, plan.lines)
        plain = VOICES[language]
        voices = [plain, *(f"{plain}+{name}" for name in (*VARIANTS, *made))]
        for number, words in enumerate(spoken_in_training(texts, plan.utterances)):
            said = espeak.speak(
                " ".join(words),
                voices[number % len(voices)],
                rate=int(dice.integers(130, 220)),
                pitch=int(dice.integers(20, 80)),
                pitch_range=int(dice.integers(20, 80)),
            )
            dictionary.hear(words, said)
            collector.add(said)
            progress(0.4 * number / plan.utterances)
        examples = collector.examples()
        acoustic = train(examples, plan, dice, lambda done: progress(0.4 + 0.55 * done))
        write_acoustic(folder, acoustic, dictionary)
        write_graph(folder, said_on_calls(texts), texts.vocabulary(), dictionary)
        progress(1.0)


def renew(language: Language, folder: Path, older: Path, progress: Progress) -> None:
    """Write a Vosk model that hears as an older one does, with the vocabulary of today.

    It takes some seconds. Arguments as of `make`; `older` was made by the same recipe.
    """
    for name in ("am", "conf"):
        shutil.copytree(older / name, folder / name)
    progress(0.1)
    texts = Texts(language)
    dictionary = Dictionary(Espeak(), language)
    write_graph(folder, said_on_calls(texts), texts.vocabulary(), dictionary)
    progress(1.0)


def spoken_in_training(texts: Texts, number: int) -> Iterator[Sentence]:
    """Sentences of all kinds, so that words are heard in and out of their usual company."""
    dice = random.Random(11)  # noqa: S311  made-up data
    vocabulary = texts.vocabulary()
    for _ in range(number):
        words = _spoken(dice, texts, vocabulary)
        cut = dice.randint(0, max(0, len(words) - LONGEST))
        yield words[cut : cut + LONGEST]


def _spoken(dice: random.Random, texts: Texts, vocabulary: list[str]) -> Sentence:
    kind = dice.random()
    if kind < 0.5:
        return dice.choice(texts.sentences)
    if kind < 0.6:
        return dice.choice(texts.responses)
    if kind < 0.85:
        return normal(said_by_chance(texts.caller))
    return tuple(dice.choices(vocabulary, k=dice.randint(2, 6)))


def write_acoustic(folder: Path, acoustic: Acoustic, dictionary: Dictionary) -> None:
    """The part of a model that knows sounds, and how words sounded while it was trained."""
    for name in ("am", "conf"):
        (folder / name).mkdir(parents=True)
    write_model(
        folder / "am/final.mdl",
        Phones(acoustic.phones).densities,
        acoustic.layers,
        CONTEXT,
        mfcc.BINS,
        acoustic.priors,
    )
    (folder / "conf/mfcc.conf").write_text(mfcc.CONFIGURATION)
    (folder / "conf/model.conf").write_text(MODEL_CONFIGURATION)
    (folder / PHONES).write_text("".join(f"{name}\n" for name in acoustic.phones), "utf-8")
    heard = dictionary.in_sentences()
    (folder / HEARD).write_text(json.dumps(heard, ensure_ascii=False), "utf-8")


def said_on_calls(texts: Texts) -> list[Sentence]:
    """What the language model learns from."""
    numbers = [normal(said_by_chance(texts.caller)) for _ in range(NUMBERS)]
    return [*texts.sentences, *texts.responses, *numbers]


def write_graph(
    folder: Path, sentences: list[Sentence], vocabulary: list[str], dictionary: Dictionary
) -> None:
    """The part of a model that knows words, for the sounds that are in `folder`."""
    phones = Phones((folder / PHONES).read_text("utf-8").split())
    heard = json.loads((folder / HEARD).read_text("utf-8"))
    known = lexicon(dictionary, vocabulary, heard, phones.names)
    if len(known) < LEAST_KNOWN * len(vocabulary):
        raise UnavailableError(f"espeak-ng pronounces {len(known)} of {len(vocabulary)} words")
    ids = word_ids(sorted(known))
    graph = folder / "graph"
    (graph / "phones").mkdir(parents=True)
    (graph / "phones/word_boundary.int").write_text(phones.boundaries())
    (graph / "disambig_tid.int").write_text("")
    (graph / "words.txt").write_text(
        "".join(f"{word} {number}\n" for word, number in ids.items()), "utf-8"
    )
    lexicon_graph(phones, known, ids).write(graph / "HCLr.fst", Property.OUTPUT_SORTED)
    grammar = back_off_model(count(sentences, known, ORDER), ids)
    grammar.write(graph / "Gr.fst", Property.ACCEPTOR | Property.INPUT_SORTED)
