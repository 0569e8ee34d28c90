"""The table of what staff changed about the calendar by which broadcasts and check-ins wait."""

from sqlalchemy import JSON, Column, Integer, String, Table

from bot.adapters.sql.tables import UtcTime, metadata

calendar_edit = Table(  # the newest row of a name counts, laid over the files of flows/calendar
    "calendar_edit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(32), nullable=False),  # night, friday, holidays, ramadan_evening, ramadan, feasts
    Column("value", JSON, nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("why", String(255), nullable=False),
)
