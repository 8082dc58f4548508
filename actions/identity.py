"""Proof that an order is the customer's: its postcode or its e-mail address.

Tries are kept in SQL, so neither a wiped Redis nor a new tracker unlocks anything. Every try is
written down as wrong before it is compared, so tries that race are all counted.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update

from actions.shop.port import Order, Shop
from actions.tables import attempts
from frontline.clock import Clock
from frontline.database import Database

WRONG_PER_CONVERSATION = 3
WRONG_PER_ORDER = 10
ORDER_WINDOW = timedelta(hours=24)


class Verdict(StrEnum):
    """What a try came to."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one try; `order` only when it was right."""

    verdict: Verdict
    order: Order | None = None
    tries_left: int = 0


class Identity:
    """Compares proofs and counts tries."""

    def __init__(self, database: Database, shop: Shop, clock: Clock) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock

    async def check(self, conversation_id: str, number: str, proof: Mapping[str, str]) -> Check:
        """Compare a proof with the order of that number.

        A wrong postcode, a wrong e-mail and an order that does not exist are the same answer and
        the same work.

        Args:
            conversation_id: whose try it is.
            number: as the customer gave it.
            proof: `postal_code`, `email` or both; all that is given must be right.

        Raises:
            UnavailableError: the shop or the record does not answer; the try is not counted.
        """
        order = await self._shop.find_order(number)
        attempt, by_conversation, by_order = await self._write_down(conversation_id, number)
        right = _matches(order, proof)
        if by_conversation > WRONG_PER_CONVERSATION or by_order > WRONG_PER_ORDER:
            await self._forget(attempt)  # trying on must not make the lock longer
            return Check(Verdict.LOCKED)
        if right and order is not None:
            await self._put_right(attempt)
            return Check(Verdict.RIGHT, order)
        left = min(WRONG_PER_CONVERSATION - by_conversation, WRONG_PER_ORDER - by_order)
        return Check(Verdict.WRONG, tries_left=left) if left else Check(Verdict.LOCKED)

    async def _write_down(self, conversation_id: str, number: str) -> tuple[int, int, int]:
        """The new try's id, and the wrong tries of the conversation and of the order with it."""
        key, now = order_key(number), self._clock.now()
        async with self._database.write() as connection:
            result = await connection.execute(
                insert(attempts).values(
                    conversation_id=conversation_id, order_key=key, at=now, wrong=True
                )
            )
            (attempt,) = result.inserted_primary_key or (0,)
        # Counted after the commit: of two tries at once, at least one sees both.
        ours = attempts.c.conversation_id == conversation_id
        same = (attempts.c.order_key == key) & (attempts.c.at > now - ORDER_WINDOW)
        async with self._database.read() as connection:
            by_conversation = await connection.scalar(_wrong(ours))
            by_order = await connection.scalar(_wrong(same))
        return attempt, by_conversation or 0, by_order or 0

    async def _put_right(self, attempt: int) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(attempts).where(attempts.c.id == attempt).values(wrong=False)
            )

    async def _forget(self, attempt: int) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(attempts).where(attempts.c.id == attempt))


def _wrong(which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(attempts).where(which, attempts.c.wrong.is_(True))


def order_key(number: str) -> str:
    """What a try is counted under: the last six digits, however the number was written."""
    digits = re.sub(r"\D", "", number)
    return digits[-6:] if len(digits) >= 6 else number.strip().upper()[:32]


def _matches(order: Order | None, proof: Mapping[str, str]) -> bool:
    """Whether all given proofs are the order's, in constant time; always two comparisons."""
    given_code = _postal_code(proof.get("postal_code", ""))
    given_email = _email(proof.get("email", ""))
    code = _postal_code(order.postal_code) if order else b"00000"
    email = _email(order.email) if order else b"nobody@example.invalid"
    right_code = _same(given_code or code, code)
    right_email = _same(given_email or email, email)
    return bool(order and (given_code or given_email) and right_code and right_email)


def _same(given: bytes, right: bytes) -> bool:
    """Equal? The time taken tells nothing, not even a length."""
    return hmac.compare_digest(sha256(given).digest(), sha256(right).digest())


def _postal_code(text: str) -> bytes:
    return re.sub(r"[^0-9A-Za-z]", "", text).upper().encode()


def _email(text: str) -> bytes:
    return text.strip().casefold().encode()
