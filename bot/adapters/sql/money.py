"""What messages cost and what has been spent, in centimes."""

from typing import Any

from sqlalchemy import Connection, func, select

from bot.adapters.sql.dialects import insert_of
from bot.adapters.sql.tables_broadcasts import price, spending
from bot.core.prices import Price, Prices

_FIELDS = ("channel", "centimes", "valid_from", "operator", "provider", "set_by")


def prices(connection: Connection) -> tuple[Price, ...]:
    """Return the price table, newest lines last."""
    found = connection.execute(select(price).order_by(price.c.valid_from, price.c.id))
    return tuple(Price(**{name: getattr(row, name) for name in _FIELDS}) for row in found)


def set_price(connection: Connection, new: Price) -> None:
    """Add a line, or replace the one of the same moment."""
    values = {name: getattr(new, name) for name in _FIELDS}
    statement: Any = insert_of(connection)(price).values(values)
    key = ["channel", "operator", "provider", "valid_from"]
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_={"centimes": new.centimes, "set_by": new.set_by})
    )


def operators(table: Prices) -> tuple[str, ...]:
    """Return the operators that have a price of their own."""
    return tuple(sorted({line.operator for line in table.lines if line.operator}))


def spent(connection: Connection, **of: str) -> int:
    """Return what a broadcast (`broadcast_id`) or a month (`month`) has spent."""
    query = select(func.coalesce(func.sum(spending.c.centimes), 0)).filter_by(**of)
    return int(connection.execute(query).scalar_one())


def spend(connection: Connection, broadcast_id: str, month: str, centimes: int) -> None:
    """Add what is about to leave (or, below zero, what did not)."""
    values = {"broadcast_id": broadcast_id, "month": month, "centimes": centimes}
    statement: Any = insert_of(connection)(spending).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["broadcast_id", "month"],
            set_={"centimes": spending.c.centimes + statement.excluded.centimes},
        )
    )
