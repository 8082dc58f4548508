"""One turn as the handlers see it: what the customer said, what is remembered, what to answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import tax_id
from actions.escalate_port import CaseDesk
from actions.identity import Identity
from actions.shop.port import Shop
from actions.state import State
from actions.wording import Words
from frontline.clock import Clock, local
from frontline.lang import Language

Channel = Literal["web", "voice"]
Button = dict[str, str]
CHOICE = "choice"
"""The entity in which a button of `choice` brings what it says."""


def choice(title: str) -> Button:
    """A button that answers the open question with its own title, whatever that reads like."""
    payload = json.dumps({CHOICE: title}, ensure_ascii=False)
    return {"title": title, "payload": f"/inform{payload}"}


_DIGITS = frozenset({"order_number", "postal_code", "phone"})
"""Entities that a part of a tax number may be mistaken for."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the handlers act on."""

    shop: Shop
    identity: Identity
    cases: CaseDesk
    clock: Clock


@dataclass(frozen=True, slots=True)
class Message:
    """What the customer said, as the bot understood it."""

    conversation_id: str
    text: str
    intent: str
    confidence: float
    channel: Channel
    language: Language
    """The conversation's language."""
    heard_language: str
    """This message's language: `pl`, `en` or `other`."""
    entities: Mapping[str, Sequence[str]]
    ranking: Sequence[Mapping[str, Any]]
    second: Mapping[str, Any] | None
    """A second question in the message: `name`, `confidence`, `text`."""
    case: Mapping[str, Any] | None
    """The case in which a person served this customer before."""
    introduced: bool
    """The channel itself said that this is an automatic assistant."""

    @classmethod
    def from_tracker(cls, tracker: Tracker) -> Self:
        """The latest message of a tracker."""
        latest: Mapping[str, Any] = tracker.latest_message
        metadata = latest.get("metadata") or {}
        intent = latest.get("intent") or {}
        entities: dict[str, list[str]] = {}
        for entity in latest.get("entities") or []:
            name, value = entity["entity"], str(entity["value"])
            if name not in _DIGITS or not tax_id.holds(latest.get("text") or "", value):
                entities.setdefault(name, []).append(value)
        return cls(
            conversation_id=tracker.sender_id,
            text=next(iter(entities.get(CHOICE, ())), None) or latest.get("text") or "",
            intent=intent.get("name") or "nlu_fallback",
            confidence=float(intent.get("confidence") or 0.0),
            channel="voice" if tracker.get_latest_input_channel() == "voice" else "web",
            language="en" if tracker.slots.get("language") == "en" else "pl",
            heard_language=(latest.get("language") or {}).get("name") or "pl",
            entities=entities,
            ranking=latest.get("intent_ranking") or [],
            second=latest.get("second_intent"),
            case=metadata.get("case"),
            introduced=bool(metadata.get("introduced")),
        )

    def first(self, entity: str) -> str | None:
        """The first value of an entity."""
        return next(iter(self.entities.get(entity, ())), None)


class Talk:
    """One turn."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, does: Services) -> None:
        self.message = Message.from_tracker(tracker)
        self.state = State.from_slots(tracker.slots)
        self.shop, self.identity, self.cases = does.shop, does.identity, does.cases
        self.clock = does.clock
        self.words = Words(self.message.language, self.message.channel)
        self.events: Sequence[Mapping[str, Any]] = tracker.events
        self.slots: Mapping[str, Any] = tracker.slots
        self.asked = False
        """The open form's question was put in this turn."""
        self.opened = False
        """A case was opened: the bot is silent."""
        self.misunderstood = False
        self.resumed = False
        """A form that had to wait goes on: what it said at its beginning need not be said again."""
        self.kept: Mapping[str, str] = {}
        """The answers of the form that goes on."""
        self.new_facts = False
        """The message brought an order number, postcode or e-mail."""
        self.several = False
        """The message asks something else too."""
        self._dispatcher = dispatcher

    def today(self) -> date:
        """The customer's day."""
        return local(self.clock.now()).date()

    def say(self, response: str, buttons: Sequence[Button] = (), /, **values: str) -> None:
        """Answer with a response of the domain; `values` fill its places."""
        self._dispatcher.utter_message(response=response, buttons=list(buttons), **values)

    def say_again(self, text: str, buttons: Sequence[Button]) -> None:
        """Answer with a text that was said before."""
        self._dispatcher.utter_message(text=text, buttons=list(buttons))

    def ask(self, what: str, response: str, buttons: Sequence[Button] = (), **values: str) -> None:
        """Put the open form's question."""
        self.state.asking = what
        self.asked = True
        self.say(response, buttons, **values)

    def offer_person(self, response: str, reason: str, detail: str = "", **values: str) -> None:
        """Offer a person; "yes" in the next turn opens a case for `reason`."""
        self.state.offer = {"reason": reason, "detail": detail}
        self.say(response, **values)

    def take_back(self) -> None:
        """Unsay everything of this turn."""
        self._dispatcher.messages.clear()

    def read_as(self, intent: str) -> None:
        """Take the message for another intent than the bot did."""
        self.message = replace(self.message, intent=intent)

    def turn_to(self, intent: str, text: str) -> None:
        """Go on with another question of the same customer."""
        self.message = replace(self.message, intent=intent, text=text, second=None)
