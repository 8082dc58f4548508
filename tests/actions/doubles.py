"""Stand-ins around the actions: a shop in memory, a case desk, and what Rasa does."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk.executor import ActionExecutor

from actions.shop import checks
from actions.shop.hours import Blocks, SpecialDay, days_from
from actions.shop.port import (
    CannotChangeError,
    Complaint,
    Contact,
    DayHours,
    Offer,
    Order,
    OrderLine,
    OrderState,
    Payment,
    Product,
    PromoCode,
    Return,
    ReturnState,
    ServiceNotice,
    TooLateError,
    UnknownOrderError,
)
from actions.shop.terms import last_day_to_return, refund_due
from actions.shop.words import WordIndex
from frontline.clock import Clock, ManualClock, local
from frontline.errors import UnavailableError

DOMAIN = Path(__file__).parents[2] / "bot" / "domain"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Warsaw


def load_domain() -> dict[str, Any]:
    merged: dict[str, Any] = {"responses": {}, "actions": [], "intents": [], "slots": {}}
    for path in sorted(DOMAIN.glob("*.yml")):
        part = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key in ("responses", "slots"):
            assert not merged[key].keys() & part.get(key, {}).keys(), path
            merged[key].update(part.get(key, {}))
        for key in ("actions", "intents"):
            merged[key] += part.get(key, [])
    return merged


def make_order(number: str, state: OrderState, **changes: Any) -> Order:
    return replace(
        Order(
            number=number,
            state=state,
            placed_at=NOON - timedelta(days=3),
            lines=[OrderLine("P-1", "Czajnik", 1, 12950), OrderLine("P-2", "Kubek", 2, 2000)],
            total_grosze=16950,
            delivery_method="courier",
            payment_method="card",
            postal_code="00-950",
            email="anna@example.com",
        ),
        **changes,
    )


class FakeShop:
    """A shop in memory, with the contract of `actions.shop.port.Shop`.

    Tests fill its lists and dicts; those by order have the whole number as their key.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or ManualClock(NOON)
        self.orders: dict[str, Order] = {}
        self.notes: dict[tuple[str, str], str] = {}
        self.products: list[Product] = []
        self.week: dict[str, dict[int, Blocks]] = {
            place: {**dict.fromkeys(range(5), ((opens, time(18)),)), 5: ((opens, time(14)),)}
            for place, opens in (("store", time(10)), ("hotline", time(8)))
        }
        """Opening hours by place and weekday, 0 = Monday."""
        self.holidays: dict[date, tuple[str, str]] = {}
        """Days on which everything is closed, besides public holidays, and why."""
        self.closures: dict[str, dict[date, SpecialDay]] = {"store": {}, "hotline": {}}
        self.address = Contact("Sklep", "Długa 5", "00-238", "Warszawa", "+48221234567",
                               "bok@sklep.example", "https://sklep.example")  # fmt: skip
        self.deliveries: list[Offer] = []
        self.ways_to_pay: list[Offer] = []
        self.paid: dict[str, list[Payment]] = {}
        self.returned: dict[str, list[Return]] = {}
        self.complained: dict[str, list[Complaint]] = {}
        self.invoices: dict[tuple[str, str, str | None], str] = {}
        """Numbers of requests by order, wish and tax id."""
        self.codes: list[PromoCode] = []
        self.notices: list[ServiceNotice] = []
        self.down = False
        self.closed = False

    def add(self, number: str, state: OrderState, **changes: Any) -> Order:
        self.orders[number] = make_order(number, state, **changes)
        return self.orders[number]

    def _check(self) -> None:
        if self.down:
            raise UnavailableError("the shop does not answer")

    async def find_order(self, number: str) -> Order | None:
        self._check()
        tidy = checks.order_number(number)
        fitting = [o for n, o in self.orders.items() if tidy and n.endswith(tidy)]
        return max(fitting, key=lambda order: order.placed_at, default=None)

    async def _known(self, number: str) -> Order:
        if order := await self.find_order(number):
            return order
        raise UnknownOrderError(number)

    async def cancel_order(self, number: str) -> Order:
        order = await self._known(number)
        if order.state is OrderState.CANCELLED:
            return order
        _need(order, OrderState.PLACED, OrderState.PAID)
        done = replace(order, state=OrderState.CANCELLED, closed_at=self.clock.now())
        self.orders[order.number] = done
        return done

    async def request_change(self, number: str, wish: str) -> str:
        wish = checks.wish_text(wish)
        order = await self._known(number)
        same = ((n, w) for n, w in self.notes if n == order.number)
        known = next((key for key in same if key[1].casefold() == wish.casefold()), None)
        if known is None:
            _need(order, OrderState.PLACED, OrderState.PAID)
        return self.notes.setdefault(known or (order.number, wish), f"ZM-{len(self.notes) + 1:06d}")

    async def find_products(self, words: str, limit: int = 3) -> Sequence[Product]:
        self._check()
        named = {p.code: p for p in self.products}
        if (code := words.strip().upper()) in named:
            return [named[code]][:limit]
        index = WordIndex({p.code: (p.name_pl, p.name_en) for p in self.products})
        return [named[code] for code in index.find(words, limit)]

    async def hours(self, place: str, first: date, days: int) -> Sequence[DayHours]:
        self._check()
        checks.span(place, first, days)
        closed = {day: SpecialDay((), *why) for day, why in self.holidays.items()}
        return days_from(first, days, self.week[place], closed | self.closures[place])

    async def contact(self) -> Contact:
        self._check()
        return self.address

    async def delivery_methods(self) -> Sequence[Offer]:
        self._check()
        return list(self.deliveries)

    async def payment_methods(self) -> Sequence[Offer]:
        self._check()
        return list(self.ways_to_pay)

    async def payments(self, number: str) -> Sequence[Payment]:
        order = await self.find_order(number)
        return sorted(self.paid.get(order.number, []), key=lambda p: p.at) if order else []

    async def returns(self, number: str) -> Sequence[Return]:
        order = await self.find_order(number)
        found = self.returned.get(order.number, []) if order else []
        return sorted(found, key=lambda r: r.announced_at, reverse=True)

    async def start_return(self, number: str) -> Return:
        order = await self._known(number)
        _need(order, OrderState.DELIVERED, OrderState.RETURN_IN_TRANSIT)
        if known := await self.returns(number):
            return known[0]
        _need(order, OrderState.DELIVERED)
        if order.delivered_at is None:
            raise CannotChangeError(number)
        now = self.clock.now()
        if local(now).date() > last_day_to_return(local(order.delivered_at).date()):
            raise TooLateError(number)
        made = sum(map(len, self.returned.values())) + 1
        self.returned[order.number] = [
            Return(f"ZW-{made:06d}", order.number, ReturnState.ANNOUNCED, now, order.total_grosze,
                   refund_due(local(now).date()),
                   self.address.label)
        ]  # fmt: skip
        return self.returned[order.number][0]

    async def complaints(self, number: str) -> Sequence[Complaint]:
        order = await self.find_order(number)
        found = self.complained.get(order.number, []) if order else []
        return sorted(found, key=lambda c: c.filed_at, reverse=True)

    async def request_invoice(self, number: str, wish: str, tax_id: str | None) -> str:
        wish, tax_id = checks.invoice_wish(wish), checks.tax_id(tax_id)
        order = await self._known(number)
        key = order.number, wish, tax_id
        return self.invoices.setdefault(key, f"FV-{len(self.invoices) + 1:06d}")

    async def promo_code(self, code: str) -> PromoCode | None:
        self._check()
        wanted = checks.promo_code(code)
        return next((known for known in self.codes if known.code.upper() == wanted), None)

    async def service_notices(self) -> Sequence[ServiceNotice]:
        self._check()
        now = self.clock.now()
        active = [n for n in self.notices if n.since <= now and (not n.until or n.until > now)]
        return sorted(active, key=lambda notice: notice.since, reverse=True)

    async def close(self) -> None:
        self.closed = True


def _need(order: Order, *states: OrderState) -> None:
    if order.state not in states:
        raise CannotChangeError(f"the order is {order.state}")


@dataclass(frozen=True)
class FakeCase:
    number: str = "R-2026-000001"
    legal: dict[str, str] | None = None


@dataclass
class FakeDesk:
    """Notes the cases that were opened."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None
    calls_from: str | None = None

    async def caller(self, conversation_id: str) -> str | None:
        if self.error:
            raise self.error
        return self.calls_from

    async def open(
        self, conversation_id: str, *, reason: str, kind: str = "question", detail: str = "",
        context: Mapping[str, Any] | None = None, waits: bool = True,
        due_at: datetime | None = None, callback: Mapping[str, str] | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> FakeCase:  # fmt: skip
        if self.error:
            raise self.error
        self.opened.append({"conversation": conversation_id, "reason": reason, "detail": detail,
                            "context": context, "waits": waits, "due_at": due_at, "kind": kind,
                            "callback": callback, "receipt": receipt})  # fmt: skip
        legal = {"due": "2026-12-08"} if kind in ("complaint", "withdrawal") else None
        return FakeCase(f"R-2026-{len(self.opened):06d}", legal)


class Bot:
    """What Rasa does around the actions: slots, events, and wording by language and channel."""

    def __init__(self, executor: ActionExecutor, domain: dict[str, Any], conversation: str) -> None:
        self._executor = executor
        self._domain = domain
        self.conversation = conversation
        self.channel = "web"
        self.language = "pl"
        self.metadata: dict[str, Any] = {}
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.said: list[str] = []
        self.buttons: list[dict[str, str]] = []

    async def hear(
        self, text: str, intent: str = "inform", *, second: tuple[str, str] | None = None,
        ranking: Sequence[str] = (), heard: str | None = None, confidence: float = 0.95,
        **entities: str | list[str],
    ) -> list[str]:  # fmt: skip
        """One turn; returns the names of the responses that answered."""
        self.slots["language"] = entities.get("language", self.language)
        latest = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": n, "confidence": 0.3} for n in (intent, *ranking)],
            "entities": [
                {"entity": name, "value": value}
                for name, values in entities.items()
                for value in ([values] if isinstance(values, str) else values)
            ],
            "language": {"name": heard or self.language, "confidence": 0.9},
            "second_intent": second and {"name": second[0], "confidence": 0.8, "text": second[1]},
            "metadata": self.metadata,
        }
        self.events.append({"event": "user", "text": text, "input_channel": self.channel,
                            "parse_data": latest})  # fmt: skip
        result = await self._executor.run({
            "next_action": f"action_{intent}",
            "domain": {},
            "tracker": {"sender_id": self.conversation, "slots": dict(self.slots),
                        "latest_message": latest, "events": list(self.events)},
        })  # fmt: skip
        assert result is not None
        for event in result.events:
            assert event["name"] in self._domain["slots"], event
            self.slots[event["name"]] = event["value"]
        self.said, self.buttons = [], []
        for response in result.responses:
            self._utter(response)
        return [r["response"].removeprefix("utter_") for r in result.responses if r["response"]]

    async def choose(self, button: dict[str, str]) -> list[str]:
        """Press a button, as Rasa reads its payload."""
        name, brace, rest = button["payload"].removeprefix("/").partition("{")
        return await self.hear(
            button["payload"], name, **(json.loads(brace + rest) if rest else {})
        )

    def _utter(self, response: dict[str, Any]) -> None:
        text, buttons = response["text"], list(response["buttons"])
        if response["response"]:
            variant = self.variant(response["response"])
            values = {k: v for k, v in response.items() if isinstance(v, str)}
            text = re.sub(r"{(\w+)}", lambda m: values[m[1]], variant["text"])
            buttons = variant.get("buttons", []) + buttons
        self.said.append(text)
        self.buttons += buttons
        self.events.append({"event": "bot", "text": text, "data": {"buttons": buttons}})

    def variant(self, response: str) -> dict[str, Any]:
        english = self.slots["language"] == "en"
        return next(
            v
            for v in self._domain["responses"][response]
            if ("condition" in v) == english and v.get("channel", "web") == self.channel
        )
