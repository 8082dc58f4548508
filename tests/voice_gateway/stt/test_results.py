import json

import pytest

from voice_gateway.stt.results import heard, joined, later, partial_text


def answer(*readings: tuple[float, str]) -> str:
    return json.dumps(
        {
            "alternatives": [
                {
                    "confidence": score,
                    "text": text,
                    "result": [
                        {"word": word, "start": place * 0.3, "end": place * 0.3 + 0.2}
                        for place, word in enumerate(text.split())
                    ],
                }
                for score, text in readings
            ]
        }
    )


def test_a_word_is_as_sure_as_the_readings_that_have_it() -> None:
    found = heard(answer((200.0, "gdzie jest paczka"), (199.0, "gdzie jest paczki")))
    assert found.text == "gdzie jest paczka"
    assert found.alternatives == ("gdzie jest paczki",)
    assert [w.confidence for w in found.words] == [1.0, 1.0, pytest.approx(0.731)]
    assert found.words[2].start_s == pytest.approx(0.6)
    assert found.confidence == pytest.approx((1 + 1 + 0.731) / 3, abs=0.001)


def test_a_word_that_another_reading_has_elsewhere_is_still_the_same_word() -> None:
    found = heard(answer((10.0, "sto cztery"), (10.0, "eee sto cztery")))
    assert [w.confidence for w in found.words] == [1.0, 1.0]


def test_unknown_words_are_in_the_words_only_and_count_as_not_understood() -> None:
    found = heard(answer((1.0, "numer [unk] sto"), (1.0, "numer sto")))
    assert found.text == "numer sto"
    assert [w.text for w in found.words] == ["numer", "[unk]", "sto"]
    assert found.confidence == pytest.approx(2 / 3, abs=0.001)
    assert found.alternatives == ()


@pytest.mark.parametrize("nothing", ['{"text": ""}', '{"alternatives": []}', answer((1.0, ""))])
def test_silence_is_nothing_heard(nothing: str) -> None:
    found = heard(nothing)
    assert (found.text, found.words, found.confidence) == ("", (), 0.0)


def test_huge_differences_of_scores_do_not_overflow() -> None:
    found = heard(answer((90_000.0, "tak"), (-90_000.0, "nie")))
    assert found.words[0].confidence == 1.0


def test_parts_of_a_long_utterance_become_one() -> None:
    parts = [heard(answer((1.0, "pan jan"))), heard(answer((1.0, "[unk] kowalski")))]
    whole = joined(parts)
    assert whole.text == "pan jan kowalski"
    assert len(whole.words) == 4
    assert whole.confidence == 0.75
    assert joined(parts[:1]) is parts[0]


def test_a_partial_result_comes_without_unknown_words() -> None:
    assert partial_text('{"partial": "gdzie [unk] paczka"}') == "gdzie paczka"
    assert partial_text('{"partial": ""}') == ""


def test_words_can_be_moved_in_time() -> None:
    said = heard(answer((1.0, "tak")))
    moved = later(said, 2.5)
    assert (moved.words[0].start_s, moved.words[0].end_s) == (2.5, 2.7)
    assert later(said, 0) is said
