"""Production speech models: which ones there are, and how they come to be used.

A model is used once its link points to it; the link is switched when everything has been checked.
"""

import asyncio
import contextlib
import fcntl
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from frontline.download import File, download, sha256_of
from frontline.errors import ConflictError, RefusedError
from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import VOICE_FILE, Kind, fetched_folder, problem, store
from frontline.unzip import unzip

VOSK_URL = "https://alphacephei.com/vosk/models"
PIPER_URL = (
    "https://huggingface.co/rhasspy/piper-voices/resolve/1162a9173d0ce503555aed757976b7a9912eae4c"
)
UNPACKED = 8
"""How many times its archive a model may be."""


class Offer(NamedTuple):
    """A model that can be fetched."""

    kind: Kind
    language: Language
    name: str
    files: tuple[File, ...]
    licence: str

    @property
    def size(self) -> int:
        """Bytes to be fetched."""
        return sum(file.size for file in self.files)


def _vosk(language: Language, name: str, size: int, sha256: str) -> Offer:
    file = File(f"{VOSK_URL}/{name}.zip", f"{name}.zip", size, sha256)
    return Offer(Kind.VOSK, language, name, (file,), "Apache 2.0")


def _piper(
    language: Language, folder: str, name: str, sums: tuple[str, str], licence: str
) -> Offer:
    files = (
        File(f"{PIPER_URL}/{folder}/{name}.onnx", f"{name}.onnx", 63_500_000, sums[0]),
        File(f"{PIPER_URL}/{folder}/{name}.onnx.json", f"{name}.onnx.json", 5_000, sums[1]),
    )
    return Offer(Kind.PIPER, language, name, files, licence)


OFFERS = (
    _vosk(
        "pl",
        "vosk-model-small-pl-0.22",
        52_979_372,
        "c4cd16498ea544f446f9e9a55cbd602b71cfe5a2b6f2b0834d81e1b6fce15f0d",
    ),
    _vosk(
        "en",
        "vosk-model-small-en-us-0.15",
        41_205_931,
        "30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    ),
    _piper(
        "pl",
        "pl/pl_PL/gosia/medium",
        "pl_PL-gosia-medium",
        # of its .json no checksum is published: the first one fetched is kept to
        ("38f66464240ed74f186e6b7dc13c6e3b22e023426299f25c2b3cc9dfa9373fbc", ""),
        "CC0",
    ),
    _piper(
        "en",
        "en/en_US/ljspeech/medium",
        "en_US-ljspeech-medium",
        (
            "6f52a751e2349abe7a76735eb09dc1875298c77ea2342ffd2fef79ff81b87f22",
            "141d612cc0a95ed7efc1ca936b845c2364967f2e9217c5dbfcf69fc4d6c65860",
        ),
        "public domain",
    ),
)
"""Small models under free licences. Checksums as the publisher states them (Piper's nets) or as
several independent users found them (Vosk's archives; one user, of the English voice's `.json`)."""

Say = Callable[[str], None]
Told = Callable[[Offer, int], None]
"""Told how many bytes of an offer are there."""
Getter = Callable[[File, Path, Callable[[int], None]], Awaitable[Path]]


async def fetch(
    settings: Settings,
    languages: Sequence[Language],
    *,
    base: str = "",
    say: Say = lambda _: None,
    told: Told = lambda _o, _b: None,
    get: Getter = download,
    offers: Sequence[Offer] = OFFERS,
) -> None:
    """Fetch what is missing for these languages, and use it from now on.

    Args:
        settings: whose data folder gets them.
        languages: which.
        base: another address where all files lie side by side under their names.
        say: told what happens, in sentences.
        told: told how far it is.
        get: how a file is fetched.
        offers: what there is.

    Raises:
        ConflictError: another fetch is under way, or something of the operator's is in the way.
        UnavailableError: as of `download`.
        RefusedError: what came is not the model.
    """
    with _alone(store(settings)):
        for offer in offers:
            if offer.language not in languages:
                continue
            if _is_there(settings, offer):
                say(f"{offer.name} is there already")
                continue
            say(f"{offer.name} ({offer.kind}, {offer.size / 1e6:.0f} MB, {offer.licence})")
            files = await _files(settings, offer, base, say, told, get)
            await asyncio.to_thread(_install, settings, offer, files)
            say(f"{offer.name} is used for {offer.language} from the next start on")


def _is_there(settings: Settings, offer: Offer) -> bool:
    link = fetched_folder(settings, offer.kind, offer.language)
    if link.exists() and not link.is_symlink():
        raise ConflictError(f"{link} is not from here: move it away, or name it in the settings")
    model = link / VOICE_FILE if offer.kind is Kind.PIPER else link
    return link.resolve().name == offer.name and problem(offer.kind, model) is None


async def _files(
    settings: Settings, offer: Offer, base: str, say: Say, told: Told, get: Getter
) -> list[Path]:
    folder = store(settings) / "downloads"
    kept = store(settings) / "checksums.json"
    sums: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    paths: list[Path] = []
    done = 0
    for file in offer.files:
        url = f"{base.rstrip('/')}/{file.name}" if base else file.url
        wanted = file._replace(url=url, sha256=file.sha256 or sums.get(file.name, ""))
        before = done

        def count(there: int, before: int = before) -> None:
            told(offer, before + there)

        paths.append(await get(wanted, folder, count))
        done += paths[-1].stat().st_size
        if not wanted.sha256:
            sums[file.name] = sha256_of(paths[-1])
            kept.write_text(json.dumps(sums, indent=2, sort_keys=True) + "\n")
            say(f"{file.name}: nobody publishes its checksum; it is {sums[file.name]}, kept to")
    return paths


def _install(settings: Settings, offer: Offer, files: list[Path]) -> None:
    """Unpack, check, put in its place, and switch the link."""
    fresh = store(settings) / f".{offer.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        if offer.kind is Kind.VOSK:
            unzip(files[0], fresh, offer.size * UNPACKED)
            wrong = problem(offer.kind, fresh)
        else:
            fresh.mkdir()
            for file, name in zip(files, (VOICE_FILE, f"{VOICE_FILE}.json"), strict=True):
                shutil.copyfile(file, fresh / name)
            wrong = problem(offer.kind, fresh / VOICE_FILE)
        if wrong:
            raise RefusedError(f"what came as {offer.name} {wrong}")
        _switch(settings, offer, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for file in files:
        file.unlink()


def _switch(settings: Settings, offer: Offer, fresh: Path) -> None:
    place = store(settings) / offer.name
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)
    link = fetched_folder(settings, offer.kind, offer.language)
    new_link = link.with_name(f".{link.name}.new")
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(offer.name)
    new_link.replace(link)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".fetch.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConflictError("models are being fetched already") from None
        yield
