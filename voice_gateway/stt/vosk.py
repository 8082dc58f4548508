"""Vosk 0.3.45, guarded: it ends the whole process where other libraries raise.

Blocking code; `recognisers` runs it in threads. `python -m voice_gateway.stt.vosk FOLDER` tries a
model, so that a broken one only ends that process.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog
import vosk

from voice_gateway.audio.format import BYTES_PER_MS, RATE, SAMPLE_BYTES
from voice_gateway.audio.levels import dbfs
from voice_gateway.stt.port import Heard
from voice_gateway.stt.results import UNKNOWN, heard, joined, later, partial_text

READINGS = 10
"""How many readings of an utterance are asked for; as cheap as one (measured)."""
PART_S, LONGEST_PART_S = 5, 12
"""Long utterances are heard in parts, cut at a pause after the one and anywhere after the other:
noise of 20 s in one piece costs ten times as much as in two (measured)."""
STILL_DBFS = -60.0
"""Below this nobody speaks, and nothing is decoded: on a call it is mostly the bot that speaks."""
STILL_MS, BEFORE_MS = 600, 300
"""So much stillness is decoded after a sound, for its words come late, and so much before one."""
MOST_PARTS = 10
"""Of somebody who never pauses, or a radio, older parts are forgotten."""

log = structlog.get_logger()


class VoskModel:
    """A model in memory; used by all calls in its language."""

    def __init__(self, folder: Path) -> None:
        """Load it; takes a moment. Try an unknown one in a process of its own before."""
        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(folder))
        self._has_grammars = not any(folder.rglob("HCLG.fst"))

    def decoder(self) -> "Decoder":
        """A recogniser for one call."""
        return Decoder(vosk.KaldiRecognizer(self._model, float(RATE)))

    def grammar(self, phrases: Sequence[str]) -> str | None:
        """What Vosk takes for a grammar of these phrases or `[unk]`; None = everything.

        Phrases with a word that the model does not know are left out.
        """
        if not self._has_grammars:
            log.info("grammar.impossible", reason="the model's graph is in one piece")
            return None
        known = [p for p in dict.fromkeys(phrases) if p.split() and all(map(self.knows, p.split()))]
        if not known:  # with such a grammar nothing would ever be heard
            log.warning("grammar.all_unknown", phrases=len(phrases))
            return None
        # Vosk ends the process on an empty list in a recogniser's making, and on broken JSON
        return json.dumps([*known, UNKNOWN], ensure_ascii=False)

    def knows(self, word: str) -> bool:
        """Is it in the vocabulary? Signs such as `<eps>` are no words."""
        spelled = word.replace("'", "").replace("-", "").isalnum()
        return spelled and bool(self._model.vosk_model_find_word(word) >= 0)


class Decoder:
    """Hears one call. Never to be used by two threads at once."""

    def __init__(self, recogniser: vosk.KaldiRecognizer) -> None:
        recogniser.SetWords(True)
        recogniser.SetMaxAlternatives(READINGS)
        self._recogniser = recogniser
        self._parts: list[Heard] = []
        self._bytes = 0
        self._text = ""
        self._grammar: str | None = None
        self._next_grammar: str | None = None
        self._still = 0
        """Bytes since the last sound."""
        self._before = b""
        """The last ones that were not decoded."""
        self._skipped = 0
        """Bytes that never will be."""

    def hear(self, pcm: bytes) -> str:
        """Take more sound; returns the text of this utterance so far.

        Kaldi's own endpoints do not end it: whoever listens knows better what was asked. They only
        tell where a long one can be cut, and that nothing but silence or noise was heard, which is
        forgotten.
        """
        pcm = self._unless_still(pcm)
        if not pcm:
            return self._text
        paused = self._recogniser.AcceptWaveform(pcm)
        self._bytes += len(pcm)
        part = partial_text(self._recogniser.PartialResult())
        self._text = " ".join([*(p.text for p in self._parts), part]).strip()
        if paused and not self._text:
            self._begin()
        elif self._bytes > (PART_S if paused else LONGEST_PART_S) * RATE * SAMPLE_BYTES:
            self._parts = [*self._parts, self._timed(self._recogniser.Result())][-MOST_PARTS:]
            self._bytes = 0
        return self._text

    def finish(self, pcm: bytes) -> Heard:
        """Take the last sound of the utterance; returns what it was."""
        pcm = self._unless_still(pcm)
        if pcm:
            self._recogniser.AcceptWaveform(pcm)
        whole = joined([*self._parts, self._timed(self._recogniser.FinalResult())])
        self._begin()
        return whole

    def expect(self, grammar: str | None) -> None:
        """Hear by this grammar from the next utterance on; at once if nobody has spoken yet."""
        self._next_grammar = grammar
        if not self._text:
            self._begin()

    def _timed(self, answer: str) -> Heard:
        return later(heard(answer), self._skipped / SAMPLE_BYTES / RATE)

    def _unless_still(self, pcm: bytes) -> bytes:
        """What of the sound is to be decoded; what came shortly before it included."""
        loud = dbfs(pcm) > STILL_DBFS
        self._still = 0 if loud else self._still + len(pcm)
        if loud or self._text or self._still < STILL_MS * BYTES_PER_MS:
            pcm, self._before = self._before + pcm, b""
            return pcm
        if self._bytes:  # noise, at most
            self._begin()
        kept = (self._before + pcm)[-BEFORE_MS * BYTES_PER_MS :]
        self._skipped += len(self._before) + len(pcm) - len(kept)
        self._before = kept
        return b""

    def _begin(self) -> None:
        self._recogniser.Reset()  # Vosk ends the process when a grammar comes without it
        if self._next_grammar != self._grammar:
            self._recogniser.SetGrammar(self._next_grammar or "[]")
            self._grammar = self._next_grammar
        self._parts, self._bytes, self._text = [], 0, ""


def try_model(folder: Path) -> None:
    """Load a model and hear a second of silence by it; may end the process."""
    vosk.SetLogLevel(0)
    model = vosk.Model(str(folder))
    recogniser = vosk.KaldiRecognizer(model, float(RATE))
    recogniser.AcceptWaveform(bytes(RATE * SAMPLE_BYTES))
    recogniser.FinalResult()


if __name__ == "__main__":
    try_model(Path(sys.argv[1]))
