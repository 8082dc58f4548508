import sys
from pathlib import Path

import pytest

from frontline import model
from frontline.errors import SettingsError, UnavailableError
from frontline.live_record import Record, write_record
from frontline.model import content_hash, model_path, snapshot, train
from frontline.settings import Settings


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu_data"
    (folder / "pl").mkdir(parents=True)
    (folder / "pl" / "greet.yml").write_text("cześć")
    return folder


def test_the_name_depends_on_the_content_only(content: Path) -> None:
    before = content_hash((content,))
    (content / "pl" / "greet.yml").touch()
    (content / "__pycache__").mkdir()
    (content / "__pycache__" / "x.pyc").write_text("cache")
    (content / ".greet.yml.swp").write_text("an editor's")
    assert content_hash((content, content / "missing")) == before
    assert len(before) == 16


def test_a_change_a_new_file_and_a_new_name_each_give_another_name(content: Path) -> None:
    names = {content_hash((content,))}
    (content / "pl" / "greet.yml").write_text("czesc")
    names.add(content_hash((content,)))
    (content / "pl" / "stop.yml").write_text("")
    names.add(content_hash((content,)))
    (content / "pl" / "stop.yml").rename(content / "pl" / "halt.yml")
    names.add(content_hash((content,)))
    assert len(names) == 4


@pytest.fixture
def trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for `bot/train.py` that writes down each of its runs."""
    (tmp_path / "train.py").write_text(
        "import sys, pathlib\n"
        "assert pathlib.Path(sys.argv[4], 'intents.yml').exists()\n"
        "pathlib.Path('runs').open('a').write('x')\n"
        "if pathlib.Path('broken').exists(): sys.exit('the content is contradictory')\n"
        "pathlib.Path(sys.argv[2]).write_text('model')\n"
    )
    monkeypatch.setattr(model, "BOT", tmp_path)
    monkeypatch.setattr(model, "BOT_PYTHON", Path(sys.executable))
    monkeypatch.setattr(model, "MODELS", tmp_path / "models")
    return tmp_path


async def test_the_same_content_is_trained_once(trainer: Path) -> None:
    settings = Settings(data_dir=trainer / "var")
    path, trained = await train(settings)
    assert trained
    assert path.read_text() == "model"
    assert await train(settings) == (path, False)
    assert await train(settings, force=True) == (path, True)
    assert (trainer / "runs").read_text() == "xx"


async def test_a_training_that_fails_leaves_no_model(trainer: Path) -> None:
    (trainer / "broken").touch()
    with pytest.raises(UnavailableError, match="contradictory"):
        await train(Settings(data_dir=trainer / "var"))
    assert list((trainer / "models").glob("*.tar.gz")) == []


async def test_only_the_newest_models_are_kept(
    trainer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(model.KEPT + 2):
        monkeypatch.setattr(model, "content_hash", lambda _sources, n=number: f"{n:016}")
        await train(Settings(data_dir=trainer / "var"))
    names = sorted(path.name for path in (trainer / "models").glob("*.tar.gz"))
    assert names == [f"{n:016}.tar.gz" for n in range(2, model.KEPT + 2)]


async def test_the_live_model_and_the_one_before_are_kept(
    trainer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (trainer / "models").mkdir()
    write_record(trainer / "models", Record(live=f"{1:016}.tar.gz", previous=f"{0:016}.tar.gz"))
    for number in range(model.KEPT + 3):
        monkeypatch.setattr(model, "content_hash", lambda _sources, n=number: f"{n:016}")
        await train(Settings(data_dir=trainer / "var"))
    names = sorted(path.name for path in (trainer / "models").glob("*.tar.gz"))
    assert names == [f"{n:016}.tar.gz" for n in (0, 1, 3, 4, 5)]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Content in a folder of its own."""
    folder = tmp_path / "elsewhere"
    (folder / "nlu_data").mkdir(parents=True)
    (folder / "nlu_data" / "intents.yml").write_text("intents: []")
    (folder / "nlu_data" / ".intents.yml.swp").write_text("an editor's")
    (folder / "bot" / "domain").mkdir(parents=True)
    (folder / "bot" / "config.yml").write_text("pipeline: []")
    return folder


async def test_content_elsewhere_is_trained_into_the_data_folder(
    trainer: Path, elsewhere: Path
) -> None:
    settings = Settings(data_dir=trainer / "var", content_dir=elsewhere)
    path, trained = await train(settings)
    assert trained
    assert path == model_path(settings)
    assert path.parent == trainer / "var" / "models"


def test_a_snapshot_has_the_content_of_now_and_the_rest_of_the_project(
    trainer: Path, elsewhere: Path
) -> None:
    settings = Settings(data_dir=trainer / "var", content_dir=elsewhere)
    with snapshot(settings) as folder:
        (elsewhere / "nlu_data" / "intents.yml").write_text("intents: [changed]")
        assert (folder / "nlu_data" / "intents.yml").read_text() == "intents: []"
        assert [p.name for p in (folder / "nlu_data").iterdir()] == ["intents.yml"]
        assert (folder / "actions" / "app.py").exists()
    assert not folder.exists()


def test_a_folder_without_content_is_said(trainer: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=trainer / "var", content_dir=tmp_path)
    with pytest.raises(SettingsError, match="nlu_data"), snapshot(settings):
        pass


def test_what_only_people_and_the_validator_read_needs_no_training(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text("nlu: []")
    before = content_hash((tmp_path,))
    for name in ("README.pl.md", "legal.yml", "forbidden.yml", "intents.yml"):
        (tmp_path / name).write_text("changed")
    assert content_hash((tmp_path,)) == before
