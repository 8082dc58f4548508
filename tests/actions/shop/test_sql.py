import asyncio
from datetime import date, time

import pytest
from sqlalchemy import delete, insert, select, update

from actions.shop import SqlShop, make_shop, tables
from actions.shop.http import HttpShop
from actions.shop.port import CannotChangeError
from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import SettingsError, UnavailableError
from frontline.settings import Settings


@pytest.fixture
def shop(database: Database, clock: ManualClock) -> SqlShop:
    return SqlShop(database, clock)


async def test_of_two_years_orders_with_the_same_digits_the_newer_is_found(
    shop: SqlShop, database: Database
) -> None:
    async with database.write() as connection:
        row = (
            await connection.execute(
                select(tables.orders).where(tables.orders.c.digits == "104731")
            )
        ).one()
        older = row.placed_at.replace(year=2025)
        own = {**row._mapping, "number": "ZA-2025-104731", "placed_at": older}
        await connection.execute(insert(tables.orders), [own])
    by_digits = await shop.find_order("104731")
    by_number = await shop.find_order("ZA-2025-104731")
    assert by_digits is not None
    assert by_digits.number == "ZA-2026-104731"
    assert by_number is not None
    assert by_number.placed_at == older


async def test_packing_and_cancelling_at_once_never_both_succeed(
    shop: SqlShop, database: Database
) -> None:
    async def pack() -> int:
        async with database.write() as connection:
            result = await connection.execute(
                update(tables.orders)
                .where(tables.orders.c.number == "ZA-2026-104702")
                .where(tables.orders.c.state == "paid")
                .values(state="packed")
            )
        return result.rowcount

    async def cancel() -> int:
        try:
            await shop.cancel_order("104702")
        except CannotChangeError:
            return 0
        return 1

    assert sorted(await asyncio.gather(pack(), cancel())) == [0, 1]


async def test_a_new_product_is_found_within_a_minute_and_stock_is_always_fresh(
    shop: SqlShop, database: Database, clock: ManualClock
) -> None:
    assert await shop.find_products("rower") == []
    async with database.write() as connection:
        row = (await connection.execute(select(tables.products).limit(1))).one()
        own = {**row._mapping, "code": "SD-900", "name_pl": "Rower górski", "name_en": "Bike"}
        await connection.execute(insert(tables.products), [own])
        await connection.execute(
            update(tables.products).where(tables.products.c.code == "SD-018").values(stock=1)
        )
    assert await shop.find_products("rower") == []
    assert (await shop.find_products("żarówka"))[0].stock == 1
    clock.advance(60)
    assert [product.code for product in await shop.find_products("rowery")] == ["SD-900"]


async def test_a_one_off_opening_wins_over_a_holiday(shop: SqlShop, database: Database) -> None:
    eve = date(2026, 12, 24)
    async with database.write() as connection:
        blocks = [
            {"place": "store", "day": eve, "opens": time(12), "closes": time(14)},
            {"place": "store", "day": eve, "opens": time(8), "closes": time(11)},
        ]
        await connection.execute(insert(tables.closures), blocks)
    (day,) = await shop.hours("store", eve, 1)
    assert list(day.blocks) == [(time(8), time(11)), (time(12), time(14))]
    assert day.holiday_en == "Christmas Eve"


async def test_an_empty_shop_answers_without_making_things_up(
    empty: Database, clock: ManualClock
) -> None:
    shop = SqlShop(empty, clock)
    assert await shop.find_products("czajnik") == []
    assert not (await shop.hours("store", date(2026, 11, 24), 1))[0].blocks
    with pytest.raises(UnavailableError, match="shop_contact"):
        await shop.contact()


async def test_a_database_that_is_gone_is_an_outage(tmp_path, clock: ManualClock) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'missing' / 'shop.db'}")
    shop = SqlShop(database, clock)
    with pytest.raises(UnavailableError):
        await shop.find_order("104731")
    with pytest.raises(UnavailableError):
        await shop.cancel_order("104731")
    await database.close()


async def test_an_order_removed_by_hand_is_not_found(shop: SqlShop, database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(
            delete(tables.order_lines).where(tables.order_lines.c.order_number == "ZA-2026-104731")
        )
        await connection.execute(
            delete(tables.orders).where(tables.orders.c.number == "ZA-2026-104731")
        )
    assert await shop.find_order("104731") is None


class TestMakeShop:
    def test_settings_choose_the_shop(self, database: Database, clock: ManualClock) -> None:
        assert isinstance(make_shop(Settings(shop="sql"), database, clock), SqlShop)
        api = Settings(shop="http", shop_api_url="https://shop.example.com/api")
        assert isinstance(make_shop(api, database, clock), HttpShop)

    @pytest.mark.parametrize("url", ["", "shop.example.com", "file:///etc/passwd"])
    def test_an_api_without_an_address_is_a_wrong_setting(
        self, database: Database, clock: ManualClock, url: str
    ) -> None:
        with pytest.raises(SettingsError, match="FRONTLINE_SHOP_API_URL"):
            make_shop(Settings(shop="http", shop_api_url=url), database, clock)
