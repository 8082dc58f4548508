"""What the shop knows of payments, returns, complaints, invoices, codes and notices.

Revision ID: 0004_shop_after_sale
Revises: 0003_identity
"""

import sqlalchemy as sa
from alembic import op

from frontline.database import Moment

revision = "0004_shop_after_sale"
down_revision = "0003_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and a column for the maker's guarantee."""
    op.add_column("shop_products", sa.Column("warranty_months", sa.Integer))
    _offers_and_codes()
    _about_orders()
    op.create_index("ix_shop_payments_order_number", "shop_payments", ["order_number"])
    op.create_index("ix_shop_complaints_order_number", "shop_complaints", ["order_number"])


def _offers_and_codes() -> None:
    op.create_table(
        "shop_offers",
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name_pl", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("price_grosze", sa.Integer, nullable=False),
        sa.Column("note_pl", sa.String(300), nullable=False),
        sa.Column("note_en", sa.String(300), nullable=False),
        sa.Column("free_from_grosze", sa.Integer),
    )
    op.create_table(
        "shop_promo_codes",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("terms_pl", sa.String(300), nullable=False),
        sa.Column("terms_en", sa.String(300), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("min_total_grosze", sa.Integer, nullable=False),
        sa.Column("used_up", sa.Boolean, nullable=False),
    )
    op.create_table(
        "shop_service_notices",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("text_pl", sa.Text, nullable=False),
        sa.Column("text_en", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment),
    )


def _about_orders() -> None:
    op.create_table(
        "shop_payments",
        *_of_an_order(),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("amount_grosze", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "shop_returns",
        *_of_an_order(),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("announced_at", Moment, nullable=False),
        sa.Column("refund_grosze", sa.Integer, nullable=False),
        sa.Column("refund_due", sa.Date, nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("received_at", Moment),
        sa.Column("refunded_at", Moment),
        sa.UniqueConstraint("order_number"),
    )
    op.create_table(
        "shop_complaints",
        *_of_an_order(),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("filed_at", Moment, nullable=False),
        sa.Column("answer_due", sa.Date, nullable=False),
        sa.Column("outcome_pl", sa.Text),
        sa.Column("outcome_en", sa.Text),
    )
    op.create_table(
        "shop_invoice_requests",
        *_of_an_order(),
        sa.Column("wish", sa.String(10), nullable=False),
        sa.Column("tax_id", sa.String(10), nullable=False),
        sa.Column("requested_at", Moment, nullable=False),
        sa.UniqueConstraint("order_number", "wish", "tax_id"),
    )


def _of_an_order() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "order_number", sa.String(16), sa.ForeignKey("shop_orders.number"), nullable=False
        ),
    )


def downgrade() -> None:
    """Remove the tables and the column."""
    for name in (
        "shop_invoice_requests",
        "shop_complaints",
        "shop_returns",
        "shop_payments",
        "shop_service_notices",
        "shop_promo_codes",
        "shop_offers",
    ):
        op.drop_table(name)
    with op.batch_alter_table("shop_products") as products:
        products.drop_column("warranty_months")
