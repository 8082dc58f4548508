"""Delivery: ways, costs, times, and trouble with a parcel."""

from actions import escalate
from actions.talk import Talk


async def delivery_info(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def delivery_problem(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)
