"""Payment: ways to pay, trouble with a payment, invoices."""

from actions import escalate
from actions.talk import Talk


async def payment_info(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def payment_problem(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)


async def invoice_request(talk: Talk) -> None:
    """Offer a person."""
    await escalate.offer_person(talk)
