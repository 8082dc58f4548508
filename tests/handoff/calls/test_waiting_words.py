import re

import pytest

from frontline.lang import Language
from handoff.app_parts import Parts
from handoff.notices import _notices
from handoff.wait import Range
from handoff.waiting_words import ahead_text, wait_text
from tests.handoff.calls.conftest import Ring


@pytest.mark.parametrize(
    ("ahead", "language", "said"),
    [
        (0, "pl", "Przed tą rozmową nikt nie czeka."),
        (1, "pl", "Przed tą rozmową czeka jedna osoba."),
        (2, "pl", "Przed tą rozmową czekają dwie osoby."),
        (5, "pl", "Przed tą rozmową czeka pięć osób."),
        (12, "pl", "Przed tą rozmową czeka dwanaście osób."),
        (0, "en", "Nobody is waiting before you."),
        (1, "en", "One person is waiting before you."),
        (3, "en", "Three people are waiting before you."),
    ],
)
def test_callers_hear_how_many_wait_before_them(ahead: int, language: Language, said: str) -> None:
    assert ahead_text(ahead, language) == said


@pytest.mark.parametrize(
    ("to_min", "language", "said"),
    [
        (1, "pl", " Zwykle trwa to najdłużej minutę."),
        (2, "pl", " Zwykle trwa to najdłużej dwie minuty."),
        (15, "pl", " Zwykle trwa to najdłużej piętnaście minut."),
        (1, "en", " It usually takes no longer than one minute."),
        (4, "en", " It usually takes no longer than four minutes."),
    ],
)
def test_the_wait_is_told_in_words(to_min: int, language: Language, said: str) -> None:
    assert wait_text(Range(0, to_min), language) == said


def test_what_is_not_known_is_not_told() -> None:
    assert wait_text(None, "pl") == ""


async def test_a_caller_hears_the_queue_in_words(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    await parts.cases.open(conversation.id, reason="user_request")
    last = (await parts.conversations.turns(conversation.id))[-1]
    assert "Przed tą rozmową nikt nie czeka." in last.text
    assert not last.buttons


def test_what_is_read_aloud_has_neither_digits_nor_signs() -> None:
    spoken = {name: texts for name, texts in _notices().items() if name.endswith("_voice")}
    assert len(spoken) > 10
    for name, texts in spoken.items():
        assert texts.keys() == {"pl", "en"}, name
        for text in texts.values():
            assert not re.search(r"[0-9/–„”]", text), name
