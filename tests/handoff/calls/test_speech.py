import pytest

from frontline.errors import NotFoundError
from frontline.turns import Speech, SpokenWord
from handoff.app_parts import Parts
from tests.handoff.calls.conftest import Ring

SAID = Speech(
    from_ms=1200, to_ms=2100,
    words=(SpokenWord("dzień", 1200, 1500, 0.98), SpokenWord("dobry", 1500, 2100, 0.41)),
)  # fmt: skip


async def test_what_was_heard_is_kept_with_its_confidence(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    said = await parts.conversations.said(conversation.id, "c1", "dzień dobry", speech=SAID)
    assert said.turn.speech == SAID
    assert (await parts.conversations.turns(conversation.id))[-1].speech == SAID


async def test_written_words_have_no_speech(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    await parts.conversations.said(conversation.id, "c1", "dzień dobry")
    assert (await parts.conversations.turns(conversation.id))[-1].speech is None


async def test_of_what_a_caller_broke_into_only_the_heard_is_kept(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    [greeting] = await parts.conversations.turns(conversation.id)
    cut = await parts.conversations.cut(greeting.id, "Dzień dobry, tu ", 900, from_ms=100)
    assert cut.text == "Dzień dobry, tu …"
    assert cut.speech == Speech(from_ms=100, heard_ms=900)
    assert await parts.conversations.turns(conversation.id) == [cut]
    silent = await parts.conversations.cut(greeting.id, "", 0)
    assert silent.text == "…"


async def test_a_customers_words_are_not_cut(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    said = await parts.conversations.said(conversation.id, "c1", "dzień dobry", speech=SAID)
    with pytest.raises(NotFoundError):
        await parts.conversations.cut(said.turn.id, "dzień", 100)
