import os
from pathlib import Path

import pytest

from frontline import speech_models
from frontline.errors import SettingsError
from frontline.settings import Settings
from frontline.speech_models import Kind, Origin, find, piper_path, vosk_path

VOSK_FILES = (
    "am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst",
    "graph/disambig_tid.int", "graph/phones/word_boundary.int",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_project_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(speech_models, "PROJECT", tmp_path / "project")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def put(folder: Path, *names: str, text: str = "x") -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def put_demo(store: Path, name: str, age_s: float) -> Path:
    demo = store / f"demo-{name}"
    put(demo / "vosk-pl", *VOSK_FILES)
    put(demo / "piper-pl", "voice.onnx", "voice.onnx.json")
    then = demo.stat().st_mtime - age_s
    os.utime(demo, (then, then))
    return demo


def test_without_any_model_both_commands_that_bring_one_are_named(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"tools\.speech.*models fetch pl"):
        vosk_path(settings, "pl")
    with pytest.raises(SettingsError, match="models fetch en"):
        piper_path(settings, "en")


def test_the_newest_demo_model_is_used(settings: Settings) -> None:
    store = speech_models.store(settings)
    put_demo(store, "old", 60)
    new = put_demo(store, "new", 0)
    assert vosk_path(settings, "pl") == new / "vosk-pl"
    assert piper_path(settings, "pl") == new / "piper-pl" / "voice.onnx"


def test_the_projects_demo_model_serves_other_data_folders(
    settings: Settings, tmp_path: Path
) -> None:
    demo = put_demo(tmp_path / "project" / "var" / "models" / "speech", "abc", 0)
    assert vosk_path(settings, "pl") == demo / "vosk-pl"


def test_a_fetched_model_comes_before_the_demo_and_a_set_one_before_both(
    settings: Settings, tmp_path: Path
) -> None:
    store = speech_models.store(settings)
    put_demo(store, "abc", 0)
    real = put(store / "vosk-model-small-pl", *VOSK_FILES)
    (store / "vosk-pl").symlink_to(real.name)
    assert find(settings, Kind.VOSK, "pl")[2:4] == (Origin.FETCHED, store / "vosk-pl")
    own = put(tmp_path / "own", *VOSK_FILES)
    chosen = Settings(data_dir=settings.data_dir, vosk_model_pl=str(own))
    assert find(chosen, Kind.VOSK, "pl")[2:4] == (Origin.SET, own)


def test_a_wrong_path_in_the_settings_is_said_and_nothing_else_is_taken(
    settings: Settings, tmp_path: Path
) -> None:
    put_demo(speech_models.store(settings), "abc", 0)
    chosen = Settings(data_dir=settings.data_dir, vosk_model_pl=str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="does not exist: correct FRONTLINE_VOSK_MODEL_PL"):
        vosk_path(chosen, "pl")


@pytest.mark.parametrize("name", [n for n in VOSK_FILES if "disambig" not in n])
def test_each_missing_or_empty_file_of_a_vosk_model_is_named(tmp_path: Path, name: str) -> None:
    folder = put(tmp_path / "model", *VOSK_FILES)
    assert speech_models.problem(Kind.VOSK, folder) is None
    (folder / name).write_text("")
    assert speech_models.problem(Kind.VOSK, folder) == f"has an empty {name}"
    (folder / name).unlink()
    assert speech_models.problem(Kind.VOSK, folder) == f"has no {name}"


def test_a_model_in_the_older_layout_is_whole(tmp_path: Path) -> None:
    names = ("final.mdl", "mfcc.conf", "word_boundary.int", "HCLG.fst")
    assert speech_models.problem(Kind.VOSK, put(tmp_path / "old", *names)) is None


def test_a_fetched_model_that_lost_a_file_says_how_to_get_it_back(settings: Settings) -> None:
    folder = put(speech_models.store(settings) / "piper-en", "voice.onnx")
    with pytest.raises(SettingsError, match=r"no voice.onnx.json: delete it and run .*fetch en"):
        piper_path(settings, "en")
    (folder / "voice.onnx").unlink()
    with pytest.raises(SettingsError, match="does not exist"):
        piper_path(settings, "en")
