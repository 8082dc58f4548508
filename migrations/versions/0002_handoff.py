"""Conversations, turns and cases."""

import sqlalchemy as sa
from alembic import op

from frontline.database import Moment

revision = "0002_handoff"
down_revision = "0001_shop"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the conversation log and the cases."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("language_chosen", sa.Boolean, nullable=False),
        sa.Column("controller", sa.String(8), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(26)),
        sa.Column("served", sa.JSON),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
    )
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])
    op.create_table(
        "turns",
        sa.Column(
            "conversation_id",
            sa.String(26),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(26), nullable=False, unique=True),
        sa.Column("client_id", sa.String(80)),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("buttons", sa.JSON),
        sa.Column("name", sa.String(80)),
        sa.Column("nlu", sa.JSON),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("answer", sa.String(8)),
        sa.Column("answer_lease", Moment),
        sa.Column("at", Moment, nullable=False),
        sa.UniqueConstraint("conversation_id", "client_id"),
    )
    op.create_index("ix_turns_answer", "turns", ["answer"])
    op.create_table(
        "cases",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("number", sa.String(16), nullable=False, unique=True),
        sa.Column(
            "conversation_id", sa.String(26), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("context", sa.JSON, nullable=False),
        sa.Column("agent", sa.String(80)),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("lease_until", Moment),
        sa.Column("outcome", sa.Text),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("answered_at", Moment),
        sa.Column("closed_at", Moment),
    )
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    op.create_index("ix_cases_state", "cases", ["state"])
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("case_numbers", "cases", "turns", "conversations"):
        op.drop_table(table)
