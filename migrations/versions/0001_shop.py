"""The embedded shop.

Revision ID: 0001_shop
Revises:
"""

import sqlalchemy as sa
from alembic import op

from frontline.database import Moment

revision = "0001_shop"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _goods_and_orders()
    op.create_table(
        "shop_opening_hours",
        sa.Column("place", sa.String(10), primary_key=True),
        sa.Column("weekday", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opens", sa.Time, primary_key=True),
        sa.Column("closes", sa.Time, nullable=False),
    )
    op.create_table(
        "shop_closures",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("place", sa.String(10), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("opens", sa.Time),
        sa.Column("closes", sa.Time),
        sa.Column("reason_pl", sa.String(200)),
        sa.Column("reason_en", sa.String(200)),
        sa.UniqueConstraint("place", "day", "opens"),
    )
    op.create_table(
        "shop_change_requests",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "order_number", sa.String(16), sa.ForeignKey("shop_orders.number"), nullable=False
        ),
        sa.Column("wish_key", sa.String(64), nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("requested_at", Moment, nullable=False),
        sa.UniqueConstraint("order_number", "wish_key"),
    )
    op.create_table(
        "shop_contact",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("street", sa.String(200), nullable=False),
        sa.Column("postal_code", sa.String(12), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("website", sa.String(200), nullable=False),
    )


def _goods_and_orders() -> None:
    op.create_table(
        "shop_products",
        sa.Column("code", sa.String(32), primary_key=True),
        sa.Column("name_pl", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("description_pl", sa.Text, nullable=False),
        sa.Column("description_en", sa.Text, nullable=False),
        sa.Column("price_grosze", sa.Integer, nullable=False),
        sa.Column("stock", sa.Integer, nullable=False),
        sa.Column("restock_on", sa.Date),
    )
    op.create_table(
        "shop_orders",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("digits", sa.String(6), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("placed_at", Moment, nullable=False),
        sa.Column("total_grosze", sa.Integer, nullable=False),
        sa.Column("delivery_method", sa.String(20), nullable=False),
        sa.Column("payment_method", sa.String(20), nullable=False),
        sa.Column("postal_code", sa.String(12), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("paid_at", Moment),
        sa.Column("shipped_at", Moment),
        sa.Column("promised_on", sa.Date),
        sa.Column("delivered_at", Moment),
        sa.Column("closed_at", Moment),
        sa.Column("carrier", sa.String(100)),
        sa.Column("tracking_number", sa.String(64)),
        sa.Column("pickup_point", sa.String(200)),
        sa.Column("pickup_until", sa.Date),
    )
    op.create_index("ix_shop_orders_digits", "shop_orders", ["digits"])
    op.create_table(
        "shop_order_lines",
        sa.Column(
            "order_number", sa.String(16), sa.ForeignKey("shop_orders.number"), primary_key=True
        ),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("product_code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price_grosze", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for name in (
        "shop_contact",
        "shop_change_requests",
        "shop_closures",
        "shop_opening_hours",
        "shop_order_lines",
        "shop_orders",
        "shop_products",
    ):
        op.drop_table(name)
