"""Returns: sending goods back, and when the money comes."""

from actions import escalate
from actions.talk import Talk


async def return_start(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def refund_status(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)
