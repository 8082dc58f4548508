"""What every shop does alike, whether it is ours or behind an API."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from actions.shop.demo_orders import FRIENDLY
from actions.shop.port import CannotChangeError, OrderState, Shop, UnknownOrderError
from frontline.clock import ManualClock
from frontline.errors import RefusedError

TODAY = date(2026, 11, 24)


class TestOrders:
    @pytest.mark.parametrize("number", ["ZA-2026-104731", "104731", " za 2026 104731 "])
    async def test_an_order_is_found_by_its_number_however_it_is_written(
        self, shop: Shop, number: str
    ) -> None:
        order = await shop.find_order(number)
        assert order is not None
        assert order.number == "ZA-2026-104731"
        assert order.state is OrderState.SHIPPED
        assert (order.postal_code, order.email) == ("00-950", "anna.demo@example.com")
        assert (order.carrier, order.tracking_number) == ("Kurier Demo", "DEMO00104731PL")
        assert order.promised_on == TODAY + timedelta(days=1)
        assert order.shipped_at is not None
        assert order.shipped_at.utcoffset() == timedelta(0)
        assert order.shipped_at.date() == TODAY - timedelta(days=1)
        assert order.total_grosze == sum(x.quantity * x.unit_price_grosze for x in order.lines) > 0

    @pytest.mark.parametrize(
        "number",
        ["ZA-2026-999999", "ZA-2025-104731", "999999", "", "12345", "1047310", "１０４７３１",
         "../products", "104731' OR 1=1 --", "ZA-2026-104731\n104731", "\0", "\ud800"],
    )  # fmt: skip
    async def test_a_number_that_no_order_has_finds_nothing(self, shop: Shop, number: str) -> None:
        assert await shop.find_order(number) is None
        with pytest.raises(UnknownOrderError):
            await shop.cancel_order(number)
        with pytest.raises(UnknownOrderError):
            await shop.request_change(number, "proszę o inny adres")

    @pytest.mark.parametrize(("number", "state"), FRIENDLY.items())
    async def test_every_state_can_be_asked_for(
        self, shop: Shop, number: str, state: OrderState
    ) -> None:
        order = await shop.find_order(number)
        assert order is not None
        assert order.state is state


class TestCancelling:
    @pytest.mark.parametrize("number", ["ZA-2026-104701", "104702"])
    async def test_a_placed_or_paid_order_is_cancelled_once_and_for_all(
        self, shop: Shop, clock: ManualClock, number: str
    ) -> None:
        first = await shop.cancel_order(number)
        clock.advance(3600)
        again = await shop.cancel_order(number)
        assert first.state is OrderState.CANCELLED
        assert first.closed_at == datetime(2026, 11, 24, 12, tzinfo=UTC)
        assert again == first == await shop.find_order(number)

    @pytest.mark.parametrize(
        "number",
        [n for n, s in FRIENDLY.items() if s not in {"placed", "paid", "cancelled"}],
    )
    async def test_an_order_that_went_further_stays_as_it_is(self, shop: Shop, number: str) -> None:
        before = await shop.find_order(number)
        with pytest.raises(CannotChangeError):
            await shop.cancel_order(number)
        assert await shop.find_order(number) == before

    async def test_two_at_once_both_hear_that_it_is_cancelled(self, shop: Shop) -> None:
        one, other = await asyncio.gather(shop.cancel_order("104701"), shop.cancel_order("104701"))
        assert one == other
        assert one.state is OrderState.CANCELLED


class TestChanging:
    async def test_the_same_wish_twice_is_one_note_and_another_wish_another(
        self, shop: Shop
    ) -> None:
        one, other = await asyncio.gather(
            shop.request_change("104701", "Proszę o adres: ul. Nowa 2"),
            shop.request_change("ZA-2026-104701", " proszę o  adres: ul. Nowa 2\n"),
        )
        assert one == other
        assert one.startswith("ZM-")
        assert await shop.request_change("104701", "inny kolor") != one
        assert await shop.request_change("104702", "Proszę o adres: ul. Nowa 2") != one

    async def test_a_packed_order_takes_no_wish(self, shop: Shop) -> None:
        with pytest.raises(CannotChangeError):
            await shop.request_change("104703", "inny kolor")

    async def test_a_cancelled_order_takes_no_new_wish(self, shop: Shop) -> None:
        await shop.cancel_order("104701")
        with pytest.raises(CannotChangeError):
            await shop.request_change("104701", "inny kolor")

    @pytest.mark.parametrize("wish", ["", "  \n", "\0", "x" * 2001])
    async def test_an_empty_or_endless_wish_is_refused(self, shop: Shop, wish: str) -> None:
        with pytest.raises(RefusedError):
            await shop.request_change("104701", wish)

    async def test_a_wish_may_hold_any_sign(self, shop: Shop) -> None:
        wish = "<script>alert('x')</script>\0 \ud800 📦 \"; DROP TABLE shop_orders; --"
        assert await shop.request_change("104701", wish) == await shop.request_change(
            "104701", wish
        )


class TestProducts:
    @pytest.mark.parametrize(
        ("words", "code"),
        [("żarówka", "SD-018"), ("Zarowek", "SD-018"), ("czajnik szklany", "SD-002"),
         ("glass ketle", "SD-002"), ("macie jeszcze te monitory?", "SD-016")],
    )  # fmt: skip
    async def test_a_product_is_found_by_words_as_people_write_them(
        self, shop: Shop, words: str, code: str
    ) -> None:
        assert (await shop.find_products(words))[0].code == code

    async def test_a_product_comes_with_price_stock_and_day_of_restock(self, shop: Shop) -> None:
        (found,) = await shop.find_products("czajnik szklany", limit=1)
        assert (found.price_grosze, found.stock) == (9900, 0)
        assert found.restock_on == TODAY + timedelta(days=5)
        assert found.name_en == "Bulgot Mini glass kettle"

    @pytest.mark.parametrize("code", ["SD-002", " sd-002 "])
    async def test_a_code_means_that_product_alone(self, shop: Shop, code: str) -> None:
        assert [found.code for found in await shop.find_products(code)] == ["SD-002"]
        assert await shop.find_products(code, limit=0) == []

    async def test_a_product_tells_of_its_guarantee(self, shop: Shop) -> None:
        told = [(await shop.find_products(code))[0] for code in ("SD-001", "SD-003", "SD-022")]
        assert [product.warranty_months for product in told] == [24, 36, None]

    async def test_no_more_are_told_than_asked_for(self, shop: Shop) -> None:
        assert len(await shop.find_products("słuchawki", limit=5)) == 2
        assert len(await shop.find_products("słuchawki", limit=1)) == 1
        assert await shop.find_products("słuchawki", limit=0) == []

    @pytest.mark.parametrize("words", ["", "  ", "rower", "📦", "\0\ud800", "<b>", "q" * 20_000])
    async def test_words_that_fit_nothing_find_nothing(self, shop: Shop, words: str) -> None:
        assert await shop.find_products(words) == []


class TestHours:
    async def test_a_usual_week_has_several_blocks_a_day(self, shop: Shop) -> None:
        week = await shop.hours("store", TODAY, 7)
        assert [day.day for day in week] == [TODAY + timedelta(days=n) for n in range(7)]
        assert list(map(tuple, week[0].blocks)) == [
            (time(10), time(14)),
            (time(15), time(19)),
        ]
        assert [len(day.blocks) for day in week] == [2, 2, 2, 2, 1, 0, 2]
        assert week[0].holiday_pl is None

    async def test_the_hotline_has_hours_of_its_own(self, shop: Shop) -> None:
        (day,) = await shop.hours("hotline", TODAY, 1)
        assert list(map(tuple, day.blocks)) == [(time(8), time(20))]

    async def test_a_public_holiday_is_closed_and_named_in_both_languages(self, shop: Shop) -> None:
        christmas = (await shop.hours("hotline", date(2026, 12, 24), 3))[0]
        assert not christmas.blocks
        assert christmas.holiday_pl == "Wigilia Bożego Narodzenia"
        assert christmas.holiday_en == "Christmas Eve"

    async def test_stocktaking_closes_the_store_and_not_the_hotline(self, shop: Shop) -> None:
        day = TODAY + timedelta(days=21)
        (store,) = await shop.hours("store", day, 1)
        (hotline,) = await shop.hours("hotline", day, 1)
        assert (list(store.blocks), store.holiday_pl) == ([], "Inwentaryzacja")
        assert hotline.blocks

    @pytest.mark.parametrize(
        ("place", "first", "days"),
        [("warehouse", TODAY, 1), ("store", TODAY, 0), ("store", TODAY, 63),
         ("store", date.max, 5), ("store", date.min, 5)],
    )  # fmt: skip
    async def test_hours_that_nobody_can_tell_are_refused(
        self, shop: Shop, place: str, first: date, days: int
    ) -> None:
        with pytest.raises(RefusedError):
            await shop.hours(place, first, days)


async def test_the_shop_says_how_to_reach_it(shop: Shop) -> None:
    contact = await shop.contact()
    assert (contact.name, contact.phone) == ("Sklep Demo", "+48220000000")
    assert contact.email.endswith("@example.com")


async def test_a_shop_may_be_closed_twice(shop: Shop) -> None:
    await shop.contact()
    await shop.close()
    await shop.close()
    assert (await shop.contact()).city == "Warszawa"
