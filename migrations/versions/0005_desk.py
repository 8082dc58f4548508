"""The queue's cases with their log, and what the agents' desk needs."""

import sqlalchemy as sa
from alembic import op

from frontline.database import Moment

revision = "0005_desk"
down_revision = "0004_shop_after_sale"
branch_labels = None
depends_on = None


def new_case_columns() -> list[sa.Column]:
    """What `cases` gets; older cases get the defaults."""
    return [
        sa.Column("rev", sa.Integer, nullable=False, server_default="1"),
        sa.Column("kind", sa.String(24), nullable=False, server_default="question"),
        sa.Column("skill", sa.String(24), nullable=False, server_default="general"),
        sa.Column("level", sa.Integer, nullable=False, server_default="1"),
        sa.Column("priority", sa.String(8), nullable=False, server_default="normal"),
        sa.Column("priority_reasons", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("preferred_agent", sa.String(26)),
        sa.Column("preferred_until", Moment),
        sa.Column("agent_id", sa.String(26)),
        sa.Column("disposition", sa.String(40)),
        sa.Column("instruction", sa.Text),
        sa.Column("queued_at", Moment),
        sa.Column("wake_at", Moment),
        sa.Column("first_reply_at", Moment),
        sa.Column("legal", sa.JSON),
        sa.Column("callback", sa.JSON),
        sa.Column("linked", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("csat", sa.Integer),
        sa.Column("csat_comment", sa.Text),
        sa.Column("csat_asked_at", Moment),
        sa.Column("log_length", sa.Integer, nullable=False, server_default="0"),
        sa.Column("log_head", sa.String(64), nullable=False, server_default=""),
    ]


def upgrade() -> None:
    """Widen `cases`, keep every case, and make the new tables."""
    op.add_column("turns", sa.Column("files", sa.JSON))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("state", existing_type=sa.String(10), type_=sa.String(24))
        for column in new_case_columns():
            cases.add_column(column)
    # Who held a case had no account: such cases wait again. Returned ones are finished.
    op.execute("UPDATE cases SET channel = 'chat' WHERE channel = 'web'")
    op.execute("UPDATE cases SET queued_at = created_at")
    op.execute("UPDATE cases SET state = 'closed' WHERE state = 'returned'")
    op.execute("UPDATE cases SET state = 'queued', agent = NULL WHERE state = 'active'")
    op.execute(
        "UPDATE conversations SET controller = 'queue' WHERE controller = 'agent' AND case_id IN"
        " (SELECT id FROM cases WHERE state = 'queued')"
    )
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("queued_at", existing_type=Moment(), nullable=False)
        cases.create_index("ix_cases_agent_id", ["agent_id"])
        cases.create_index("ix_cases_wake_at", ["wake_at"])
    _logs()
    _people()
    _texts()


def _logs() -> None:
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(26), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_case_events_at", "case_events", ["at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(26), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("login", sa.String(80), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("password", sa.String(200)),
        sa.Column("subject", sa.String(255), unique=True),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("capacity", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("presence", sa.String(12), nullable=False),
        sa.Column("presence_reason", sa.String(40)),
        sa.Column("presence_since", Moment, nullable=False),
        sa.Column("seen_at", Moment),
    )
    op.create_table(
        "presence_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("agent_id", sa.String(26), sa.ForeignKey("agents.id"), nullable=False),
        sa.Column("presence", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_presence_log_at", "presence_log", ["at"])
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("agent_id", sa.String(26), sa.ForeignKey("agents.id"), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
    )
    op.create_index("ix_desk_sessions_agent_id", "desk_sessions", ["agent_id"])
    op.create_table(
        "idempotency",
        sa.Column("agent_id", sa.String(26), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_idempotency_at", "idempotency", ["at"])


def _by_agent_on_case(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("case_id", sa.String(26), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("agent_id", sa.String(26), sa.ForeignKey("agents.id"), nullable=False),
        *columns,
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index(f"ix_{name}_case_id", name, ["case_id"])


def _texts() -> None:
    _by_agent_on_case("notes", sa.Column("text", sa.Text, nullable=False))
    _by_agent_on_case(
        "identity_checks",
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("case_id", sa.String(26), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("agent_id", sa.String(26), sa.ForeignKey("agents.id"), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("shortcut", sa.String(40), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("intents", sa.JSON, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.UniqueConstraint("shortcut", "language"),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(26), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("case_id", sa.String(26)),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_files_conversation_id", "files", ["conversation_id"])
    op.create_index("ix_files_case_id", "files", ["case_id"])
    op.create_table(
        "receipts",
        sa.Column("number", sa.String(20), primary_key=True),
        sa.Column("case_id", sa.String(26), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("file_id", sa.String(26), sa.ForeignKey("files.id"), nullable=False),
        sa.Column("issued_at", Moment, nullable=False),
    )
    op.create_index("ix_receipts_case_id", "receipts", ["case_id"])


def downgrade() -> None:
    """Drop what is new; cases keep what the old table could hold."""
    for table in (
        "receipts", "files", "canned_answers", "drafts", "identity_checks", "notes", "idempotency",
        "desk_sessions", "presence_log", "agents", "outbox", "case_events",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute(
        "UPDATE cases SET state = 'queued', agent = NULL"
        " WHERE state NOT IN ('queued', 'closed', 'abandoned')"
    )
    op.execute("UPDATE cases SET channel = 'web' WHERE channel = 'chat'")
    with op.batch_alter_table("cases") as cases:
        cases.drop_index("ix_cases_agent_id")
        cases.drop_index("ix_cases_wake_at")
        for column in new_case_columns():
            cases.drop_column(column.name)
        cases.alter_column("state", existing_type=sa.String(24), type_=sa.String(10))
    op.drop_column("turns", "files")
