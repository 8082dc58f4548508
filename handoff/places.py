"""`{places}` in ready texts, filled from a case in the customer's language."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from frontline.clock import local
from frontline.lang import Language
from frontline.lang.dates import written_day
from frontline.lang.spelling import written_phone
from handoff.case import Case
from handoff.evidence import list_of, mapping_of, same, text_of

PLACE = re.compile(r"\{([a-z_]+)\}")
PLACES = ("number", "order_number", "agent", "due", "product", "phone")


def fill(text: str, case: Case, values: Mapping[str, str] | None = None) -> str:
    """Text with its places filled; those for which nothing is known stay, for the agent to see.

    Args:
        text: with `{places}`; other braces are left alone.
        case: what is known.
        values: known better than by the case, like the name of the agent who writes.
    """
    known = {**places_of(case), **(values or {})}
    return PLACE.sub(lambda match: known.get(match[1]) or match[0], text)


def unfilled(text: str) -> list[str]:
    """Places that are still open in a text."""
    return PLACE.findall(text)


def places_of(case: Case) -> dict[str, str]:
    """What is known of the case, by place; unknown ones are missing.

    `due` is the statutory day for the answer only: other targets are ours and no promise.
    """
    language: Language = "en" if case.language == "en" else "pl"
    known = {
        "number": case.number,
        "order_number": order_of(case),
        "agent": case.agent or "",
        "due": written_date(text_of(mapping_of(case.legal).get("due")), language),
        "product": _product(case),
        "phone": written_phone(text_of(mapping_of(case.callback).get("phone"))),
    }
    return {name: value for name, value in known.items() if value}


def order_of(case: Case) -> str:
    """The order talked about, in full when it was verified."""
    context = mapping_of(case.context)
    given = text_of(mapping_of(context.get("slots")).get("order_number"))
    verified = [text_of(o) for o in list_of(mapping_of(context.get("identity")).get("orders"))]
    full = [order for order in verified if order and same("order_number", order, given)]
    return next(iter(full), given or next((o for o in reversed(verified) if o), ""))


def _product(case: Case) -> str:
    context = mapping_of(case.context)
    answers = mapping_of(mapping_of(context.get("slots")).get("answers"))
    named = [
        text_of(value)
        for entity in map(mapping_of, list_of(context.get("entities")))
        if entity.get("name") == "product"
        for value in list_of(entity.get("values"))
    ]
    return text_of(answers.get("product")) or next((n for n in named if n), "")


def written_date(text: str, language: Language) -> str:
    """The day of an ISO date or moment as people here read it; empty when it is neither."""
    try:
        day = (
            local(datetime.fromisoformat(text)).date() if "T" in text else date.fromisoformat(text)
        )
    except (ValueError, OverflowError):
        return ""
    return written_day(day, language)
