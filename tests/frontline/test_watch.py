import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from frontline import model, warm_trainer, watch
from frontline.live_model import live_path
from frontline.settings import Settings
from frontline.watch import Watch

TRAINER = """
import json, os, pathlib, sys, time
here = pathlib.Path('.')
print(json.dumps({'ready': 0}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if 'evaluate' in order:
        print(json.dumps({'text': 'accuracy 93 %'}), flush=True)
    else:
        text = pathlib.Path(order['train']['data'], 'greet.yml').read_text()
        (here / 'began').open('a').write('x')
        pid = os.fork()
        if pid == 0:
            while (here / 'slow').exists():
                time.sleep(0.02)
            os._exit(0)
        print(json.dumps({'pid': pid}), flush=True)
        if os.waitpid(pid, 0)[1]:
            print(json.dumps({'finished': -9}), flush=True)
            continue
        if 'deadly' in text:
            sys.exit(1)
        if 'contradictory' in text:
            print(json.dumps({'error': 'two rules contradict each other'}), flush=True)
            print(json.dumps({'finished': 1}), flush=True)
            continue
        pathlib.Path(order['train']['out']).write_text(text)
    print(json.dumps({'finished': 0}), flush=True)
"""
CHECKER = """
import pathlib, sys
if 'broken' in pathlib.Path(sys.argv[1], 'nlu_data', 'greet.yml').read_text():
    print('nlu_data/greet.yml:1: invalid YAML')
    sys.exit('1 mistakes in the content')
"""


class Editor:
    """Somebody who saves sentences while the content is watched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(data_dir=folder / "var", content_dir=folder / "content")
        self.greet = self.settings.content_dir / "nlu_data" / "greet.yml"
        self.lines: list[str] = []
        self.others = processes()

    def trainers(self) -> set[int]:
        return processes() - self.others

    def live(self) -> str:
        path = live_path(self.settings)
        return path.read_text() if path else ""

    def saw(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    async def until(self, holds: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(20):
                while not holds():  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError("\n".join(self.lines)) from None


def processes() -> set[int]:
    """The processes of this one; other tests may have some that stay."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture
async def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Editor]:
    one = Editor(tmp_path)
    for folder in ("content/nlu_data", "content/bot/domain", "bot", "tools"):
        (tmp_path / folder).mkdir(parents=True)
    one.greet.write_text("cześć")
    (tmp_path / "content" / "bot" / "config.yml").write_text("pipeline: []")
    (tmp_path / "bot" / "train.py").write_text(TRAINER)
    (tmp_path / "tools" / "check_content.py").write_text(CHECKER)
    for module in (model, warm_trainer):
        monkeypatch.setattr(module, "BOT", tmp_path / "bot")
        monkeypatch.setattr(module, "BOT_PYTHON", Path(sys.executable))
    monkeypatch.setattr(watch, "PROJECT", tmp_path)
    watching = Watch(one.settings, [tmp_path / "held_out.tsv"], say=one.lines.append)
    task = asyncio.create_task(watching.run())
    await one.until(lambda: one.live() == "cześć")
    yield one
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert one.trainers() == set()


async def test_a_saved_sentence_is_checked_trained_live_and_measured(editor: Editor) -> None:
    editor.greet.write_text("dzień dobry")
    await editor.until(lambda: editor.live() == "dzień dobry")
    await editor.until(lambda: editor.lines.count("accuracy 93 %") == 2)
    steps = [line.split()[1] for line in editor.lines if line[2] == ":"]
    assert steps[-4:] == ["saved", "valid", "trained", "no"]  # no front line is running
    assert editor.saw("saved 1 file: nlu_data/greet.yml")


async def test_a_broken_file_is_named_and_the_old_model_stays(editor: Editor) -> None:
    editor.greet.write_text("broken: [")
    await editor.until(lambda: editor.saw("nlu_data/greet.yml:1: invalid YAML"))
    assert editor.live() == "cześć"
    editor.greet.write_text("dobry wieczór")
    await editor.until(lambda: editor.live() == "dobry wieczór")


@pytest.mark.parametrize(
    ("text", "said"),
    [("contradictory", "two rules contradict"), ("deadly", "the trainer ended")],
)
async def test_a_failed_training_is_said_and_the_next_one_works(
    editor: Editor, text: str, said: str
) -> None:
    editor.greet.write_text(text)
    await editor.until(lambda: editor.saw(said))
    assert editor.live() == "cześć"
    editor.greet.write_text("dobry wieczór")
    await editor.until(lambda: editor.live() == "dobry wieczór")


async def test_what_is_saved_during_a_training_is_trained_after_it(editor: Editor) -> None:
    began = editor.folder / "bot" / "began"
    slow = editor.folder / "bot" / "slow"
    slow.touch()
    editor.greet.write_text("one")
    await editor.until(lambda: began.read_text() == "xx")
    editor.greet.write_text("one and two")
    editor.greet.write_text("one, two and three")
    slow.unlink()
    await editor.until(lambda: editor.live() == "one, two and three")
    assert began.read_text() == "xxx"


async def test_a_training_of_content_with_mistakes_is_ended_and_rasa_stays_loaded(
    editor: Editor,
) -> None:
    before = processes()
    (editor.folder / "bot" / "slow").touch()
    editor.greet.write_text("broken: [")
    await editor.until(lambda: editor.saw("invalid YAML"))
    (editor.folder / "bot" / "slow").unlink()
    editor.greet.write_text("dobry wieczór")
    await editor.until(lambda: editor.live() == "dobry wieczór")
    assert processes() == before


async def test_a_change_of_the_pipeline_loads_the_trainer_anew(editor: Editor) -> None:
    before = editor.trainers()
    (editor.settings.content_dir / "bot" / "config.yml").write_text("pipeline: [other]")
    await editor.until(lambda: editor.lines.count("accuracy 93 %") == 2)
    assert before
    assert before.isdisjoint(editor.trainers())
