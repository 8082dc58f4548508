from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, delete, func, insert, select, update

from actions.shop import SqlShop, demo, tables
from actions.shop.demo_orders import FRIENDLY, OTHERS, SPECIAL, demo_orders
from actions.shop.port import OrderState
from actions.shop.seed import catch_up, main, refresh, seed
from frontline.clock import ManualClock, local
from frontline.database import Database
from frontline.errors import SettingsError


async def everything(database: Database) -> dict[str, list[tuple]]:
    async with database.read() as connection:
        return {
            name: sorted(map(tuple, await connection.execute(select(table))), key=str)
            for name, table in vars(tables).items()
            if isinstance(table, Table)
        }


async def test_an_empty_database_gets_orders_in_every_state(
    empty: Database, clock: ManualClock
) -> None:
    made = await seed(empty, clock)
    assert made == OTHERS + len(FRIENDLY) == 207
    async with empty.read() as connection:
        states = Counter(await connection.scalars(select(tables.orders.c.state)))
    assert set(states) == set(OrderState)
    assert min(states.values()) >= 15


async def test_the_demo_is_the_same_on_the_same_day_and_twice_changes_nothing(
    empty: Database, database: Database, clock: ManualClock
) -> None:
    await seed(empty, clock)
    before = await everything(empty)
    assert before == await everything(database)
    clock.advance(3 * 86400)
    assert await seed(empty, clock) == 0
    assert await everything(empty) == before


async def test_nothing_is_put_into_a_shop_that_is_already_there(
    empty: Database, clock: ManualClock
) -> None:
    row = {"code": "REAL-1", "name_pl": "Rzecz", "name_en": "Thing", "description_pl": "",
           "description_en": "", "price_grosze": 100, "stock": 1}  # fmt: skip
    async with empty.write() as connection:
        await connection.execute(insert(tables.products), [row])
    assert await seed(empty, clock) == 0
    assert await refresh(empty, clock) == 0
    async with empty.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(tables.orders)) == 0


@pytest.mark.parametrize("hour", [0, 11, 23])
def test_dates_make_sense_at_any_hour(hour: int) -> None:
    now = datetime(2026, 3, 29, hour, 30, tzinfo=UTC)  # the night the clocks go forward
    today = local(now).date()
    for order in demo_orders(today):
        moments = [order.placed_at, order.paid_at, order.shipped_at, order.delivered_at]
        past = [m for m in (*moments, order.closed_at) if m]
        assert past == sorted(past), order.number
        assert past[-1] < now
        if order.state in {OrderState.SHIPPED, OrderState.OUT_FOR_DELIVERY}:
            assert order.promised_on is not None
            late = order.number == "ZA-2026-104732"
            assert (order.promised_on < today) is late
            assert order.carrier
            assert order.tracking_number
        if order.state is OrderState.IN_PICKUP_POINT:
            assert order.pickup_point
            assert order.pickup_until is not None
            assert order.pickup_until > today


def test_no_two_customers_share_their_proof_of_identity() -> None:
    others = [o for o in demo_orders(datetime(2026, 11, 24).date()) if o.number not in FRIENDLY]  # noqa: DTZ001
    assert len({order.email for order in others}) == OTHERS
    assert not any(order.postal_code == "00-950" for order in others)


def test_the_catalogue_is_complete_in_both_languages() -> None:
    assert len({product[0] for product in demo.PRODUCTS}) == len(demo.PRODUCTS) == 25
    assert all(all(product[i] for i in (1, 2, 5, 6)) for product in demo.PRODUCTS)


class TestRefresh:
    async def test_dates_move_to_today_and_a_second_time_nothing_does(
        self, database: Database, clock: ManualClock
    ) -> None:
        shop = SqlShop(database, clock)
        before = await shop.find_order("104731")
        clock.advance(40 * 86400)
        assert await refresh(database, clock) == 40
        after = await shop.find_order("104731")
        assert before is not None
        assert after is not None
        assert after.promised_on == local(clock.now()).date() + timedelta(days=1)
        assert after.placed_at - before.placed_at == timedelta(days=40)
        (kettle,) = await shop.find_products("czajnik szklany", 1)
        assert kettle.restock_on == local(clock.now()).date() + timedelta(days=5)
        (stocktaking,) = await shop.hours(
            "store", local(clock.now()).date() + timedelta(days=21), 1
        )
        assert stocktaking.holiday_en == "Stocktaking"
        moved = await everything(database)
        assert await refresh(database, clock) == 0
        assert await everything(database) == moved

    async def test_what_customers_did_stays_and_lies_in_the_past(
        self, database: Database, clock: ManualClock
    ) -> None:
        shop = SqlShop(database, clock)
        clock.advance(8 * 3600)
        await shop.cancel_order("104701")
        clock.advance(5 * 3600)  # the next morning, earlier by the clock than the cancellation
        assert await refresh(database, clock) == 1
        order = await shop.find_order("104701")
        assert order is not None
        assert order.state is OrderState.CANCELLED
        assert order.closed_at == clock.now()

    async def test_orders_that_are_not_the_demos_stay(
        self, database: Database, clock: ManualClock
    ) -> None:
        async with database.write() as connection:
            row = (await connection.execute(select(tables.orders).limit(1))).one()
            own = {**row._mapping, "number": "ZA-2026-500000", "digits": "500000"}
            await connection.execute(insert(tables.orders), [own])
        clock.advance(86400)
        await refresh(database, clock)
        order = await SqlShop(database, clock).find_order("500000")
        assert order is not None
        assert order.placed_at == row.placed_at

    async def test_what_happened_after_the_sale_moves_too(
        self, database: Database, clock: ManualClock
    ) -> None:
        shop = SqlShop(database, clock)
        before = await told(shop)
        clock.advance(40 * 86400)
        await refresh(database, clock)
        after = await told(shop)
        assert shifted(before, 40) == after
        assert (await told(shop))["104704"][0]

    async def test_what_customers_started_moves_with_their_orders(
        self, database: Database, clock: ManualClock
    ) -> None:
        shop = SqlShop(database, clock)
        announced = await shop.start_return("104761")
        clock.advance(5 * 86400)
        await refresh(database, clock)
        (moved,) = await shop.returns("104761")
        assert moved.announced_at == announced.announced_at + timedelta(days=5) <= clock.now()
        assert moved.refund_due == announced.refund_due + timedelta(days=5)


NEW_TABLES = ("offers", "payments", "returns", "complaints", "promo_codes")


async def told(shop: SqlShop) -> dict[str, tuple]:
    """What the shop tells of all friendly orders after the sale, and of its codes."""
    about = {
        number[-6:]: (
            await shop.payments(number),
            await shop.returns(number),
            await shop.complaints(number),
        )
        for number in FRIENDLY
    }
    codes = [await shop.promo_code(code.code) for code in demo.PROMO_CODES]
    return {**about, "codes": (codes,)}


def shifted(value: Any, days: int) -> Any:
    """The same with every day and moment that many days later."""
    if isinstance(value, date):  # a moment is one too
        return value + timedelta(days=days)
    if isinstance(value, dict):
        return {key: shifted(each, days) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(shifted(each, days) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: shifted(getattr(value, f.name), days)
                                 for f in fields(value)})  # fmt: skip
    return value


async def make_old(database: Database) -> None:
    """A demo as the version before made it."""
    async with database.write() as connection:
        for name in NEW_TABLES:
            await connection.execute(delete(getattr(tables, name)))
        await connection.execute(update(tables.products).values(warranty_months=None))
        for table, column in ((tables.order_lines, "order_number"), (tables.orders, "number")):
            await connection.execute(delete(table).where(table.c[column].in_(SPECIAL)))
        await connection.execute(
            update(tables.orders).where(tables.orders.c.digits == "104771").values(paid_at=None)
        )


class TestCatchingUp:
    async def test_a_demo_of_an_earlier_version_becomes_as_one_made_today(
        self, empty: Database, database: Database, clock: ManualClock
    ) -> None:
        await make_old(database)
        clock.advance(40 * 86400)
        assert await refresh(database, clock) == 40
        assert await catch_up(database, clock) == len(SPECIAL)
        await seed(empty, clock)
        same, new = SqlShop(database, clock), SqlShop(empty, clock)
        assert await told(same) == await told(new)
        assert await same.delivery_methods() == await new.delivery_methods()
        assert await same.find_products("czajnik") == await new.find_products("czajnik")
        for number in FRIENDLY:
            assert await same.find_order(number) == await new.find_order(number)
        before = await everything(database)
        assert await catch_up(database, clock) == 0
        assert await everything(database) == before

    async def test_what_is_not_the_demos_is_left_alone(
        self, database: Database, clock: ManualClock
    ) -> None:
        await make_old(database)
        shop = SqlShop(database, clock)
        async with database.write() as connection:
            column = tables.orders.c
            row = (
                await connection.execute(select(tables.orders).where(column.digits == "104783"))
            ).one()
            own = {**row._mapping, "number": "ZA-2026-104704", "digits": "104704",
                   "email": "own@example.com"}  # fmt: skip
            await connection.execute(insert(tables.orders), [own])
            for table, name in ((tables.order_lines, "order_number"), (tables.orders, "number")):
                await connection.execute(delete(table).where(table.c[name] == "ZA-2026-104783"))
        assert await catch_up(database, clock) == len(SPECIAL) - 1
        assert await shop.find_order("104783") is None
        assert await shop.payments("104704") == []

    async def test_a_real_shop_gains_nothing(self, database: Database, clock: ManualClock) -> None:
        await make_old(database)
        async with database.write() as connection:
            await connection.execute(
                update(tables.orders)
                .where(tables.orders.c.digits == "104731")
                .values(email="own@example.com")
            )
        before = await everything(database)
        assert await catch_up(database, clock) == 0
        assert await everything(database) == before


async def test_a_database_without_tables_says_what_to_do(tmp_path, clock: ManualClock) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(SettingsError, match="alembic upgrade head"):
        await seed(database, clock)
    await database.close()


def test_the_command_says_what_it_did(
    migrated, tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.db").write_bytes(migrated.read_bytes())
    monkeypatch.setenv("FRONTLINE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    monkeypatch.setattr("sys.argv", ["seed", "--refresh"])
    assert main() == 0
    assert "207 orders" in capsys.readouterr().out
    assert main() == 0
    assert "nothing to do" in capsys.readouterr().out
    monkeypatch.setenv("FRONTLINE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    assert main() == 1
    assert "alembic upgrade head" in capsys.readouterr().err
