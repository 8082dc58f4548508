import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.transport import websocket_messages as messages
from voice_gateway.transport.websocket_messages import (
    BadMessageError,
    Key,
    Mark,
    MediaStart,
    Off,
    On,
    Other,
    parse,
)

FROM_ASTERISK = {
    """{
        "event": "MEDIA_START", "connection_id": "media_connection1",
        "channel": "WebSocket/media_connection1/0x5140001a0040", "channel_id": "1761245643.1",
        "format": "ulaw", "optimal_frame_size": 160, "ptime": 20,
        "channel_variables": {"DIALEDPEERNUMBER": "media_connection1/c(ulaw)"}
    }""": MediaStart("ulaw", 160, 20, "1761245643.1"),
    '{"event":"MEDIA_MARK_PROCESSED","channel_id":"1.1","correlation_id":"7"}': Mark("7"),
    '{"event":"DTMF_END","channel_id":"1.1","digit":"#"}': Key("#"),
    '{"event":"MEDIA_XOFF","channel_id":"1.1"}': Off(),
    '{"event":"MEDIA_XON","channel_id":"1.1"}': On(),
    '{"event":"QUEUE_DRAINED","channel_id":"1.1"}': Other("QUEUE_DRAINED"),
    '{"event":"NEW_IN_ASTERISK_30","x":[1]}': Other("NEW_IN_ASTERISK_30"),
}


@pytest.mark.parametrize(("text", "event"), FROM_ASTERISK.items())
def test_what_asterisk_tells(text: str, event: messages.Event) -> None:
    assert parse(text) == event


def test_what_asterisk_is_told() -> None:
    assert messages.mark_media("7") == '{"command":"MARK_MEDIA","correlation_id":"7"}'
    assert messages.flush_media() == '{"command":"FLUSH_MEDIA"}'
    assert messages.hang_up() == '{"command":"HANGUP"}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    {
        "": "truncated",
        "{": "truncated",
        "[]": "object",
        "{}": "event",
        '{"event":"DTMF_END"}': "digit",
        '{"event":"DTMF_END","digit":"12"}': "digit",
        '{"event":"DTMF_END","digit":1}': "str",
        '{"event":"MEDIA_START"}': "format",
        '{"event":["MEDIA_XON"]}': "str",
        "MEDIA_START connection_id:gw channel:WebSocket/gw format:slin16": r"f\(json\)",
        '{"event":"X","x":"' + "x" * 70_000 + '"}': "characters",
    }.items(),
)
def test_what_is_no_event_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(BadMessageError, match=complaint):
        parse(text)


def test_a_command_that_asterisk_would_ignore_is_not_sent() -> None:
    messages.mark_media("x" * 80)
    with pytest.raises(ValueError, match="ignore"):
        messages.mark_media("x" * 100)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["event", "digit", "format", "ptime"]), inner)
    ),
    max_leaves=10,
)
names = st.sampled_from(["MEDIA_START", "DTMF_END", "MEDIA_MARK_PROCESSED", "MEDIA_XON", "X"])


@given(st.text(max_size=200) | json.map(lambda value: msgspec.json.encode(value).decode()))
def test_garbage_is_refused_or_read(text: str) -> None:
    with contextlib.suppress(BadMessageError):
        parse(text)


@given(names, st.dictionaries(st.sampled_from(["digit", "format", "ptime", "channel_id"]), json))
def test_events_with_wrong_fields_are_refused_or_read(name: str, fields: dict[str, object]) -> None:
    with contextlib.suppress(BadMessageError):
        parse(msgspec.json.encode({"event": name, **fields}).decode())
