"""Calls, and the codes that carry a conversation from chat to phone and back, in SQL."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from frontline.database import Moment, metadata

calls = Table(
    "calls",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("state", String(12), nullable=False, index=True),
    Column("conversation_id", ForeignKey("conversations.id"), index=True),
    Column("transport", String(16), nullable=False, default=""),
    Column("language", String(2), nullable=False),
    Column("caller", String(20)),
    Column("caller_kept_for", String(40)),
    Column("caller_until", Moment, index=True),
    Column("code_hash", String(64)),
    Column("in_chat", Boolean, nullable=False, default=False),
    Column("handoff_id", String(32), nullable=False, unique=True),
    Column("next", String(8)),
    Column("registered_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("began_at", Moment),
    Column("left_at", Moment),
    Column("ended_at", Moment),
    Column("ended", String(12)),
    Column("recording_from", Moment),
    Column("recording_revoked_at", Moment),
    Column("recording_until", Moment, index=True),
)
"""`caller` is personal data: `caller_kept_for` says what for; it is forgotten at `caller_until`.
`in_chat`: the conversation is open in a chat window too. `ended` is how: see `handoff.calls.End`.
A recording is kept from consent (`recording_from`) until `recording_until`."""

codes = Table(
    "codes",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("way", String(8), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_codes_way_hash", "way", "hash"),
)
"""Codes that continue a conversation elsewhere; `hash` is keyed, the code itself is nowhere."""

code_tries = Table(
    "code_tries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("who", String(80), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_code_tries_who_at", "who", "at"),
)
"""Wrong codes, by call, chat and caller, so that nobody tries them all."""
