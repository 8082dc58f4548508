"""Stops asking a shop that keeps failing, so that customers hear so at once."""

from datetime import timedelta

from frontline.clock import Clock
from frontline.errors import UnavailableError


class Breaker:
    """Counts failures in a row; after some of them, refuses for a while, then lets one try pass.

        closed ── `limit` failures in a row ──► open ── `rest_s` later ──► half-open
          ▲                                      ▲                            │
          └────────────── the try works ─────────┼── the try fails ◄──────────┘

    A try that never reports back (its task was cancelled) gives its place to another after a
    further `rest_s`. Source: M. Nygard, Release It!, "Circuit Breaker".
    """

    def __init__(self, clock: Clock, *, limit: int = 5, rest_s: float = 10.0) -> None:
        self._clock = clock
        self._limit = limit
        self._rest = timedelta(seconds=rest_s)
        self._failures = 0
        self._shut_until = clock.now()

    def admit(self) -> None:
        """Let a call pass.

        Raises:
            UnavailableError: open, or half-open with a try under way.
        """
        if self._failures < self._limit:
            return
        if self._clock.now() < self._shut_until:
            raise UnavailableError("the shop failed several times in a row and is left to rest")
        self._shut_until = self._clock.now() + self._rest  # this call is the try

    def worked(self) -> None:
        """The shop answered."""
        self._failures = 0

    def failed(self) -> None:
        """The shop did not answer, or not sensibly."""
        self._failures += 1
        if self._failures >= self._limit:
            self._shut_until = self._clock.now() + self._rest
