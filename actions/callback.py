"""A call back."""

from actions import escalate
from actions.talk import Talk


async def callback_request(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)
