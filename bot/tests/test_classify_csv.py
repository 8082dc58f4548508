"""The benchmark on somebody else's sentences, with a tiny made-up set."""

import json

import pytest

import classify_csv

SENTENCES = {
    "card_arrival": ["when will my card come", "where is my new card", "my card has not arrived"],
    "top_up_failed": ["my top up failed", "the top up was declined", "topping up does not work"],
    "exchange_rate": ["what is your exchange rate", "how do you set the rate", "rate for euros"],
}


@pytest.fixture
def files(tmp_path):
    """A file to learn from and one to be tested on."""
    lines = [f'"{text}",{name}' for name, texts in SENTENCES.items() for text in texts]
    (tmp_path / "train.csv").write_text("\n".join(["text,category", *lines]))
    tested = ["text,category", '"has my card, perhaps, arrived?",card_arrival', "top up,other"]
    (tmp_path / "test.csv").write_text("\n".join(tested))
    return [str(tmp_path / "train.csv"), str(tmp_path / "test.csv")]


def test_one_line_for_each_training(files, capsys):
    assert classify_csv.main([*files, "--shots", "2", "--seeds", "0", "1"]) == 0
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["n_train"], r["n_test"], r["accuracy"]) for r in results] == [(6, 2, 0.5)] * 2
    assert classify_csv.main(files) == 0
    assert json.loads(capsys.readouterr().out)["n_train"] == 9


def test_shots_are_the_first_after_a_seeded_shuffle():
    pairs = [(str(n), "even" if n % 2 == 0 else "odd") for n in range(20)]
    drawn = [classify_csv.few(pairs, 3, seed) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert sorted(name for _, name in drawn[0]) == ["even"] * 3 + ["odd"] * 3


def test_a_file_of_another_form_is_named(files, capsys):
    with open(files[1], "w") as file:
        file.write("sentence,label\n")
    assert classify_csv.main(files) == 1
    assert "no columns text and category" in capsys.readouterr().err
