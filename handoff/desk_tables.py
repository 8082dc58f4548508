"""Agents, their presence and what they write, in SQL."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from frontline.database import Moment, metadata

agents = Table(
    "agents",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("role", String(12), nullable=False),
    Column("password", String(200)),
    Column("subject", String(255), unique=True),
    Column("languages", JSON, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("capacity", JSON, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("demo", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("presence", String(12), nullable=False, default="offline"),
    Column("presence_reason", String(40)),
    Column("presence_since", Moment, nullable=False),
    Column("seen_at", Moment),
)
"""Everybody who logs in. `name` is what customers are shown; `subject` is the OIDC one.

`skills` is skill → highest level; `capacity` is channel → cases at once; `role` is agent,
supervisor, editor or admin.
"""

presence_log = Table(
    "presence_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("presence", String(12), nullable=False),
    Column("reason", String(40)),
    Column("at", Moment, nullable=False, index=True),
)
"""Each change of an agent's presence."""

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
"""Log-ins; the cookie holds the token, the table only its SHA-256."""

notes = Table(
    "notes",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Private notes: never shown to a customer."""

drafts = Table(
    "drafts",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("agent_id", ForeignKey("agents.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
"""What an agent has typed and not sent."""

canned_answers = Table(
    "canned_answers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("shortcut", String(40), nullable=False),
    Column("language", String(2), nullable=False),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("intents", JSON, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("shortcut", "language"),
)
"""Ready answers that agents call by `/shortcut`; `{name}` places are filled from the case."""

identity_checks = Table(
    "identity_checks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("method", String(40), nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
"""How an agent made sure who is there; never the secret answers themselves."""

files = Table(
    "files",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("case_id", String(26), index=True),
    Column("author", String(8), nullable=False),
    Column("name", String(120), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Photos from customers and receipts for them; `kind` is the media type."""

receipts = Table(
    "receipts",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("file_id", ForeignKey("files.id"), nullable=False),
    Column("issued_at", Moment, nullable=False),
)
"""Confirmations on a durable medium of a complaint or a withdrawal."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("agent_id", String(26), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_idempotency_at", "at"),
)
"""Answers to requests with an `Idempotency-Key`, given again when the request comes again."""
