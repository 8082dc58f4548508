"""Sentences kept for measuring are not trained on, else the measurement says nothing.

Messages show the training sentence and never the one held out: who reads those writes for them.
"""

from tools.content.read import MARK, Content, Place, fold

NEAR_HELD_OUT = 0.8
"""From this resemblance on a held-out sentence counts as seen."""


def check_held_out(content: Content) -> None:
    """All of tests/nlu, validation files included: labels known, nothing also trained on."""
    trained = content.all_sentences()
    same = {sentence.folded: sentence for sentence in trained}
    for where, intent, text in held_out(content):
        if intent not in content.intents:
            what = f"intent {intent} is not in nlu_data/intents.yml; mend the name"
            content.problems.add(where, "unknown", what)
        folded = fold(MARK.sub(r"\1", text))
        place = content.problems.place(where)
        if folded in same:
            found = same[folded]
            what = f"“{found.text}” is held out for measuring in {place}; delete it here"
            content.problems.add(found.where, "held-out", what)
            continue
        for number in content.near.like(folded, NEAR_HELD_OUT)[:1]:
            found = trained[number]
            what = f"“{found.text}” is almost one held out for measuring in {place}; delete it here"
            content.problems.add(found.where, "held-out", what)


def held_out(content: Content) -> list[tuple[Place, str, str]]:
    """File and line, intent and text of every held-out sentence."""
    rows = []
    for path in sorted((content.root / "tests" / "nlu").rglob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                intent, text = (*line.split("\t"), "")[:2]
                rows.append(((path, number), intent, text))
    return rows
