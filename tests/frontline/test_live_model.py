import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from frontline import bots, live_model
from frontline.bots import ModelRefusedError
from frontline.errors import NotFoundError, UnavailableError
from frontline.live_model import live_path, make_live, prepare_start, roll_back
from frontline.live_record import Record, read_record
from frontline.settings import Settings


def is_bad(model: Path) -> bool:
    return model.read_text() == "bad"


class Rasa:
    """Rasa's HTTP API as far as models go; refuses what holds `bad`."""

    def __init__(self) -> None:
        self.model = ""
        self.taken: list[str] = []
        self.url = ""
        self.token: str | None = None

    async def put(self, request: web.Request) -> web.Response:
        path = Path((await request.json())["model_file"])
        self.token = request.query.get("token")
        self.taken.append(path.name)
        if is_bad(path):
            return web.json_response({"message": "it finds no intent"}, status=400)
        self.model = path.name
        return web.Response(status=204)

    async def status(self, _request: web.Request) -> web.Response:
        return web.json_response({"model_file": self.model})


async def _serve(rasa: Rasa) -> web.AppRunner:
    app = web.Application()
    app.router.add_put("/model", rasa.put)
    app.router.add_get("/status", rasa.status)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    rasa.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return runner


@pytest.fixture
async def rasa() -> AsyncIterator[Rasa]:
    one = Rasa()
    runner = await _serve(one)
    yield one
    await runner.cleanup()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "var")


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A folder with trained models a, b and one that is bad."""
    for name in ("a", "b", "bad"):
        (tmp_path / f"{name}.tar.gz").write_text(name)
    return tmp_path


def recorded(settings: Settings) -> Record:
    return read_record(settings.data_dir / "models")


async def test_a_model_becomes_live_in_the_running_bot_and_in_the_record(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    first = await make_live(settings, trained / "a.tar.gz", [rasa.url])
    assert (first.changed, first.live.read_text()) == (True, "a")
    second = await make_live(settings, trained / "b.tar.gz", [rasa.url])
    assert second.live == live_path(settings)
    assert rasa.model == "b.tar.gz"
    assert (recorded(settings).live, recorded(settings).previous) == ("b.tar.gz", "a.tar.gz")
    (trained / "b.tar.gz").unlink()  # whoever trained it cleans up
    assert second.live.exists()


async def test_what_the_bot_has_already_is_not_loaded_again(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    again = await make_live(settings, trained / "a.tar.gz", [rasa.url])
    assert not again.changed
    await make_live(settings, trained / "a.tar.gz", [rasa.url], fresh=True)
    assert rasa.taken == ["a.tar.gz", "a.tar.gz"]
    assert recorded(settings).previous == ""


async def test_a_refused_model_leaves_the_old_one_and_is_not_tried_again(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    with pytest.raises(ModelRefusedError, match="finds no intent"):
        await make_live(settings, trained / "bad.tar.gz", [rasa.url])
    assert rasa.model == recorded(settings).live == "a.tar.gz"
    again = await make_live(settings, trained / "bad.tar.gz", [rasa.url])
    assert again.refused
    assert rasa.taken.count("bad.tar.gz") == 1


async def test_all_processes_have_the_same_model_or_none_the_new_one(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    picky = Rasa()

    async def refuse(request: web.Request) -> web.Response:
        picky.taken.append((await request.json())["model_file"])
        return web.json_response({"message": "too little memory"}, status=400)

    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    picky.model = "a.tar.gz"
    picky.put = refuse  # type: ignore[method-assign]
    runner = await _serve(picky)
    with pytest.raises(ModelRefusedError, match="too little memory"):
        await make_live(settings, trained / "b.tar.gz", [rasa.url, picky.url])
    await runner.cleanup()
    assert rasa.taken == ["a.tar.gz", "b.tar.gz", "a.tar.gz"]
    assert recorded(settings).live == "a.tar.gz"


async def test_a_roll_back_swaps_and_the_content_is_not_promoted_again_unless_forced(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    await make_live(settings, trained / "b.tar.gz", [rasa.url])
    back = await roll_back(settings, [rasa.url])
    assert (back.live.read_text(), rasa.model) == ("a", "a.tar.gz")
    again = await make_live(settings, trained / "b.tar.gz", [rasa.url])
    assert (again.refused, again.live.read_text()) == (True, "a")
    await make_live(settings, trained / "b.tar.gz", [rasa.url], force=True)
    assert rasa.model == recorded(settings).live == "b.tar.gz"
    assert recorded(settings).refused == ()


async def test_a_second_roll_back_takes_the_first_one_back(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    await make_live(settings, trained / "b.tar.gz", [rasa.url])
    await roll_back(settings, [rasa.url])
    await roll_back(settings, [rasa.url])
    assert rasa.model == recorded(settings).live == "b.tar.gz"
    assert recorded(settings).refused == ()


async def test_without_an_earlier_model_there_is_no_roll_back(
    settings: Settings, trained: Path, rasa: Rasa
) -> None:
    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    with pytest.raises(NotFoundError, match="no earlier model"):
        await roll_back(settings, [rasa.url])


async def test_a_roll_back_while_nothing_runs_tries_the_model_first(
    settings: Settings, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (trained / "serve.py").write_text(
        "import sys, pathlib\n"
        "if pathlib.Path(sys.argv[-1]).read_text() == 'bad': sys.exit('of another version')\n"
    )
    monkeypatch.setattr(live_model, "BOT", trained)
    monkeypatch.setattr(live_model, "BOT_PYTHON", Path(sys.executable))
    await make_live(settings, trained / "bad.tar.gz", ())
    await make_live(settings, trained / "a.tar.gz", ())
    with pytest.raises(ModelRefusedError, match="of another version"):
        await roll_back(settings, ())
    await make_live(settings, trained / "b.tar.gz", ())
    assert (await roll_back(settings, ())).live.read_text() == "a"


async def test_a_bot_that_is_away_is_said_and_nothing_is_recorded(
    settings: Settings, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bots, "BACK_S", 0.1)
    with pytest.raises(UnavailableError, match="does not answer"):
        await make_live(settings, trained / "a.tar.gz", ["http://127.0.0.1:1"])
    assert recorded(settings) == Record()


async def test_the_token_is_sent(
    settings: Settings, trained: Path, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASA_TOKEN", "s&cret")
    await make_live(settings, trained / "a.tar.gz", [rasa.url])
    assert rasa.token == "s&cret"


async def test_a_start_takes_the_live_model_when_the_content_was_rolled_back(
    settings: Settings, trained: Path, monkeypatch: pytest.MonkeyPatch, rasa: Rasa
) -> None:
    async def train_b(_settings: Settings) -> tuple[Path, bool]:
        return trained / "b.tar.gz", True

    monkeypatch.setattr(live_model, "train", train_b)
    await make_live(settings, trained / "a.tar.gz", ())
    assert await prepare_start(settings) == "trained"
    await roll_back(settings, [rasa.url])
    assert "a.tar.gz stays live" in await prepare_start(settings)
    assert recorded(settings).live == "a.tar.gz"


async def test_content_that_cannot_be_trained_does_not_keep_the_bot_from_starting(
    settings: Settings, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_settings: Settings) -> tuple[Path, bool]:
        raise UnavailableError("contradictory")

    monkeypatch.setattr(live_model, "train", fail)
    with pytest.raises(UnavailableError, match="contradictory"):
        await prepare_start(settings)
    await make_live(settings, trained / "a.tar.gz", ())
    assert "a.tar.gz stays live" in await prepare_start(settings)


def test_a_damaged_record_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "live.json").write_text(json.dumps({"live": 1}))
    assert read_record(tmp_path) == Record()
