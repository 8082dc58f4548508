from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.base import TurnAction
from actions.identity import Identity
from actions.registry import action_names
from actions.shop.port import OrderState, Product
from actions.tables import attempts
from actions.talk import Services
from frontline.clock import ManualClock
from frontline.database import Database
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop, load_domain


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    return load_domain()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def shop() -> FakeShop:
    shop = FakeShop()
    shop.add("ZA-2026-104731", OrderState.SHIPPED, shipped_at=NOON - timedelta(days=1),
             carrier="DPD", tracking_number="620012345678",
             promised_on=date(2026, 11, 25))  # fmt: skip
    shop.add("ZA-2026-104732", OrderState.PAID, paid_at=NOON, email="ola@example.com",
             postal_code="30-001")  # fmt: skip
    shop.add("ZA-2026-104733", OrderState.PLACED, payment_method="transfer")
    shop.products = [
        Product("P-1", "Czajnik elektryczny", "Electric kettle", "Pojemność 1,7 l.",
                "Holds 1.7 l.", 12950, 12),
        Product("P-2", "Czajnik emaliowany", "Enamel kettle", "Gwiżdże.", "Whistles.", 8900, 0,
                date(2026, 12, 1)),
        Product("P-3", "Lampka biurkowa", "Desk lamp", "Światło dzienne.", "Daylight.", 5900, 0),
    ]  # fmt: skip
    return shop


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'identity.db'}")
    async with database.write() as connection:
        await connection.run_sync(attempts.create)
    yield database
    await database.close()


@pytest.fixture
def services(shop: FakeShop, desk: FakeDesk, clock: ManualClock, database: Database) -> Services:
    return Services(shop, Identity(database, shop, clock), desk, clock)


@pytest.fixture
def new_bot(services: Services, domain: dict[str, Any]):
    executor = ActionExecutor()
    for name in action_names():
        executor.register_action(TurnAction(name, services))
    return lambda conversation="conversation-1": Bot(executor, domain, conversation)


@pytest.fixture
def bot(new_bot) -> Bot:
    bot = new_bot()
    bot.slots["introduced"] = True
    return bot
