"""Makes the demo models of one recipe, those that are missing, in one folder."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from frontline.errors import UnavailableError
from frontline.lang import Language
from frontline.settings import PROJECT
from frontline.speech_models import DEMO, LANGUAGES, Kind
from tools.speech.recogniser import Size

README = """# Demo speech models

Made by `python -m tools.speech` from espeak-ng's voices, for tests and for the offline demo.
They know synthetic voices only: they do not understand people, and nobody would like to listen to
them for long. For real calls run `frontline models fetch pl en`.
"""
KEY, RECIPE = "key", "recipe"
"""Files in a model's folder: what it was made from, with and without the vocabulary."""
KEPT = 2
"""Folders of earlier recipes that stay."""
PROGRAM = (sys.executable, "-m", "tools.speech.part")
PARALLEL = 2
"""Processes at once, each on one core."""

_SHARED = ("frontline/espeak.py", "frontline/lang/numerals.py", "actions/shop/demo.py")
_CONTENT = ("nlu_data/pl", "nlu_data/en", "bot/domain", "voice_gateway/texts.yml")
_WORDS = re.compile(rb"[^\x00-\x40\x5b-\x60\x7b-\x7f]+")

Say = Callable[[str, float], None]
"""Told which model is being made, and which share of it is done."""


class Part(NamedTuple):
    """One model."""

    kind: Kind
    language: Language

    @property
    def name(self) -> str:
        """Its folder."""
        return f"{self.kind}-{self.language}"


def parts(only: Kind | None = None, languages: Sequence[Language] = LANGUAGES) -> list[Part]:
    """All models, those that take long first."""
    kinds = [only] if only else [Kind.VOSK, Kind.PIPER]
    return [Part(kind, language) for kind in kinds for language in languages]


def demo_folder(store: Path, size: Size) -> Path:
    """Where the models of this recipe and vocabulary belong."""
    keys = "".join(_key(part, size) for part in parts())
    return store / f"{DEMO}{hashlib.sha256(keys.encode()).hexdigest()[:12]}"


def make_demo_models(
    store: Path,
    size: Size,
    wanted: Iterable[Part],
    say: Say,
    program: Sequence[str] = PROGRAM,
) -> Path:
    """Make the models that are missing; returns their folder.

    A model appears whole or not at all. Who comes while another process makes them, waits. What
    an earlier folder has by the same recipe is taken from there; if only the vocabulary is
    another one, only that is made anew.

    Args:
        store: the folder of all speech models.
        size: the recipe; where there are full models, they serve for `ci`, too.
        wanted: which ones.
        say: told of the progress, from several threads.
        program: makes one model; its arguments are those of `tools.speech.part`.

    Raises:
        UnavailableError: making one failed; the message has the end of what it said.
    """
    wanted = list(wanted)
    folder = demo_folder(store, size)
    better = demo_folder(store, "full")
    if size == "ci" and all((better / part.name).is_dir() for part in wanted):
        folder, size = better, "full"
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(store):
        missing = [part for part in wanted if not (folder / part.name).is_dir()]
        missing = [part for part in missing if not _taken(folder, part, size)]
        if missing:
            (folder / "README.md").write_text(README)
            with ThreadPoolExecutor(PARALLEL) as pool:
                made = [pool.submit(_make, program, folder, part, size, say) for part in missing]
            for future in made:
                future.result()
        os.utime(folder)  # the newest folder is the one that is used
        _forget(store, folder)
    return folder


def _make(program: Sequence[str], folder: Path, part: Part, size: Size, say: Say) -> None:
    """In a process of its own: espeak-ng has one state per process."""
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as place:
        made = Path(place) / part.name
        command = [*program, part.kind, part.language, str(made), size]
        older = _same(folder, part, RECIPE, _recipe_key(part, size))
        process = subprocess.Popen(
            [*command, *map(str, older[:1])],
            cwd=PROJECT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        errors: list[str] = []
        reader = threading.Thread(target=_gather, args=(process.stderr, errors), daemon=True)
        reader.start()
        for line in process.stdout or ():
            say(part.name, float(line))
        code = process.wait()
        reader.join()
        if code:
            last = "".join(errors).strip()[-500:]
            raise UnavailableError(f"{part.name} could not be made (exit code {code}): {last}")
        (made / RECIPE).write_text(_recipe_key(part, size))
        (made / KEY).write_text(_key(part, size))
        made.rename(folder / part.name)


def _gather(stream: Iterable[str] | None, lines: list[str]) -> None:
    for line in stream or ():
        lines.append(line)
        del lines[:-50]


def _same(folder: Path, part: Part, file: str, key: str) -> list[Path]:
    """Models in other folders with that key."""
    others = sorted(folder.parent.glob(f"{DEMO}*/{part.name}/{file}"))
    return [
        path.parent for path in others if folder not in path.parents and path.read_text() == key
    ]


def _taken(folder: Path, part: Part, size: Size) -> bool:
    """Take the model from another folder, if one was made there by the same recipe."""
    for other in _same(folder, part, KEY, _key(part, size)):
        with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as place:
            copy = shutil.copytree(other, Path(place) / part.name)
            copy.rename(folder / part.name)
        return True
    return False


def _forget(store: Path, current: Path) -> None:
    """Delete folders of recipes of long ago, and what was left half made."""
    others = [path for path in store.glob(f"{DEMO}*") if path != current]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in (*others[KEPT:], *store.glob(f"{DEMO}*/.making-*")):
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process."""
    with (store / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _key(part: Part, size: Size) -> str:
    """A hash of what a model is made from: the recipe, and for a recogniser its vocabulary.

    A new sentence of known words does not make a new model.
    """
    digest = hashlib.sha256(_recipe_key(part, size).encode())
    if part.kind is Kind.VOSK:
        words: set[bytes] = set()
        for name in _CONTENT:
            place = PROJECT / name
            for path in sorted(place.rglob("*.yml")) if place.is_dir() else [place]:
                words.update(_WORDS.findall(path.read_bytes().lower()))
        digest.update(b" ".join(sorted(words)))
    return digest.hexdigest()


@cache
def _recipe_key(part: Part, size: Size) -> str:
    """A hash of the program that makes the model."""
    digest = hashlib.sha256(f"{part.name} {size} {version('espeakng-loader')}".encode())
    for path in _recipe(part.kind):
        digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _recipe(kind: Kind) -> list[Path]:
    ours = sorted((PROJECT / "tools" / "speech").glob("*.py"))
    not_part_of_it = {"__main__.py", "make.py"}
    voices = {path for path in ours if path.name.startswith(("voice", "onnx"))}
    if kind is Kind.VOSK:
        ours = [path for path in ours if path not in voices]
    else:
        ours = [path for path in ours if path in voices or path.name in ("texts.py", "patterns.py")]
    ours = [path for path in ours if path.name not in not_part_of_it]
    return [*ours, *(PROJECT / name for name in _SHARED)]
