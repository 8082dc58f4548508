"""Tries to prove whose an order is.

Revision ID: 0003_identity
Revises: 0002_handoff
"""

import sqlalchemy as sa
from alembic import op

from frontline.database import Moment

revision = "0003_identity"
down_revision = "0002_handoff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "identity_attempts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("order_key", sa.String(32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("wrong", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_attempts"),
    )
    op.create_index(
        "ix_identity_attempts_conversation_id", "identity_attempts", ["conversation_id"]
    )
    op.create_index("ix_identity_attempts_order_key_at", "identity_attempts", ["order_key", "at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("identity_attempts")
