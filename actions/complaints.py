"""Complaints: filing one, its state, and guarantees."""

from actions import escalate
from actions.talk import Talk


async def complaint_start(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def complaint_status(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def warranty_info(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)
