"""What all calls of this process share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from handoff.calls import Calls
from handoff.conversations import Conversations
from handoff.recordings import Recordings
from handoff.switchboard import Switchboard
from handoff.switching import Switching
from voice_gateway.ear import VoiceActivity
from voice_gateway.follower import Followers
from voice_gateway.stt.port import Recognisers
from voice_gateway.tts.port import Voice


@dataclass(frozen=True, slots=True)
class Shared:
    """Parts that every `Session` is given."""

    calls: Calls
    conversations: Conversations
    switchboard: Switchboard
    switching: Switching
    followers: Followers
    recognisers: Recognisers
    voice: Voice
    make_activity: Callable[[], VoiceActivity]
    recordings: Recordings
    folder: Path
    """Where recordings are kept."""
    keep: timedelta | None = None
    """For so long; None = callers are not asked whether they may be recorded."""
