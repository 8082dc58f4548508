"""Calls, codes between chat and phone, and what a spoken turn has besides its text."""

import sqlalchemy as sa
from alembic import op

from frontline.database import Moment

revision = "0006_calls"
down_revision = "0005_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and make the tables."""
    op.add_column("turns", sa.Column("speech", sa.JSON))
    op.add_column("cases", sa.Column("call_id", sa.String(64)))
    op.create_index("ix_cases_call_id", "cases", ["call_id"])
    _calls()
    _codes()


def _calls() -> None:
    conversation = sa.ForeignKey("conversations.id")
    op.create_table(
        "calls",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("conversation_id", sa.String(26), conversation),
        sa.Column("transport", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("caller", sa.String(20)),
        sa.Column("caller_kept_for", sa.String(40)),
        sa.Column("caller_until", Moment),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("in_chat", sa.Boolean, nullable=False),
        sa.Column("handoff_id", sa.String(32), nullable=False, unique=True),
        sa.Column("next", sa.String(8)),
        sa.Column("registered_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("began_at", Moment),
        sa.Column("left_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("ended", sa.String(12)),
        sa.Column("recording_from", Moment),
        sa.Column("recording_revoked_at", Moment),
        sa.Column("recording_until", Moment),
    )
    for column in ("state", "conversation_id", "caller_until", "recording_until"):
        op.create_index(f"ix_calls_{column}", "calls", [column])


def _codes() -> None:
    op.create_table(
        "codes",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column(
            "conversation_id", sa.String(26), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
    )
    op.create_index("ix_codes_conversation_id", "codes", ["conversation_id"])
    op.create_index("ix_codes_way_hash", "codes", ["way", "hash"])
    op.create_table(
        "code_tries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_code_tries_who_at", "code_tries", ["who", "at"])


def downgrade() -> None:
    """Back to written words only; calls and codes are dropped."""
    op.drop_table("code_tries")
    op.drop_table("codes")
    op.drop_table("calls")
    op.drop_index("ix_cases_call_id", "cases")
    op.drop_column("cases", "call_id")
    op.drop_column("turns", "speech")
