"""Training: what it refuses, what it leaves behind, and the trainer that stays warm."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from model_check import UnfitModelError, load, smoke_test

SMALL = Path(__file__).resolve().parent / "small_bot"
BOT = SMALL.parent.parent


def order(out, data=SMALL / "data"):
    paths = {"data": data, "domain": SMALL / "domain.yml", "config": BOT / "config.yml", "out": out}
    return json.dumps({"train": {name: str(path) for name, path in paths.items()}})


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """A warm trainer's answers to: a good order, a bad one, a damaged one, a good one again."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "nothing").mkdir()
    orders = [
        order(folder / "first.tar.gz"),
        order(folder / "bad.tar.gz", folder / "nothing"),
        "no JSON",
        order(folder / "second.tar.gz"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "train", "--serve", "--data", str(SMALL / "data")],
        cwd=BOT,
        input="\n".join(orders) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return folder, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_warm_trainer_carries_out_one_order_after_the_other(answers):
    folder, lines = answers
    assert "ready" in lines[0]
    assert [line["finished"] for line in lines if "finished" in line] == [0, 1, 1, 0]
    assert {path.name for path in folder.glob("*.gz")} == {"first.tar.gz", "second.tar.gz"}


def test_a_warm_trainer_says_its_steps_and_why_it_failed(answers):
    lines = answers[1]
    assert {"step": "training RulePolicy"} in lines
    errors = [line["error"] for line in lines if "error" in line]
    assert "No training data" in errors[0]
    assert "JSONDecodeError" in errors[1]


async def test_a_trained_model_passes_the_smoke_test(answers):
    await smoke_test(load(answers[0] / "first.tar.gz"))


def test_a_file_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(UnfitModelError, match="does not exist"):
        load(tmp_path / "none.tar.gz")
    (tmp_path / "bad.tar.gz").write_text("garbage")
    with pytest.raises(UnfitModelError, match=r"bad\.tar\.gz: ModelNotFound"):
        load(tmp_path / "bad.tar.gz")


def test_a_model_whose_classifier_is_damaged_is_refused(answers, tmp_path):
    damaged = tmp_path / "damaged.tar.gz"
    with tarfile.open(answers[0] / "first.tar.gz") as source:
        source.extractall(tmp_path / "model")  # noqa: S202  our own
    for path in (tmp_path / "model").rglob("sparse_linear.pickle"):
        path.write_bytes(b"damaged")
    with tarfile.open(damaged, "w:gz") as target:
        target.add(tmp_path / "model", arcname=".")
    with pytest.raises(UnfitModelError, match="damaged"):
        load(damaged)


async def test_a_model_that_names_intents_its_domain_does_not_have_is_refused(answers):
    agent = load(answers[0] / "first.tar.gz")
    agent.domain = agent.domain.from_dict({"intents": ["greet"]})
    with pytest.raises(UnfitModelError, match="does not know"):
        await smoke_test(agent)
