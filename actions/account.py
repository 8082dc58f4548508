"""The account: logging in, personal data, discount codes, trouble with the website."""

from actions import escalate
from actions.talk import Talk


async def account_access(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def privacy_request(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def promo_code(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def technical_problem(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)
