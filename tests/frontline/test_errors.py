import pytest

from frontline import errors
from frontline.errors import FrontlineError, UnavailableError

ALL = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, FrontlineError)]


@pytest.mark.parametrize("error", ALL)
def test_every_error_is_drawn_in_the_tree(error: type[FrontlineError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")


def test_codes_are_stable_and_tell_errors_apart() -> None:
    assert sorted(error.code for error in ALL) == [
        "conflict",
        "error",
        "not_found",
        "refused",
        "settings",
        "unavailable",
    ]


def test_only_an_outage_is_worth_a_second_try() -> None:
    assert [error for error in ALL if error.retryable] == [UnavailableError]
