from tools.telephony.timeline import Frame, barge_in_times, turn_latencies, utterances


def spoken(*stretches: tuple[float, float], until: float = 10.0) -> list[Frame]:
    """20 ms frames, voiced within the stretches, end included."""
    return [
        Frame(at, 3000.0 if any(start <= at <= end for start, end in stretches) else 8.0)
        for at in (number / 50 for number in range(int(until * 50)))
    ]


def test_short_pauses_are_inside_a_sentence() -> None:
    assert utterances(spoken((1, 2), (2.3, 3), (4, 5))) == [(1, 3), (4, 5)]


def test_a_turn_lasts_from_the_callers_last_voice_to_the_bots_first() -> None:
    caller, bot = spoken((1, 2), (6, 7)), spoken((2.4, 4), (7.6, 8))
    assert [round(time, 2) for time in turn_latencies(caller, bot)] == [0.4, 0.6]


def test_what_nobody_answers_is_no_turn() -> None:
    assert turn_latencies(spoken((1, 2)), spoken((8, 9))) == []
    assert turn_latencies(spoken((1, 2)), spoken()) == []


def test_an_interruption_is_no_turn() -> None:
    caller, bot = spoken((3, 4)), spoken((1, 3.2), (4.4, 5))
    assert turn_latencies(caller, bot) == []
    assert [round(time, 2) for time in barge_in_times(caller, bot)] == [0.2]


def test_who_speaks_into_silence_interrupts_nobody() -> None:
    assert barge_in_times(spoken((3, 4)), spoken((1, 2), (4.4, 5))) == []
    assert barge_in_times(spoken((3, 4)), spoken((1, 2.8), (4.4, 5))) == []


def test_a_bot_that_does_not_stop_is_seen_to() -> None:
    [time] = barge_in_times(spoken((3, 4)), spoken((1, 8)))
    assert round(time, 2) == 5
