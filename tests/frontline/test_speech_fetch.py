import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from frontline import models_command, speech_models
from frontline.download import File
from frontline.errors import ConflictError, RefusedError
from frontline.models_command import fetch_models, list_models
from frontline.settings import Settings
from frontline.speech_fetch import OFFERS, Offer, fetch
from frontline.speech_models import Kind, Origin, find, store
from tests.frontline.test_speech_models import VOSK_FILES


def model_zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name in names:
            out.writestr(f"vosk-model-test-pl/{name}", b"x" * 50)
    return packed.getvalue()


FILES = {
    "vosk-model-test-pl.zip": model_zip(*VOSK_FILES),
    "pl-test.onnx": b"net" * 100,
    "pl-test.onnx.json": b"{}" * 10,
}


def offered(name: str, *, known: bool = True) -> File:
    sha256 = hashlib.sha256(FILES[name]).hexdigest() if known else ""
    return File("http://127.0.0.1:9/" + name, name, len(FILES[name]), sha256)


VOSK = Offer(Kind.VOSK, "pl", "vosk-model-test-pl", (offered("vosk-model-test-pl.zip"),), "free")
PIPER = Offer(
    Kind.PIPER,
    "pl",
    "pl-test",
    (offered("pl-test.onnx"), offered("pl-test.onnx.json", known=False)),
    "free",
)


@pytest.fixture
async def mirror() -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=FILES[request.match_info["name"]])

    app = web.Application()
    app.router.add_get("/models/{name}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/models/"))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(speech_models, "PROJECT", tmp_path / "project")
    return Settings(data_dir=tmp_path / "data")


async def test_a_fetched_model_is_used_from_then_on(settings: Settings, mirror: str) -> None:
    said: list[str] = []
    told: list[int] = []
    await fetch(
        settings,
        ["pl"],
        base=mirror,
        say=said.append,
        told=lambda _, there: told.append(there),
        offers=(VOSK, PIPER),
    )
    for kind in Kind:
        assert find(settings, kind, "pl").origin is Origin.FETCHED
    voice = find(settings, Kind.PIPER, "pl").path
    assert voice.read_bytes() == FILES["pl-test.onnx"]
    assert sorted(p.name for p in store(settings).iterdir() if p.name[0] != ".") == [
        "checksums.json", "downloads", "piper-pl", "pl-test", "vosk-model-test-pl", "vosk-pl",
    ]  # fmt: skip
    assert list((store(settings) / "downloads").iterdir()) == []
    assert max(told) == len(FILES["vosk-model-test-pl.zip"])
    again: list[str] = []
    await fetch(settings, ["pl"], say=again.append, offers=(VOSK, PIPER))
    assert again == ["vosk-model-test-pl is there already", "pl-test is there already"]


async def test_a_checksum_that_nobody_publishes_is_said_and_kept_to(
    settings: Settings, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    await fetch(settings, ["pl"], base=mirror, say=said.append, offers=(PIPER,))
    first = hashlib.sha256(FILES["pl-test.onnx.json"]).hexdigest()
    assert json.loads((store(settings) / "checksums.json").read_text()) == {
        "pl-test.onnx.json": first
    }
    assert any(first in line for line in said)
    (store(settings) / "piper-pl").unlink()
    monkeypatch.setitem(FILES, "pl-test.onnx.json", b"[]" * 10)
    with pytest.raises(RefusedError, match=f"not {first}"):
        await fetch(settings, ["pl"], base=mirror, offers=(PIPER,))


async def test_an_incomplete_model_leaves_the_one_in_use(
    settings: Settings, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fetch(settings, ["pl"], base=mirror, offers=(VOSK,))
    before = find(settings, Kind.VOSK, "pl").path.resolve()
    monkeypatch.setitem(FILES, "vosk-model-test-pl.zip", model_zip(*VOSK_FILES[1:]))
    newer = VOSK._replace(name="vosk-newer", files=(offered("vosk-model-test-pl.zip"),))
    with pytest.raises(RefusedError, match=r"has no am/final\.mdl"):
        await fetch(settings, ["pl"], base=mirror, offers=(newer,))
    assert find(settings, Kind.VOSK, "pl").path.resolve() == before
    assert not list(store(settings).glob(".*.new"))


async def test_a_broken_model_is_fetched_anew(settings: Settings, mirror: str) -> None:
    await fetch(settings, ["pl"], base=mirror, offers=(VOSK,))
    (store(settings) / "vosk-pl" / "am" / "final.mdl").unlink()
    await fetch(settings, ["pl"], base=mirror, offers=(VOSK,))
    assert find(settings, Kind.VOSK, "pl").origin is Origin.FETCHED


async def test_what_an_operator_put_there_is_left_alone(settings: Settings, mirror: str) -> None:
    own = store(settings) / "vosk-pl"
    own.mkdir(parents=True)
    with pytest.raises(ConflictError, match="not from here"):
        await fetch(settings, ["pl"], base=mirror, offers=(VOSK,))
    assert own.is_dir()


async def test_two_do_not_fetch_at_once(settings: Settings, mirror: str) -> None:
    async def get(file: File, folder: Path, told: object) -> Path:
        with pytest.raises(ConflictError, match="already"):
            await fetch(settings, ["pl"], base=mirror, offers=(VOSK,))
        raise RefusedError("enough")

    with pytest.raises(RefusedError, match="enough"):
        await fetch(settings, ["pl"], base=mirror, offers=(VOSK,), get=get)


def test_every_offer_is_one_kind_for_one_language_with_a_known_checksum() -> None:
    assert {(o.kind, o.language) for o in OFFERS} == {(k, x) for k in Kind for x in ("pl", "en")}
    for offer in OFFERS:
        assert len(offer.files[0].sha256) == 64
        assert all(file.url.startswith("https://") for file in offer.files)


def test_the_list_says_what_is_missing_and_what_there_is(settings: Settings) -> None:
    out = io.StringIO()
    assert list_models(settings, Console(file=out, width=300)) == 1
    assert "no vosk model for pl" in out.getvalue()
    assert "vosk-model-small-pl-0.22 (53 MB" in out.getvalue()


def test_an_unknown_language_is_refused(settings: Settings) -> None:
    with pytest.raises(RefusedError, match="no models for xx; there are pl, en"):
        fetch_models(settings, ["xx"], "")


def test_without_a_terminal_progress_comes_in_steps() -> None:
    out = io.StringIO()
    told = models_command._Lines(Console(file=out))
    for there in range(0, VOSK.size + 1, 10):
        told(VOSK, there)
    assert 5 <= len(out.getvalue().splitlines()) <= 10
