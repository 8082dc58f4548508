"""Days that the law counts: until when goods may be sent back and money must be."""

from datetime import date, timedelta

from actions.shop.hours import public_holidays

WITHDRAWAL = timedelta(days=14)
"""From the day of delivery. Source: ustawa o prawach konsumenta, art. 27 and 28."""
REFUND = timedelta(days=14)
"""From the day of the announcement. Source: ustawa o prawach konsumenta, art. 32."""
ANSWER = timedelta(days=14)
"""To a complaint, from the day it came. Source: ustawa o prawach konsumenta, art. 7a."""
SATURDAY = 5


def last_day_to_return(delivered: date) -> date:
    """The last day on which a return may be announced, by the days of Poland.

    The day of delivery does not count, the last day does; a Saturday, a Sunday and a public
    holiday put the end off to the next working day. Source: Kodeks cywilny, art. 111 and 115.
    """
    day = delivered + WITHDRAWAL
    while day.weekday() >= SATURDAY or day in public_holidays(day.year):
        day += timedelta(days=1)
    return day


def refund_due(announced: date) -> date:
    """The last day for the money to go out; the goods may have to come back first."""
    return announced + REFUND
