"""A shop's API that is slow, broken, wrong or hostile."""

import asyncio
import gzip
from datetime import date

import msgspec
import pytest

from actions.shop import HttpShop, SqlShop
from actions.shop.http_client import LARGEST_ANSWER
from actions.shop.port import CannotChangeError, OrderState
from frontline.clock import ManualClock
from frontline.errors import RefusedError, UnavailableError
from tests.actions.shop.server import TOKEN, Fault, ShopServer, breaks_off, hangs_up, says

NUMBER = "ZA-2026-104731"


class TestRetries:
    @pytest.mark.parametrize("fault", [says(502), says(503), says(504), says(429), breaks_off])
    async def test_a_passing_failure_is_tried_again_after_growing_pauses(
        self, http_shop: HttpShop, server: ShopServer, fault: Fault
    ) -> None:
        server.faults = [fault, fault]
        order = await http_shop.find_order(NUMBER)
        assert order is not None
        assert order.state is OrderState.SHIPPED
        assert len(server.requests) == 3
        first, second = server.pauses
        assert 0.05 <= first <= 0.15
        assert 0.1 <= second <= 0.3

    async def test_a_broken_connection_is_tried_again(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [hangs_up, hangs_up]
        assert await http_shop.find_order(NUMBER)
        assert len(server.requests) == 3

    async def test_after_the_last_try_it_is_unavailable(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [says(503)] * 3
        with pytest.raises(UnavailableError, match="503"):
            await http_shop.find_order(NUMBER)
        assert len(server.requests) == 3

    @pytest.mark.parametrize("status", [401, 403, 500, 501, 302])
    async def test_other_failures_are_not_tried_again(
        self, http_shop: HttpShop, server: ShopServer, status: int
    ) -> None:
        server.faults = [says(status, Location="http://elsewhere.example.com/")]
        with pytest.raises(UnavailableError, match=str(status)):
            await http_shop.find_order(NUMBER)
        assert len(server.requests) == 1

    async def test_a_cancellation_whose_answer_got_lost_is_made_once(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        async def done_but_unheard(request):
            await server.shop.cancel_order("104701")
            return await hangs_up(request)

        server.faults = [done_but_unheard]
        assert (await http_shop.cancel_order("104701")).state is OrderState.CANCELLED

    async def test_a_wish_keeps_its_key_when_it_is_sent_again(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [hangs_up]
        await http_shop.request_change("104701", "inny adres")
        keys = [request.headers["Idempotency-Key"] for request in server.requests]
        assert len(keys) == 2
        assert keys[0] == keys[1]

    async def test_retry_after_is_kept_to(self, http_shop: HttpShop, server: ShopServer) -> None:
        server.faults = [says(429, Retry_After="2")]
        assert await http_shop.find_order(NUMBER)
        assert server.pauses == [2.0]

    async def test_a_shop_that_wants_to_rest_for_long_is_left_alone(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [says(429, Retry_After="60")]
        with pytest.raises(UnavailableError, match="429"):
            await http_shop.find_order(NUMBER)
        assert server.pauses == []

    @pytest.mark.parametrize("value", ["soon", "-5", "1e9", "²", "Wed, 21 Oct 2026 07:28:00 GMT"])
    async def test_a_retry_after_that_is_no_number_is_overlooked(
        self, http_shop: HttpShop, server: ShopServer, value: str
    ) -> None:
        server.faults = [says(503, Retry_After=value)]
        assert await http_shop.find_order(NUMBER)


class TestTime:
    async def test_a_silent_shop_is_given_up_after_the_timeout(
        self, server: ShopServer, clock: ManualClock
    ) -> None:
        shop = HttpShop(server.url, TOKEN, clock=clock, timeout_s=0.05)
        server.faults = [server.never_answers] * 3
        with pytest.raises(UnavailableError, match=r"0\.05 s"):
            await shop.find_order(NUMBER)
        assert server.silent.is_set()
        await shop.close()

    async def test_nobody_at_the_address(
        self, unused_tcp_port: int, clock: ManualClock, server: ShopServer
    ) -> None:
        address = f"http://127.0.0.1:{unused_tcp_port}"
        shop = HttpShop(address, TOKEN, clock=clock, pause=server.note_pause)
        with pytest.raises(UnavailableError, match="cannot be reached") as raised:
            await shop.find_order(NUMBER)
        assert len(server.pauses) == 2
        assert NUMBER not in str(raised.value)
        await shop.close()


def _order(**changes: object) -> bytes:
    order = {
        "number": NUMBER,
        "state": "placed",
        "placed_at": "2026-11-20T10:00:00+01:00",
        "lines": [{"product_code": "X", "name": "X", "quantity": 1, "unit_price_grosze": 1}],
        "total_grosze": 1,
        "delivery_method": "courier",
        "payment_method": "card",
        "postal_code": "00-950",
        "email": "a@example.com",
    }
    return msgspec.json.encode(order | changes)


class TestAnswers:
    async def test_an_answer_may_leave_out_what_is_not_known_and_add_what_we_do_not(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [says(200, _order(colour="red"))]
        order = await http_shop.find_order(NUMBER)
        assert order is not None
        assert order.placed_at.isoformat() == "2026-11-20T09:00:00+00:00"
        assert order.carrier is None

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"<html>Welcome</html>", b"null", b"[]", b"{}", b"\xff\xfe\x00", b'{"number": "Z',
            b"[" * 500_000,
            b'{"number": "ZA-2026-104731\xff"}',
            _order(state="lost"),
            _order(total_grosze="12"),
            _order(total_grosze=12.5),
            _order(placed_at="yesterday"),
            _order(placed_at="2026-11-20T10:00:00"),
            _order(paid_at="2026-11-20T10:00:00"),
            _order(number="ZA-2026-104732"),
            _order(number="104731"),
        ],
    )  # fmt: skip
    async def test_an_answer_that_makes_no_sense_is_an_outage(
        self, http_shop: HttpShop, server: ShopServer, body: bytes
    ) -> None:
        server.faults = [says(200, body)]
        with pytest.raises(UnavailableError):
            await http_shop.find_order(NUMBER)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("packed", [False, True])
    async def test_an_answer_too_large_is_not_read_to_its_end(
        self, http_shop: HttpShop, server: ShopServer, packed: bool
    ) -> None:
        body = b" " * (20 * LARGEST_ANSWER)
        headers = {"Content_Encoding": "gzip"} if packed else {}
        server.faults = [says(200, gzip.compress(body, 1) if packed else body, **headers)]
        with pytest.raises(UnavailableError, match="over"):
            await http_shop.contact()

    async def test_the_statuses_have_their_own_errors(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [says(404), says(409), says(422), says(404), says(409)]
        assert await http_shop.find_order(NUMBER) is None
        with pytest.raises(CannotChangeError):
            await http_shop.cancel_order(NUMBER)
        with pytest.raises(RefusedError):
            await http_shop.request_change(NUMBER, "inny adres")
        with pytest.raises(UnavailableError, match="404"):
            await http_shop.contact()
        with pytest.raises(UnavailableError, match="409"):
            await http_shop.find_products("kubek")

    async def test_hours_of_other_days_are_an_outage(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        server.faults = [says(200, b'{"days": [{"day": "2026-11-25", "blocks": []}]}')]
        with pytest.raises(UnavailableError, match="other days"):
            await http_shop.hours("store", date(2026, 11, 24), 1)

    async def test_a_wrong_token_is_said_clearly(
        self, server: ShopServer, clock: ManualClock
    ) -> None:
        for token in ("wrong", ""):
            shop = HttpShop(server.url, token, clock=clock)
            with pytest.raises(UnavailableError, match="401"):
                await shop.contact()
            await shop.close()


class TestBreaker:
    async def test_a_failing_shop_is_left_to_rest_and_then_tried_once(
        self, http_shop: HttpShop, server: ShopServer, clock: ManualClock
    ) -> None:
        server.faults = [says(500)] * 6
        for _ in range(5):
            with pytest.raises(UnavailableError, match="500"):
                await http_shop.find_order(NUMBER)
        with pytest.raises(UnavailableError, match="rest"):
            await http_shop.find_order(NUMBER)
        assert len(server.requests) == 5

        clock.advance(10)
        with pytest.raises(UnavailableError, match="500"):
            await http_shop.find_order(NUMBER)
        with pytest.raises(UnavailableError, match="rest"):
            await http_shop.find_order(NUMBER)
        assert len(server.requests) == 6

        clock.advance(10)
        assert await http_shop.find_order(NUMBER)
        assert await http_shop.find_order(NUMBER)

    async def test_refusals_and_unknown_orders_are_no_failures(
        self, http_shop: HttpShop, server: ShopServer
    ) -> None:
        for _ in range(6):
            assert await http_shop.find_order("999999") is None
            with pytest.raises(CannotChangeError):
                await http_shop.cancel_order("104703")
        assert await http_shop.find_order(NUMBER)

    async def test_a_call_that_the_customer_gave_up_does_not_block_the_next(
        self, http_shop: HttpShop, server: ShopServer, clock: ManualClock
    ) -> None:
        server.faults = [says(500)] * 5 + [server.never_answers]
        for _ in range(5):
            with pytest.raises(UnavailableError):
                await http_shop.contact()
        clock.advance(10)
        given_up = asyncio.create_task(http_shop.contact())
        await server.silent.wait()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        clock.advance(10)
        assert (await http_shop.contact()).name == "Sklep Demo"


async def test_only_the_shops_own_answers_reach_the_caller(
    http_shop: HttpShop, server: ShopServer, database, clock: ManualClock
) -> None:
    """The fake is honest: over the wire comes what the shop behind it says."""
    for number in ("104701", "104751", "104783", "100001"):
        assert await http_shop.find_order(number) == await SqlShop(database, clock).find_order(
            number
        )
