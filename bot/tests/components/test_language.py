import pytest

from components.language import Guess, Trigrams, decide, identify, wish

SENTENCES = [
    "Gdzie jest moje zamówienie?", "kiedy przyjdzie paczka", "chcę zwrot pieniędzy za buty",
    "Where is my order?", "when will the parcel arrive", "I want a refund for the shoes",
]  # fmt: skip
TRIGRAMS = Trigrams.learn(SENTENCES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gdzie jest moja paczka?", "pl"),
        ("gdzie jest moja paczka", "pl"),
        ("cześć", "pl"),
        ("Where is my parcel?", "en"),
        ("hello", "en"),
        ("i have a question about my order", "en"),
        ("i mam pytanie o zamowienie", "pl"),
        ("Wo ist meine Bestellung?", "other"),
        ("Bonjour, où est mon colis ?", "other"),
        ("Где мой заказ", "other"),
        ("我的包裹在哪里", "other"),
        ("😀😀", "other"),
        ("104731", ""),
        ("jan@example.com", ""),
        ("", ""),
        ("...", ""),
    ],
)
def test_the_language_of_a_message_is_told(text, name):
    assert identify(text, TRIGRAMS).name == name


def test_words_of_no_list_are_told_by_their_letters():
    assert identify("refund", TRIGRAMS).name == "en"
    assert identify("zwrot", TRIGRAMS).name == "pl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("in English, please", "en"),
        ("Can we speak English?", "en"),
        ("English", "en"),
        ("po angielsku proszę", "en"),
        ("po polsku", "pl"),
        ("mów po polsku", "pl"),
        ("switch to Polish", "pl"),
    ],
)
def test_an_explicit_wish_is_heard_even_when_the_classifier_is_unsure(text, language):
    assert wish(text, asked=False) == language


def test_who_does_not_speak_a_language_wants_the_other():
    assert wish("I don’t speak Polish", asked=True) == "en"
    assert wish("nie mówię po angielsku", asked=True) == "pl"


@pytest.mark.parametrize(
    "text",
    ["do you have the manual in English?", "czy instrukcja jest po polsku?", "where is my order"],
)
def test_a_question_that_only_mentions_a_language_is_no_wish(text):
    assert wish(text, asked=False) is None


@pytest.mark.parametrize(
    ("guess", "current", "chosen", "next_one"),
    [
        (Guess("en", 0.9, 4), None, False, "en"),
        (Guess("en", 0.9, 4), "pl", False, "en"),
        (Guess("en", 0.9, 2), "pl", False, "pl"),
        (Guess("en", 0.6, 9), "pl", False, "pl"),
        (Guess("en", 0.9, 9), "pl", True, "pl"),
        (Guess("other", 1.0, 9), "pl", False, "pl"),
        (Guess("", 0.0, 0), "en", False, "en"),
        (Guess("", 0.0, 0), None, False, None),
    ],
)
def test_only_a_clear_message_changes_the_language(guess, current, chosen, next_one):
    assert decide(guess, current, chosen=chosen) == next_one
