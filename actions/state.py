"""What the dialogue remembers between turns; held in Rasa's slots, one slot per field."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

ORDER_FORMS = frozenset(
    {"order_status", "order_cancel", "order_change", "delivery_problem", "payment_problem",
     "invoice_request", "return_start", "refund_status", "complaint_status"}
)  # fmt: skip
"""Questions about one order; a new one takes the place of the one that is open."""
FORMS = ORDER_FORMS | {
    "complaint_start",
    "product_info",
    "promo_code",
    "privacy_request",
    "callback_request",
}
"""Questions that may have to ask back."""
TRIED_KEPT = 8


@dataclass(slots=True)
class State:
    """One conversation's memory. `None`, 0, False and empty mean "nothing"."""

    introduced: bool = False
    """The customer was told that this is an automatic assistant."""
    form: str | None = None
    """The intent whose question is open."""
    asking: str | None = None
    """What was asked: `order_number`, `proof`, `confirm`, `wish`, `product` or a form's field."""
    order_number: str | None = None
    """The order talked about, as the customer gave it; canonical once verified."""
    verified_orders: list[str] = field(default_factory=list)
    """Canonical numbers of orders that were proved to be the customer's."""
    proof: dict[str, str] | None = None
    """`postal_code` or `email` given before it could be checked; `for` = the number it failed."""
    wish: str | None = None
    """The change that the customer asked for, in their words."""
    answers: dict[str, str] = field(default_factory=dict)
    """What the open form's fields were answered, by name."""
    unclear: int = 0
    """Answers in a row that the form could not use."""
    misunderstood: int = 0
    """Turns in a row that were not understood."""
    offer: dict[str, str] | None = None
    """A person was offered in the last turn: `reason` and `detail` of the case to open."""
    later_intent: dict[str, str] | None = None
    """A second question that waits: `name`, `text`, maybe `order_number`."""
    topic: str | None = None
    """The last question that was answered."""
    locked: bool = False
    """Too many wrong proofs. (The record is in SQL; this spares the question.)"""
    tried: list[dict[str, Any]] = field(default_factory=list)
    """What was tried for the customer, for the agent: `action`, `ok`, `error`."""
    case_told: str | None = None
    """The finished case that was already mentioned."""
    case_seen: str | None = None
    """The finished case after which the customer has talked to the bot again."""

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Self:
        """The state that `slots` hold; missing ones have their default."""
        known = {f.name: slots[f.name] for f in fields(cls) if slots.get(f.name)}
        for name in ("unclear", "misunderstood"):
            if name in known:
                known[name] = int(known[name])
        for name in ("verified_orders", "tried"):
            if name in known:
                known[name] = list(known[name])
        if "answers" in known:
            known["answers"] = dict(known["answers"])
        return cls(**known)

    def changes(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Slots to set: fields that differ from the slots `before`; "nothing" becomes None."""
        now = {name: value or None for name, value in asdict(self).items()}
        return {name: value for name, value in now.items() if value != (before.get(name) or None)}

    def verified(self) -> str | None:
        """The canonical number of the order talked about, when it is proved."""
        number = self.order_number
        if not number:
            return None
        return next((v for v in self.verified_orders if number in (v, v[-6:])), None)

    def note(self, action: str, error: str | None = None) -> None:
        """Remember what was tried."""
        entry: dict[str, Any] = {"action": action, "ok": error is None}
        if error:
            entry["error"] = error
        if entry not in self.tried[-1:]:
            self.tried = [*self.tried, entry][-TRIED_KEPT:]

    def finish_form(self) -> None:
        """The open question is answered or dropped; the order stays known."""
        self.form = self.asking = self.proof = self.wish = None
        self.answers = {}
        self.unclear = 0
