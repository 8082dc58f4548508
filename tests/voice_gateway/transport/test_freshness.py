from voice_gateway.transport.freshness import MOST_AHEAD_S, Freshness

FRAME_S = 0.02


def feed(freshness: Freshness, count: int, since: float, step: float = FRAME_S) -> list[bool]:
    return [freshness.is_old(FRAME_S, since + n * step) for n in range(count)]


def test_a_steady_stream_is_fresh() -> None:
    assert not any(feed(Freshness(), 1000, 5.0))


def test_a_stream_goes_on_fresh_after_silence_that_was_not_sent() -> None:
    freshness = Freshness()
    for begin in (0.0, 10.0, 11.0, 14.0, 60.0):
        assert not any(feed(freshness, 30, begin)), begin


def test_after_a_stall_all_but_the_last_second_is_old() -> None:
    freshness = Freshness()
    feed(freshness, 100, 0.0)
    old = feed(freshness, 1000, 22.0, step=0.0001)  # 20 s that had waited come in 0.1 s
    assert not any(old[:4])
    assert all(old[4:940])
    assert not any(old[960:])
    assert not any(feed(freshness, 500, 22.12))


def test_a_stall_of_less_than_a_second_loses_nothing() -> None:
    freshness = Freshness()
    feed(freshness, 100, 0.0)
    assert not any(feed(freshness, 45, 2.9, step=0.0001))


def test_a_second_stall_while_the_first_is_made_up_for() -> None:
    freshness = Freshness()
    feed(freshness, 100, 0.0)
    feed(freshness, 200, 12.0, step=0.0001)
    old = feed(freshness, 1300, 32.0, step=0.0001)
    assert sum(old) >= 1300 - 60


def test_frames_that_come_in_threes_are_fresh() -> None:
    freshness = Freshness()
    feed(freshness, 100, 0.0)
    moments = [30.0 + n // 3 * 0.06 for n in range(300)]
    assert not any(freshness.is_old(FRAME_S, at) for at in moments)


def test_who_speaks_faster_than_time_is_not_listened_to() -> None:
    freshness = Freshness()
    heard = feed(freshness, 1000, 5.0, step=0.001).count(False)
    assert heard * FRAME_S <= 1.0 + MOST_AHEAD_S
