"""Conversations, turns and cases in SQL: the record."""

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
    Column("epoch", Integer, nullable=False),
    Column("answer", String(8)),
    Column("answer_lease", Moment),
    Column("at", Moment, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
    Index("ix_turns_answer", "answer"),
)
"""`answer` of a customer's turn: asking (until `answer_lease`), waiting, done or refused."""

cases = Table(
    "cases",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False, index=True),
    Column("channel", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("context", JSON, nullable=False),
    Column("agent", String(80)),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_until", Moment),
    Column("outcome", Text),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("closed_at", Moment),
)
"""`fence` grows each time the case changes hands; writes with an older one are refused."""

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last case number given out in each year."""
