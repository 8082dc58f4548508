"""How often one address or conversation may do something.

A token bucket (RFC 2697 calls it a meter) per key in this process. Each process has its own: the
bound for a customer or an agent is the number of processes times the limit, still a bound.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from frontline.errors import RefusedError


class TooManyError(RefusedError):
    """Too often; `retry_after_s` says when to try again."""

    code = "too_many"
    retryable = True

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"too many; try again in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


def address_of(remote: str | None, forwarded: str, trusted_proxies: int) -> str:
    """A client's address: what the last trusted proxy says, else the peer's.

    Args:
        remote: the peer's address.
        forwarded: the header `X-Forwarded-For`, to which each proxy adds whom it serves.
        trusted_proxies: how many proxies in front are ours.
    """
    told = [address.strip() for address in forwarded.split(",")]
    if trusted_proxies and len(told) >= trusted_proxies and told[-trusted_proxies]:
        return told[-trusted_proxies]
    return remote or "?"


class RateLimit:
    """At most `burst` at once and `burst` per `period_s` for each key."""

    def __init__(
        self, burst: int, period_s: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._rate = burst / period_s
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Use one up.

        Raises:
            TooManyError: none is left.
        """
        now = self._clock()
        left, since = self._buckets.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > 10_000:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyError((1 - left) / self._rate)

    def give_back(self, key: str) -> None:
        """Undo one `take`, when what it counted turned out to be harmless."""
        if key in self._buckets:
            left, since = self._buckets[key]
            self._buckets[key] = (min(self._burst, left + 1), since)


class Doors:
    """How many sockets each address holds open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[str, int] = {}

    def enter(self, key: str) -> None:
        """Count one in.

        Raises:
            TooManyError: the address has as many as it may have.
        """
        if self._open.get(key, 0) >= self._most:
            raise TooManyError(60)
        self._open[key] = self._open.get(key, 0) + 1

    def leave(self, key: str) -> None:
        """Count one out."""
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]
