"""Conversations, turns, cases and their log in SQL: the record. The desk has desk_tables.py."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from frontline.database import Moment, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("language_chosen", Boolean, nullable=False, default=False),
    Column("controller", String(8), nullable=False),
    Column("epoch", Integer, nullable=False, default=1),
    Column("last_seq", Integer, nullable=False, default=0),
    Column("case_id", String(26)),
    Column("served", JSON),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False, index=True),
)
"""`epoch` grows with each change of `controller`; `served` is the outcome of the last case."""

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("id", String(26), nullable=False, unique=True),
    Column("client_id", String(80)),
    Column("author", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("payload", Text),
    Column("language", String(2), nullable=False),
    Column("buttons", JSON),
    Column("name", String(80)),
    Column("nlu", JSON),
    Column("files", JSON),
    Column("speech", JSON),
    Column("epoch", Integer, nullable=False),
    Column("answer", String(8)),
    Column("answer_lease", Moment),
    Column("at", Moment, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
    Index("ix_turns_answer", "answer"),
)
"""`answer` of a customer's turn: asking (until `answer_lease`), waiting, done or refused; `speech`
is what a spoken turn has besides its text, see `frontline.turns.Speech`."""

cases = Table(
    "cases",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("rev", Integer, nullable=False, default=1),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("state", String(24), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("context", JSON, nullable=False),
    Column("skill", String(24), nullable=False),
    Column("level", Integer, nullable=False, default=1),
    Column("priority", String(8), nullable=False),
    Column("priority_reasons", JSON, nullable=False),
    Column("preferred_agent", String(26)),
    Column("preferred_until", Moment),
    Column("agent_id", String(26), index=True),
    Column("agent", String(80)),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_until", Moment),
    Column("outcome", Text),
    Column("disposition", String(40)),
    Column("instruction", Text),
    Column("created_at", Moment, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("wake_at", Moment, index=True),
    Column("answered_at", Moment),
    Column("first_reply_at", Moment),
    Column("closed_at", Moment),
    Column("legal", JSON),
    Column("callback", JSON),
    Column("call_id", String(64), index=True),
    Column("linked", JSON, nullable=False),
    Column("csat", Integer),
    Column("csat_comment", Text),
    Column("csat_asked_at", Moment),
    Column("log_length", Integer, nullable=False, default=0),
    Column("log_head", String(64), nullable=False, default=""),
)
"""`fence` grows each time the case changes hands; writes with an older one are refused. `call_id`
is the call that goes on: its caller waits in the PBX's queue, or talks with the agent."""

case_events = Table(
    "case_events",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("type", String(24), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Append-only: what happened to each case, 1, 2, 3 …, each entry sealed with the one before."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", String(26), nullable=False),
    Column("at", Moment, nullable=False),
)
"""Cases whose place in the live queue has changed and that Redis may not know of yet."""

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last case number given out in each year."""
