import itertools
from pathlib import Path

import pytest

from frontline.lang import Language
from frontline.lang.speakable import speakable
from frontline.settings import PROJECT
from voice_gateway.tts.pieces import pieces
from voice_gateway.tts.prompts import bot_prompts

DOMAIN = """
responses:
  utter_a:
  - text: Na ekranie.
    channel: web
  - text: Dzień dobry. Numer {number} znam. Czy coś jeszcze?
    channel: voice
  - text: Good day. Anything else?
    channel: voice
    condition: [{type: slot, name: language, value: en}]
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "bot" / "domain"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(DOMAIN)
    return tmp_path


def test_sentences_that_are_always_the_same(content: Path) -> None:
    assert bot_prompts(content, "pl") == ["Dzień dobry.", "Czy coś jeszcze?"]
    assert bot_prompts(content, "en") == ["Good day.", "Anything else?"]


@pytest.mark.parametrize("broken", ["responses: [", "responses: 1", "\0", "- a"])
def test_a_broken_file_is_left_out(content: Path, broken: str) -> None:
    (content / "bot" / "domain" / "b.yml").write_text(broken)
    assert len(bot_prompts(content, "pl")) == 2


def test_no_content_gives_no_prompts(tmp_path: Path) -> None:
    assert bot_prompts(tmp_path, "pl") == []


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_bots_own_sentences_are_pieces_when_they_are_said_together(language: Language) -> None:
    prompts = bot_prompts(PROJECT, language)
    assert len(prompts) > 150
    for first, second in itertools.pairwise(prompts):
        alone = [piece for one in (first, second) for piece in pieces(one, language)]
        assert pieces(speakable(f"{first} {second}", language), language) == alone
