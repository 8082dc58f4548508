import asyncio

import pytest

from actions.identity import Identity, Verdict, order_key
from actions.talk import Services
from frontline.clock import ManualClock
from frontline.errors import UnavailableError
from tests.actions.doubles import Bot, FakeDesk, FakeShop

RIGHT = {"postal_code": "00-950"}
WRONG = {"postal_code": "99-999"}


@pytest.fixture
def identity(services: Services) -> Identity:
    return services.identity


@pytest.mark.parametrize(
    "proof",
    [
        {"postal_code": "00950"},
        {"postal_code": "00 - 950"},
        {"email": " Anna@Example.com"},
        {"email": "anna@example.com", "postal_code": "00-950"},
    ],
)
async def test_a_right_proof_is_found_however_it_is_written(
    identity: Identity, proof: dict[str, str]
) -> None:
    check = await identity.check("c", "104731", proof)
    assert check.verdict is Verdict.RIGHT
    assert check.order is not None
    assert check.order.number == "ZA-2026-104731"


@pytest.mark.parametrize(
    ("number", "proof"),
    [
        ("104731", WRONG),
        ("104731", {}),
        ("104731", {"email": "ola@example.com"}),
        ("104731", {"email": "anna@example.com", "postal_code": "99-999"}),
        ("999999", RIGHT),
        ("999999", {"postal_code": "00000"}),
    ],
)
async def test_anything_wrong_is_the_same_answer(
    identity: Identity, number: str, proof: dict[str, str]
) -> None:
    check = await identity.check("c", number, proof)
    assert (check.verdict, check.order, check.tries_left) == (Verdict.WRONG, None, 2)


async def test_the_third_wrong_try_locks_the_conversation_for_every_order(
    identity: Identity,
) -> None:
    verdicts = [(await identity.check("c", n, WRONG)).verdict for n in ("104731", "1", "104732")]
    assert verdicts == [Verdict.WRONG, Verdict.WRONG, Verdict.LOCKED]
    assert (await identity.check("c", "104731", RIGHT)).verdict is Verdict.LOCKED
    assert (await identity.check("another", "104731", RIGHT)).verdict is Verdict.RIGHT


async def test_right_tries_do_not_count(identity: Identity) -> None:
    for _ in range(4):
        assert (await identity.check("c", "104731", RIGHT)).verdict is Verdict.RIGHT


async def test_an_order_is_locked_after_ten_wrong_tries_of_all_conversations_for_a_day(
    identity: Identity, clock: ManualClock
) -> None:
    spellings = ["104731", "ZA-2026-104731"] * 5
    for n, number in enumerate(spellings):
        await identity.check(f"c{n}", number, WRONG)
    assert (await identity.check("new", "104731", RIGHT)).verdict is Verdict.LOCKED
    assert (
        await identity.check("new", "104732", {"postal_code": "30-001"})
    ).verdict is Verdict.RIGHT
    clock.advance(24 * 3600 + 1)
    assert (await identity.check("new", "104731", RIGHT)).verdict is Verdict.RIGHT


async def test_tries_that_race_are_all_counted(identity: Identity) -> None:
    checks = await asyncio.gather(*(identity.check("c", "104731", WRONG) for _ in range(8)))
    assert sum(c.verdict is Verdict.WRONG for c in checks) <= 2
    assert (await identity.check("c", "104731", RIGHT)).verdict is Verdict.LOCKED


async def test_a_shop_that_does_not_answer_costs_no_try(identity: Identity, shop: FakeShop) -> None:
    shop.down = True
    for _ in range(5):
        with pytest.raises(UnavailableError):
            await identity.check("c", "104731", WRONG)
    shop.down = False
    assert (await identity.check("c", "104731", WRONG)).tries_left == 2


@pytest.mark.parametrize(
    ("number", "key"),
    [("ZA-2026-104731", "104731"), ("za 2026 104731", "104731"), (" x1 ", "X1")],
)
def test_a_number_is_counted_however_it_is_written(number: str, key: str) -> None:
    assert order_key(number) == key


async def test_wrong_proofs_are_counted_down_and_a_person_is_offered(
    bot: Bot, desk: FakeDesk
) -> None:
    await bot.hear("gdzie 104731", "order_status", order_number="104731")
    assert await bot.hear("99-999", postal_code="99-999") == ["identity_wrong"]
    assert bot.said[0].endswith("Zostało: 2 próby.")
    await bot.hear("88-888", postal_code="88-888")
    assert bot.said[0].endswith("Zostało: 1 próba.")
    assert await bot.hear("77-777", postal_code="77-777") == ["identity_locked"]
    assert await bot.hear("gdzie 104732", "order_status", order_number="104732") == [
        "identity_locked"
    ]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "identity_locked"
    assert desk.opened[0]["context"]["identity"]["level"] == "claimed"


async def test_an_unknown_order_is_answered_like_a_wrong_postcode(bot: Bot, new_bot) -> None:
    other = new_bot("conversation-2")
    other.slots["introduced"] = True
    answers = []
    for one, number, code in ((bot, "104731", "99-999"), (other, "555555", "00-950")):
        await one.hear("gdzie paczka", "order_status")
        await one.hear(number, order_number=number)
        await one.hear(code, postal_code=code)
        answers.append(one.said)
    assert answers[0] == answers[1]


async def test_a_new_tracker_does_not_unlock(bot: Bot, new_bot) -> None:
    for code in ("99-991", "99-992", "99-993"):
        await bot.hear("104731", "order_status", order_number="104731", postal_code=code)
    fresh = new_bot(bot.conversation)
    fresh.slots["introduced"] = True
    said = await fresh.hear("104731 00-950", "order_status", order_number="104731",
                            postal_code="00-950")  # fmt: skip
    assert said == ["identity_locked"]


async def test_a_corrected_number_is_checked_with_the_proof_already_given(bot: Bot) -> None:
    await bot.hear("104732", "order_status", order_number="104732", postal_code="00-950")
    said = await bot.hear("nie, to inny numer 104731", "deny", order_number="104731")
    assert said[0] == "orders_status_shipped"


async def test_after_a_wrong_try_the_same_proof_is_not_tried_twice(bot: Bot) -> None:
    await bot.hear("104732", "order_status", order_number="104732", postal_code="00-950")
    assert await bot.hear("hm", "greet") == ["dialogue_greet_short", "identity_ask_proof"]
