"""Where a message holds an order number, a postcode, an e-mail, a phone, a sum, a date or goods.

Rules and lookups and not a model: these have a shape, and a wrong digit is worse than a missed
one. Each kind has a module of its own; here is the order in which they have their say.
"""

from __future__ import annotations

from components.entity_code import codes, dashed_postcodes
from components.entity_date import dates
from components.entity_email import emails
from components.entity_found import Draft, Found
from components.entity_money import spoken_amounts, typed_amounts
from components.entity_product import Products
from components.text import MAX_CHARS, fold

__all__ = ["Found", "find_entities"]


def find_entities(text: str, products: Products | None = None) -> list[Found]:
    """All entities in a message, left to right, none overlapping another.

    Args:
        text: the message.
        products: names of goods; without them no `product` is found.
    """
    short = text[:MAX_CHARS]
    draft = Draft(short, fold(short))
    draft.take(emails(draft.folded))
    draft.take(typed_amounts(draft.folded))
    draft.take(dates(draft.folded, short))
    draft.take(dashed_postcodes(draft.folded))
    draft.take(spoken_amounts(draft.folded))
    draft.take(codes(draft.folded, short))
    if products:
        draft.take(products.find(draft.folded, short))
    return sorted(draft.found, key=lambda f: f.start)
