"""What was sent to numbers whose persons were erased, for a day: who erases does not begin with a fresh budget."""

from sqlalchemy import Column, Index, Integer, Table

from bot.adapters.sql.tables import Hash, UtcTime, metadata

spent_before = Table(
    "spent_before",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("address_hash", Hash, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("segments", Integer, nullable=False),
    Index(None, "address_hash", "at"),
)
