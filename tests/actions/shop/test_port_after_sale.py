"""What every shop does alike after the sale."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from actions.shop.demo_orders import FRIENDLY
from actions.shop.port import (
    CannotChangeError,
    ComplaintState,
    OrderState,
    PaymentState,
    ReturnState,
    ServiceNotice,
    Shop,
    TooLateError,
    UnknownOrderError,
)
from frontline.clock import ManualClock
from frontline.errors import RefusedError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAY_S = 86400
NO_ORDER = ["ZA-2026-999999", "999999", "", "12345", "../products", "' OR 1=1 --", "\0", "\ud800"]
NIP = "1234563218"


class TestOffers:
    async def test_ways_to_deliver_come_with_price_and_terms(self, shop: Shop) -> None:
        ways = await shop.delivery_methods()
        assert [(w.code, w.price_grosze, w.free_from_grosze) for w in ways] == [
            ("courier", 1599, 20000), ("pickup_point", 1199, 15000), ("store", 0, None)
        ]  # fmt: skip
        assert (ways[1].name_pl, ways[1].name_en) == ("Automat paczkowy", "Parcel locker")
        assert "48" in ways[1].note_pl
        assert "48" in ways[1].note_en

    async def test_ways_to_pay_come_with_fee_and_terms(self, shop: Shop) -> None:
        ways = await shop.payment_methods()
        assert [(w.code, w.price_grosze) for w in ways] == [
            ("blik", 0), ("card", 0), ("transfer", 0), ("cash_on_delivery", 500), ("instalments", 0)
        ]  # fmt: skip
        for way in [*ways, *await shop.delivery_methods()]:
            assert way.note_pl.endswith(".")
            assert way.note_en.endswith(".")


class TestPayments:
    @pytest.mark.parametrize(
        ("number", "states"),
        [
            ("ZA-2026-104701", ["pending"]),
            ("104702", ["booked"]),
            ("104704", ["booked", "booked"]),
            ("104705", ["failed"]),
            ("104771", ["booked", "returned"]),
        ],
    )
    async def test_attempts_are_told_from_the_first(
        self, shop: Shop, number: str, states: list[PaymentState]
    ) -> None:
        order = await shop.find_order(number)
        payments = await shop.payments(number)
        assert order is not None
        assert [payment.state for payment in payments] == states
        assert all(isinstance(payment.state, PaymentState) for payment in payments)
        assert [payment.at for payment in payments] == sorted(p.at for p in payments)
        for payment in payments:
            assert payment.order_number == order.number
            assert payment.method == order.payment_method
            assert payment.amount_grosze == order.total_grosze
            assert payment.at.utcoffset() == timedelta(0)
            assert payment.at < NOW

    async def test_how_the_first_orders_pay(self, shop: Shop) -> None:
        assert (await shop.payments("104701"))[0].method == "transfer"
        assert (await shop.payments("104705"))[0].method == "card"

    @pytest.mark.parametrize("number", NO_ORDER)
    async def test_of_no_order_nothing_is_told(self, shop: Shop, number: str) -> None:
        assert await shop.payments(number) == []
        assert await shop.returns(number) == []
        assert await shop.complaints(number) == []


class TestReturns:
    async def test_an_announced_return_waits_for_the_goods(self, shop: Shop) -> None:
        (announced,) = await shop.returns("104781")
        order = await shop.find_order("104781")
        assert order is not None
        assert (announced.number, announced.order_number) == ("ZW-000001", "ZA-2026-104781")
        assert announced.state is ReturnState.ANNOUNCED
        assert announced.refund_grosze == order.total_grosze
        assert announced.address == "Sklep Demo, ul. Przykładowa 1, 00-950 Warszawa"
        assert (announced.received_at, announced.refunded_at) == (None, None)

    async def test_a_received_return_waits_for_the_money(self, shop: Shop) -> None:
        (received,) = await shop.returns("104782")
        assert (received.number, received.state) == ("ZW-000002", ReturnState.RECEIVED)
        assert received.refund_due == TODAY + timedelta(days=9)
        assert received.received_at is not None
        assert received.announced_at < received.received_at < NOW

    async def test_a_refunded_return_says_when(self, shop: Shop) -> None:
        (refunded,) = await shop.returns("104783")
        assert (refunded.number, refunded.state) == ("ZW-000003", ReturnState.REFUNDED)
        assert refunded.refunded_at is not None
        assert refunded.refunded_at.date() == TODAY - timedelta(days=2)
        assert refunded.refunded_at.date() <= refunded.refund_due

    async def test_a_delivered_order_has_no_return_until_it_is_announced(
        self, shop: Shop, clock: ManualClock
    ) -> None:
        assert await shop.returns("104761") == []
        made = await shop.start_return("104761")
        assert made.number.startswith("ZW-")
        assert made.order_number == "ZA-2026-104761"
        assert (made.state, made.announced_at) == (ReturnState.ANNOUNCED, NOW)
        assert made.refund_due == TODAY + timedelta(days=14)
        assert made.refund_grosze == 17900
        assert "Warszawa" in made.address
        clock.advance(30 * DAY_S)
        assert await shop.start_return("ZA-2026-104761") == made
        assert await shop.returns("104761") == [made]
        order = await shop.find_order("104761")
        assert order is not None
        assert order.state is OrderState.DELIVERED

    async def test_two_at_once_are_one_return_and_other_orders_get_other_numbers(
        self, shop: Shop
    ) -> None:
        one, other = await asyncio.gather(
            shop.start_return("104761"), shop.start_return("ZA-2026-104761")
        )
        assert one == other
        assert (await shop.start_return("104763")).number != one.number

    async def test_a_parcel_on_its_way_back_is_the_return_announced_before(
        self, shop: Shop
    ) -> None:
        assert [await shop.start_return("104781")] == await shop.returns("104781")

    @pytest.mark.parametrize(
        "number",
        [n for n, s in FRIENDLY.items() if s not in {"delivered", "return_in_transit"}],
    )
    async def test_what_is_not_at_the_customers_cannot_be_sent_back(
        self, shop: Shop, number: str
    ) -> None:
        before = await shop.returns(number)
        with pytest.raises(CannotChangeError):
            await shop.start_return(number)
        assert await shop.returns(number) == before

    async def test_after_the_time_for_it_there_is_no_return(self, shop: Shop) -> None:
        with pytest.raises(TooLateError):
            await shop.start_return("104762")
        assert await shop.returns("104762") == []

    async def test_the_last_day_counts_to_its_end_and_the_next_one_does_not(
        self, shop: Shop, clock: ManualClock
    ) -> None:
        # Delivered on Saturday 14 November; two weeks later is a Saturday, so until Monday.
        clock.advance((datetime(2026, 11, 30, 23, 0, tzinfo=UTC) - NOW).total_seconds())
        with pytest.raises(TooLateError):
            await shop.start_return("104764")  # midnight in Warsaw
        clock.advance(-1)
        assert (await shop.start_return("104764")).refund_due == date(2026, 12, 14)

    @pytest.mark.parametrize("number", NO_ORDER)
    async def test_of_no_order_nothing_comes_back(self, shop: Shop, number: str) -> None:
        with pytest.raises(UnknownOrderError):
            await shop.start_return(number)


class TestComplaints:
    @pytest.mark.parametrize(
        ("number", "complaint", "state", "filed", "due"),
        [
            ("104763", "RK-000001", ComplaintState.IN_REVIEW, -2, 12),
            ("104764", "RK-000002", ComplaintState.ACCEPTED, -8, 6),
            ("104762", "RK-000003", ComplaintState.REFUSED, -16, -2),
        ],
    )
    async def test_a_complaint_tells_where_it_stands(
        self, shop: Shop, number: str, complaint: str, state: ComplaintState, filed: int, due: int
    ) -> None:
        (told,) = await shop.complaints(number)
        order = await shop.find_order(number)
        assert order is not None
        assert (told.number, told.order_number) == (complaint, order.number)
        assert told.state is state
        assert told.product == order.lines[0].name
        assert told.filed_at.date() == TODAY + timedelta(days=filed)
        assert told.filed_at.utcoffset() == timedelta(0)
        assert told.answer_due == TODAY + timedelta(days=due)
        decided = state is not ComplaintState.IN_REVIEW
        assert bool(told.outcome_pl) == bool(told.outcome_en) == decided

    async def test_most_orders_have_none(self, shop: Shop) -> None:
        assert await shop.complaints("104731") == []


class TestInvoices:
    async def test_the_same_request_twice_is_one_and_another_is_another(self, shop: Shop) -> None:
        one, other = await asyncio.gather(
            shop.request_invoice("104761", "invoice", NIP),
            shop.request_invoice("ZA-2026-104761", "invoice", "PL 123-456-32-18"),
        )
        assert one == other == "FV-000001"
        private = await shop.request_invoice("104761", "invoice", None)
        assert private == await shop.request_invoice("104761", "invoice", None)
        rest = [
            await shop.request_invoice("104761", "copy", NIP),
            await shop.request_invoice("104761", "invoice", "8567346215"),
            await shop.request_invoice("104762", "invoice", NIP),
        ]
        assert len({one, private, *rest}) == 5

    @pytest.mark.parametrize("number", FRIENDLY)
    async def test_it_may_be_asked_about_any_order(self, shop: Shop, number: str) -> None:
        assert (await shop.request_invoice(number, "correction", None)).startswith("FV-")

    @pytest.mark.parametrize(
        "tax_id",
        ["1234563219", "0000000000", "123456321", "12345632180", "", " ", "PL", "NIP", "x" * 5000,
         "123456321x", "\0", "\ud800"],
    )  # fmt: skip
    async def test_a_number_that_no_company_can_have_is_refused(
        self, shop: Shop, tax_id: str
    ) -> None:
        with pytest.raises(RefusedError):
            await shop.request_invoice("104761", "invoice", tax_id)

    @pytest.mark.parametrize("wish", ["", "Invoice", "refund", "invoice; DROP TABLE shop_orders"])
    async def test_another_wish_is_refused(self, shop: Shop, wish: str) -> None:
        with pytest.raises(RefusedError):
            await shop.request_invoice("104761", wish, None)

    @pytest.mark.parametrize("number", NO_ORDER)
    async def test_no_order_no_invoice(self, shop: Shop, number: str) -> None:
        with pytest.raises(UnknownOrderError):
            await shop.request_invoice(number, "invoice", None)


class TestCodes:
    @pytest.mark.parametrize("code", ["DEMO10", "demo10", " Demo10\n"])
    async def test_a_code_is_known_however_it_is_written(self, shop: Shop, code: str) -> None:
        told = await shop.promo_code(code)
        assert told is not None
        assert (told.code, told.min_total_grosze, told.used_up) == ("DEMO10", 10000, False)
        assert told.valid_from <= TODAY <= told.valid_until

    async def test_codes_that_are_no_longer_or_not_yet_good_say_so(self, shop: Shop) -> None:
        summer, free = await shop.promo_code("LATO2026"), await shop.promo_code("DARMOWA")
        used, later = await shop.promo_code("START50"), await shop.promo_code("GWIAZDKA")
        assert summer is not None
        assert free is not None
        assert used is not None
        assert later is not None
        assert summer.valid_until < TODAY
        assert free.min_total_grosze == 5000
        assert used.used_up
        assert later.valid_from == TODAY + timedelta(days=10)

    @pytest.mark.parametrize(
        "code",
        ["DEMO", "DEMO100", "", "  ", "DEMO%", "DEM_10", "../contact", "' OR '1'='1", "Ż" * 40,
         "x" * 20_000, "DEMO10\nDEMO10", "\0", "\ud800", "📦"],
    )  # fmt: skip
    async def test_what_is_no_code_is_not_known(self, shop: Shop, code: str) -> None:
        assert await shop.promo_code(code) is None


class TestNotices:
    async def test_at_first_all_works(self, shop: Shop) -> None:
        assert await shop.service_notices() == []

    async def test_what_goes_on_now_is_told_the_latest_first(
        self, shop: Shop, announce: Callable[..., Awaitable[None]], clock: ManualClock
    ) -> None:
        hour = timedelta(hours=1)
        older = ServiceNotice("Raty nie działają.", "No instalments.", NOW - 5 * hour)
        newer = ServiceNotice("BLIK nie działa.", "BLIK is down.", NOW - hour, NOW + hour)
        over = ServiceNotice("Było.", "Was.", NOW - 9 * hour, NOW)
        coming = ServiceNotice("Będzie.", "Will be.", NOW + hour)
        await announce(older, over, coming, newer)
        assert await shop.service_notices() == [newer, older]
        clock.advance(3600)
        assert await shop.service_notices() == [coming, older]
