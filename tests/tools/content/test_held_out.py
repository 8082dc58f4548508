from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[str, str, str], None]
GREET = "nlu_data/pl/dialogue/greet.yml"
HELD = "tests/nlu/pl/chat.tsv"
LONG = "dzień dobry, chciałbym się tylko przywitać z państwem"


def test_a_held_out_sentence_is_not_trained_on(edit: Edit, found: Callable[[], list[str]]) -> None:
    edit(HELD, "dobry wieczór", "Cześć!")
    what = f"{GREET}:6: “cześć” is held out for measuring in {HELD}:1; delete it here [held-out]"
    assert found() == [what]


@pytest.mark.parametrize(
    "name", ["tests/nlu/en/hard.tsv", "tests/nlu/validation-a.tsv", "tests/nlu/validation/pl/a.tsv"]
)
def test_almost_a_held_out_sentence_is_found_and_only_the_trained_one_shown(
    root: Path, edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(f"stop\tnic\t\ngreet\t{LONG}!\t\n")
    edit(GREET, "- cześć", f"- cześć\n    - {LONG}i")
    what = f"{GREET}:7: “{LONG}i” is almost one held out for measuring in {name}:2; delete it here"
    assert found() == [f"{what} [held-out]"]


def test_a_held_out_label_exists(edit: Edit, found: Callable[[], list[str]]) -> None:
    edit(HELD, "greet", "great")
    what = f"{HELD}:1: intent great is not in nlu_data/intents.yml; mend the name [unknown]"
    assert found() == [what]
