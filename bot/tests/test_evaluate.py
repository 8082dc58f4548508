"""What `frontline evaluate` works out, and what it says about a bot and about two of them."""

import json

import pytest

import evaluate
from evaluation.compare import ENOUGH, below, compare, read_floors
from evaluation.figures import calibration, confusions, intent_scores, report
from evaluation.rows import EvaluationError, Outcome, read_rows, run
from evaluation.tables import table

LINES = """\
intent\ttext\tentities
greet\tdzień dobry\t
order_status\tgdzie jest paczka 104731\torder_number=104731
order_status\tco z moją paczką\t
out_of_scope\tjaka jutro pogoda\t
"""
ANSWERS = {
    "dzień dobry": [("greet", 0.9), ("affirm", 0.1)],
    "gdzie jest paczka 104731": [("order_status", 0.8), ("greet", 0.1)],
    "co z moją paczką": [("greet", 0.6), ("order_status", 0.3)],
    "jaka jutro pogoda": [("nlu_fallback", 0.4), ("out_of_scope", 0.3), ("greet", 0.1)],
}


def parse(text):
    ranking = [{"name": name, "confidence": sure} for name, sure in ANSWERS[text]]
    entities = []
    if "104731" in text:
        at = text.index("104731")
        entities.append({"entity": "order_number", "start": at, "end": at + 6})
    return {"intent": ranking[0], "intent_ranking": ranking, "entities": entities}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pl" / "chat.tsv"
    path.parent.mkdir()
    path.write_text(LINES, encoding="utf-8")
    return path


@pytest.fixture
def outcome(file):
    return run(read_rows(file), parse)


def test_the_figures_of_a_file(outcome):
    figures = report("chat.tsv", outcome)
    assert (figures["n"], figures["accuracy"]) == (4, 0.75)
    assert figures["intents"]["order_status"] == {
        "n": 2, "precision": 1.0, "recall": 0.5, "f1": 0.6667,
    }  # fmt: skip
    assert figures["entities"]["order_number"]["f1"] == 1.0
    assert figures["out_of_scope"] == {"n": 1, "recall_at_5pct_refused": 1.0}
    assert figures["wrong"][0]["got"] == "greet"
    assert figures["parse_ms"]["p50"] >= 0


def test_a_confusion_comes_with_two_sentences_to_look_at(outcome):
    outcome.rows += [outcome.rows[2]] * 2
    outcome.got += ["greet"] * 2
    [pair] = confusions(outcome)
    assert pair == {
        "expected": "order_status",
        "got": "greet",
        "n": 3,
        "examples": ["co z moją paczką"] * 2,
    }


def test_an_intent_that_is_only_guessed_has_precision_zero():
    scores = intent_scores(["greet"], ["thank"])
    assert scores["thank"] == {"n": 0, "precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_calibration_is_the_distance_between_sureness_and_rightness():
    assert calibration([1.0, 1.0], [True, True])["ece"] == 0.0
    figures = calibration([0.75, 0.75, 0.75, 0.75, 0.25, 1.0], [True] * 3 + [False, True, True])
    assert figures["ece"] == round(0.75 / 6, 4)
    assert [one["n"] for one in figures["bins"]] == [0, 0, 1, 0, 0, 0, 0, 4, 0, 1]
    assert figures["bins"][7]["accuracy"] == 0.75


def test_a_comparison_says_what_became_better_and_worse(file, outcome):
    before = run(read_rows(file), parse)
    before.got = ["affirm", "order_status", "order_status", "greet"]
    change = compare("old.tar.gz", before, outcome)
    assert [len(change[kind]) for kind in ("better", "worse", "other")] == [2, 1, 0]
    assert change["worse"][0]["text"] == "co z moją paczką"
    assert change["intents"]["greet"] == {"before": 0.0, "after": 0.6667, "delta": 0.6667}
    shown = table([report("chat.tsv", outcome) | {"against": change}])
    assert "50.0% → 75.0%; 2 better, 1 worse" in shown


def test_floors_hold_by_name_and_by_default(file, outcome):
    one = report(str(file), outcome)
    folder = file.parent.parent
    assert below({"pl/chat.tsv": {"accuracy": 0.75}}, folder, [one]) == []
    assert below({"pl/chat.tsv": {"accuracy": 0.8}}, folder, [one]) == [
        "pl/chat.tsv: accuracy 75.0% is below 80.0%"
    ]
    assert below({"pl/chat.tsv": {"entities": {"phone": 0.5}}}, folder, [one]) == [
        "pl/chat.tsv: no F1 of phone to measure, but it has a floor of 50.0%"
    ]
    default = {"default": {"accuracy": 0.8, "entities": {"phone": 0.5}}}
    assert below(default, folder, [one]) == []  # on four sentences
    assert len(below(default, folder, [one | {"n": ENOUGH}])) == 1


@pytest.mark.parametrize("text", ["", "[]", '{"pl/chat.tsv": 0.5}'])
def test_floors_of_another_form_are_refused(tmp_path, text):
    (tmp_path / "floors.json").write_text(text)
    with pytest.raises(EvaluationError, match="floors"):
        read_floors(tmp_path / "floors.json")


def test_a_line_without_a_text_is_named(file):
    file.write_text("greet")
    with pytest.raises(EvaluationError, match=r"chat\.tsv:1"):
        read_rows(file)


def test_the_command_prints_json_and_fails_below_a_floor(file, capsys, monkeypatch):
    monkeypatch.setattr(evaluate, "trained_bot", lambda _model, _config: parse)
    floor = file.parent.parent / "floors.json"
    floor.write_text(json.dumps({"pl/chat.tsv": {"accuracy": 0.9}}))
    arguments = [str(file), "--json", "--against", "old.tar.gz", "--floor", str(floor)]
    assert evaluate.main(arguments) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["below"] == ["pl/chat.tsv: accuracy 75.0% is below 90.0%"]
    assert printed["files"][0]["against"]["model"] == "old.tar.gz"
    assert evaluate.main([str(file)]) == 0
    assert "order_status taken for greet: 1" in capsys.readouterr().out


def test_a_missing_model_is_one_sentence(file, capsys):
    assert evaluate.main([str(file), "--model", "/nowhere.tar.gz"]) == 1
    assert capsys.readouterr().err == "error: /nowhere.tar.gz does not exist: train the bot first\n"


def test_an_outcome_knows_what_was_right(outcome: Outcome):
    assert outcome.right == [True, True, False, True]
