"""Properties of every summary, for any conversation and any context."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.lang.text import fold, words
from frontline.turns import Author, Turn
from handoff.case import Case, CaseState, Kind, Reason
from handoff.summary import summarise, summary_line, wording, wrap_up_note
from tests.handoff.summary.samples import case, complaint, turn

INTENTS = sorted([*wording()["matters"], *wording()["moods"], "affirm", "inform", "nlu_fallback"])
NAMES = sorted([*wording()["labels"], "start", "complaint_wish", "privacy_right", "anything"])
texts = st.text(max_size=60) | st.sampled_from(
    [
        "Gdzie jest 104731?",
        "tak",
        "refund",
        "delete",
        "104-731",
        "ZA-2026-104731",
        "00-950",
        "buty się rozkleiły",
    ]
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return strategy | junk


named = st.fixed_dictionaries({"name": st.sampled_from(INTENTS), "confidence": st.floats(0, 1)})
contexts = st.fixed_dictionaries(
    {},
    optional={
        "identity": maybe(
            st.fixed_dictionaries(
                {"level": st.sampled_from(["verified", "claimed", "none"])},
                optional={"orders": maybe(st.lists(texts, max_size=3))},
            )
        ),
        "intent": maybe(
            st.fixed_dictionaries(
                {"top": maybe(st.sampled_from(INTENTS))},
                optional={
                    "history": maybe(st.lists(maybe(named), max_size=3)),
                    "ranking": maybe(st.lists(maybe(named), max_size=3)),
                },
            )
        ),
        "entities": maybe(
            st.lists(
                st.fixed_dictionaries(
                    {"name": st.sampled_from(NAMES), "values": maybe(st.lists(texts, max_size=2))}
                ),
                max_size=3,
            )
        ),
        "slots": maybe(
            st.fixed_dictionaries(
                {},
                optional={
                    "form": maybe(st.sampled_from(INTENTS)),
                    "topic": maybe(st.sampled_from(INTENTS)),
                    "order_number": maybe(texts),
                    "wish": maybe(texts),
                    "answers": maybe(st.dictionaries(st.sampled_from(NAMES), maybe(texts))),
                    "later_intent": maybe(st.fixed_dictionaries({"text": texts})),
                },
            )
        ),
        "attempted": maybe(
            st.lists(
                st.fixed_dictionaries(
                    {"action": texts | st.sampled_from(INTENTS), "ok": st.booleans()},
                    optional={"error": maybe(st.sampled_from(["too late: packed", "x: y"]))},
                ),
                max_size=3,
            )
        ),
        "misunderstood": maybe(st.integers(0, 30)),
        "earlier_case": maybe(st.fixed_dictionaries({"number": texts})),
    },
)
conversations = st.lists(
    st.tuples(
        st.sampled_from(list(Author)),
        texts,
        st.none() | st.sampled_from(INTENTS),
        st.dictionaries(st.sampled_from(NAMES), texts, max_size=2),
    ),
    max_size=8,
).map(
    lambda said: [
        turn(seq, author, text, intent=intent, entities=entities)
        for seq, (author, text, intent, entities) in enumerate(said, start=1)
    ]
)
cases = st.builds(
    lambda context, state, kind, reason, detail, channel, language, legal, callback: case(
        context=context, state=state, kind=kind, reason=reason, detail=detail, channel=channel,
        language=language, legal=legal, callback=callback,
    ),
    contexts, st.sampled_from(CaseState), st.sampled_from(Kind), st.sampled_from(Reason), texts,
    st.sampled_from(["chat", "voice"]), st.sampled_from(["pl", "en"]),
    st.none() | st.fixed_dictionaries({"due": maybe(st.dates().map(str))}),
    st.none() | st.fixed_dictionaries({"phone": maybe(texts), "from": maybe(texts)}),
)  # fmt: skip
languages = st.sampled_from(["pl", "en"])


def strings(value: object) -> list[str]:
    """Every string and number anywhere in a value."""
    if isinstance(value, dict):
        return [s for pair in value.items() for part in pair for s in strings(part)]
    if isinstance(value, list | tuple):
        return [s for part in value for s in strings(part)]
    return [str(value)]


MONTHS = {
    fold(month)
    for month in words(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
        "listopada grudnia January February March April May June July August September October "
        "November December"
    )
}
COUNTED = words(
    "niezrozumiala niezrozumiale niezrozumialych wiadomosc wiadomosci message messages not "
    "understood"
)
OURS = {w for word in strings(wording()) for w in re.findall(r"\w+", fold(word))}
OURS |= MONTHS | set(COUNTED)


def letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def sources(of: Case, turns: list[Turn]) -> str:
    """All that may be said, as letters and digits; a summary may say nothing else."""
    said = [part for t in turns for part in (t.text, *strings(t.nlu))]
    known = strings([of.context, of.detail, of.legal, of.callback, of.number])
    return "|".join(letters(part) for part in said + known)


def invented(text: str, known: str) -> list[str]:
    """Words that are neither ours nor in the sources; dates are written without leading zeros."""
    found = [letters(word) for word in re.findall(r"\w+", fold(text))]
    return [w for w in found if w and w not in OURS and w not in known and not _is_clock(w)]


def _is_clock(word: str) -> bool:
    """A day, year, hour or minute of an arranged call, told in local time."""
    return word.isdecimal() and len(word) <= 4


@settings(max_examples=400, deadline=None)
@given(cases, conversations, languages)
def test_each_value_occurs_in_a_turn_or_in_the_context(
    of: Case, turns: list[Turn], language: Any
) -> None:
    summary, known = summarise(of, turns, language=language), sources(of, turns)
    for text in (summary.text, *(t.text for t in summary.tried), summary.question or ""):
        assert invented(text, known) == [], text
    for fact in summary.facts:
        if fact.name in ("answer_due", "call"):
            assert invented(fact.value, known) == []
            continue
        coded = {w[language] for w in wording()["choices"].values()}
        assert fact.value in coded or letters(fact.value.rstrip("…")) in known


@settings(max_examples=400, deadline=None)
@given(cases, conversations, languages)
def test_everything_names_turns_that_exist(of: Case, turns: list[Turn], language: Any) -> None:
    summary = summarise(of, turns, language=language)
    seqs = {t.seq for t in turns}
    for entry in (*summary.sentences, *summary.facts):
        assert entry.turns
        assert set(entry.turns) <= seqs
    assert all(set(t.turns) <= seqs for t in summary.tried)
    assert bool(summary.sentences) == bool(turns)
    assert summary.text


@settings(max_examples=200, deadline=None)
@given(cases, conversations, languages)
def test_the_same_case_always_gives_the_same_words_on_one_line(
    of: Case, turns: list[Turn], language: Any
) -> None:
    summary = summarise(of, turns, language=language)
    assert summary == summarise(of, list(reversed(turns)), language=language)
    assert "\n" not in summary.text + summary_line(of, language)
    assert wrap_up_note(of, turns, language)


@settings(max_examples=200, deadline=None)
@given(junk | st.dictionaries(st.sampled_from(["slots", "intent", "identity", "entities",
       "attempted", "misunderstood", "earlier_case"]), junk), languages)  # fmt: skip
def test_a_context_of_any_shape_does_no_harm(context: Any, language: Any) -> None:
    of = complaint(context=context)
    assert summarise(of, [turn(1, "customer", "x")], language=language).sentences
    assert summary_line(of, language)
