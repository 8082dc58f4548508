"""Stand-ins around the actions: a shop in memory, a case desk, and what Rasa does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk.executor import ActionExecutor

from actions.shop.port import (
    CannotChangeError,
    Contact,
    DayHours,
    Order,
    OrderLine,
    OrderState,
    Product,
    UnknownOrderError,
)
from frontline.errors import UnavailableError
from frontline.lang.text import fold

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
    """A shop in memory, with the contract of `actions.shop.port.Shop`."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.notes: dict[tuple[str, str], str] = {}
        self.products: list[Product] = []
        self.holidays: dict[date, tuple[str, str]] = {}
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
        if re.fullmatch(r"\d{6}", number):
            return next((o for n, o in self.orders.items() if n.endswith(number)), None)
        return self.orders.get(number)

    async def _changeable(self, number: str) -> Order:
        order = await self.find_order(number)
        if order is None:
            raise UnknownOrderError(number)
        if order.state not in (OrderState.PLACED, OrderState.PAID):
            raise CannotChangeError(number)
        return order

    async def cancel_order(self, number: str) -> Order:
        known = await self.find_order(number)
        if known and known.state is OrderState.CANCELLED:
            return known
        order = await self._changeable(number)
        done = replace(order, state=OrderState.CANCELLED, closed_at=NOON)
        self.orders[order.number] = done
        return done

    async def request_change(self, number: str, wish: str) -> str:
        order = await self._changeable(number)
        return self.notes.setdefault((order.number, wish), f"Z-{len(self.notes) + 1:03d}")

    async def find_products(self, words: str, limit: int = 3) -> Sequence[Product]:
        self._check()
        wanted = fold(words).split()
        return [
            p
            for p in self.products
            if all(w[:5] in fold(f"{p.code} {p.name_pl} {p.name_en}") for w in wanted)
        ][:limit]

    async def hours(self, place: str, first: date, days: int) -> Sequence[DayHours]:
        self._check()
        return [self._day(place, first + timedelta(days=n)) for n in range(days)]

    def _day(self, place: str, day: date) -> DayHours:
        if holiday := self.holidays.get(day):
            return DayHours(day, (), *holiday)
        opens = time(10) if place == "store" else time(8)
        if day.weekday() == 6:
            return DayHours(day, ())
        return DayHours(day, ((opens, time(14) if day.weekday() == 5 else time(18)),))

    async def contact(self) -> Contact:
        self._check()
        return Contact("Sklep", "Długa 5", "00-238", "Warszawa", "+48221234567",
                       "bok@sklep.example", "https://sklep.example")  # fmt: skip

    async def close(self) -> None:
        self.closed = True


@dataclass(frozen=True)
class FakeCase:
    number: str = "R-2026-000001"


@dataclass
class FakeDesk:
    """Notes the cases that were opened."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None

    async def open(
        self, conversation_id: str, *, reason: str, detail: str = "",
        context: dict[str, Any] | None = None, waits: bool = True, due_at: datetime | None = None,
    ) -> FakeCase:  # fmt: skip
        if self.error:
            raise self.error
        self.opened.append({"conversation": conversation_id, "reason": reason, "detail": detail,
                            "context": context, "waits": waits, "due_at": due_at})  # fmt: skip
        return FakeCase(f"R-2026-{len(self.opened):06d}")


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
        ranking: Sequence[str] = (), heard: str | None = None, **entities: str | list[str],
    ) -> list[str]:  # fmt: skip
        """One turn; returns the names of the responses that answered."""
        self.slots["language"] = entities.get("language", self.language)
        latest = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
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
