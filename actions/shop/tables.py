"""SQL tables of the embedded shop; migration 0001_shop makes them."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from frontline.database import Moment, metadata

products = Table(
    "shop_products",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name_pl", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("description_pl", Text, nullable=False),
    Column("description_en", Text, nullable=False),
    Column("price_grosze", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("restock_on", Date),
)
"""What the shop sells."""

orders = Table(
    "shop_orders",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("digits", String(6), nullable=False),
    Column("state", String(20), nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("total_grosze", Integer, nullable=False),
    Column("delivery_method", String(20), nullable=False),
    Column("payment_method", String(20), nullable=False),
    Column("postal_code", String(12), nullable=False),
    Column("email", String(254), nullable=False),
    Column("paid_at", Moment),
    Column("shipped_at", Moment),
    Column("promised_on", Date),
    Column("delivered_at", Moment),
    Column("closed_at", Moment),
    Column("carrier", String(100)),
    Column("tracking_number", String(64)),
    Column("pickup_point", String(200)),
    Column("pickup_until", Date),
    Index("ix_shop_orders_digits", "digits"),
)
"""Orders; `digits` = the last six of the number. Columns are named as the fields of `Order`."""

order_lines = Table(
    "shop_order_lines",
    metadata,
    Column("order_number", ForeignKey("shop_orders.number"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("product_code", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_grosze", Integer, nullable=False),
)
"""Products in an order. Name and price are those of the day of buying, so no foreign key."""

opening_hours = Table(
    "shop_opening_hours",
    metadata,
    Column("place", String(10), primary_key=True),
    Column("weekday", Integer, primary_key=True, autoincrement=False),
    Column("opens", Time, primary_key=True),
    Column("closes", Time, nullable=False),
)
"""A usual week of `store` and `hotline`: 0 = Monday, a row for each block, local time."""

closures = Table(
    "shop_closures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("place", String(10), nullable=False),
    Column("day", Date, nullable=False),
    Column("opens", Time),
    Column("closes", Time),
    Column("reason_pl", String(200)),
    Column("reason_en", String(200)),
    UniqueConstraint("place", "day", "opens"),
)
"""One-off days that differ from the usual week and from public holidays.

No times = closed that day; a row for each block = open then, even on a holiday.
"""

change_requests = Table(
    "shop_change_requests",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("order_number", ForeignKey("shop_orders.number"), nullable=False),
    Column("wish_key", String(64), nullable=False),
    Column("wish", Text, nullable=False),
    Column("requested_at", Moment, nullable=False),
    UniqueConstraint("order_number", "wish_key"),
)
"""Wishes noted for the warehouse; `wish_key` makes the same wish one note."""

contact = Table(
    "shop_contact",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("street", String(200), nullable=False),
    Column("postal_code", String(12), nullable=False),
    Column("city", String(100), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("email", String(254), nullable=False),
    Column("website", String(200), nullable=False),
)
"""How to reach the shop: one row."""
