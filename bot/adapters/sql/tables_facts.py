"""The table of what staff changed about facts."""

from sqlalchemy import JSON, Column, Integer, String, Table

from bot.adapters.sql.tables import UtcTime, metadata

fact_edit = Table(  # what staff changed about facts, oldest first; facts are about organisations, never about a person
    "fact_edit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("fact_id", String(64), nullable=False),
    Column("changes", JSON, nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("why", String(255), nullable=False, server_default=""),
)
