import pytest

from frontline.limits import Doors, RateLimit, TooManyError


def test_a_bucket_refills_with_time() -> None:
    now = 0.0
    limit = RateLimit(2, 10, clock=lambda: now)
    limit.take("a")
    limit.take("a")
    with pytest.raises(TooManyError) as refused:
        limit.take("a")
    assert refused.value.retry_after_s == pytest.approx(5)
    limit.take("b")
    now = 5.0
    limit.take("a")
    with pytest.raises(TooManyError):
        limit.take("a")


def test_doors_count_out_as_well_as_in() -> None:
    doors = Doors(1)
    doors.enter("a")
    with pytest.raises(TooManyError):
        doors.enter("a")
    doors.leave("a")
    doors.enter("a")


def test_what_is_given_back_may_be_taken_again_but_nothing_more() -> None:
    limit = RateLimit(2, 10, clock=lambda: 0.0)
    limit.take("a")
    limit.give_back("a")
    limit.give_back("a")
    limit.give_back("never taken")
    limit.take("a")
    limit.take("a")
    with pytest.raises(TooManyError):
        limit.take("a")
