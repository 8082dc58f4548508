import sys
from collections import defaultdict
from pathlib import Path

import pytest

from frontline.errors import UnavailableError
from frontline.speech_models import Kind
from tools.speech.make import KEPT, KEY, RECIPE, Part, demo_folder, make_demo_models, parts

NAMES = ["vosk-pl", "vosk-en", "piper-pl", "piper-en"]
WRITES = """
import pathlib, sys
kind, language, folder, size, *older = sys.argv[1:]
place = pathlib.Path(folder)
place.mkdir()
print("0.50", flush=True)
(place / "model").write_text(" ".join([kind, language, size, *older]))
print("1.00", flush=True)
"""
BREAKS = """
import pathlib, sys
pathlib.Path(sys.argv[3]).mkdir()
sys.exit("no space left on device")
"""

Said = dict[str, list[float]]


def make(store: Path, size: str = "ci", program: str = WRITES) -> tuple[Path, Said]:
    said: Said = defaultdict(list)
    folder = make_demo_models(
        store,
        size,
        parts(),
        lambda name, done: said[name].append(done),
        (sys.executable, "-c", program),
    )
    return folder, said


def test_all_models_are_made_with_progress(tmp_path: Path) -> None:
    folder, said = make(tmp_path)
    assert [part.name for part in parts()] == NAMES
    assert said == {name: [0.5, 1.0] for name in NAMES}
    assert (folder / "vosk-pl/model").read_text() == "vosk pl ci"
    assert "synthetic voices only" in (folder / "README.md").read_text()
    assert sorted(path.name for path in folder.iterdir()) == sorted([*NAMES, "README.md"])


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    make(tmp_path)
    assert make(tmp_path, program=BREAKS)[1] == {}


def test_only_some_can_be_asked_for() -> None:
    assert parts(Kind.PIPER, ["en"]) == [Part(Kind.PIPER, "en")]


def test_a_failure_says_why_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"vosk-pl could not be made.*no space left"):
        make(tmp_path, program=BREAKS)
    folder = demo_folder(tmp_path, "ci")
    assert [path.name for path in folder.iterdir()] == ["README.md"]
    assert make(tmp_path)[1].keys() == set(NAMES)


def test_an_earlier_folder_with_the_same_recipe_gives_its_models(tmp_path: Path) -> None:
    folder, _ = make(tmp_path)
    folder.rename(tmp_path / "demo-earlier")
    again, said = make(tmp_path, program=BREAKS)
    assert said == {}
    assert (again / "piper-en/model").read_text() == "piper en ci"


def test_with_new_words_a_recogniser_keeps_its_sounds(tmp_path: Path) -> None:
    folder, _ = make(tmp_path)
    earlier = folder.rename(tmp_path / "demo-earlier")
    (earlier / "vosk-pl" / KEY).write_text("other words")
    again, said = make(tmp_path)
    assert list(said) == ["vosk-pl"]
    assert (again / "vosk-pl/model").read_text() == f"vosk pl ci {earlier / 'vosk-pl'}"


def test_another_recipe_begins_anew(tmp_path: Path) -> None:
    folder, _ = make(tmp_path)
    earlier = folder.rename(tmp_path / "demo-earlier")
    for file in (KEY, RECIPE):
        (earlier / "vosk-en" / file).write_text("another recipe")
    again, said = make(tmp_path)
    assert list(said) == ["vosk-en"]
    assert (again / "vosk-en/model").read_text() == "vosk en ci"


def test_full_models_serve_where_small_ones_would_do(tmp_path: Path) -> None:
    full, _ = make(tmp_path, "full")
    folder, said = make(tmp_path, "ci", BREAKS)
    assert folder == full
    assert said == {}


def test_folders_of_long_ago_are_deleted(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / f"demo-{name}/vosk-pl").mkdir(parents=True)
    (tmp_path / "vosk-pl").mkdir()
    folder, _ = make(tmp_path)
    left = {path.name for path in tmp_path.glob("demo-*")} - {folder.name}
    assert len(left) == KEPT
    assert (tmp_path / "vosk-pl").is_dir()
