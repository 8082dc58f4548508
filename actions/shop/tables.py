"""SQL tables of the embedded shop; migrations 0001_shop and 0004_shop_after_sale make them."""

from sqlalchemy import (
    Boolean,
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
    Column("warranty_months", Integer),
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

offers = Table(
    "shop_offers",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name_pl", String(100), nullable=False),
    Column("name_en", String(100), nullable=False),
    Column("price_grosze", Integer, nullable=False),
    Column("note_pl", String(300), nullable=False),
    Column("note_en", String(300), nullable=False),
    Column("free_from_grosze", Integer),
)
"""Ways of `delivery` and of `payment`, told in the order of `position`."""

payments = Table(
    "shop_payments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("order_number", ForeignKey("shop_orders.number"), nullable=False),
    Column("method", String(20), nullable=False),
    Column("amount_grosze", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_shop_payments_order_number", "order_number"),
)
"""Attempts to pay."""

returns = Table(
    "shop_returns",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("order_number", ForeignKey("shop_orders.number"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("announced_at", Moment, nullable=False),
    Column("refund_grosze", Integer, nullable=False),
    Column("refund_due", Date, nullable=False),
    Column("address", String(500), nullable=False),
    Column("received_at", Moment),
    Column("refunded_at", Moment),
    UniqueConstraint("order_number"),
)
"""Returns of whole orders, so one an order; `ZW-000001` is made of the id."""

complaints = Table(
    "shop_complaints",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("order_number", ForeignKey("shop_orders.number"), nullable=False),
    Column("product", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("answer_due", Date, nullable=False),
    Column("outcome_pl", Text),
    Column("outcome_en", Text),
    Index("ix_shop_complaints_order_number", "order_number"),
)
"""Complaints; `RK-000001` is made of the id."""

invoice_requests = Table(
    "shop_invoice_requests",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("order_number", ForeignKey("shop_orders.number"), nullable=False),
    Column("wish", String(10), nullable=False),
    Column("tax_id", String(10), nullable=False),
    Column("requested_at", Moment, nullable=False),
    UniqueConstraint("order_number", "wish", "tax_id"),
)
"""Requests to the accounts; `FV-000001` is made of the id.

An empty `tax_id` is a private person's: two NULLs would be two requests.
"""

promo_codes = Table(
    "shop_promo_codes",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("terms_pl", String(300), nullable=False),
    Column("terms_en", String(300), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("min_total_grosze", Integer, nullable=False),
    Column("used_up", Boolean, nullable=False),
)
"""Discount codes, in capitals."""

service_notices = Table(
    "shop_service_notices",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("text_pl", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)
"""What does not work as usual; told from `since` on and before `until`."""
