import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from frontline.clock import ManualClock
from frontline.database import Database, metadata
from frontline.errors import ConflictError, NotFoundError, RefusedError
from handoff.canned import CannedAnswers, Draft, seeds
from handoff.places import PLACES, fill, unfilled
from tests.handoff.summary.samples import ORDER, case, complaint

DRAFT = Draft("hej", "pl", "Powitanie", "Dzień dobry, tu {agent}.", ["human_agent"])


@pytest.fixture
async def answers(tmp_path: Path, clock: ManualClock) -> AsyncIterator[CannedAnswers]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'canned.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield CannedAnswers(database, clock)
    await database.close()


async def test_a_saved_answer_is_found_changed_and_deleted(
    answers: CannedAnswers, clock: ManualClock
) -> None:
    saved = await answers.save(DRAFT)
    assert await answers.get(saved.id) == saved
    assert (saved.shortcut, saved.intents, saved.updated_at) == (
        "hej",
        ["human_agent"],
        clock.now(),
    )
    clock.advance(60)
    changed = await answers.save(Draft("hej", "pl", "Inny", "Cześć."), saved.id)
    assert (changed.id, changed.title, changed.updated_at) == (saved.id, "Inny", clock.now())
    assert await answers.list("pl") == [changed]
    assert await answers.list("en") == []
    await answers.delete(saved.id)
    with pytest.raises(NotFoundError):
        await answers.get(saved.id)
    with pytest.raises(NotFoundError):
        await answers.delete(saved.id)


async def test_a_shortcut_is_taken_once_in_each_language(answers: CannedAnswers) -> None:
    await answers.save(DRAFT)
    with pytest.raises(ConflictError):
        await answers.save(DRAFT)
    assert (await answers.save(Draft("hej", "en", "Hi", "Hi."))).language == "en"


async def test_a_new_installation_begins_with_answers_once(answers: CannedAnswers) -> None:
    counts = await asyncio.gather(*(answers.seed() for _ in range(3)))
    assert sorted(counts) == [0, 0, len(seeds())]
    assert len(await answers.list("pl")) >= 15
    assert len(await answers.list("en")) >= 15


@pytest.mark.parametrize(
    "draft",
    [
        Draft("Hej", "pl", "t", "x"), Draft("", "pl", "t", "x"), Draft("a" * 41, "pl", "t", "x"),
        Draft("hej hej", "pl", "t", "x"), Draft("hej\n", "pl", "t", "x"),
        Draft("hej", "de", "t", "x"), Draft("hej", "pl", " ", "x"), Draft("hej", "pl", "t", " "),
        Draft("hej", "pl", "t" * 121, "x"), Draft("hej", "pl", "t", "x" * 2001),
        Draft("hej", "pl", "t", "x {secret}"), Draft("hej", "pl", "t", "x\x00"),
        Draft("hej", "pl", "t", "x\u202e"), Draft("hej", "pl", "t", "x", ["DROP TABLE"]),
        Draft("hej", "pl", "t", "x", ["thank"] * 21),
    ],
)  # fmt: skip
async def test_bad_drafts_are_refused(answers: CannedAnswers, draft: Draft) -> None:
    with pytest.raises(RefusedError):
        await answers.save(draft)


async def test_a_strange_id_is_refused(answers: CannedAnswers) -> None:
    for bad in ("../x", "a" * 27, "a b"):
        with pytest.raises(RefusedError):
            await answers.save(DRAFT, bad)


def test_seeds_are_paired_and_use_only_known_places_and_intents() -> None:
    import msgspec

    from frontline.settings import PROJECT

    labels = msgspec.yaml.decode((PROJECT / "nlu_data" / "intents.yml").read_bytes())
    known = {intent["name"] for intent in labels["intents"]}
    drafts = seeds()
    by_language = [[d for d in drafts if d.language == language] for language in ("pl", "en")]
    assert len(by_language[0]) == len(by_language[1]) >= 15
    for pl, en in zip(*by_language, strict=True):
        assert pl.intents == en.intents
        assert sorted(unfilled(pl.text)) == sorted(unfilled(en.text))
        assert set(pl.intents) <= known
    assert len({(d.shortcut, d.language) for d in drafts}) == len(drafts)


def test_places_are_filled_from_the_case_in_the_customers_language() -> None:
    of = complaint(agent="Ania (demo)", callback={"phone": "+48600100200"})
    text = "{number} {order_number} {agent} {due} {phone} {other}"
    assert fill(text, of) == (
        f"R-2026-000123 {ORDER} Ania (demo) 8 grudnia 2026 +48 600 100 200 {{other}}"
    )
    assert "8 December 2026" in fill("{due}", complaint(language="en"))
    assert fill("{agent}", of, {"agent": "Bartek"}) == "Bartek"


def test_what_is_not_known_stays_for_the_agent_to_see() -> None:
    text = "Termin: {due}, {agent}, {order_number}"
    assert fill(text, case()) == text
    assert unfilled(fill(text, case())) == ["due", "agent", "order_number"]


def test_a_value_with_braces_is_not_filled_again() -> None:
    of = case(context={"slots": {"order_number": "{agent}"}}, agent="Ania")
    assert fill("{order_number}", of) == "{agent}"


@pytest.mark.parametrize("context", [{}, {"slots": 5, "identity": [], "entities": "x"}, None, []])
def test_odd_contexts_fill_nothing(context: object) -> None:
    of = case(context=context, legal={"due": 7}, callback={"phone": None})
    for place in set(PLACES) - {"number"}:
        assert fill(f"{{{place}}}", of) == f"{{{place}}}"
