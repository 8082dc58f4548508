"""SQL tables of the action server; migration 0003_identity makes them."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from frontline.database import Moment, metadata

attempts = Table(
    "identity_attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("order_key", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("wrong", Boolean, nullable=False),
    Index("ix_identity_attempts_conversation_id", "conversation_id"),
    Index("ix_identity_attempts_order_key_at", "order_key", "at"),
)
"""Every try to prove whose an order is. `order_key` = the number's last six digits, or what was
given in their place; it need not exist."""
