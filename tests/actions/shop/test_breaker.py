from datetime import UTC, datetime

import pytest

from actions.shop.breaker import Breaker
from frontline.clock import ManualClock
from frontline.errors import UnavailableError


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, tzinfo=UTC))


@pytest.fixture
def open_breaker(clock: ManualClock) -> Breaker:
    breaker = Breaker(clock, limit=2, rest_s=10)
    breaker.failed()
    breaker.failed()
    return breaker


def test_failures_that_are_not_in_a_row_do_not_open_it(clock: ManualClock) -> None:
    breaker = Breaker(clock, limit=2)
    for _ in range(5):
        breaker.failed()
        breaker.admit()
        breaker.worked()
    breaker.admit()


def test_it_refuses_until_it_has_rested(open_breaker: Breaker, clock: ManualClock) -> None:
    clock.advance(9.9)
    with pytest.raises(UnavailableError):
        open_breaker.admit()
    clock.advance(0.1)
    open_breaker.admit()


def test_half_open_lets_one_try_pass(open_breaker: Breaker, clock: ManualClock) -> None:
    clock.advance(10)
    open_breaker.admit()
    with pytest.raises(UnavailableError):
        open_breaker.admit()


def test_a_try_that_works_closes_it(open_breaker: Breaker, clock: ManualClock) -> None:
    clock.advance(10)
    open_breaker.admit()
    open_breaker.worked()
    open_breaker.failed()
    open_breaker.admit()
    open_breaker.admit()


def test_a_try_that_fails_opens_it_again(open_breaker: Breaker, clock: ManualClock) -> None:
    clock.advance(10)
    open_breaker.admit()
    clock.advance(3)
    open_breaker.failed()
    clock.advance(9)
    with pytest.raises(UnavailableError):
        open_breaker.admit()


def test_a_try_that_never_reports_back_frees_its_place(
    open_breaker: Breaker, clock: ManualClock
) -> None:
    clock.advance(10)
    open_breaker.admit()
    clock.advance(10)
    open_breaker.admit()
