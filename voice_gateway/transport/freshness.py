"""Telling sound that was just spoken from sound that waited somewhere on its way."""

OLD_S = 1.0
"""Older than this nobody wants to hear it."""
MOST_AHEAD_S = OLD_S + 0.2
"""So much may come faster than it was spoken: what is not yet old after a stall."""
_DOUBT_S = 0.2
"""So long a stream is watched after a gap."""
_JITTER_S = 0.08
"""Four frames may come at once on any line."""


class Freshness:
    """Watches the pace of one stream of sound.

    After a gap the stream goes on either as it is spoken (there was silence that nobody sent) or
    faster (it was held up, and what waited comes at once): then all is old that had to come more
    than `OLD_S` ago. Nobody speaks faster than time, so what comes faster for longer is dropped,
    too. Moments are in seconds, of any one clock.
    """

    def __init__(self) -> None:
        self._spoken: float | None = None
        """When the last sound ended, had all been sent without a pause."""
        self._last = 0.0
        self._watched_since: float | None = None
        self._watched_s = 0.0
        """Sound since then."""
        self._ahead_s = 0.0
        """How much came faster than time."""

    def is_old(self, sound_s: float, now: float) -> bool:
        """Is the sound of this length, that came in now, to be dropped?"""
        gap, self._last = now - self._last, now
        self._ahead_s = max(self._ahead_s - gap, 0.0)
        if self._waited(sound_s, now, gap) or self._ahead_s + sound_s > MOST_AHEAD_S:
            return True
        self._ahead_s += sound_s
        return False

    def _waited(self, sound_s: float, now: float, gap: float) -> bool:
        if self._spoken is None:
            self._spoken = now
            return False
        self._spoken = min(self._spoken + sound_s, now)
        if now - self._spoken <= OLD_S:
            self._watched_since = None
            return False
        if self._watched_since is None or gap > OLD_S:
            self._watched_since, self._watched_s = now, 0.0
        self._watched_s += sound_s
        watched = now - self._watched_since
        if self._watched_s > watched + _JITTER_S:
            return True
        if watched >= _DOUBT_S:
            self._spoken = now
        return False
