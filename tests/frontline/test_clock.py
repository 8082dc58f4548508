from datetime import UTC, datetime, timedelta

from frontline.clock import ManualClock, SystemClock, local


def test_the_system_clock_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(90.5)
    assert clock.now() == datetime(2026, 11, 24, 10, 1, 30, 500_000, tzinfo=UTC)


def test_a_customer_reads_warsaw_time_in_winter_and_summer() -> None:
    assert local(datetime(2026, 11, 24, 10, tzinfo=UTC)).hour == 11
    assert local(datetime(2026, 7, 24, 22, 30, tzinfo=UTC)).isoformat() == (
        "2026-07-25T00:30:00+02:00"
    )
