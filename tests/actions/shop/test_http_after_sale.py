"""A shop's API after the sale that is slow, broken, wrong or hostile."""

import msgspec
import pytest

from actions.shop import HttpShop
from actions.shop.port import CannotChangeError, TooLateError, UnknownOrderError
from frontline.errors import UnavailableError
from tests.actions.shop.server import ShopServer, hangs_up, says

NUMBER = "ZA-2026-104761"
PAYMENT = {"order_number": NUMBER, "method": "card", "amount_grosze": 1, "state": "booked",
           "at": "2026-11-20T10:00:00+01:00"}  # fmt: skip
RETURN = {"number": "ZW-000009", "order_number": NUMBER, "state": "announced", "refund_grosze": 1,
          "announced_at": "2026-11-20T10:00:00+01:00", "refund_due": "2026-12-04",
          "address": "Sklep, ul. Inna 2, 00-001 Warszawa"}  # fmt: skip
CODE = {"code": "DEMO10", "terms_pl": "Rabat.", "terms_en": "A discount.",
        "valid_from": "2026-11-01", "valid_until": "2026-12-01"}  # fmt: skip


def payments(**changes: object) -> bytes:
    return msgspec.json.encode({"payments": [PAYMENT | changes]})


async def test_moments_are_told_in_utc_and_sorted_whatever_their_order(
    http_shop: HttpShop, server: ShopServer
) -> None:
    later = PAYMENT | {"at": "2026-11-20T11:00:00+01:00", "state": "failed"}
    server.faults = [says(200, msgspec.json.encode({"payments": [later, PAYMENT]}))]
    first, second = await http_shop.payments("104761")
    assert first.at.isoformat() == "2026-11-20T09:00:00+00:00"
    assert second.at.isoformat() == "2026-11-20T10:00:00+00:00"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b'{"payments": null}', b"[" * 500_000,
        payments(state="lost"), payments(at="2026-11-20T10:00:00"), payments(amount_grosze="1"),
        payments(order_number="ZA-2026-104762"), payments(order_number="104761"),
        payments(order_number="XX" + NUMBER),
    ],
)  # fmt: skip
async def test_an_answer_that_makes_no_sense_is_an_outage(
    http_shop: HttpShop, server: ShopServer, body: bytes
) -> None:
    server.faults = [says(200, body)]
    with pytest.raises(UnavailableError):
        await http_shop.payments(NUMBER)
    assert len(server.requests) == 1


@pytest.mark.parametrize("changes", [{"state": "lost"}, {"order_number": "ZA-2026-104762"}])
async def test_a_return_of_another_order_or_state_is_an_outage(
    http_shop: HttpShop, server: ShopServer, changes: dict[str, str]
) -> None:
    server.faults = [says(201, msgspec.json.encode(RETURN | changes))]
    with pytest.raises(UnavailableError):
        await http_shop.start_return("104761")


async def test_the_shop_says_why_nothing_can_come_back(
    http_shop: HttpShop, server: ShopServer
) -> None:
    server.faults = [says(409, b'{"code": "too_late"}')]
    with pytest.raises(TooLateError):
        await http_shop.start_return(NUMBER)
    for body in (b"", b"[]", b'{"code": "cannot_change"}', b'{"code": 7}', b"\xff", b"[" * 500_000):
        server.faults = [says(409, body)]
        with pytest.raises(CannotChangeError):
            await http_shop.start_return(NUMBER)
    server.faults = [says(404)]
    with pytest.raises(UnknownOrderError):
        await http_shop.start_return(NUMBER)


async def test_a_return_whose_answer_got_lost_is_announced_once(
    http_shop: HttpShop, server: ShopServer
) -> None:
    async def done_but_unheard(request):
        await server.shop.start_return("104761")
        return await hangs_up(request)

    server.faults = [done_but_unheard]
    made = await http_shop.start_return("104761")
    assert await http_shop.returns("104761") == [made]


async def test_an_invoice_keeps_its_key_when_it_is_asked_for_again(
    http_shop: HttpShop, server: ShopServer
) -> None:
    server.faults = [hangs_up]
    await http_shop.request_invoice("104761", "invoice", "123-456-32-18")
    await http_shop.request_invoice(NUMBER, "invoice", "1234563218")
    await http_shop.request_invoice(NUMBER, "invoice", None)
    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert keys[0] == keys[1] == keys[2] != keys[3]


async def test_a_shop_without_discount_codes_is_an_outage_and_not_an_unknown_code(
    http_shop: HttpShop, server: ShopServer
) -> None:
    server.faults = [says(404)]
    with pytest.raises(UnavailableError, match="404"):
        await http_shop.promo_code("DEMO10")


async def test_another_code_than_asked_for_is_an_outage(
    http_shop: HttpShop, server: ShopServer
) -> None:
    server.faults = [says(200, msgspec.json.encode({"codes": [CODE]}))] * 2
    assert await http_shop.promo_code("demo10") is not None
    with pytest.raises(UnavailableError, match="another code"):
        await http_shop.promo_code("demo100")


async def test_a_strange_code_or_number_is_not_even_sent(
    http_shop: HttpShop, server: ShopServer
) -> None:
    assert await http_shop.promo_code("../orders/104761") is None
    assert await http_shop.payments("../contact") == []
    assert server.requests == []
