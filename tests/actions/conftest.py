from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.base import TurnAction
from actions.identity import Identity
from actions.registry import action_names
from actions.shop.port import Offer, OrderState, Payment, PaymentState, Product, PromoCode
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
def shop(clock: ManualClock) -> FakeShop:
    shop = FakeShop(clock)
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
    shop.deliveries = [
        Offer("courier", "Kurier", "Courier", 1599, "Dostawa trwa 1-2 dni robocze.",
              "Delivery takes 1-2 working days.", 20000),
        Offer("pickup_point", "Automat paczkowy", "Parcel locker", 1199,
              "Dostawa trwa 1-3 dni robocze, a na odbiór są 48 godzin.",
              "Delivery takes 1-3 working days, and there are 48 hours to collect.", 15000),
        Offer("store", "Odbiór w sklepie", "Pick-up in the store", 0,
              "Zamówienie czeka następnego dnia roboczego.",
              "The order waits on the next working day."),
    ]  # fmt: skip
    shop.ways_to_pay = [
        Offer("blik", "BLIK", "BLIK", 0, "Płatność jest od razu.", "It is paid at once."),
        Offer("card", "Karta", "Card", 0, "Płatność jest od razu.", "It is paid at once."),
        Offer("transfer", "Przelew", "Bank transfer", 0,
              "Księgowanie trwa 1-2 dni robocze, a zamówienie czeka na wpłatę 7 dni.",
              "Booking takes 1-2 working days, and the order waits 7 days for the money."),
        Offer("cash_on_delivery", "Płatność przy odbiorze", "Cash on delivery", 500,
              "Płatność odbiera kurier.", "The courier takes the money."),
    ]  # fmt: skip
    shop.paid = {
        "ZA-2026-104732": [Payment("ZA-2026-104732", "card", 16950, PaymentState.BOOKED, NOON)],
        "ZA-2026-104733": [
            Payment("ZA-2026-104733", "transfer", 16950, PaymentState.PENDING, NOON)
        ],
    }
    shop.codes = [
        PromoCode("DEMO10", "Kod daje 10% rabatu na cały koszyk.",
                  "The code gives 10% off the whole basket.",
                  date(2026, 11, 1), date(2026, 12, 31), 10000),
        PromoCode("LATO2026", "Kod daje 15% rabatu.", "The code gives 15% off.",
                  date(2026, 6, 1), date(2026, 8, 31)),
        PromoCode("START50", "Kod daje 50 zł rabatu.", "The code gives 50 zł off.",
                  date(2026, 11, 1), date(2026, 12, 31), used_up=True),
        PromoCode("GWIAZDKA", "Kod daje 20% rabatu.", "The code gives 20% off.",
                  date(2026, 12, 4), date(2026, 12, 26)),
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
