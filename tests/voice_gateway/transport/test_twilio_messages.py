import contextlib
import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.transport import twilio_messages as messages
from voice_gateway.transport.twilio_messages import (
    EXOTEL,
    MOST_HELD,
    TELNYX,
    TWILIO,
    BadMessageError,
    Began,
    Ended,
    Event,
    Key,
    Mark,
    Media,
    Order,
    Other,
    Provider,
    parse,
)

SID = "MZ18ad3ab5a668481ce02b83e7395059f0"
STREAM = "32DE0DEA-53CB-4B21-89A4-9E1819C043BC"
FROM_PROVIDERS: list[tuple[Provider, str, tuple[int | None, Event]]] = [
    (
        TWILIO,
        '{"event":"connected","protocol":"Call","version":"1.0.0"}',
        (None, Other("connected")),
    ),
    (
        TWILIO,
        f"""{{"event":"start","sequenceNumber":"1","start":{{"accountSid":"AC1","streamSid":"{SID}",
        "callSid":"CA1","tracks":["inbound"],"mediaFormat":{{"encoding":"audio/x-mulaw",
        "sampleRate":8000,"channels":1}},"customParameters":{{"language":"pl"}}}},
        "streamSid":"{SID}"}}""",
        (1, Began(SID, "CA1", "ulaw", {"language": "pl"})),
    ),
    (
        TWILIO,
        f"""{{"event":"media","sequenceNumber":"3","media":{{"track":"inbound","chunk":"1",
        "timestamp":"5","payload":"/3//"}},"streamSid":"{SID}"}}""",
        (3, Media(b"\xff\x7f\xff")),
    ),
    (
        TWILIO,
        f"""{{"event":"dtmf","streamSid":"{SID}","sequenceNumber":"5",
        "dtmf":{{"track":"inbound_track","digit":"1"}}}}""",
        (5, Key("1")),
    ),
    (
        TWILIO,
        f'{{"event":"mark","sequenceNumber":"4","streamSid":"{SID}","mark":{{"name":"7"}}}}',
        (4, Mark("7")),
    ),
    (
        TWILIO,
        f"""{{"event":"stop","sequenceNumber":"9","streamSid":"{SID}",
        "stop":{{"accountSid":"AC1","callSid":"CA1"}}}}""",
        (9, Ended()),
    ),
    (
        TELNYX,
        f"""{{"event":"start","sequence_number":"1","start":{{"user_id":"3E6F995F",
        "call_control_id":"v2:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
        "call_session_id":"ff55a038-6f5d-11ef-9692-02420aeffb1f","from":"+13122010094",
        "to":"+13122123456","custom_parameters":{{"language":"en"}},"media_format":{{
        "encoding":"PCMA","sample_rate":8000,"channels":1}}}},"stream_id":"{STREAM}"}}""",
        (
            1,
            Began(
                STREAM,
                "ff55a038-6f5d-11ef-9692-02420aeffb1f",
                "alaw",
                {"language": "en"},
                "+13122010094",
            ),
        ),
    ),
    (
        TELNYX,
        f"""{{"event":"media","sequence_number":"4","media":{{"track":"outbound","chunk":"2",
        "timestamp":"5","payload":"/w=="}},"stream_id":"{STREAM}"}}""",
        (4, Other("media of the other track")),
    ),
    (
        EXOTEL,
        """{"event":"start","sequence_number":"1","stream_sid":"MZ1","start":{"stream_sid":"MZ1",
        "call_sid":"CA1","account_sid":"AC1","from":"+919876543210","to":"+918047491899",
        "media_format":{"encoding":"audio/x-raw","sample_rate":"8000","bit_rate":"16"}}}""",
        (1, Began("MZ1", "CA1", "slin", {}, "+919876543210")),
    ),
]


@pytest.mark.parametrize(("provider", "text", "event"), FROM_PROVIDERS)
def test_what_providers_tell(
    provider: Provider, text: str, event: tuple[int | None, Event]
) -> None:
    assert parse(text, provider) == event


def test_what_providers_are_told() -> None:
    told = f'{{"event":"media","streamSid":"{SID}","media":{{"payload":"/3//"}}}}'
    assert messages.media(SID, b"\xff\x7f\xff") == told
    told = f'{{"event":"mark","streamSid":"{SID}","mark":{{"name":"7"}}}}'
    assert messages.mark(SID, "7") == told
    assert messages.clear(SID) == f'{{"event":"clear","streamSid":"{SID}"}}'
    assert messages.clear("s", TELNYX) == '{"event":"clear","stream_id":"s"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"event":7}',
        '{"event":"start"}',
        '{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1"}}',
        '{"event":"media"}',
        '{"event":"media","media":{}}',
        '{"event":"media","media":{"payload":7}}',
        '{"event":"media","media":{"payload":"ä"}}',
        '{"event":"media","media":{"payload":"abc"}}',
        '{"event":"dtmf","dtmf":{"digit":"11"}}',
        '{"event":"mark","mark":{"name":""}}',
        '{"event":"mark","mark":{"name":"' + "x" * 200 + '"}}',
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(BadMessageError):
        parse(text)


@pytest.mark.parametrize(
    "shape",
    [
        {"encoding": "audio/opus", "sampleRate": 8000, "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 2},
    ],
)
def test_sound_in_another_shape_is_refused(shape: dict[str, object]) -> None:
    start = {"callSid": "CA1", "mediaFormat": shape}
    with pytest.raises(BadMessageError, match="samples/s"):
        parse(json.dumps({"event": "start", "streamSid": "MZ1", "start": start}))


parts = st.recursive(
    st.none() | st.integers() | st.text(max_size=20),
    lambda inner: st.dictionaries(
        st.sampled_from(["payload", "digit", "name", "mediaFormat", "callSid", "track"]), inner
    ),
    max_leaves=6,
)


@given(st.sampled_from(["start", "media", "dtmf", "mark", "stop", "x"]), parts, parts)
def test_garbage_is_refused_or_read(name: str, part: object, number: object) -> None:
    with contextlib.suppress(BadMessageError):
        parse(json.dumps({"event": name, name: part, "sequenceNumber": number}))


@given(st.text(max_size=100))
def test_texts_are_refused_or_read(text: str) -> None:
    with contextlib.suppress(BadMessageError):
        parse(text)


@given(st.binary(max_size=400))
def test_sound_survives_the_way(data: bytes) -> None:
    sent = json.loads(messages.media(SID, data))["media"]["payload"]
    assert sent == b64encode(data).decode()
    text = json.dumps({"event": "media", "media": {"payload": sent}})
    assert parse(text) == (None, Media(data))


def numbered(numbers: list[int]) -> list[int]:
    """The order that events with these numbers come out in."""
    order, out = Order(), []
    for number in numbers:
        out += order.put(number, Key(str(number)))
    return [int(event.digit) for event in out if isinstance(event, Key)]


def test_events_come_out_in_order() -> None:
    assert numbered([1, 2, 4, 3, 5, 8, 7, 6]) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert numbered([7, 8, 9]) == [7, 8, 9]


def test_one_that_never_comes_is_waited_for_only_so_long() -> None:
    rest = list(range(3, 3 + MOST_HELD + 5))
    assert numbered([1, *rest]) == [1, *rest]


def test_what_comes_too_late_is_not_lost() -> None:
    late = list(range(3, 3 + MOST_HELD + 1))
    assert numbered([1, *late, 2]) == [1, *late, 2]


def test_events_without_a_number_are_not_held() -> None:
    assert Order().put(None, Ended()) == [Ended()]


@given(st.permutations(range(2, 2 + MOST_HELD)))
def test_any_muddle_of_that_size_is_put_in_order(muddle: list[int]) -> None:
    assert numbered([1, *muddle]) == sorted([1, *muddle])
