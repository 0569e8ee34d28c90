"""What messages cost and what has been spent, in centimes."""

from collections import Counter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select, text, update

from bot.adapters.sql.dialects import insert_of
from bot.adapters.sql.tables_broadcasts import price, recipient, spending
from bot.core.hours import month_of
from bot.core.prices import Price, Prices

CHECK_INS: Final = "check_ins"  # in the place of a broadcast: what check-ins have spent
_SPENDERS: Final = 7_346_002  # PostgreSQL's advisory lock
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


def lock(connection: Connection) -> None:
    """Let those who spend wait for one another, so that no two of them pass a cap; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SPENDERS})


def give_back(connection: Connection, handed: ColumnElement[bool]) -> None:
    """Give back the price of recipients whose message never left, in the month in which it was counted.

    Of somebody who had been tried before, something has left: that stays counted, rather too much than too little.
    """
    paid = (handed, recipient.c.status == "sending", recipient.c.tries == 1, recipient.c.centimes > 0)
    found = connection.execute(
        select(recipient.c.broadcast_id, recipient.c.changed_at, recipient.c.centimes).where(*paid)
    )
    back: Counter[tuple[str, str]] = Counter()
    for row in found:
        back[row.broadcast_id, month_of(row.changed_at)] += row.centimes
    connection.execute(update(recipient).where(*paid).values(centimes=0))
    for (broadcast_id, month), centimes in back.items():
        spend(connection, broadcast_id, month, -centimes)


def spend(connection: Connection, broadcast_id: str, month: str, centimes: int) -> None:
    """Add what is about to leave (or, below zero, what did not) to a broadcast's, or to `CHECK_INS`."""
    values = {"broadcast_id": broadcast_id, "month": month, "centimes": centimes}
    statement: Any = insert_of(connection)(spending).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["broadcast_id", "month"],
            set_={"centimes": spending.c.centimes + statement.excluded.centimes},
        )
    )
